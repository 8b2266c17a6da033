"""What is taken, what is refused and in which words, what a quote that somebody entered does to an example."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from corridor.models import FreightQuote
from corridor.quotes import with_state
from corridor.quoting import facts_of
from corridor.services.quotes import ChangedMeanwhile, change_quote, end_quote, enter_quote, version, withdraw_quote
from tests.corridor.quotes.facts import FIRST, LAST, TODAY
from tests.factories import FreightQuoteFactory, PlaceFactory

DAY = dt.timedelta(days=1)


def refused(ways, officer, facts, **options) -> dict:
    """The sentences that a quote is refused with, by field; nothing is kept."""
    before = FreightQuote.objects.count()
    with pytest.raises(ValidationError) as refusal:
        enter_quote(facts=facts, by=officer, today=TODAY, **options)
    assert FreightQuote.objects.count() == before
    return refusal.value.message_dict


def test_a_quote_is_kept_as_it_was_given(ways, officer):
    quote = enter_quote(facts=ways.quoted(), by=officer, today=TODAY)

    quote.refresh_from_db()
    assert (quote.code, quote.entered_by, facts_of(quote)) == ("E00001", officer, ways.quoted())
    assert list(FreightQuote.objects.in_force(TODAY)) == [quote]


def test_codes_go_on_where_they_stopped(ways, officer):
    for number, giver in enumerate(("A", "B", "C"), start=1):
        assert enter_quote(facts=ways.quoted(given_by=giver), by=officer, today=TODAY).code == f"E0000{number}"


def test_a_terminal_is_both_ends_of_its_quote(ways, officer):
    quote = enter_quote(facts=ways.at_terminal(destination=None), by=officer, today=TODAY)

    assert (quote.origin, quote.destination) == (ways.origin, ways.origin)


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"amount": Decimal(0)}, "amount", "A quote is above zero. Write what is to be paid."),
        ({"amount": Decimal(-5)}, "amount", "A quote is above zero. Write what is to be paid."),
        ({"given_by": ""}, "given_by", "Fill this in."),
        ({"basis": ""}, "basis", "Fill this in."),
        ({"leg": None}, "leg", "Fill this in."),
        (
            {"valid_to": FIRST - DAY},
            "valid_to",
            "The last day, 31 December 2026, is before the first, 1 January 2027.",
        ),
        ({"confidence": "example"}, "confidence", "Examples ship with the product. Say how sure this quote is."),
    ],
)
def test_a_quote_that_makes_no_sense_is_refused(ways, officer, said, field, sentence):
    assert refused(ways, officer, ways.quoted(**said)) == {field: [sentence]}


def test_a_leg_refuses_what_cannot_pass_it(ways, officer):
    facts = ways.quoted(equipment=ways.vessel, per="t")

    assert refused(ways, officer, facts) == {
        "equipment": ["Bulk vessel cannot pass the leg L900. Choose what can, or another leg."]
    }


def test_a_leg_is_quoted_between_its_own_places(ways, officer):
    facts = ways.quoted(destination=PlaceFactory(code="KZCCC"))

    assert refused(ways, officer, facts) == {
        "leg": ["The leg L900 joins IDAAA and KZBBB. Take both places from the leg."]
    }


def test_a_leg_of_one_way_is_not_quoted_back(ways, officer):
    back = ways.quoted(origin=ways.destination, destination=ways.origin)
    enter_quote(facts=back, by=officer, today=TODAY)
    ways.leg.is_bidirectional = False

    assert list(refused(ways, officer, ways.quoted(origin=ways.destination, destination=ways.origin))) == ["leg"]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"leg": "leg"}, {"leg": ["Only a quote for a leg names one. Leave the leg empty."]}),
        (
            {"destination": "destination"},
            {"destination": ["A terminal and fitting out have one place. Leave the second one empty."]},
        ),
        ({"origin": None, "destination": None}, {"origin": ["Fill this in."]}),
        ({"scope": "lane", "destination": None}, {"destination": ["Fill this in."]}),
        ({"scope": "lane"}, {"destination": ["A lane ends at another place than where it begins."]}),
        (
            {"equipment": "vessel"},
            {"per": ["Bulk vessel: this carries loose goods and no boxes. Quote it per tonne or per kilogram."]},
        ),
        (
            {"scope": "fitting", "equipment": "vessel", "per": "t"},
            {"equipment": ["Bulk vessel: only a box is fitted out. Choose a box."]},
        ),
    ],
)
def test_what_does_not_belong_to_the_scope_is_refused(ways, officer, said, refusal):
    named = {name: getattr(ways, value, value) if value else None for name, value in said.items()}

    assert refused(ways, officer, ways.at_terminal(**named)) == refusal


def test_one_giver_does_not_quote_one_thing_twice_for_a_day(ways, officer):
    enter_quote(facts=ways.quoted(), by=officer, today=TODAY)
    later = ways.quoted(given_by=" NORTHLINE", valid_from=LAST, valid_to=LAST + 90 * DAY, amount=Decimal(1700))

    assert refused(ways, officer, later) == {
        "valid_from": [
            "NORTHLINE has quoted the same thing for some of these days: E00001 holds from 1 January 2027 to "
            "30 June 2027. Choose other days, or end that quote first."
        ]
    }


def test_others_may_quote_the_same_thing_and_the_same_giver_another(ways, officer):
    enter_quote(facts=ways.quoted(), by=officer, today=TODAY)

    for facts in (
        ways.quoted(given_by="Southline"),
        ways.quoted(origin=ways.destination, destination=ways.origin),
        ways.quoted(valid_from=LAST + DAY, valid_to=LAST + 30 * DAY),
        ways.at_terminal(),
    ):
        enter_quote(facts=facts, by=officer, today=TODAY)

    assert FreightQuote.objects.count() == 5


def test_what_has_expired_is_kept_only_when_that_is_said(ways, officer):
    facts = ways.quoted(valid_to=TODAY - DAY)

    assert refused(ways, officer, facts) == {
        "valid_to": [
            "This quote has expired already: its last day is 14 January 2027. Say below that it is to be kept all the "
            "same."
        ]
    }
    assert enter_quote(facts=facts, by=officer, today=TODAY, keeps_expired=True).valid_to == TODAY - DAY


def test_an_example_gives_way_to_what_somebody_entered_for_the_same_thing(ways, officer):
    same = {"leg": ways.leg, "confidence": "example", "equipment": ways.box}
    example = FreightQuoteFactory(code="Q1", **same)
    back = FreightQuoteFactory(code="Q2", origin=ways.destination, destination=ways.origin, **same)
    enter_quote(facts=ways.quoted(), by=officer, today=TODAY)

    states = dict(with_state(FreightQuote.objects.all(), TODAY).values_list("code", "state"))

    assert set(FreightQuote.objects.in_force(TODAY).values_list("code", flat=True)) == {"E00001", back.code}
    assert set(FreightQuote.objects.in_force(FIRST - DAY).values_list("code", flat=True)) == {example.code, back.code}
    assert states == {"E00001": "in_force", "Q1": "replaced", "Q2": "in_force"}


def test_an_example_of_a_terminal_gives_way_though_neither_names_a_leg(ways, officer):
    FreightQuoteFactory(code="Q1", at=ways.origin, confidence="example", equipment=ways.box)
    enter_quote(facts=ways.at_terminal(), by=officer, today=TODAY)

    assert list(FreightQuote.objects.in_force(TODAY).values_list("code", flat=True)) == ["E00001"]


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ((TODAY - 60 * DAY, TODAY - DAY), "expired"),
        ((TODAY - 60 * DAY, TODAY), "ends_soon"),
        ((TODAY - 60 * DAY, TODAY + 29 * DAY), "ends_soon"),
        ((TODAY - 60 * DAY, TODAY + 30 * DAY), "in_force"),
        ((TODAY, TODAY + 60 * DAY), "in_force"),
        ((TODAY + DAY, TODAY + 60 * DAY), "later"),
    ],
)
def test_the_state_of_a_quote_follows_from_its_days(ways, days, state):
    FreightQuoteFactory(leg=ways.leg, valid_from=days[0], valid_to=days[1])

    assert with_state(FreightQuote.objects.all(), TODAY).get().state == state


def test_a_change_keeps_who_entered_the_quote(ways, officer):
    quote = enter_quote(facts=ways.quoted(), by=officer, today=TODAY)

    change_quote(quote=quote, facts=ways.quoted(amount=Decimal(1600)), seen=version(quote), today=TODAY)

    quote.refresh_from_db()
    assert (quote.amount, quote.entered_by, quote.code) == (1600, officer, "E00001")


def test_a_change_over_somebody_else_s_is_refused(ways, officer):
    quote = enter_quote(facts=ways.quoted(), by=officer, today=TODAY)
    seen = version(quote)
    change_quote(quote=quote, facts=ways.quoted(amount=Decimal(1600)), seen=seen, today=TODAY)

    with pytest.raises(ChangedMeanwhile, match="Somebody has changed this quote since you opened the page"):
        change_quote(quote=quote, facts=ways.quoted(amount=Decimal(1700)), seen=seen, today=TODAY)

    quote.refresh_from_db()
    assert quote.amount == 1600


def test_a_quote_ends_on_one_of_its_days(ways, officer):
    quote = enter_quote(facts=ways.quoted(), by=officer, today=TODAY)

    end_quote(quote=quote, last_day=TODAY)
    with pytest.raises(ValidationError, match="The quote holds from 1 January 2027 to 15 January 2027"):
        end_quote(quote=quote, last_day=LAST)

    assert list(FreightQuote.objects.in_force(TODAY)) == [quote]
    assert list(FreightQuote.objects.in_force(TODAY + DAY)) == []


def test_only_what_has_not_begun_is_withdrawn_and_then_it_stays_so(ways, officer):
    begun = enter_quote(facts=ways.quoted(), by=officer, today=TODAY)
    coming = enter_quote(facts=ways.quoted(valid_from=LAST + DAY, valid_to=LAST + 30 * DAY), by=officer, today=TODAY)

    withdraw_quote(quote=coming, today=TODAY)
    with pytest.raises(ValidationError, match="holds since 1 January 2027"):
        withdraw_quote(quote=begun, today=TODAY)
    with pytest.raises(ValidationError, match="E00002 was withdrawn"):
        end_quote(quote=coming, last_day=LAST + DAY)

    assert list(FreightQuote.objects.in_force(LAST + DAY)) == []
    assert enter_quote(facts=ways.quoted(valid_from=LAST + DAY, valid_to=LAST + DAY), by=officer, today=TODAY)


def test_examples_are_not_changed(ways, officer):
    example = FreightQuoteFactory(code="Q1", leg=ways.leg, confidence="example")

    with pytest.raises(ValidationError, match="Q1 is an example that ships with the product"):
        end_quote(quote=example, last_day=TODAY)
