"""The pages of quotes: what they show, what they keep of what was typed, what they say of what does not count."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from corridor.models import FreightQuote
from tests.factories import ExchangeRateFactory, FreightQuoteFactory, LegSwitchFactory
from tests.people import person

DAY = dt.timedelta(days=1)


@pytest.fixture
def soon():
    """Days around today, so that what is typed now holds now."""
    today = timezone.localdate()
    return {"valid_from": today.isoformat(), "valid_to": (today + 60 * DAY).isoformat()}


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_an_officer_types_a_quote_and_sees_it(client, ways, officer, soon):
    client.force_login(officer)

    answer = client.post("/corridor/quotes/new/?scope=leg", ways.typed(**soon), follow=True)

    quote = FreightQuote.objects.get()
    assert answer.redirect_chain == [(f"/corridor/quotes/{quote.pk}/", 302)]
    assert (quote.origin, quote.destination, quote.amount, quote.entered_by) == (
        ways.origin,
        ways.destination,
        1500,
        officer,
    )
    assert "The quote is kept." in text_of(answer)
    assert "Aigul" in text_of(answer)


def test_the_way_back_is_quoted_from_the_other_end(client, ways, officer, soon):
    client.force_login(officer)

    client.post("/corridor/quotes/new/?scope=leg", ways.typed(leg="L900:back", **soon))

    quote = FreightQuote.objects.get()
    assert (quote.origin, quote.destination) == (ways.destination, ways.origin)


@pytest.mark.parametrize(
    ("scope", "said", "ends"),
    [
        ("terminal", {"origin": "IDAAA"}, ("IDAAA", "IDAAA")),
        ("fitting", {"origin": "IDAAA"}, ("IDAAA", "IDAAA")),
        ("lane", {"origin": "IDAAA", "destination": "KZBBB"}, ("IDAAA", "KZBBB")),
    ],
)
def test_each_scope_has_its_places(client, ways, officer, soon, scope, said, ends):
    client.force_login(officer)

    client.post(f"/corridor/quotes/new/?scope={scope}", ways.typed(**soon, **said))

    assert list(FreightQuote.objects.values_list("scope", "origin__code", "destination__code", "leg")) == [
        (scope, *ends, None)
    ]


def test_what_was_typed_stays_where_it_is_refused(client, ways, officer, soon):
    client.force_login(officer)

    answer = client.post("/corridor/quotes/new/?scope=leg", ways.typed(amount="0", basis="all in", **soon))

    form = answer.context["form"]
    assert (answer.status_code, FreightQuote.objects.count()) == (400, 0)
    assert form.errors == {"amount": ["A quote is above zero. Write what is to be paid."]}
    assert (form["leg"].value(), form["basis"].value(), form["amount"].value()) == ("L900:there", "all in", "0")
    assert 'value="all in"' in text_of(answer)


def test_an_amount_of_two_readings_is_asked_back(client, ways, officer, soon):
    client.force_login(officer)

    answer = client.post("/corridor/quotes/new/?scope=leg", ways.typed(amount="1.500", **soon))

    assert "What is “1.500”?" in text_of(answer)
    assert FreightQuote.objects.count() == 0


def test_an_expired_quote_is_kept_once_that_is_ticked(client, ways, officer):
    client.force_login(officer)
    said = ways.typed(valid_from="2025-01-01", valid_to="2025-06-30")

    first = client.post("/corridor/quotes/new/?scope=leg", said)
    second = client.post("/corridor/quotes/new/?scope=leg", {**said, "keeps_expired": "on"})

    assert (first.status_code, "Keep it all the same, for the record" in text_of(first)) == (400, True)
    assert second.status_code == 302


def test_a_change_begins_with_what_is_kept_and_notices_another(client, ways, officer, soon):
    client.force_login(officer)
    client.post("/corridor/quotes/new/?scope=leg", ways.typed(**soon))
    quote = FreightQuote.objects.get()
    address = f"/corridor/quotes/{quote.pk}/change/"
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}

    first = client.post(address, ways.typed(**soon, amount="1600", seen=shown["seen"]))
    second = client.post(address, ways.typed(**soon, amount="1700", seen=shown["seen"]))
    quote.refresh_from_db()
    assert (shown["leg"], shown["equipment"], shown["amount"]) == ("L900:there", "20DC", "1500")
    assert (first.status_code, second.status_code, quote.amount) == (302, 400, 1600)
    assert "Somebody has changed this quote since you opened the page" in text_of(second)
    assert "<dd>1,600 USD, per box</dd>" in text_of(second)
    again = client.post(address, ways.typed(**soon, amount="1700", seen=second.context["form"]["seen"].value()))
    quote.refresh_from_db()
    assert (again.status_code, quote.amount) == (302, 1700)


def test_a_quote_for_the_thing_of_another_begins_with_the_thing_alone(client, ways, officer):
    example = FreightQuoteFactory(leg=ways.leg, equipment=ways.box, currency="KZT", confidence="example")
    client.force_login(officer)

    form = client.get(f"/corridor/quotes/new/?like={example.pk}").context["form"]

    shown = {name: form[name].value() for name in ("leg", "equipment", "currency", "amount", "valid_to", "given_by")}
    assert shown == {
        "leg": "L900:there",
        "equipment": "20DC",
        "currency": "KZT",
        "amount": None,
        "valid_to": None,
        "given_by": None,
    }


@pytest.mark.parametrize("query", ["?scope=boat", "?like=none", "?like=999999", "?like=9999999999999999999999"])
def test_an_address_that_means_nothing_is_not_found(page_of, query):
    assert page_of(f"/corridor/quotes/new/{query}").status_code == 404


@pytest.mark.parametrize("way", ["change", "end"])
def test_an_example_has_no_form_and_says_why(client, ways, officer, way):
    example = FreightQuoteFactory(code="Q1", leg=ways.leg, confidence="example")
    client.force_login(officer)

    answer = client.get(f"/corridor/quotes/{example.pk}/{way}/", follow=True)

    assert answer.redirect_chain == [(f"/corridor/quotes/{example.pk}/", 302)]
    assert "Q1 is an example that ships with the product." in text_of(answer)


def test_a_quote_is_ended_on_a_day_and_one_to_come_is_withdrawn(client, ways, officer):
    today = timezone.localdate()
    running = FreightQuoteFactory(leg=ways.leg, valid_from=today - DAY, valid_to=today + 90 * DAY)
    coming = FreightQuoteFactory(leg=ways.leg, valid_from=today + DAY, valid_to=today + 90 * DAY)
    client.force_login(officer)

    client.post(f"/corridor/quotes/{running.pk}/end/", {"last_day": today.isoformat()})
    refused = client.post(f"/corridor/quotes/{running.pk}/withdraw/", follow=True)
    client.post(f"/corridor/quotes/{coming.pk}/withdraw/")

    running.refresh_from_db()
    coming.refresh_from_db()
    assert (running.valid_to, running.withdrawn_at, coming.withdrawn_at is None) == (today, None, False)
    assert "may have been relied on" in text_of(refused)
    assert client.get(f"/history/quote/{coming.pk}/").status_code == 200


def test_a_quote_without_a_rate_of_exchange_says_that_it_is_not_known(page_of, ways):
    quote = FreightQuoteFactory(leg=ways.leg, currency="RUB")
    without = "There is no rate of exchange for RUB today."

    before = text_of(page_of(f"/corridor/quotes/{quote.pk}/"))
    ExchangeRateFactory(currency="RUB")
    after = text_of(page_of(f"/corridor/quotes/{quote.pk}/"))

    assert (without in before, without in after) == (True, False)


def test_a_quote_for_a_lane_that_no_legs_join_says_why_it_pays_for_nothing(page_of, ways):
    ends = {"scope": "lane", "origin": ways.origin, "destination": ways.destination}
    joined = FreightQuoteFactory(equipment=ways.box, **ends)
    apart = FreightQuoteFactory(equipment=ways.vessel, **ends)

    said = {one.equipment.code: text_of(page_of(f"/corridor/quotes/{one.pk}/")) for one in (joined, apart)}
    LegSwitchFactory(leg=ways.leg, from_day=timezone.localdate())
    shut = text_of(page_of(f"/corridor/quotes/{joined.pk}/"))

    assert "The route is not known." not in said["20DC"]
    assert "No leg that such equipment can pass leads on to Beta. Tried: Bulk vessel." in said["BULKV"]
    assert "There would be a route, were this leg open and its days known:" in shut


def test_the_list_marks_what_cannot_be_compared(page_of, ways):
    FreightQuoteFactory(leg=ways.leg, currency="RUB")
    FreightQuoteFactory(leg=ways.leg)

    assert text_of(page_of("/corridor/quotes/")).count("No rate for RUB") == 1


def test_an_example_says_so_and_names_what_it_gives_way_to(page_of, ways):
    today = timezone.localdate()
    days = {"valid_from": today, "valid_to": today + 60 * DAY, "leg": ways.leg}
    example = FreightQuoteFactory(confidence="example", **days)
    real = FreightQuoteFactory(**days)

    shown = text_of(page_of(f"/corridor/quotes/{example.pk}/"))

    assert "This quote is made up: nobody was asked." in shown
    assert f'<a href="/corridor/quotes/{real.pk}/">{real.code}</a>' in shown


def test_the_list_is_narrowed_by_what_it_names(page_of, ways):
    today = timezone.localdate()
    on = {"leg": ways.leg, "valid_from": today - 40 * DAY}
    codes = {
        "running": FreightQuoteFactory(valid_to=today + 60 * DAY, **on).code,
        "soon": FreightQuoteFactory(valid_to=today + 5 * DAY, **on).code,
        "over": FreightQuoteFactory(valid_to=today - DAY, **on).code,
        "later": FreightQuoteFactory(leg=ways.leg, valid_from=today + DAY, valid_to=today + 2 * DAY).code,
        "vessel": FreightQuoteFactory(
            at=ways.destination, equipment=ways.vessel, confidence="example", valid_to=today + 60 * DAY
        ).code,
    }

    def found(query: str) -> set[str]:
        rows = {quote.code for quote in page_of(f"/corridor/quotes/?{query}").context["page"]}
        return {name for name, code in codes.items() if code in rows}

    assert found("state=in_force") == {"running", "soon", "vessel"}
    assert found("state=ends_soon") == {"soon"}
    assert found("state=expired&state=later") == {"over", "later"}
    assert found("scope=terminal") == {"vessel"}
    assert found("equipment=BULKV") == {"vessel"}
    assert found("kind=entered&place=KZBBB") == {"running", "soon", "over", "later"}
    assert found("place=IDAAA") == {"running", "soon", "over", "later"}
    facets = page_of("/corridor/quotes/").context["facets"]
    assert {c["value"]: c["count"] for c in facets[0]["choices"]} == {
        "in_force": 3,
        "ends_soon": 1,
        "later": 1,
        "expired": 1,
        "replaced": 0,
        "withdrawn": 0,
    }


@pytest.mark.parametrize("sort", ["code", "-way", "equipment", "from", "-until", "giver"])
def test_the_list_is_sorted_and_refuses_nonsense(page_of, ways, sort):
    FreightQuoteFactory(leg=ways.leg)

    assert page_of(f"/corridor/quotes/?sort={sort}").status_code == 200
    assert page_of("/corridor/quotes/?sort=price").status_code == 400


@pytest.mark.parametrize("address", ["/corridor/quotes/", "/corridor/rates/"])
def test_a_list_costs_the_same_queries_for_one_row_as_for_three(page_of, ways, officer, address):
    FreightQuoteFactory(leg=ways.leg, entered_by=officer)
    ExchangeRateFactory()
    page_of(address)
    with CaptureQueriesContext(connection) as one:
        page_of(address)

    for currency in ("RUB", "CNY"):
        FreightQuoteFactory(leg=ways.leg, entered_by=person(Role.STAFF), currency=currency)
        ExchangeRateFactory(currency=currency)
    with CaptureQueriesContext(connection) as three:
        page_of(address)

    assert len(three) == len(one)


def test_businesses_find_no_quotes(client, ways):
    quote = FreightQuoteFactory(leg=ways.leg)
    client.force_login(person(Role.BUSINESS))

    addresses = ("quotes/", f"quotes/{quote.pk}/", "quotes/new/", "quotes/import/", "quotes/export.csv", "rates/")

    assert {client.get(f"/corridor/{address}").status_code for address in addresses} == {404}
