"""Rates of exchange and premiums: what is refused, what is asked again, and that examples give way."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from corridor.models import ExchangeRate, InsurancePremium
from corridor.queries import has_rate, rates_in_force
from corridor.services.rates import correct_rate, end_premium, enter_premium, enter_rate
from corridor.ways import premiums_in_force
from tests.corridor.quotes import facts
from tests.corridor.quotes.facts import FIRST, LAST, TODAY
from tests.factories import ExchangeRateFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WORD = {"source": "National Bank", "confidence": "verified"}


def entered(on=TODAY, currency="KZT", usd_per_unit="0.0021", **options) -> ExchangeRate:
    return enter_rate(on=on, currency=currency, usd_per_unit=Decimal(usd_per_unit), **WORD, **options)


def premium(**said) -> InsurancePremium:
    plain = {
        "cover": "A",
        "percent_low": Decimal("0.2"),
        "percent_high": Decimal("0.4"),
        "valid_from": FIRST,
        "valid_to": LAST,
        "given_by": "Insurer",
        "basis": "in containers",
        "confidence": "secondary",
    }
    return enter_premium(**{**plain, **said})


def refusal(act) -> dict:
    with pytest.raises(ValidationError) as refused:
        act()
    return refused.value.message_dict


def test_the_newest_rate_counts():
    ExchangeRateFactory(currency="KZT", usd_per_unit=Decimal("0.002"))

    rate = entered()

    found = rates_in_force(TODAY)["KZT"]
    assert (found.usd_per_unit, found.on, found.source) == (rate.usd_per_unit, TODAY, "National Bank")


def test_an_example_counts_only_until_somebody_enters_a_rate():
    ExchangeRateFactory(currency="KZT", on=TODAY)
    entered(on=TODAY - 30 * DAY)

    assert rates_in_force(TODAY)["KZT"].usd_per_unit == Decimal("0.0021")
    assert rates_in_force(TODAY - 31 * DAY) == {}


def test_a_day_has_one_rate_of_a_currency_but_an_example_gives_way():
    example = ExchangeRateFactory(on=TODAY, currency="KZT", usd_per_unit=Decimal("0.002"))

    rate = entered()

    assert (rate.pk, rate.is_example, ExchangeRate.objects.count()) == (example.pk, False, 1)
    assert refusal(lambda: entered(usd_per_unit="0.0022")) == {
        "on": ["There is a rate of KZT for 15 January 2027 already: 0.0021. Correct that one instead."]
    }


@pytest.mark.parametrize("slip", ["0.021", "0.00021", "21"])
def test_a_rate_ten_times_away_is_asked_again(slip):
    ExchangeRateFactory(currency="KZT", usd_per_unit=Decimal("0.0021"))

    assert refusal(lambda: entered(usd_per_unit=slip)) == {
        "usd_per_unit": [
            "This is ten times or more away from 0.0021, the rate of 23 November 2026. Check the decimal sign, or say "
            "below that it is right."
        ]
    }
    assert entered(usd_per_unit=slip, accepts_leap=True).usd_per_unit == Decimal(slip)


def test_a_rate_before_all_others_is_compared_with_the_first_of_them():
    ExchangeRateFactory(currency="KZT", usd_per_unit=Decimal("0.0021"))

    assert list(refusal(lambda: entered(on=dt.date(2026, 1, 1), usd_per_unit="0.021"))) == ["usd_per_unit"]


def test_a_dollar_is_a_dollar():
    assert refusal(lambda: entered(currency="USD")) == {"currency": ["A US dollar is worth one US dollar."]}
    assert (has_rate("USD", TODAY), has_rate("KZT", TODAY)) == (True, False)


def test_a_mistyped_rate_is_corrected_and_an_example_is_not():
    rate, example = entered(), ExchangeRateFactory(currency="RUB")

    correct_rate(rate=rate, usd_per_unit=Decimal("0.0022"), **WORD)
    with pytest.raises(ValidationError, match="an example that ships"):
        correct_rate(rate=example, usd_per_unit=Decimal("0.01"), **WORD)

    rate.refresh_from_db()
    assert rate.usd_per_unit == Decimal("0.0022")


def test_a_premium_that_somebody_entered_takes_the_place_of_the_example_of_its_cover():
    example = facts.premium(code="P02", valid_from=FIRST - 90 * DAY, given_by="", confidence="example")
    made = premium()

    assert (made.code, list(InsurancePremium.objects.in_force(TODAY))) == ("E01", [made])
    assert list(InsurancePremium.objects.in_force(FIRST - DAY)) == [example]
    assert list(premiums_in_force(TODAY)) == [made]


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        (
            {"percent_high": Decimal("0.1")},
            "percent_high",
            "The higher share is below the lower one. Change them round.",
        ),
        ({"valid_to": FIRST - DAY}, "valid_to", "The last day, 31 December 2026, is before the first, 1 January 2027."),
        (
            {"given_by": "INSURER", "valid_from": LAST},
            "valid_from",
            "INSURER has a premium for this cover on some of these days: E01 holds from 1 January 2027 to 30 June "
            "2027. Choose other days, or end that one first.",
        ),
    ],
)
def test_a_premium_that_contradicts_itself_or_another_is_refused(said, field, sentence):
    premium()

    assert refusal(lambda: premium(**said)) == {field: [sentence]}


def test_another_cover_another_insurer_and_other_days_are_no_overlap():
    premium()

    codes = [
        premium(**said).code
        for said in ({"cover": "C"}, {"given_by": "B"}, {"valid_from": LAST + DAY, "valid_to": LAST + 9 * DAY})
    ]

    assert codes == ["E02", "E03", "E04"]


def test_a_premium_ends_on_one_of_its_days_and_an_example_does_not():
    made, example = premium(), facts.premium(code="P02", valid_from=FIRST - 90 * DAY, given_by="", confidence="example")

    end_premium(premium=made, last_day=TODAY)

    made.refresh_from_db()
    assert made.valid_to == TODAY
    assert refusal(lambda: end_premium(premium=made, last_day=LAST)) == {
        "last_day": ["The premium holds from 1 January 2027 to 15 January 2027. Choose one of these days."]
    }
    with pytest.raises(ValidationError, match="an example that ships"):
        end_premium(premium=example, last_day=TODAY)


def test_the_pages_keep_what_is_typed(client, officer):
    today = timezone.localdate().isoformat()
    until = (timezone.localdate() + 60 * DAY).isoformat()
    ExchangeRateFactory(currency="KZT", usd_per_unit=Decimal("0.0021"))
    client.force_login(officer)
    said = {"currency": "KZT", "on": today, "usd_per_unit": "0.021", **WORD}

    asked = client.post("/corridor/rates/new/", said)
    kept = client.post("/corridor/rates/new/", {**said, "accepts_leap": "on"})
    rate = ExchangeRate.objects.get(confidence="verified")
    corrected = client.post(
        f"/corridor/rates/{rate.pk}/change/", {"usd_per_unit": "0.0219", **WORD, "accepts_leap": "on"}
    )
    insured = client.post(
        "/corridor/premiums/new/",
        {
            **WORD,
            "cover": "A",
            "percent_low": "0.2",
            "percent_high": "0.4",
            "valid_from": today,
            "valid_to": until,
            "given_by": "Insurer",
            "basis": "in containers",
        },
    )
    made = InsurancePremium.objects.get()
    ended = client.post(f"/corridor/premiums/{made.pk}/end/", {"last_day": today})

    rate.refresh_from_db()
    made.refresh_from_db()
    answers = [answer.status_code for answer in (asked, kept, corrected, insured, ended)]
    assert (answers, rate.usd_per_unit, made.valid_to.isoformat()) == (
        [400, 302, 302, 302, 302],
        Decimal("0.0219"),
        today,
    )
    assert asked.context["form"]["usd_per_unit"].value() == "0.021"


def test_the_list_says_what_counts_what_is_missing_and_what_is_made_up(page_of):
    ExchangeRateFactory(currency="KZT", on=dt.date(2026, 1, 1))
    ExchangeRateFactory(currency="KZT", on=dt.date(2026, 2, 1))

    page = page_of("/corridor/rates/")

    shown = " ".join(page.content.decode().split())
    assert page.context["missing"] == ["EUR", "IDR", "CNY", "RUB"]
    assert "Some of what counts today is made up" in shown
    assert (shown.count("Counts today"), shown.count("Another one counts")) == (1, 1)
