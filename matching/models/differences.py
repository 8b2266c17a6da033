"""In what one run came out otherwise than another, split by cause: reckoned once, kept, and nothing official."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from matching.enums import Failure, RunState
from matching.models.one_step import OneStep
from matching.models.runs import Run


class RunDifference(OneStep):
    """Two runs, how far the comparison is, and what each cause changed. The same two runs have one that stands."""

    before = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="differences_after")
    after = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="differences_before")
    rules_version = models.CharField(max_length=20, help_text=_("of the rules that both books were matched with anew"))
    done = models.PositiveIntegerField(default=0, help_text=_("listings matched so far, book after book"))
    total = models.PositiveIntegerField(default=0, help_text=_("listings of the three or four books to be matched"))
    figures = models.JSONField(
        default=dict, blank=True, help_text=_("quantity -> before, after and part of each cause")
    )
    rows = models.JSONField(default=list, blank=True, help_text=_("the most telling pairs, by number"))

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="difference_state_is_known"),
            models.CheckConstraint(
                condition=Q(reason_code__in=["", *Failure.values]), name="difference_reason_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.FAILED) | ~Q(reason_code=""), name="failed_difference_keeps_its_reason"
            ),
            models.CheckConstraint(condition=~Q(before=F("after")), name="difference_is_of_two_runs"),
            models.UniqueConstraint(
                fields=["before", "after", "rules_version", "engine_version"],
                condition=~Q(state=RunState.FAILED),
                name="one_difference_of_two_runs_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.before_id} > #{self.after_id}"
