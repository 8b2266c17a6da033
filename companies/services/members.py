"""Who acts for a company, and as what: said by its owners, by who stands in for it and by those who verify it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from companies.enums import MemberRole
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
    known = company.memberships.filter(user=user).first()
    if known and role != MemberRole.OWNER:
        _refuse_the_last_owner(company, known)
    membership = add_member(company=company, user=user, role=role)
    if known is None:
        tell(
            users=[user],
            kind=NoticeKind.COMPANY_JOINED,
            event=f"company:{company.pk}:joined:{timezone.now().isoformat()}",
            facts={"company": str(company)},
            address=reverse("companies:company-detail", args=[company.pk]),
        )
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str) -> None:
    """Owner or editor from the next click on. Parted meanwhile, nothing is left to change."""
    company = locked(membership.company)
    found = company.memberships.select_related("user").filter(pk=membership.pk).first()
    if found is None or found.role == role:
        return
    if role != MemberRole.OWNER:
        _refuse_the_last_owner(company, found)
        _take_back_links_of(company, found.user)
    found.role = MemberRole(role)
    found.save(update_fields=["role"])


@transaction.atomic
def part_member(*, membership: Membership) -> None:
    """From the next click on the person acts for the company no longer. Parted already, nothing is left to do.

    A company that does not trade may be left without anybody; where others stay, one of them is an owner.
    """
    company = locked(membership.company)
    found = company.memberships.select_related("user").filter(pk=membership.pk).first()
    if found is None:
        return
    if company in companies_left_alone_without(found.user):
        raise ValidationError(
            _("%(person)s is the only one who acts for %(company)s. Join somebody else first, or suspend the company."),
            code="last_member",
            params={"person": str(found.user), "company": str(company)},
        )
    if acting_for(company).exclude(pk=found.pk).exists():
        _refuse_the_last_owner(company, found)
    _take_back_links_of(company, found.user)
    found.delete()


@transaction.atomic
def leave_company(*, company: Company, user: User) -> None:
    """A person acts for a company no longer, by their own will. Left already, nothing is left to do."""
    company = locked(company)
    found = company.memberships.select_related("user").filter(user=user).first()
    if found is None:
        return
    _refuse_the_last_owner(company, found)
    _take_back_links_of(company, found.user)
    found.delete()


def acting_for(company: Company):
    """Those of its people who can: closed accounts do not act, nor does whoever works for the city or the embassy."""
    return company.memberships.filter(user__is_active=True, user__role=Role.BUSINESS)


def _take_back_links_of(company: Company, user: User) -> None:
    """Whom a person invited who may no longer invite does not come in any more; an owner sees it and invites anew."""
    company.invitations.waiting().filter(made_by=user).update(withdrawn_at=timezone.now())


def _refuse_the_last_owner(company: Company, membership: Membership) -> None:
    owners = acting_for(company).filter(role=MemberRole.OWNER)
    if owners.filter(pk=membership.pk).exists() and not owners.exclude(pk=membership.pk).exists():
        raise ValidationError(
            _("%(person)s is the last owner of %(company)s. Make somebody else an owner first."),
            code="last_owner",
            params={"person": str(membership.user), "company": str(company)},
        )
