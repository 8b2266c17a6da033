"""How often a report comes by itself, at which hour on whose clock, and who gets it."""

import re
from datetime import date, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.enums import Role
from accounts.forms.ours import OurForm
from accounts.lists.filters import ListForm, SortedFilter
from accounts.models import User
from accounts.reading import LineField, NumberField
from reports.enums import Clock, Every
from reports.forms.acts import CARRIERS, PeopleField
from reports.models import Schedule
from reports.orders import Order
from reports.rhythm import in_utc, on_clock
from reports.services.schedules import WITH_NEWS, Plan

A_MONDAY = date(2024, 1, 1)
HOUR = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.]([0-5][0-9]))?")


class HourField(LineField):
    """A time of the day: 6, 6:00, 06.00."""

    def __init__(self, **options):
        super().__init__(most=10, **options)

    def read(self, text: str) -> time:
        if not (found := HOUR.fullmatch(text)):
            raise ValidationError(_("Write the time as 06:00, from 00:00 to 23:59."), code="hour")
        return time(int(found[1]), int(found[2] or 0))

    def prepare_value(self, value):
        return value.strftime("%H:%M") if isinstance(value, time) else value


class ScheduleForm(OurForm):
    """What is asked and in which files comes from a report; here is said when, and to whom."""

    name = LineField(most=120, label=_("Name of the schedule"), help_text=_("The report and the notice bear it."))
    every = forms.ChoiceField(choices=Every.choices, label=_("How often?"), widget=forms.RadioSelect)
    weekday = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=_("Day of the week, where it comes every week")
    )
    day = NumberField(
        required=False,
        least=1,
        most=31,
        label=_("Day of the month, where it comes every month"),
        help_text=_("From 1 to 31. A shorter month takes its last day."),
    )
    at = HourField(label=_("At what time?"), help_text=_("Such as 06:00."))
    clock = forms.ChoiceField(choices=Clock.choices, label=_("On which clock?"), widget=forms.RadioSelect)
    only_new = forms.BooleanField(required=False, label=_("Only matches that were first found since the time before"))
    recipients = PeopleField(
        required=False,
        queryset=User.objects.none(),
        label=_("Who gets it beside its owner?"),
        help_text=_("They are told that it is ready, and take it away themselves. No file is sent by mail."),
    )

    def __init__(self, data=None, *, owner: User, order: Order, initial: dict | None = None):
        super().__init__(data, initial=initial)
        self.order = order
        days = [A_MONDAY + timedelta(days=number) for number in range(7)]
        self.fields["weekday"].choices = [(number, capfirst(figures.weekday(day))) for number, day in enumerate(days)]
        people = User.objects.filter(role__in=CARRIERS, is_active=True).exclude(pk=owner.pk)
        self.fields["recipients"].queryset = people.order_by("name", "email")
        self.fields["recipients"].error_messages["invalid_choice"] = _("One of these people is no colleague any more.")
        if order.subject not in WITH_NEWS:
            del self.fields["only_new"]

    def plan(self, files, today: date) -> Plan:
        """What a valid form asks for."""
        said = self.cleaned_data
        return Plan(
            name=said["name"],
            order=self.order,
            files=files,
            every=Every(said["every"]),
            at=in_utc(today, said["at"], said["clock"]),
            clock=said["clock"],
            weekday=said["weekday"],
            day=said["day"],
            only_new=said.get("only_new", False),
            recipients=list(said["recipients"]),
        )


def of_report(user: User, report) -> dict:
    """What a new schedule proposes: every Monday morning, on the clock of the person's own office."""
    clock = Clock.ASTANA if user.role == Role.OFFICER else Clock.BALIKPAPAN
    return {"name": report.name, "every": Every.WEEK, "weekday": 0, "day": 1, "at": time(7, 0), "clock": clock}


def of_schedule(schedule: Schedule) -> dict:
    """What a schedule says today, on its own clock."""
    return {
        "name": schedule.name,
        "every": schedule.every,
        "weekday": schedule.weekday,
        "day": schedule.day,
        "at": on_clock(schedule.next_at.date(), schedule.at, schedule.clock),
        "clock": schedule.clock,
        "only_new": schedule.only_new,
        "recipients": schedule.recipients.all(),
    }


class ScheduleListForm(ListForm):
    sorts = {"name": "name", "next": "next_at"}


class ScheduleFilter(SortedFilter):
    """Those that are due first come first."""

    default_sort = "next"

    class Meta:
        form = ScheduleListForm
