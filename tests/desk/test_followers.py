"""Those who follow a sector are told of what a finished run found new in it, once."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.enums import Role
from commodities.enums import Sector
from corridor.models import Corridor
from desk import services
from desk.models import Desk
from desk.tasks import tell_followers
from matching.enums import RunKind, RunState
from notices.enums import NoticeKind
from notices.models import Notice
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person

pytestmark = pytest.mark.django_db


def follower(role: Role, *sectors: str, **facts):
    user = person(role, **facts)
    Desk.objects.create(user=user, sectors=list(sectors))
    return user


def run_with(sector: Sector, matches: int, *, ago: dt.timedelta = dt.timedelta(minutes=1), **facts):
    if not Corridor.objects.exists():
        open_corridor()
    run, goods = finished_run(finished_at=timezone.now() - ago, **facts), CommodityFactory(sector=sector)
    for _pair in range(matches):
        found(run, need(goods), capacity(goods))
    return run


def told() -> list[tuple]:
    rows = Notice.objects.order_by("user__email", "pk")
    return [(notice.user.email, notice.kind, notice.facts) for notice in rows]


def test_followers_of_a_sector_are_told_of_its_new_matches():
    follower(Role.OFFICER, Sector.PALM_OIL, Sector.METALS)
    follower(Role.STAFF, Sector.FISHERIES)
    run_with(Sector.PALM_OIL, 2)

    tell_followers()

    facts = {"sector": "palm_oil", "count": 2}
    assert told() == [("officer@example.test", NoticeKind.SECTOR_MATCHES, facts)]


def test_notice_leads_to_the_rows_it_counts(client):
    officer = follower(Role.OFFICER, Sector.PALM_OIL)
    old = run_with(Sector.PALM_OIL, 3, ago=dt.timedelta(days=1))
    tell_followers()
    run = run_with(Sector.PALM_OIL, 2)
    for result in old.results.all():
        found(run, result.match.need, result.match.capacity)
    tell_followers()
    notice = Notice.objects.first()
    client.force_login(officer)

    page = client.get(notice.address).context["page"]

    assert (notice.facts["count"], page.paginator.count) == (2, 2)


def test_followers_are_told_once_of_a_run():
    follower(Role.OFFICER, Sector.PALM_OIL)
    run_with(Sector.PALM_OIL, 1)

    made = [services.tell_followers(timezone.now()) for _time in range(3)]

    assert made == [1, 0, 0]


def test_whoever_follows_later_is_not_told_of_a_run_before():
    run_with(Sector.PALM_OIL, 1)
    tell_followers()
    follower(Role.OFFICER, Sector.PALM_OIL)

    tell_followers()

    assert told() == []


@pytest.mark.parametrize(
    "facts",
    [
        {"state": RunState.FAILED, "reason_code": "lost"},
        {"state": RunState.RUNNING},
        {"kind": RunKind.WHAT_IF},
        {"ago": dt.timedelta(days=8)},
    ],
)
def test_followers_are_told_of_fresh_official_runs_that_finished(facts):
    follower(Role.OFFICER, Sector.PALM_OIL)
    run_with(Sector.PALM_OIL, 1, **facts)

    tell_followers()

    assert told() == []


def test_followers_whose_role_or_account_has_ended_are_not_told():
    follower(Role.BUSINESS, Sector.PALM_OIL)
    follower(Role.STAFF, Sector.PALM_OIL, is_active=False)
    run_with(Sector.PALM_OIL, 1)

    tell_followers()

    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_each_follower_once():
    follower(Role.OFFICER, Sector.PALM_OIL)
    run_with(Sector.PALM_OIL, 1)
    start, made = threading.Barrier(3), []

    def worker():
        try:
            start.wait(timeout=60)
            made.append(services.tell_followers(timezone.now()))
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _number in range(3)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join(timeout=60)

    assert sorted(made) == [0, 0, 1]
    assert len(told()) == 1
