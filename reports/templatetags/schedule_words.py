"""Schedules in templates: when they come, on the clock on which they are meant, and in UTC."""

from datetime import UTC, datetime, time, timedelta

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import figures
from reports.enums import Every
from reports.forms.schedules import A_MONDAY
from reports.models import Schedule
from reports.rhythm import on_clock

register = template.Library()


@register.filter
def rhythm(schedule: Schedule) -> str:
    """Every week on Monday at 07:00, Astana."""
    hour = hour_words(on_clock(schedule.next_at.date(), schedule.at, schedule.clock))
    told = {"hour": hour, "clock": schedule.get_clock_display()}
    if schedule.every == Every.WEEK:
        told["weekday"] = figures.weekday(A_MONDAY + timedelta(days=schedule.weekday))
        return _("Every week: %(weekday)s, %(hour)s, %(clock)s") % told
    if schedule.every == Every.MONTH:
        return _("Every month: day %(day)s, %(hour)s, %(clock)s") % {**told, "day": schedule.day}
    return _("Every day: %(hour)s, %(clock)s") % told


@register.filter
def utc(moment: datetime) -> str:
    """The day and the time in UTC."""
    moment = moment.astimezone(UTC)
    return f"{figures.day(moment.date())}, {hour_words(moment.time())} UTC"


def hour_words(at: time) -> str:
    return at.strftime("%H.%M" if get_language() == "id" else "%H:%M")
