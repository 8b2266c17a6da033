"""What the page of a match tells of cost, way and papers: every line with what it rests on, and what is missing."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.models import Certificate
from corridor.models import FreightQuote, Leg
from matching.models import MatchResult
from matching.one_match.waterfall import Guess
from tests.corridor.tariffs import tariff
from tests.factories import CertificateKindFactory, CommodityFactory, ExchangeRateFactory, RequirementFactory
from tests.matching.book import AS_OF, capacity, need
from tests.matching.found import finished_run, found
from tests.matching.ways_there import ended, handling, leg, port, town, ways_there
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
OF_SEA_AND_RAIL = {"days_low": 20, "days_high": 28}


def a_match(*, asks: Mapping = {}, wants: Mapping = {}, **facts) -> MatchResult:
    """A match of 800 USD/t FOB Kariangau with a limit of 1,150 DAP Almaty, by sea and rail."""
    goods = CommodityFactory()
    facts = {"landed_low_usd_per_t": None, "landed_high_usd_per_t": None, **OF_SEA_AND_RAIL, **facts}
    return found(finished_run(), need(goods, **wants), capacity(goods, **asks), **facts)


def page_of(client, result: MatchResult):
    client.force_login(person(Role.STAFF))
    response = client.get(f"/matches/{result.match_id}/")
    assert response.status_code == 200
    return response


def text_of(response) -> str:
    return response.content.decode().replace("\xa0", " ")


def lines_of(response) -> list[tuple[str, str, Guess]]:
    return [(row.words, row.amount, row.guess) for row in response.context["landed"].rows]


def test_every_line_of_the_cost_is_told_with_what_it_rests_on(client):
    ways_there()
    response = page_of(client, a_match())

    assert lines_of(response) == [
        ("Asking price FOB Place IDKRG", "800.00", Guess.SURE),
        ("Place IDKRG – Lianyungang, sea, in Equipment 20DC", "+40.00", Guess.SURE),
        ("Handling in Lianyungang", "+5.00", Guess.SURE),
        ("Lianyungang – Place KZALA, rail, in Equipment 20DC", "+100.00", Guess.SURE),
        ("Insurance, all risks (A)", "+10.51", Guess.SURE),  # 945 x 0.011 / 0.989
    ]
    landed = response.context["landed"]
    assert (round(landed.low, 2), landed.low == landed.high, landed.limit) == (Decimal("955.51"), True, 1150)
    quote = FreightQuote.objects.get(leg__code="L-RAIL")
    text = text_of(response)
    assert f'<a class="tm-quote" href="/corridor/quotes/{quote.pk}/">{quote.code}</a>' in text
    assert "Pelni Logistics" in text
    assert "No line is a guess." in text
    assert "194 USD/t are left under it." in text


def test_line_that_nobody_quoted_makes_the_sum_not_known_with_what_it_is_at_least(client):
    ways_there(by_rail=None, with_air=False)
    ended(Leg.objects.get(code="L-RAIL"), dt.date(2026, 12, 31))
    response = page_of(client, a_match())

    landed = response.context["landed"]
    assert [row.guess for row in landed.rows] == [*[Guess.SURE] * 3, Guess.UNKNOWN, Guess.UNKNOWN]
    assert (landed.low, landed.at_least) == (None, 845)
    text = text_of(response)
    assert "quote Q-OLD ended on 31 Dec 2026" in text
    assert "at least 845.00" in text
    assert "2 of 5 lines are guesses:" in text


def test_line_by_example_and_line_of_an_unsure_source_are_told_from_each_other(client):
    ways_there(with_air=False)
    FreightQuote.objects.filter(leg__code="L-RAIL").update(confidence="example")
    FreightQuote.objects.filter(leg__code="L-SEA").update(confidence="unsure")
    response = page_of(client, a_match())

    assert [row.guess for row in response.context["landed"].rows] == [
        Guess.SURE,
        Guess.UNSURE,
        Guess.SURE,
        Guess.EXAMPLE,
        Guess.SURE,
    ]
    assert response.context["landed"].counts == {"unknown": 0, "example": 1, "unsure": 1, "range": 0, "sure": 3}


def test_price_that_holds_freight_and_insurance_has_them_taken_out(client):
    ways_there(with_air=False)
    seller = {"incoterm": "CIF", "place": town(), "price_amount": Decimal(1000)}
    response = page_of(client, a_match(asks=seller, wants={"incoterm": "CIP"}))

    assert lines_of(response) == [
        ("Asking price CIF Place KZALA", "1,000.00", Guess.SURE),
        ("Less: Insurance, the least cover (C)", "−5.50", Guess.SURE),  # 1,000 x 1.1 x 0.5 %
        ("Insurance, all risks (A)", "+11.06", Guess.SURE),  # 994.50 x 0.011 / 0.989
    ]
    (_price, _marks), (_less, marks), _other = response.context["landed"].bars
    assert [mark.tone for mark in marks] == ["out"]


def test_price_in_another_currency_says_the_rate_and_its_day(client):
    ways_there(with_air=False)
    ExchangeRateFactory(currency="KZT", on=AS_OF, usd_per_unit=Decimal("0.002"))
    seller = {"price_amount": Decimal(400_000), "price_currency": "KZT"}
    response = page_of(client, a_match(asks=seller))

    assert lines_of(response)[0] == ("Asking price FOB Place IDKRG", "800.00", Guess.EXAMPLE)
    assert "1 KZT = 0.002 USD on 4 Jan 2027" in text_of(response)


def test_page_says_what_the_run_found_when_quotes_have_changed_since(client):
    ways_there()
    result = a_match(landed_low_usd_per_t=Decimal("955.51"), landed_high_usd_per_t=Decimal("955.51"))
    assert "have changed since" not in text_of(page_of(client, result))

    FreightQuote.objects.filter(leg__code="L-RAIL").update(amount=120)

    assert "The run found 955.51 USD/t. Quotes, rates or a listing have changed since" in text_of(
        page_of(client, result)
    )


def test_way_is_told_stop_by_stop_with_the_other_routes_beside_it(client):
    ways_there()
    response = page_of(client, a_match())

    journey = response.context["travel"].journey
    assert [(line.origin.code, line.hop.mode) for line in journey.way.lines if line.hop] == [
        ("IDKRG", "sea"),
        ("CNLYG", "rail"),
    ]
    (other,) = journey.others
    assert (other.key, other.days, round(other.usd, 2)) == (
        "L-AIR.20DC",
        -24,
        Decimal("257.84"),
    )  # 255 x (1 + 0.011...)
    text = text_of(response)
    assert "faster by 24 days, 258 USD/t dearer" in text
    assert "timetable" in text
    assert "9,200" in text


def test_route_that_the_run_took_is_shown_and_not_the_cheapest(client):
    ways_there()
    response = page_of(client, a_match(days_low=3, days_high=4))

    travel = response.context["travel"]
    assert (travel.journey.key, travel.journey.has_changed) == ("L-AIR.20DC", False)
    assert travel.journey.others[0].days == 24


def test_page_says_so_when_the_route_of_the_run_is_gone(client):
    ways_there(with_air=False)
    response = page_of(client, a_match(days_low=3, days_high=4))

    assert response.context["travel"].journey.has_changed
    assert "The route that the run took is not among the best ones any more" in text_of(response)


def test_way_to_and_from_the_corridor_is_told_beside_the_cost(client):
    ways_there()
    result = a_match()
    seller = result.match.capacity.company
    seller.first_mile_km = 37
    seller.save()
    response = page_of(client, result)

    assert (response.context["travel"].journey.first.km, response.context["travel"].journey.first.is_met) == (37, True)
    assert "Neither in the cost nor in the days." in text_of(response)


def test_pair_without_a_way_says_that_it_is_not_known(client):
    ways_there(with_air=False)
    Leg.objects.filter(code="L-RAIL").update(transit_days_low=None, transit_days_high=None)
    response = page_of(client, a_match(days_low=None, days_high=None))

    assert response.context["travel"].journey.way is None
    assert "The way is not known" in text_of(response)
    assert "Map of the route" not in text_of(response)


def test_price_without_a_term_is_at_least_what_it_says(client):
    ways_there(with_air=False)
    response = page_of(client, a_match(asks={"incoterm": ""}, days_low=20, days_high=28))

    landed = response.context["landed"]
    assert lines_of(response)[-1] == ("What the price holds, which nobody has said", "", Guess.UNKNOWN)
    assert landed.low is None
    assert landed.at_least > 945


def test_certificates_are_told_with_who_holds_them_and_what_is_missing_first(client):
    ways_there()
    result = a_match()
    for code in ("halal", "haccp", "iso", "eac", "rspo"):
        CertificateKindFactory(code=code, name_en=code.upper())
    lane = {"direction": "ID>KZ", "bearer": "seller"}
    kinds = {code: CertificateKindFactory(code=code) for code in ("halal", "haccp", "iso", "eac", "rspo")}
    RequirementFactory(**lane, certificate_kind=kinds["halal"])
    RequirementFactory(**lane, certificate_kind=kinds["haccp"])
    RequirementFactory(**(lane | {"bearer": "buyer"}), certificate_kind=kinds["eac"], class_confidence="unsure")
    RequirementFactory(**lane, certificate_kind=kinds["rspo"], kind="voluntary")
    result.match.need.required_certificates.add(kinds["iso"])
    seller = result.match.capacity.company
    Certificate.objects.create(company=seller, kind=kinds["halal"], state="checked", valid_until=dt.date(2028, 1, 1))
    Certificate.objects.create(company=seller, kind=kinds["haccp"], state="checked", valid_until=dt.date(2027, 1, 31))
    Certificate.objects.create(company=seller, kind=kinds["iso"], state="unchecked")
    Certificate.objects.create(company=seller, kind=kinds["iso"], capacity=result.match.capacity, state="not_held")

    response = page_of(client, result)

    assert [
        (one.kind, one.side, one.why, one.state, one.is_in_time, one.is_missing) for one in response.context["holdings"]
    ] == [
        ("haccp", "seller", "refuses", "checked", False, True),
        ("iso", "seller", "buyer_asks", "not_held", True, True),
        ("eac", "buyer", "question", "", True, True),
        ("halal", "seller", "refuses", "checked", True, False),
        ("rspo", "seller", "helps", "", True, False),
    ]
    text = text_of(response)
    assert "3 of 5 certificates are missing or not checked." in text
    assert "before the goods arrive" in text


def test_duty_that_the_buyer_pays_is_told_beside_the_price(client):
    ways_there()
    result = a_match()
    goods = result.match.capacity.commodity
    tariff(f"{goods.hs_code}0000", hs6=goods.hs_code, ad_valorem_pct=10)

    text = text_of(page_of(client, result))

    assert "Import duty, Kazakhstan: 95.56 USD/t." in text  # 10 % of 945 and of 10.57 for insurance
    assert "The buyer pays the duty: it is not in this price." in text


def test_page_costs_the_same_queries_for_one_route_as_for_three(client):
    ways_there(with_air=False)
    result = a_match()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client, result)
        return len(captured)

    queries()  # the first page of a session reads more
    few = queries()
    leg(port(), town(), (3, 4), 400, "air")
    leg(port(), town(), (10, 12), 300)
    handling(town())

    assert len(page_of(client, result).context["travel"].found) == 3
    assert queries() == few


@pytest.mark.parametrize("side", ["need", "capacity"])
def test_partner_page_tells_a_company_nothing_of_quotes_routes_and_other_offers(client, side):
    ways_there()
    result = a_match()
    client.force_login(member_of(getattr(result.match, side).company))

    text = text_of(client.get(f"/partners/{result.match_id}/"))

    quotes = list(FreightQuote.objects.values_list("code", flat=True))
    told = [word for word in (*quotes, "Pelni", "Lianyungang", "L-SEA", "955", "what-if", "tm-map") if word in text]
    assert "Why does it fit us?" in text
    assert told == []
