"""What an agreement on duties would change: the book matched without it and with it, side by side. Nothing official."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.enums import Failure, RunState
from matching.models.one_step import OneStep
from matching.models.runs import Weights


class Comparison(OneStep):
    """Who asked, what was assumed, how far it is, and the pairs that an agreement opens, closes or makes cheaper."""

    scheme = models.CharField(max_length=100, help_text=_("the preferential tariff that is left out and put in"))
    as_of = models.DateField(help_text=_("the day taken as today"))
    others = models.JSONField(default=list, blank=True, help_text=_("other schemes in force, on both sides"))
    weights = models.ForeignKey(Weights, on_delete=models.PROTECT, related_name="+")
    rules_version = models.CharField(max_length=20)
    book_cut_at = models.DateTimeField(null=True, blank=True)
    input_hash = models.CharField(max_length=64, blank=True, help_text=_("of the book without the scheme"))
    done = models.PositiveIntegerField(default=0, help_text=_("needs matched so far, without and with"))
    total = models.PositiveIntegerField(default=0, help_text=_("twice the needs of the book"))
    counts = models.JSONField(default=dict, blank=True)
    rows = models.JSONField(default=list, blank=True, help_text=_("the most telling pairs of each kind, by number"))

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="comparison_state_is_known"),
            models.CheckConstraint(
                condition=Q(reason_code__in=["", *Failure.values]), name="comparison_reason_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.FAILED) | ~Q(reason_code=""), name="failed_comparison_keeps_its_reason"
            ),
            models.UniqueConstraint(
                fields=["scheme"],
                condition=Q(state__in=[RunState.QUEUED, RunState.RUNNING]),
                name="one_comparison_of_a_scheme_at_a_time",
                violation_error_message=_("This comparison is under way already."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
