"""What administrators ask about people."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.enums import Role
from accounts.models import SecondFactor, User

MOST_CHANGES = 30


def people() -> QuerySet[User]:
    """Everybody who has or had an account, and whether a second factor is set. Who was forgotten is no longer there."""
    factors = SecondFactor.objects.filter(user=OuterRef("pk")).proving()
    return User.objects.filter(erased_at__isnull=True).annotate(has_second_factor=Exists(factors))


@dataclass(frozen=True)
class Change:
    """One change of an account that somebody decided on."""

    at: datetime
    what: str  # role, closed, opened, factor_set, factor_removed
    role: str
    by: User | None
    reason: str


def changes_of(person: User) -> list[Change]:
    """Roles given, accounts closed and opened, second factors set and removed; the newest first."""
    found = []
    before = None
    for event in person.events.order_by("pgh_id").select_related("pgh_context"):
        for what in _differences(before, event):
            found.append((event, what, event.get_role_display() if what == "role" else ""))
        before = event
    factors = SecondFactor.events.rel.related_model.objects.filter(
        user_id=person.pk, pgh_label__in=("insert", "delete")
    )
    for event in factors.exclude(type=SecondFactor.Type.RECOVERY_CODES).select_related("pgh_context"):
        found.append((event, "factor_set" if event.pgh_label == "insert" else "factor_removed", ""))
    found.sort(key=lambda entry: entry[0].pgh_created_at, reverse=True)
    found = found[:MOST_CHANGES]
    contexts = [event.pgh_context.metadata if event.pgh_context else {} for event, _what, _role in found]
    actors = User.objects.in_bulk({context["user"] for context in contexts if context.get("user")})
    return [
        Change(event.pgh_created_at, what, role, actors.get(context.get("user")), context.get("reason", ""))
        for (event, what, role), context in zip(found, contexts, strict=True)
    ]


def _differences(before, after) -> list[str]:
    if before is None:
        return ["role"] if after.role != Role.BUSINESS else []
    found = ["role"] if before.role != after.role else []
    if before.is_active != after.is_active:
        found.append("opened" if after.is_active else "closed")
    return found
