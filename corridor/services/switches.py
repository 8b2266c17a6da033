"""Legs are opened and closed by people, from a day on, with a reason. What was switched before stays in the history."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.models import User
from corridor.legs import is_open_on
from corridor.models import Leg, LegSwitch

LONGEST_REASON = 300
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody has switched this leg since you opened the page; what holds now stands above. What you typed is still "
    "here: save again to keep yours on top."
)


@transaction.atomic
def switch_leg(
    *, leg: Leg, is_open: bool, from_day: date, until: date | None, reason: str, switched_by: User, seen: int
) -> LegSwitch:
    """Open or close a leg from a day on, so that routes take it, or keep off it, from that day.

    Args:
        until: the last day; None: until it is switched again.
        seen: the newest switch of the leg that the person has seen, 0 for none.
    """
    leg = Leg.objects.select_for_update(of=("self",)).get(pk=leg.pk)
    switches = list(leg.switches.all())
    if seen != newest_of(switches):
        raise ValidationError(CHANGED_MEANWHILE, code="changed_meanwhile")
    reason = reason.strip()
    if not reason:
        raise at_field("reason", _("Say why, so that others can rely on it."), "reason_missing")
    if until is not None and until < from_day:
        words = _("The last day lies before the first, %(day)s.") % {"day": figures.day(from_day)}
        raise at_field("until", words, "until_before_from")
    if all(is_open_on(leg, switches, day) == is_open for day in days_of_change(switches, from_day, until)):
        words = (
            _("The leg is open on all of these days already.")
            if is_open
            else _("The leg is closed on all of these days already.")
        )
        raise ValidationError(words, code="nothing_changes")
    switch = LegSwitch(leg=leg, is_open=is_open, from_day=from_day, until=until, reason=reason, switched_by=switched_by)
    switch.full_clean()
    switch.save()
    return switch


def at_field(name: str, words: str, code: str) -> ValidationError:
    return ValidationError({name: ValidationError(words, code=code)})


def newest_of(switches: list[LegSwitch]) -> int:
    return max((switch.pk for switch in switches), default=0)


def days_of_change(switches: list[LegSwitch], from_day: date, until: date | None) -> list[date]:
    """The days between two days on which something may begin to hold; between them nothing changes."""
    begins = {switch.from_day for switch in switches} | {
        switch.until + timedelta(1) for switch in switches if switch.until is not None
    }
    return [from_day, *sorted(day for day in begins if from_day < day and (until is None or day <= until))]
