"""Background work that is one piece and whose row is the truth: what a comparison and a difference of runs have alike.

What is done with such rows is in `matching.services.one_step`; what the words mean is told in docs/running.md.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_see_every_company
from matching.enums import Failure, RunState


class OneStepQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if may_see_every_company(user) else self.none()

    def unfinished(self):
        return self.filter(state__in=[RunState.QUEUED, RunState.RUNNING])


class OneStep(models.Model):
    """Who asked, with which engine, how far it is, and why it failed. What counts as done says each kind of work."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    engine_version = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    reason_code = models.CharField(max_length=40, choices=Failure, blank=True)
    reason = models.TextField(blank=True, help_text=_("for the operator: which kind of error"))

    objects = OneStepQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.state in (RunState.FINISHED, RunState.FAILED)
