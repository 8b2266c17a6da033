"""A report that comes by itself: every Monday, to these colleagues."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_export, may_manage_people
from reports.enums import Clock, Every, Subject, TurnOutcome, TurnReason


class ScheduleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those by which one is sent something; administrators look after them all.

        Nothing for people who may carry nothing away.
        """
        if not may_export(user):
            return self.none()
        if may_manage_people(user):
            return self
        received = Schedule.recipients.through.objects.filter(user=user).values("schedule")
        return self.filter(Q(owner=user) | Q(pk__in=received))


class Schedule(models.Model):
    """What is made when, in which files, for whom. Moments are in UTC; pages tell both clocks."""

    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    subject = models.CharField(max_length=10, choices=Subject)
    order = models.JSONField(help_text=_("what is asked for, see reports.orders"))
    files = models.JSONField(help_text=_("format and languages of each file"))
    only_new = models.BooleanField(default=False, help_text=_("only what was found since the time before"))
    every = models.CharField(max_length=5, choices=Every)
    weekday = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(6)], help_text=_("0: Monday")
    )
    day = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(31)],
        help_text=_("of the month; its last where it is shorter"),
    )
    at = models.TimeField(help_text=_("of day, in UTC"))
    clock = models.CharField(
        max_length=20,
        choices=Clock,
        default=Clock.BALIKPAPAN,
        db_default=Clock.BALIKPAPAN,
        help_text=_("on which the weekday or the day of the month is meant"),
    )
    next_at = models.DateTimeField(help_text=_("when it is due"))
    is_paused = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every=Every.WEEK, weekday__isnull=False) | ~Q(every=Every.WEEK),
                name="schedule_of_a_week_names_its_day",
            ),
            models.CheckConstraint(
                condition=Q(every=Every.MONTH, day__isnull=False) | ~Q(every=Every.MONTH),
                name="schedule_of_a_month_names_its_day",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(is_paused=False), name="schedule_by_due")]

    def __str__(self) -> str:
        return self.name


class ScheduleTurn(models.Model):
    """One time at which a schedule was due, and what came of it. Times at which no server was up go with the next."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="turns")
    due_at = models.DateTimeField()
    missed = models.PositiveIntegerField(default=0, help_text=_("earlier times that this one stands for"))
    outcome = models.CharField(max_length=12, choices=TurnOutcome)
    reason = models.CharField(max_length=12, choices=TurnReason, blank=True)
    report = models.ForeignKey("reports.Report", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    seen_until = models.DateTimeField(null=True, blank=True, help_text=_("what was found by then is in it"))
    told = models.PositiveSmallIntegerField(default=0, help_text=_("people to whom it was sent"))
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-due_at"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="schedule_is_due_once"),
            models.CheckConstraint(condition=Q(outcome__in=TurnOutcome.values), name="turn_outcome_is_known"),
            models.CheckConstraint(condition=Q(reason__in=["", *TurnReason.values]), name="turn_reason_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_at}"
