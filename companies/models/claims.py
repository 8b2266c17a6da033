"""An entry of the public directory that a person says is their company, held against a document."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.enums import ClaimState, FileKind
from companies.models.company import Company


def kept_at(claim: "Claim", _name: str) -> str:
    """Where the document lies: under a name of chance, which tells nothing and cannot be guessed."""
    return f"claims/{uuid4().hex}.{claim.file_kind}"


class Claim(models.Model):
    """Who asks for which entry, with what document, and what those who verify decided. The document may name people."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="claims")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="claims")
    registration_number = models.CharField(max_length=20, help_text=_("as the person who claims it states it"))
    words = models.CharField(max_length=500, blank=True, help_text=_("what the person is in the company"))
    file = models.FileField(upload_to=kept_at)
    file_kind = models.CharField(max_length=4, choices=FileKind)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.WAITING)
    made_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text=_("why it was refused; whoever claimed reads it"))

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_is_known"),
            models.CheckConstraint(condition=Q(file_kind__in=FileKind.values), name="claim_file_kind_is_known"),
            models.UniqueConstraint(
                fields=["company", "made_by"],
                condition=Q(state=ClaimState.WAITING),
                name="claim_waits_once",
                violation_error_message=_("Your claim of this company waits to be looked at already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.get_state_display()}"
