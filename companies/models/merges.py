"""Two entries of one company brought together by those who verify it, so that it can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import kept
from companies.models.company import Company


@kept()
class Merge(models.Model):
    """What went from one entry to the other, row by row. Both histories stay where they are."""

    stays = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="merges")
    goes = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=500)
    moved = models.JSONField(help_text=_("which rows went over, and what they and the company were before"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(stays=F("goes")), name="merge_is_of_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_a_reason"),
            models.UniqueConstraint(
                fields=["goes"], condition=Q(undone_at__isnull=True), name="company_is_merged_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goes_id} -> {self.stays_id}"
