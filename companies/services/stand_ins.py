"""City staff acting for a company: begun with a reason that the company reads, ended by either side."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company, StandIn
from companies.queries import members_of
from companies.services.locking import locked, refuse_directory, refuse_suspended
from notices.enums import NoticeKind
from notices.services import tell


@transaction.atomic
def begin_stand_in(*, company: Company, user: User, reason: str) -> StandIn:
    """Begin to act for a company. Its members are told, with the reason."""
    company = locked(company)
    refuse_directory(company)
    refuse_suspended(company)
    if not reason:
        raise ValidationError({"reason": _("Say why. The company reads it.")})
    if StandIn.objects.open().filter(company=company, user=user).exists():
        raise ValidationError(_("You stand in for %(company)s already."), params={"company": str(company)})
    stand_in = StandIn(company=company, user=user, reason=reason)
    stand_in.full_clean()
    stand_in.save()
    tell(
        users=members_of(company),
        kind=NoticeKind.STAND_IN_BEGAN,
        event=f"stand-in:{stand_in.pk}:began",
        facts={"company": str(company), "reason": reason},
        address=reverse("companies:stand-in-list", args=[company.pk]),
    )
    return stand_in


@transaction.atomic
def end_stand_in(*, stand_in: StandIn) -> None:
    """End it; ended twice, the first end counts."""
    StandIn.objects.open().filter(pk=stand_in.pk).update(ended_at=timezone.now())
