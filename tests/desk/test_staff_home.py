"""The home of city staff: each figure is the rows behind its link. Administrators see the house too."""

import datetime as dt

import pytest
import redis
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from companies.enums import CompanyStatus
from companies.models import Company, StandIn
from desk import queries
from matching.enums import MatchState, RunState
from matching.models import Decision, Match
from notices.enums import NoticeKind
from notices.services import tell
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found, near_miss
from tests.people import person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def staff(client):
    user = person(Role.STAFF)
    client.force_login(user)
    return user


def home(client) -> dict:
    response = client.get("/")
    assert response.status_code == 200
    return response.context


def submitted(country: str, *, days_ago: int = 0) -> Company:
    """A company that asked to be verified some days ago."""
    return company(country, status=CompanyStatus.SUBMITTED, submitted_at=timezone.now() - days_ago * DAY)


def test_companies_to_verify_are_indonesian_and_the_rows_behind_the_link(client, staff):
    waiting = [submitted("ID") for _number in range(4)]
    submitted("KZ")
    company("ID", status=CompanyStatus.SUBMITTED, is_hidden=True)

    told = home(client)["waiting"]

    assert (told["count"], len(told["rows"])) == (4, queries.SHOWN)
    assert {c.pk for c in client.get(told["url"]).context["page"].object_list} == {c.pk for c in waiting}
    assert [client.get(row["url"]).status_code for row in told["rows"]] == [200] * queries.SHOWN


def test_longest_waiting_company_comes_first_with_its_days(client, staff):
    submitted("ID", days_ago=1), submitted("ID", days_ago=6), submitted("ID")

    rows = home(client)["waiting"]["rows"]

    assert [row["days"] for row in rows] == [6, 1, 0]


def test_correcting_the_profile_does_not_put_a_waiting_company_at_the_end(client, staff):
    first, second = submitted("ID", days_ago=3), submitted("ID", days_ago=2)
    first.refresh_from_db()
    first.city = "Balikpapan"
    first.save()

    rows = home(client)["waiting"]["rows"]

    assert [(row["company"], row["days"]) for row in rows] == [(first, 3), (second, 2)]


def proposed(run, goods, *, days_ago: int) -> Match:
    """A pair that was proposed some days ago."""
    match = found(run, need(goods), capacity(goods), state=MatchState.PROPOSED).match
    decision = Decision.objects.create(match=match, state=MatchState.PROPOSED)
    Decision.objects.filter(pk=decision.pk).update(decided_at=timezone.now() - days_ago * DAY)
    return match


def test_proposals_are_the_rows_behind_the_link_the_longest_waiting_first(client, staff):
    goods = CommodityFactory()
    open_corridor()
    run = finished_run()
    found(run, need(goods), capacity(goods))
    matches = [proposed(run, goods, days_ago=days) for days in (0, 9, 1, 30)]

    card = home(client)["proposed"]

    behind = {result.match_id for result in client.get(f"/matches/{card['query']}").context["page"].object_list}
    assert (card["count"], behind) == (4, {match.pk for match in matches})
    assert [(match, match.days) for match in card["rows"]] == [(matches[3], 30), (matches[1], 9), (matches[2], 1)]
    assert card["trend"] == "2 of them since yesterday"


def test_near_misses_of_suspended_companies_are_neither_counted_nor_listed(client, staff):
    goods = CommodityFactory()
    open_corridor()
    run, gone = finished_run(), need(goods)
    near_miss(run, gone, capacity(goods))
    near_miss(run, need(goods), capacity(goods))
    Company.objects.filter(pk=gone.company_id).update(status=CompanyStatus.SUSPENDED)

    near = home(client)["near"]

    assert (near["count"], near["rules"]) == (1, [{"rule": "price", "count": 1}])
    assert client.get("/near-misses/?rule=price").context["page"].paginator.count == 1


def test_runs_that_failed_since_the_last_good_one_are_named(client, staff):
    finished_run(state=RunState.FAILED, reason_code="lost")
    finished_run(as_of=timezone.localdate())
    failed = [finished_run(state=RunState.FAILED, reason_code="lost") for _number in range(2)]

    runs = home(client)["runs"]

    assert runs.failed == list(reversed(failed))
    text = client.get("/").content.decode()
    assert all(f'href="/runs/{run.pk}/"' in text for run in failed)


def test_staff_are_shown_what_they_have_not_read(client, staff):
    for run in range(queries.SHOWN + 1):
        tell(users=[staff], kind=NoticeKind.RUN_FAILED, event=f"run:{run}", facts={"run": run})
    tell(users=[person(Role.ADMIN)], kind=NoticeKind.RUN_FAILED, event="run:987654", facts={"run": 987_654})

    shown = home(client)

    assert [row["sentence"] for row in shown["told"]] == ["Run 3 failed.", "Run 2 failed.", "Run 1 failed."]


def test_staff_are_reminded_for_whom_they_stand_in(client, staff):
    for trader, user, ended_at in (
        (company("ID", name_short="Mine"), staff, None),
        (company("ID", name_short="Done"), staff, timezone.now()),
        (company("ID", name_short="Theirs"), person(Role.ADMIN), None),
    ):
        StandIn.objects.create(company=trader, user=user, reason="asked by telephone", ended_at=ended_at)

    response = client.get("/")

    assert [stand_in.company.name_short for stand_in in response.context["stand_ins"]] == ["Mine"]
    assert "You stand in for Mine since" in response.content.decode()


def test_staff_home_costs_the_same_queries_for_one_row_and_for_three(client, staff):
    goods = CommodityFactory()
    open_corridor()
    run = finished_run()
    client.get("/")
    counts = []
    for rows in (1, 3):
        while run.results.count() < 2 * rows:
            found(run, need(goods), capacity(goods))
            found(run, need(goods), capacity(goods), state=MatchState.PROPOSED)
            near_miss(run, need(goods), capacity(goods))
            trader = submitted("ID")
            StandIn.objects.create(company=trader, user=staff, reason="asked by telephone")
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


# The house


def test_administrators_see_people_counted_as_the_list_of_people_shows_them(client):
    admin = person(Role.ADMIN)
    for number in range(2):
        person(Role.STAFF, email=f"staff-{number}@example.test", second_factor=False)
    person(Role.OFFICER, is_active=False)
    person(Role.BUSINESS)
    client.force_login(admin)

    lines = home(client)["house"].people

    assert [(line.label, line.count, line.is_trouble) for line in lines] == [
        ("business user", 1, False),
        ("city staff", 2, False),
        ("administrator", 1, False),
        ("without the second factor they need", 2, True),
        ("closed accounts", 1, False),
    ]
    assert [client.get(line.url).context["page"].paginator.count for line in lines] == [1, 2, 1, 2, 1]


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER])
def test_the_house_is_for_administrators_alone(client, role):
    client.force_login(person(role))

    assert not home(client).get("house")


def test_administrators_are_told_when_messages_do_not_get_through(client, monkeypatch):
    def away(self):
        raise redis.ConnectionError

    monkeypatch.setattr("desk.house.redis.Redis.ping", away)
    client.force_login(person(Role.ADMIN))

    response = client.get("/")

    assert response.context["house"].messages_answer is False
    assert "Does not answer" in response.content.decode()


def test_administrators_are_told_of_work_that_nobody_has_begun(client):
    run = finished_run(state=RunState.QUEUED, started_at=None, finished_at=None)
    client.force_login(person(Role.ADMIN))

    assert home(client)["house"].waiting_since == run.queued_at
