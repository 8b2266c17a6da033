"""What people did to choices of lines and to preferences, the newest first, also where nothing is left of it now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from commodities.models import Commodity
from corridor.models import DutyChoice, Preference

SET, CHANGED, TAKEN_BACK = "set", "changed", "taken_back"
ACTIONS = {"insert": SET, "update": CHANGED, "delete": TAKEN_BACK}
MOST = 30


@dataclass(frozen=True)
class Change:
    """One thing that somebody did: how it stood after it, or before it where it was taken back."""

    at: datetime
    action: str  # set, changed, taken_back
    row: object
    by: User | None  # None: at a terminal
    reason: str  # why it was taken back


def changes_of_choice(commodity: Commodity, market: str) -> list[Change]:
    events = DutyChoice.pgh_event_model.objects.filter(commodity=commodity, market=market)
    return changes(events.select_related("pgh_context", "tariff"))


def changes_of_preference(scheme: str) -> list[Change]:
    events = Preference.pgh_event_model.objects.filter(scheme=scheme)
    return changes(events.select_related("pgh_context"))


def changes(events: Iterable) -> list[Change]:
    found = list(events.order_by("-pgh_id")[:MOST])
    said = [event.pgh_context.metadata if event.pgh_context else {} for event in found]
    people = User.objects.in_bulk({context["user"] for context in said if context.get("user")})
    return [
        Change(
            event.pgh_created_at,
            ACTIONS[event.pgh_label],
            event,
            people.get(context.get("user")),
            context.get("reason", ""),
        )
        for event, context in zip(found, said, strict=True)
    ]
