"""Reports that come by themselves: who gets what when, paused and taken up again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may_export, may_manage_people
from reports.enums import Every, Subject
from reports.models import Schedule
from reports.orders import Order
from reports.rhythm import next_after
from reports.services.ordering import Asked, check_order, checked_files

MOST_SCHEDULES = 30  # of one person
MOST_RECIPIENTS = 50
RHYTHM = ("every", "weekday", "day", "at", "clock")
WITH_NEWS = (Subject.MATCHES,)  # whose rows say when they were first found


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What somebody wants of a schedule. The hour is in UTC, the day one of the calendar of that clock."""

    name: str
    order: Order
    files: Sequence[Asked]
    every: Every
    at: time
    clock: str
    weekday: int | None = None
    day: int | None = None
    only_new: bool = False
    recipients: Sequence[User] = ()


@transaction.atomic
def save(*, user: User, plan: Plan, now: datetime, schedule: Schedule | None = None) -> Schedule:
    """Make a schedule, or change it. It belongs to whoever made it, also when an administrator changes it."""
    if schedule is None:
        schedule = Schedule(owner=user)
        _refuse_too_many(user)
    else:
        schedule = held(schedule, user)
    check_order(plan.order, schedule.owner)
    _check_what_comes_alone(plan)
    before = [getattr(schedule, name) for name in RHYTHM]
    schedule.name, schedule.subject, schedule.order = plan.name.strip(), plan.order.subject, plan.order.to_json()
    schedule.files = [[kind, list(languages)] for kind, languages in checked_files(plan.files)]
    schedule.only_new, schedule.every, schedule.at, schedule.clock = plan.only_new, plan.every, plan.at, plan.clock
    schedule.weekday = plan.weekday if plan.every == Every.WEEK else None
    schedule.day = plan.day if plan.every == Every.MONTH else None
    if schedule.next_at is None or before != [getattr(schedule, name) for name in RHYTHM]:
        _check_day(schedule)
        schedule.next_at = next_after(schedule, now)
    schedule.full_clean()
    schedule.save()
    schedule.recipients.set(_checked(plan.recipients, schedule.owner))
    return schedule


@transaction.atomic
def pause(schedule: Schedule, user: User) -> None:
    """Nothing is made until it is taken up again."""
    schedule = held(schedule, user)
    schedule.is_paused = True
    schedule.save()


@transaction.atomic
def resume(schedule: Schedule, user: User, now: datetime) -> None:
    """From now on; what would have come meanwhile is not made up for. Where nothing is paused, nothing changes."""
    schedule = held(schedule, user)
    if not schedule.is_paused:
        return
    if not may_export(schedule.owner):
        raise ValidationError(_("Its owner may carry nothing away any more. Make a schedule of your own."))
    schedule.is_paused = False
    schedule.next_at = next_after(schedule, now)
    schedule.save()


@transaction.atomic
def remove(schedule: Schedule, user: User) -> None:
    """It and its history; reports that were made of it stay for whoever sees them."""
    held(schedule, user).delete()


def may_change(schedule: Schedule, user: User) -> bool:
    return may_export(user) and (schedule.owner_id == user.pk or may_manage_people(user))


def held(schedule: Schedule, user: User) -> Schedule:
    """The schedule as it is now, held until the transaction ends."""
    now = Schedule.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=schedule.pk).first()
    if now is None:
        raise ValidationError(_("This schedule has been removed meanwhile."), code="removed")
    if not may_change(now, user):
        raise ValidationError(_("Only whoever made a schedule can change it."))
    return now


def files_of(schedule: Schedule) -> list[Asked]:
    return [(kind, tuple(languages)) for kind, languages in schedule.files]


def may_receive(recipients: Iterable[User]) -> list[User]:
    """Those of them who may carry a report away today."""
    return [one for one in recipients if may_export(one)]


def _refuse_too_many(user: User) -> None:
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if Schedule.objects.filter(owner=user).count() >= MOST_SCHEDULES:
        raise ValidationError(
            _("You have %(most)s schedules. Remove one that nobody needs any more."), params={"most": MOST_SCHEDULES}
        )


def _check_what_comes_alone(plan: Plan) -> None:
    if plan.order.contacts:
        words = _("Contact persons are looked at for a purpose each time: such a report is made by hand.")
        raise ValidationError(words)
    if plan.only_new and plan.order.subject not in WITH_NEWS:
        raise ValidationError({"only_new": _("Only of matches is it known which ones are new.")})


def _check_day(schedule: Schedule) -> None:
    if schedule.every == Every.WEEK and schedule.weekday not in range(7):
        raise ValidationError({"weekday": _("Say on which day of the week.")})
    if schedule.every == Every.MONTH and schedule.day not in range(1, 32):
        raise ValidationError({"day": _("Say on which day of the month, from 1 to 31.")})


def _checked(recipients: Iterable[User], owner: User) -> list[User]:
    found = [one for one in {one.pk: one for one in recipients}.values() if one.pk != owner.pk]
    if len(found) > MOST_RECIPIENTS:
        raise ValidationError(
            {"recipients": ValidationError(_("At most %(most)s people."), params={"most": MOST_RECIPIENTS})}
        )
    for one in found:
        if not may_export(one):
            refusal = ValidationError(_("%(person)s may not carry reports away."), params={"person": str(one)})
            raise ValidationError({"recipients": refusal})
    return found
