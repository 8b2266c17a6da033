"""What was asked, answered and decided while a company was verified."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.enums import VerificationAct
from companies.models.company import Company


class VerificationStep(models.Model):
    """One act, with its words, and how the checklist stood when it was decided.

    The company reads what it was asked, what it answered, and why it was sent back or suspended. Why it was let in
    before all was proved, and what was said of a line of the checklist, is for those who verify. A step is written once
    and never changed: it is its own history.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="verification_steps")
    act = models.CharField(max_length=10, choices=VerificationAct)
    words = models.TextField(blank=True)
    checklist = models.JSONField(default=dict, blank=True, help_text=_("what was checked and what was not, by code"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["company", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=VerificationAct.values), name="verification_act_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.get_act_display()}"
