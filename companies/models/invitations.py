"""One-time links: by which a person joins a company, or takes over one that was entered for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.enums import InvitationKind, InvitationState, MemberRole
from companies.models.company import Company

MOST_TRIES = 5  # wrong numbers that the holder of one link may name


class InvitationQuerySet(models.QuerySet):
    def waiting(self):
        """Those that somebody may still use."""
        ended = Q(used_at__isnull=False) | Q(withdrawn_at__isnull=False) | Q(tries__gte=MOST_TRIES)
        return self.exclude(ended).filter(ends_at__gt=timezone.now())


class Invitation(models.Model):
    """A link that works once, until a day, and can be taken back. Of the link itself only a digest is kept."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="invitations")
    kind = models.CharField(max_length=10, choices=InvitationKind)
    role = models.CharField(max_length=8, choices=MemberRole)
    email = models.EmailField(blank=True, help_text=_("whose account may use it; empty: whoever holds the link"))
    language = models.CharField(max_length=2, help_text=_("of the letter"))
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    letter_taken_at = models.DateTimeField(null=True, blank=True, help_text=_("when a worker took it to be mailed"))
    letter_sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text=_("how often its holder named another number than that of the company")
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=InvitationKind.values), name="invitation_kind_is_known"),
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="invitation_role_is_known"),
            models.CheckConstraint(
                condition=~Q(kind=InvitationKind.JOIN) | ~Q(email=""), name="invitation_to_join_names_its_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.get_kind_display()}"

    @property
    def state(self) -> InvitationState:
        if self.used_at:
            return InvitationState.USED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        if self.tries >= MOST_TRIES:
            return InvitationState.TRIED_OUT
        return InvitationState.WAITING if self.ends_at > timezone.now() else InvitationState.OVER

    def get_state_display(self) -> str:
        return self.state.label
