"""What is done at desks: people follow sectors, and are told what runs find new in them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.permissions import may_see_every_company
from commodities.enums import Sector
from desk.models import Desk, RunTold
from desk.news import match_filter, query_of
from matching.models import Run
from notices.enums import NoticeKind
from notices.services import tell

NEWS_LASTS = timedelta(days=7)  # of an older run nobody is told any more


def follow_sectors(*, user: User, sectors: Iterable[str]) -> None:
    """From now on these are the person's sectors, in the order in which all lists name them."""
    chosen = set(sectors)
    Desk.objects.update_or_create(user=user, defaults={"sectors": [s.value for s in Sector if s.value in chosen]})


def tell_followers(now: datetime) -> int:
    """Tell those who follow sectors what finished official runs found new in them; how many notices that made."""
    fresh = Run.objects.official().finished().filter(told__isnull=True, finished_at__gt=now - NEWS_LASTS)
    return sum(tell_followers_of(run) for run in fresh.order_by("pk"))


@transaction.atomic
def tell_followers_of(run: Run) -> int:
    """Of one run people are told once: a second worker waits here for the first, and then leaves it."""
    _told, is_first = RunTold.objects.get_or_create(run=run)
    if not is_first:
        return 0
    before = Run.objects.official().finished().filter(pk__lt=run.pk).first()
    told = 0
    for sector, followers in followers_by_sector().items():
        query = query_of([sector], before.finished_at if before else None)
        count = match_filter(followers[0], query).qs.count()
        if count:
            told += tell(
                users=followers,
                kind=NoticeKind.SECTOR_MATCHES,
                event=f"run:{run.pk}:sector:{sector}",
                facts={"sector": sector, "count": count},
                address=f"{reverse('matching:match-list')}{query}",
            )
    return told


def followers_by_sector() -> dict[str, list[User]]:
    """Who follows each sector and may still see its matches."""
    followers: dict[str, list[User]] = {}
    for desk in Desk.objects.exclude(sectors=[]).select_related("user").order_by("pk"):
        if may_see_every_company(desk.user):
            for sector in desk.sectors:
                followers.setdefault(sector, []).append(desk.user)
    return followers
