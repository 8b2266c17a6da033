"""The page that answers "what if" of one match."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from matching.models import MatchResult
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need
from tests.matching.found import finished_run, found
from tests.matching.ways_there import ways_there
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def result(client) -> MatchResult:
    ways_there()
    goods = CommodityFactory()
    client.force_login(person(Role.STAFF))
    return found(finished_run(), need(goods, incoterm="CPT"), capacity(goods))


def text_of(response) -> str:
    return response.content.decode().replace("\xa0", " ")


def asked(client, result, query: str = ""):
    return client.get(f"/matches/{result.match_id}/what-if/{query}")


def test_page_without_a_question_shows_the_form_and_where_the_ranking_turns(client, result):
    response = asked(client, result)

    assert response.status_code == 200
    assert response.context["compared"] is None
    assert [str(flip.percent) for flip in response.context["flips"]] == ["146.5"]  # 805 + 140 f + 5 > 1150
    assert "Freight 146.5% dearer:" in text_of(response)


def test_page_answers_every_question_at_once(client, result):
    query = "?freight=10&route=L-AIR.20DC&ask=700&limit=1200&limit_term=DAP"
    response = asked(client, result, query)

    assert response.status_code == 200
    would = response.context["compared"].would
    assert (would.days_high, would.limit) == (4, 1200.0)
    assert round(would.landed_high, 4) == round(float((700 + Decimal(440)) / (1 - Decimal("0.011"))), 4)
    assert "USD more" in text_of(response)


@pytest.mark.parametrize(
    ("query", "headers"), [("?freight=x", {}), ("?route=nowhere", {}), ("?freight=10", {"HX-Request": "true"})]
)
def test_turns_are_worked_out_for_no_refused_address_and_for_nobody_who_types(
    client, result, query, headers, monkeypatch
):
    asked_for = []
    monkeypatch.setattr("matching.views.what_if.flips_of", lambda *facts: asked_for.append(facts) or [])

    response = client.get(f"/matches/{result.match_id}/what-if/{query}", headers=headers)

    assert asked_for == []
    assert 'id="flips"' not in text_of(response)


@pytest.mark.parametrize(("term", "is_told"), [("DAP", True), ("all_in", False)])
def test_agreement_tells_what_becomes_of_a_duty_that_is_in_no_line(client, result, term, is_told):
    goods = result.match.capacity.commodity
    tariff(f"{goods.hs_code}0000", hs6=goods.hs_code, ad_valorem_pct=10, preference_scheme="X FTA", preference_pct=0)

    text = text_of(asked(client, result, f"?preference=X+FTA&limit_term={term}"))

    assert ("The buyer pays the duty: it is not in this price." in text) is is_told
    assert ("What if it were in force?" in text) is False  # it is what this page assumes


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?freight=1000", "freight"),
        ("?freight=-95", "freight"),
        ("?freight=x", "freight"),
        ("?route=nowhere", "route"),
        ("?ask_term=XYZ", "ask_term"),
        ("?limit_term=all_in&limit_place=CNLYG", "limit_place"),
        ("?preference=none", "preference"),
    ],
)
def test_question_that_makes_no_sense_is_refused_in_words_and_stays_typed(client, result, query, field):
    response = asked(client, result, query)

    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert response.context["compared"] is None


def test_route_that_leads_from_elsewhere_is_refused_in_words(client, result):
    response = asked(client, result, "?route=L-SEA.20DC-L-RAIL.20DC&ask_place=CNLYG")

    assert response.status_code == 400
    assert "This route does not lead from that place to this one" in text_of(response)


def test_page_says_so_when_a_listing_is_in_the_book_no_more(client, result):
    result.match.need.status = "closed"
    result.match.need.save()

    assert "is not in the book any more" in text_of(asked(client, result))


def test_page_is_not_found_for_members_of_either_side(client, result):
    for company in (result.match.need.company, result.match.capacity.company):
        client.force_login(member_of(company))

        assert asked(client, result).status_code == 404


def test_page_costs_the_same_queries_for_one_offer_as_for_three(client, result):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert asked(client, result, "?freight=10").status_code == 200
        return len(captured)

    queries()  # the first page of a session reads more
    few = queries()
    for _rival in range(2):
        found(result.run, result.match.need, capacity(result.match.capacity.commodity))

    assert queries() == few
