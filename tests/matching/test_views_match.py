"""The page of one match, and what people decide there."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.enums import Role
from commodities.enums import NodeKind
from companies.models import NeedCommodity
from matching.enums import DismissReason, MatchState
from matching.models import Allocation, Decision
from tests.factories import CommodityFactory, ParameterFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import CUT_AT, finished_run, found, some_matches
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


def signed_in(client, role: Role):
    client.force_login(person(role))
    return client


def text_of(response) -> str:
    return response.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER, Role.ADMIN])
@pytest.mark.parametrize("language", ["id", "en", "ru", "kk"])
def test_match_page_shows_both_sides_and_every_rule(client, role, language):
    (result,) = some_matches(CommodityFactory(), 1, unknown=("price", "payment"))
    signed_in(client, role).cookies["django_language"] = language

    response = client.get(f"/matches/{result.match_id}/")

    assert response.status_code == 200
    assert str(result.match.need.company) in text_of(response)
    assert str(result.match.capacity.company) in text_of(response)
    assert [rule for rule, _verdict in response.context["verdicts"]] == list(result.verdicts)
    assert {question.rule for question in response.context["questions"]} == {"price", "payment"}


def test_long_name_of_goods_is_cut_in_heading_crumb_and_title_and_whole_among_the_facts(client):
    name = 'Fish; "Pangasius" & other catfish, fillets, frozen, whether or not skinned, boned or glazed'
    short = "Fish; &quot;Pangasius&quot; &amp; other catfish, fillets, frozen, whether…"
    (result,) = some_matches(CommodityFactory(kind=NodeKind.SUBHEADING, name_en=name), 1)

    page = text_of(signed_in(client, Role.STAFF).get(f"/matches/{result.match_id}/"))

    in_short = f'<span title="{escape(name)}">{short}</span>'
    assert f"<h1>{in_short}, 100 t</h1>" in page
    assert f'commodity={result.match.capacity.commodity.code}">{in_short}</a>' in page
    assert f"<title>{short}: " in page
    assert f"<dd>{escape(name)}, HS&nbsp;" in page


@pytest.mark.parametrize(
    ("language", "freezing", "storage"),
    [
        ("en", "Freezing method", "Storage temperature"),
        ("id", "Metode pembekuan", "Suhu penyimpanan"),
        ("ru", "Способ заморозки", "Температура хранения"),
        ("kk", "Мұздату тәсілі", "Сақтау температурасы"),
    ],
)
def test_match_page_names_parameters_in_the_readers_language(client, language, freezing, storage):
    names = {"name_id": "Metode pembekuan", "name_ru": "Способ заморозки", "name_kk": "Мұздату тәсілі"}
    ParameterFactory(key="freezing", unit="", name_en="Freezing method", **names)
    names = {"name_id": "Suhu penyimpanan", "name_ru": "Температура хранения", "name_kk": "Сақтау температурасы"}
    ParameterFactory(key="storage", unit="Cel", name_en="Storage temperature", **names)
    asked = [
        {"key": "freezing", "unit": "", "answer": 1, "asked_values": ["IQF"], "offered_values": ["IQF"]},
        {"key": "storage", "unit": "Cel", "answer": 0, "asked_low": None, "asked_high": -18.0},
    ]
    (result,) = some_matches(CommodityFactory(), 1, unknown=("parameters",), facts={"parameters": asked})
    signed_in(client, Role.STAFF).cookies["django_language"] = language

    response = client.get(f"/matches/{result.match_id}/")

    (verdict,) = [verdict for rule, verdict in response.context["verdicts"] if rule == "parameters"]
    first, second = (line.need_fact.replace("\xa0", " ") for line in verdict.lines)
    assert first == f"{freezing}: IQF"
    assert second.startswith(f"{storage}: ")
    assert second.endswith(" −18 °C")
    assert first in text_of(response)
    assert second in text_of(response)


def test_match_page_costs_the_same_queries_for_one_parameter_as_for_many(client):
    one, two = ({"unit": "", "answer": 1, "asked_values": ["A"]} | {"key": f"p{number}"} for number in (1, 2))
    ParameterFactory(key="p1", unit="")
    (result,) = some_matches(CommodityFactory(), 1, facts={"parameters": [one]})
    signed_in(client, Role.STAFF)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/matches/{result.match_id}/").status_code == 200
        return len(captured)

    queries()  # the first page of a session reads more
    few = queries()
    ParameterFactory(key="p2", unit="")
    result.facts = {"parameters": [one, two]}
    result.save()

    assert queries() == few


def test_match_page_is_not_found_for_members_of_either_side(client):
    (result,) = some_matches(CommodityFactory(), 1)
    for company in (result.match.need.company, result.match.capacity.company):
        client.force_login(member_of(company))

        assert client.get(f"/matches/{result.match_id}/").status_code == 404
        assert client.post(f"/matches/{result.match_id}/decide/", {"state": "proposed"}).status_code == 404

    assert not Decision.objects.exists()


def test_match_page_is_not_found_for_a_number_that_is_none(client):
    signed_in(client, Role.STAFF)

    assert client.get("/matches/999999/").status_code == 404
    assert client.get(f"/matches/{10**39}/").status_code == 404


def test_score_is_shown_as_a_sum_that_gives_the_stored_score(client):
    components = {"price": 1.0, "quantity": 0.5, "quality": None, "time": 0.2, "certificates": 0.8, "logistics": 0.0}
    (result,) = some_matches(
        CommodityFactory(), 1, components=components | {"trust": 0.3}, score_ppm=505_000, could_reach_ppm=655_000
    )

    rows = signed_in(client, Role.STAFF).get(f"/matches/{result.match_id}/").context["score"]

    assert [(row.name, row.weight_ppm, row.points_ppm) for row in rows] == [
        ("Price", 300_000, 300_000),
        ("Quantity", 150_000, 75_000),
        ("Quality", 150_000, None),
        ("Time", 100_000, 20_000),
        ("Certificates", 100_000, 80_000),
        ("Logistics", 100_000, 0),
        ("Trust", 100_000, 30_000),
    ]
    assert sum(row.points_ppm or 0 for row in rows) == result.score_ppm


def test_landed_cost_without_a_price_is_not_known_with_what_the_way_costs_at_least(client):
    goods = CommodityFactory()
    open_corridor()
    result = found(finished_run(), need(goods), capacity(goods, price_amount=None, price_currency="", price_unit=""))

    response = signed_in(client, Role.STAFF).get(f"/matches/{result.match_id}/")

    assert (response.context["landed"].low, response.context["landed"].at_least) == (None, 200)
    assert "at least 200" in text_of(response)
    assert "The line is the buyer's limit, 1,150 USD/t." in text_of(response)


def test_match_page_shows_what_the_plan_gives(client):
    (result,) = some_matches(CommodityFactory(), 1, planned_kg=60_000)
    Allocation.objects.create(
        run=result.run, match=result.match, ship_month="2027-02-01", deliver_month="2027-03-01", quantity_kg=60_000
    )

    text = text_of(signed_in(client, Role.STAFF).get(f"/matches/{result.match_id}/"))

    assert "shipped Feb 2027, delivered Mar 2027" in text
    assert "60<" in text


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER])
def test_match_is_shortlisted_proposed_and_dismissed_with_a_reason(client, role):
    (result,) = some_matches(CommodityFactory(), 1)
    signed_in(client, role)
    steps = [
        {"state": "shortlisted"},
        {"state": "proposed", "note": "Both at the fair in May"},
        {"state": "dismissed", "reason": "trust", "note": ""},
    ]
    for step in steps:
        response = client.post(f"/matches/{result.match_id}/decide/", step)
        assert response["Location"] == f"/matches/{result.match_id}/"

    result.match.refresh_from_db()
    assert result.match.state == MatchState.DISMISSED
    decisions = Decision.objects.order_by("pk").values_list("state", "reason", "note", "result")
    assert list(decisions) == [
        (MatchState.SHORTLISTED, "", "", result.pk),
        (MatchState.PROPOSED, "", "Both at the fair in May", result.pk),
        (MatchState.DISMISSED, DismissReason.TRUST, "", result.pk),
    ]
    text = text_of(client.get(f"/matches/{result.match_id}/"))
    assert "one side is not trusted" in text
    assert "Both at the fair in May" in text


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"state": "dismissed"}, "Say why the match is dismissed."),
        ({"state": "agreed"}, "agreed"),
        ({}, "This field is required."),
        ({"state": "dismissed", "reason": "rain"}, "rain"),
    ],
)
def test_decision_that_makes_no_sense_is_refused_and_nothing_changes(client, step, words):
    (result,) = some_matches(CommodityFactory(), 1)

    response = signed_in(client, Role.STAFF).post(f"/matches/{result.match_id}/decide/", step)

    assert response.status_code == 400
    assert words in text_of(response)
    assert not Decision.objects.exists()


def test_decision_is_not_made_by_following_a_link(client):
    (result,) = some_matches(CommodityFactory(), 1)

    response = signed_in(client, Role.STAFF).get(f"/matches/{result.match_id}/decide/?state=proposed")

    assert (response.status_code, response["Location"]) == (302, f"/matches/{result.match_id}/")
    assert not Decision.objects.exists()


def test_note_is_shown_as_text_and_never_as_markup(client):
    (result,) = some_matches(CommodityFactory(), 1)
    signed_in(client, Role.STAFF)

    client.post(f"/matches/{result.match_id}/decide/", {"state": "shortlisted", "note": "<script>alert(1)</script>"})

    text = text_of(client.get(f"/matches/{result.match_id}/"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_match_page_says_when_facts_have_changed_since_the_decision(client):
    goods = CommodityFactory()
    open_corridor()
    wanted, offered = need(goods), capacity(goods)
    before = found(finished_run(), wanted, offered)
    signed_in(client, Role.STAFF).post(f"/matches/{before.match_id}/decide/", {"state": "proposed"})
    words = "the pair has come out differently since"
    assert words not in text_of(client.get(f"/matches/{before.match_id}/"))

    found(finished_run(), wanted, offered, failed=("time",), score_ppm=300_000, state=MatchState.PROPOSED)

    text = text_of(client.get(f"/matches/{before.match_id}/"))
    assert words in text
    assert "1 rule fails now." in text


def test_match_page_tells_on_the_facts_of_which_book_it_was_decided(client):
    goods = CommodityFactory()
    open_corridor()
    wanted, offered = need(goods), capacity(goods)
    before = found(finished_run(book_cut_at=dt.datetime(2027, 1, 2, 3, 4, tzinfo=dt.UTC)), wanted, offered)
    signed_in(client, Role.STAFF).post(f"/matches/{before.match_id}/decide/", {"state": "proposed"})

    found(finished_run(), wanted, offered, score_ppm=300_000, state=MatchState.PROPOSED)

    words = "Decided on the facts of 2 Jan 2027, 11:04; the pair has come out differently since."
    assert words in text_of(client.get(f"/matches/{before.match_id}/"))


@pytest.mark.parametrize("side", ["need", "capacity"])
def test_match_page_says_which_listing_was_changed_since_the_run(client, side):
    (result,) = some_matches(CommodityFactory(), 1)
    listing = getattr(result.match, side)
    type(listing).objects.filter(pk=listing.pk).update(changed_at=CUT_AT + dt.timedelta(minutes=1))

    text = text_of(signed_in(client, Role.STAFF).get(f"/matches/{result.match_id}/"))

    words = "was changed on 4 Jan 2027, 09:31, after this run read the book. The next run will see it."
    assert text.count("after this run read the book") == 1
    assert f"The {side} {words}" in text


def test_match_page_says_nothing_of_listings_that_are_as_the_run_read_them(client):
    (result,) = some_matches(CommodityFactory(), 1)

    text = text_of(signed_in(client, Role.STAFF).get(f"/matches/{result.match_id}/"))

    assert "after this run read the book" not in text


def test_match_page_names_every_commodity_a_need_accepts(client):
    first, second = CommodityFactory(name_en="Fine olein"), CommodityFactory(name_en="Coarse olein")
    open_corridor()
    wanted = need(first)
    NeedCommodity.objects.create(need=wanted, commodity=second, position=1)
    result = found(finished_run(), wanted, capacity(first))

    assert "Fine olein or Coarse olein" in text_of(signed_in(client, Role.STAFF).get(f"/matches/{result.match_id}/"))
