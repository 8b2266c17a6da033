"""The home of embassy officers: followed sectors, what is new in them, who waits, what the figures rest on."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from commodities.enums import Sector
from companies.enums import CompanyStatus
from corridor.models import Corridor
from desk.models import Desk
from matching.enums import RunState
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person

pytestmark = pytest.mark.django_db
BEFORE, SEEN, AFTER = (dt.datetime(2027, 1, day, 6, 0, tzinfo=dt.UTC) for day in (4, 5, 6))


@pytest.fixture
def officer(client):
    user = person(Role.OFFICER)
    client.force_login(user)
    return user


def home(client) -> dict:
    response = client.get("/")
    assert response.status_code == 200
    return response.context


def desk(user, *sectors: str, seen_until=SEEN) -> None:
    """A desk of somebody who is in the middle of a visit."""
    Desk.objects.create(user=user, sectors=list(sectors), seen_until=seen_until, last_seen_at=timezone.now())


def match_in(sector: Sector, at: dt.datetime, **facts):
    if not Corridor.objects.exists():
        open_corridor()
    goods = CommodityFactory(sector=sector)
    return found(finished_run(finished_at=at), need(goods), capacity(goods), **facts)


def listed(client, query: str) -> list[int]:
    return [result.pk for result in client.get(f"/matches/{query}").context["page"].object_list]


def test_new_matches_are_those_of_followed_sectors_found_since_the_last_visit(client, officer):
    desk(officer, Sector.PALM_OIL, Sector.FISHERIES)
    match_in(Sector.PALM_OIL, BEFORE)
    oil, fish = match_in(Sector.PALM_OIL, AFTER), match_in(Sector.FISHERIES, AFTER, score_ppm=900_000)
    match_in(Sector.METALS, AFTER)

    news = home(client)["news"]

    assert news.count == 2
    assert [result.pk for result in news.rows] == listed(client, news.query) == [fish.pk, oil.pk]


def test_match_found_again_by_a_later_run_is_not_new(client, officer):
    desk(officer, Sector.PALM_OIL)
    known = match_in(Sector.PALM_OIL, BEFORE)
    found(finished_run(finished_at=AFTER), known.match.need, known.match.capacity)

    assert home(client)["news"].count == 0
    assert "Nothing new since your last visit." in client.get("/").content.decode()


def test_sectors_are_counted_as_the_lists_behind_them(client, officer):
    desk(officer, Sector.PALM_OIL, Sector.FISHERIES)
    for at in (BEFORE, AFTER, AFTER):
        match_in(Sector.PALM_OIL, at)
    match_in(Sector.FISHERIES, BEFORE)

    sectors = home(client)["news"].sectors

    assert [(sector.label, sector.matches, sector.new) for sector in sectors] == [
        ("Palm oil", 3, 2),
        ("Fisheries", 1, 0),
    ]
    for sector in sectors:
        assert len(listed(client, sector.query)) == sector.matches
        assert len(listed(client, sector.new_query)) == sector.new


def test_without_followed_sectors_all_are_shown(client, officer):
    desk(officer)
    match_in(Sector.PALM_OIL, AFTER)
    match_in(Sector.METALS, AFTER)

    news = home(client)["news"]

    assert (news.count, [str(sector.label) for sector in news.sectors]) == (2, ["Palm oil", "Industrial metals"])
    assert len(listed(client, news.query)) == 2


def test_at_the_first_visit_everything_is_new(client, officer):
    results = [match_in(Sector.PALM_OIL, at) for at in (BEFORE, AFTER)]

    shown = home(client)

    assert (shown["since"], shown["news"].count) == (None, 2)
    assert listed(client, shown["news"].query) == [result.pk for result in results]


def test_where_nothing_is_new_the_step_leads_to_all_matches_and_not_to_an_empty_list(client, officer):
    desk(officer)
    match_in(Sector.GRAINS, BEFORE)

    page = client.get("/").content.decode()

    assert "See the new matches" not in page
    assert '<a class="tm-btn primary" href="/matches/">' in page


def test_the_builder_is_opened_for_exactly_the_new_matches(client, officer):
    desk(officer, Sector.PALM_OIL)
    match_in(Sector.PALM_OIL, BEFORE)
    match_in(Sector.METALS, AFTER)
    new = match_in(Sector.PALM_OIL, AFTER)
    page = client.get("/").content.decode()
    address = next(part for part in page.split('"') if part.startswith("/reports/new/")).replace("&amp;", "&")

    opened = client.get(address).context

    assert (opened["subject"], listed(client, f"?{opened['narrowing'].text}")) == ("matches", [new.pk])


def test_sectors_are_chosen_and_kept_in_the_order_of_all_lists(client, officer):
    answer = client.post("/sectors/", {"sectors": ["fisheries", "palm_oil"]})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Desk.objects.get(user=officer).sectors == ["palm_oil", "fisheries"]


def test_no_sector_is_a_choice_too(client, officer):
    desk(officer, Sector.PALM_OIL)

    client.post("/sectors/", {})

    assert Desk.objects.get(user=officer).sectors == []


def test_unknown_sector_is_refused_and_the_choice_stays(client, officer):
    desk(officer, Sector.PALM_OIL)

    answer = client.post("/sectors/", {"sectors": ["palm_oil", "gold"]}, follow=True)

    assert "gold is no choice here." in answer.content.decode()
    assert Desk.objects.get(user=officer).sectors == ["palm_oil"]


def test_choosing_sectors_is_not_for_business_users(client):
    client.force_login(person(Role.BUSINESS))

    assert client.post("/sectors/", {"sectors": ["palm_oil"]}).status_code == 404
    assert list(Desk.objects.all()) == []


def test_waiting_companies_of_officers_are_kazakh(client, officer):
    waiting = company("KZ", status=CompanyStatus.SUBMITTED)
    company("ID", status=CompanyStatus.SUBMITTED)
    company("KZ", status=CompanyStatus.ACTIVE)

    told = home(client)["waiting"]

    assert (told["count"], [row["company"] for row in told["rows"]]) == (1, [waiting])
    assert [c.pk for c in client.get(told["url"]).context["page"].object_list] == [waiting.pk]
    assert client.get(told["rows"][0]["url"]).status_code == 200


def test_runs_are_told_with_their_health(client, officer):
    good = finished_run(as_of=timezone.localdate() - dt.timedelta(days=4))
    bad = finished_run(state=RunState.FAILED, reason_code="lost")

    runs = home(client)["runs"]

    assert (runs.run, runs.failed, runs.days_old, runs.is_old) == (good, [bad], 4, True)
    assert "The figures are 4 days old." in client.get("/").content.decode()


def test_officer_home_costs_the_same_queries_for_one_row_and_for_three(client, officer):
    desk(officer, Sector.PALM_OIL)
    open_corridor()
    run, goods = finished_run(finished_at=AFTER), CommodityFactory(sector=Sector.PALM_OIL)
    client.get("/")
    counts = []
    for rows in (1, 3):
        while run.results.count() < rows:
            found(run, need(goods), capacity(goods))
            company("KZ", status=CompanyStatus.SUBMITTED)
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))

    assert counts[0] == counts[1]
