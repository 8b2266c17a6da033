"""Who acts for a company: joined by those who verify it, once they know who the person is, and parted again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from companies.models import Company, Membership
from companies.queries import companies_left_alone_without
from companies.services.companies import add_member
from companies.services.locking import locked, refuse_directory
from notices.enums import NoticeKind
from notices.services import tell


@transaction.atomic
def join_member(*, company: Company, email: str, role: str) -> Membership:
    """Let the person with this account act for the company. Joined already, the role given last counts."""
    company = locked(company)
    refuse_directory(company)
    user = User.objects.filter(email=email.lower(), is_active=True, role=Role.BUSINESS).first()
    if user is None:
        said = _("No open account of a business user has this address. The person makes one first.")
        raise ValidationError({"email": said})
    is_new = not company.memberships.filter(user=user).exists()
    membership = add_member(company=company, user=user, role=role)
    if is_new:
        tell(
            users=[user],
            kind=NoticeKind.COMPANY_JOINED,
            event=f"company:{company.pk}:joined:{timezone.now().isoformat()}",
            facts={"company": str(company)},
            address=reverse("companies:company-detail", args=[company.pk]),
        )
    return membership


@transaction.atomic
def part_member(*, membership: Membership) -> None:
    """From the next click on the person acts for the company no longer. Parted already, nothing is left to do."""
    company = locked(membership.company)
    if company in companies_left_alone_without(membership.user):
        raise ValidationError(
            _("%(person)s is the only one who acts for %(company)s. Join somebody else first, or suspend the company."),
            code="last_member",
            params={"person": str(membership.user), "company": str(company)},
        )
    Membership.objects.filter(pk=membership.pk).delete()
