"""Choosing the other side, seeing how both fit today, proposing them."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.models import Company
from matching.enums import MatchState
from matching.models import Match
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person

pytestmark = pytest.mark.django_db
PROPOSE = "/matches/propose/"


@pytest.fixture
def goods(client):
    open_corridor()
    client.force_login(person(Role.STAFF))
    return CommodityFactory(name_en="Palm stearin")


@pytest.fixture
def dear(goods):
    finished_run()
    return need(goods), capacity(goods, price_amount=Decimal(2000))


def text_of(response) -> str:
    return response.content.decode().replace("\xa0", " ")


def test_those_who_trade_the_same_goods_are_offered_first(client, goods):
    wanted, suits = need(goods), capacity(goods)
    capacity(CommodityFactory())

    by_need = client.get(PROPOSE, {"need": wanted.pk})
    by_capacity = client.get(PROPOSE, {"capacity": suits.pk})

    assert by_need.context["found"].rows == [suits]
    assert by_capacity.context["found"].rows == [wanted]
    assert f'href="?need={wanted.pk}&amp;capacity={suits.pk}"' in text_of(by_need)


@pytest.mark.parametrize("words", ["oleo", "STEARIN", "C-FAR"])
def test_others_are_found_by_company_goods_or_number(client, goods, words):
    wanted = need(CommodityFactory())
    suits = capacity(goods, company=company("ID", name_registered="PT Oleo Jaya"), reference="C-FAR")
    capacity(CommodityFactory())

    response = client.get(PROPOSE, {"need": wanted.pk, "q": words})

    assert response.context["found"].rows == [suits]


def test_own_listings_and_hidden_companies_are_not_offered(client, goods):
    wanted = need(goods)
    capacity(goods, company=wanted.company)
    capacity(goods, company=company("ID", is_hidden=True))

    assert client.get(PROPOSE, {"need": wanted.pk}).context["found"].rows == []


def test_a_pair_that_is_a_match_leads_there(client, goods):
    match = found(finished_run(), need(goods), capacity(goods)).match

    listed = client.get(PROPOSE, {"need": match.need_id})
    both = client.get(PROPOSE, {"need": match.need_id, "capacity": match.capacity_id})

    assert f'href="/matches/{match.pk}/"' in text_of(listed)
    assert both["Location"] == f"/matches/{match.pk}/"


def test_verdicts_of_a_pair_stand_as_they_are_today(client, dear):
    response = client.get(PROPOSE, {"need": dear[0].pk, "capacity": dear[1].pk})

    answers = {rule: verdict.answer for rule, verdict in response.context["verdicts"]}
    assert response.status_code == 200
    assert [rule for rule, answer in answers.items() if answer < 0] == ["price"]
    assert "1 rule fails now." in text_of(response)


def test_proposing_leads_to_the_match_which_waits_for_its_judgement(client, dear):
    sent = {"need": dear[0].pk, "capacity": dear[1].pk, "reason": "they met at the fair"}

    response = client.post(PROPOSE, sent, follow=True)

    match = Match.objects.get()
    assert (match.state, response.redirect_chain) == (MatchState.PROPOSED, [(f"/matches/{match.pk}/", 302)])
    assert "they met at the fair" in text_of(response)
    assert "The rules judge this pair as soon as a worker is free" in text_of(response)


def test_the_page_that_waits_turns_to_the_answer(client, dear):
    client.post(PROPOSE, {"need": dear[0].pk, "capacity": dear[1].pk, "reason": "they met"})
    match = Match.objects.get()
    page, asks = f"/matches/{match.pk}/", {"HX-Request": "true"}

    before = client.get(page, headers=asks)
    found(finished_run(kind="refresh"), *dear, failed=("price",))
    after = client.get(page, headers=asks)

    assert (before.status_code, "HX-Refresh" in before) == (204, False)
    assert (after.status_code, after["HX-Refresh"]) == (200, "true")
    assert client.get(page).context["result"].failed_rules == ["price"]


def test_without_a_reason_it_is_refused_and_the_verdicts_stay(client, dear):
    response = client.post(PROPOSE, {"need": dear[0].pk, "capacity": dear[1].pk, "reason": " "})

    assert (response.status_code, Match.objects.count()) == (400, 0)
    assert list(response.context["form"].errors) == ["reason"]
    assert response.context["verdicts"] != []


def test_what_cannot_meet_is_said_instead_of_a_form(client, goods):
    finished_run()
    wanted, offered = need(goods), capacity(CommodityFactory())

    response = client.get(PROPOSE, {"need": wanted.pk, "capacity": offered.pk})

    assert (response.status_code, response.context["now"]) == (200, None)
    assert "The buyer accepts none of these goods." in text_of(response)


@pytest.mark.parametrize("query", [{"need": "x"}, {"need": "999999999"}, {"capacity": "²"}])
def test_a_listing_that_nobody_knows_is_not_found(client, goods, query):
    assert client.get(PROPOSE, query).status_code == 404


def test_a_listing_of_a_hidden_company_is_not_found(client, goods):
    wanted = need(goods)
    Company.objects.filter(pk=wanted.company_id).update(is_hidden=True)

    assert client.get(PROPOSE, {"need": wanted.pk}).status_code == 404


@pytest.mark.parametrize("kind", ["need", "capacity"])
def test_the_list_costs_the_same_for_one_row_as_for_three(client, goods, kind):
    own = need(goods) if kind == "need" else capacity(goods)
    other = capacity if kind == "need" else need
    other(goods)
    client.get(PROPOSE, {kind: own.pk})
    with CaptureQueriesContext(connection) as of_one:
        client.get(PROPOSE, {kind: own.pk})
    other(goods)
    other(goods)

    with CaptureQueriesContext(connection) as of_three:
        client.get(PROPOSE, {kind: own.pk})

    assert len(of_three) == len(of_one)
