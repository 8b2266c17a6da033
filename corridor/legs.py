"""Which legs are open on a day: the newest switch that covers the day decides, and without one the status of the leg.

A leg that is open but whose days nobody knows leads nowhere that one could plan with; it says so.
"""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from corridor.enums import LegStatus
from corridor.models import Leg, LegSwitch

OPEN = (LegStatus.ACTIVE, LegStatus.SEASONAL)


class LegState(models.TextChoices):
    """What a leg is good for on a day."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    NO_DAYS = "no_days", _("open, days not known")


def legs_on(on: date, statuses: Iterable[str] = OPEN) -> QuerySet[Leg]:
    """Every leg with what holds on a day: `is_open`, `state`, and `switch_id`, the switch that decided it, if any."""
    newest = LegSwitch.objects.in_force(on).filter(leg=OuterRef("pk")).order_by("-pk")
    is_open_by_status = Case(When(status__in=list(statuses), then=True), default=False, output_field=BooleanField())
    return Leg.objects.annotate(
        switch_id=Subquery(newest.values("pk")[:1]),
        is_open=Coalesce(Subquery(newest.values("is_open")[:1]), is_open_by_status),
    ).annotate(
        state=Case(
            When(is_open=False, then=Value(LegState.CLOSED)),
            When(Q(transit_days_low__isnull=True), then=Value(LegState.NO_DAYS)),
            default=Value(LegState.OPEN),
        )
    )


def with_switches(legs: Iterable[Leg]) -> list[Leg]:
    """Legs of `legs_on`, each with the switch that decided: `leg.switch`, or None. One query."""
    legs = list(legs)
    found = LegSwitch.objects.select_related("switched_by").in_bulk([leg.switch_id for leg in legs if leg.switch_id])
    for leg in legs:
        leg.switch = found.get(leg.switch_id)
    return legs


def is_open_on(leg: Leg, switches: Iterable[LegSwitch], on: date) -> bool:
    """What `legs_on` says of one leg, from all its switches at hand."""
    covering = [one for one in switches if one.from_day <= on and (one.until is None or on <= one.until)]
    newest = max(covering, key=lambda one: one.pk, default=None)
    return leg.status in OPEN if newest is None else newest.is_open
