"""What an administrator looks after besides trade: people and servers."""

from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings
from django.db.models import Count, Q

from accounts.enums import Role
from accounts.models import User
from matching.models import Run

PATIENCE_S = 1


@dataclass(frozen=True)
class StateOfHouse:
    people: list[dict]  # role in words, and how many people may come in with it
    closed: int
    messages_answer: bool
    waiting_since: datetime | None  # of the official run that no worker has taken yet


def state_of_house() -> StateOfHouse:
    """People by role, whether the broker answers, and whether anybody takes the work."""
    counts = (
        User.objects.order_by()
        .values("role")
        .annotate(open=Count("pk", filter=Q(is_active=True)), closed=Count("pk", filter=Q(is_active=False)))
    )
    by_role = {row["role"]: row for row in counts}
    waiting = Run.objects.official().unfinished().filter(started_at__isnull=True).first()
    return StateOfHouse(
        people=[
            {"label": role.label, "count": by_role[role.value]["open"]}
            for role in Role
            if role.value in by_role and by_role[role.value]["open"]
        ],
        closed=sum(row["closed"] for row in by_role.values()),
        messages_answer=broker_answers(),
        waiting_since=waiting.queued_at if waiting else None,
    )


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
