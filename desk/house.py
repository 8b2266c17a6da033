"""What an administrator looks after besides trade: people and servers."""

from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.queries import people
from matching.models import Run

PATIENCE_S = 0.5
WITH_SECOND_FACTOR = (Role.STAFF, Role.OFFICER, Role.ADMIN)


@dataclass(frozen=True)
class PeopleLine:
    """Some people: who, how many, and where they are listed."""

    label: str
    count: int
    url: str
    is_trouble: bool = False


@dataclass(frozen=True)
class StateOfHouse:
    people: list[PeopleLine]
    people_url: str
    messages_answer: bool
    waiting_since: datetime | None  # of the official run that no worker has taken yet


def state_of_house() -> StateOfHouse:
    """People by role, whether the broker answers, and whether anybody takes the work."""
    waiting = Run.objects.official().unfinished().filter(started_at__isnull=True).first()
    return StateOfHouse(
        people=people_lines(),
        people_url=reverse("accounts:person-list"),
        messages_answer=broker_answers(),
        waiting_since=waiting.queued_at if waiting else None,
    )


def people_lines() -> list[PeopleLine]:
    """Who may come in by role, who of them lacks the second factor they need, and which accounts are closed."""
    counts = people().aggregate(
        **{role.value: Count("pk", filter=Q(is_active=True, role=role)) for role in Role},
        bare=Count("pk", filter=Q(is_active=True, role__in=WITH_SECOND_FACTOR, has_second_factor=False)),
        closed=Count("pk", filter=Q(is_active=False)),
    )
    lines = [
        PeopleLine(str(role.label), counts[role.value], people_at(state="open", role=[role.value])) for role in Role
    ]
    bare = people_at(state="open", role=[role.value for role in WITH_SECOND_FACTOR], factor="missing")
    lines += [
        PeopleLine(_("without the second factor they need"), counts["bare"], bare, is_trouble=True),
        PeopleLine(_("closed accounts"), counts["closed"], people_at(state="closed")),
    ]
    return [line for line in lines if line.count]


def people_at(**filters) -> str:
    """The list of people, narrowed as its own filter does."""
    return f"{reverse('accounts:person-list')}?{urlencode(filters, doseq=True)}"


def broker_answers() -> bool:
    """Whether Redis or Valkey takes messages for the workers now."""
    server = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S, retry=None
    )
    try:
        with server:
            return bool(server.ping())
    except redis.RedisError:
        return False
