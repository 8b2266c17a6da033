"""One-time links: by which a person joins a company, or takes over one that was entered for it.

Of a link only its digest is kept. The one of a letter is made when the letter is written (`companies/letters.py`), so
that no queue and no table holds it; the one on paper is shown once to whoever makes it.
"""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.history import changes_by_the_way
from accounts.models import User
from companies.enums import CompanyStatus, InvitationKind, InvitationState, MemberRole
from companies.models import Company, Invitation, Membership, StandIn
from companies.numbers import bare
from companies.queries import members_of, people_who_verify
from companies.services.companies import add_member
from companies.services.locking import locked, refuse_directory, refuse_suspended
from notices.enums import NoticeKind
from notices.services import tell

JOIN_FOR, HANDOVER_FOR = timedelta(days=7), timedelta(days=30)
# Letters to strangers within a day: those of a company that nobody has looked at yet are fewer.
MOST_A_DAY, MOST_A_DAY_OF_DRAFT = 20, 3
LENGTH = 32  # bytes of chance in a link

# What is said of a link that does not open anything to whoever holds it.
OTHERS, NOT_BUSINESS, HAS_PEOPLE, SUSPENDED = "others", "not_business", "has_people", "suspended"
SENTENCES: dict[str, Promise] = {
    InvitationState.USED: gettext_lazy("This link has been used. It works once."),
    InvitationState.WITHDRAWN: gettext_lazy("This link was taken back. Ask whoever gave it to you for a new one."),
    InvitationState.OVER: gettext_lazy("This link has expired. Ask whoever gave it to you for a new one."),
    InvitationState.TRIED_OUT: gettext_lazy(
        "Too many wrong numbers were typed, so this link is closed. Ask whoever gave it to you for a new one."
    ),
    OTHERS: gettext_lazy(
        "This link is for another address than that of your account. Sign out, then sign in or make an account with "
        "the address that it was sent to."
    ),
    NOT_BUSINESS: gettext_lazy(
        "Whoever works for the city or the embassy acts for no company. Sign out, then sign in with the account of a "
        "business user."
    ),
    HAS_PEOPLE: gettext_lazy("The company has its own people by now. One of its owners can invite you."),
    SUSPENDED: gettext_lazy("The company is suspended. The link works again once it is let in."),
}


def digest_of(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()


def new_link() -> str:
    return secrets.token_urlsafe(LENGTH)


@transaction.atomic
def invite_member(*, company: Company, email: str, role: str, language: str, invited_by: User) -> Invitation:
    """Write to an address that its owner may act for the company. What is answered is the same for every address.

    A link that was sent to the same address before no longer works.
    """
    company = locked(company)
    refuse_directory(company)
    refuse_suspended(company)
    email = email.lower()
    if not email.isascii():
        raise ValidationError({"email": _("Write the address in plain Latin letters.")})
    if company.memberships.filter(user__email=email, user__is_active=True).exists():
        raise ValidationError({"email": _("This person acts for the company already.")})
    _refuse_more_today(company)
    _take_back(company.invitations.filter(kind=InvitationKind.JOIN, email=email))
    return Invitation.objects.create(
        company=company,
        kind=InvitationKind.JOIN,
        role=MemberRole(role),
        email=email,
        language=language,
        digest=digest_of(new_link()),  # nobody's yet: the letter makes its own
        made_by=invited_by,
        ends_at=timezone.now() + JOIN_FOR,
    )


@transaction.atomic
def make_handover(*, company: Company, email: str, language: str, made_by: User) -> tuple[Invitation, str]:
    """A link by which its own people take over a company that was entered for them; shown once, kept nowhere.

    One that was made before no longer works.
    """
    company = locked(company)
    refuse_directory(company)
    refuse_suspended(company)
    if members_of(company).exists():
        raise ValidationError(_("%(company)s has its own people."), params={"company": str(company)}, code="has_people")
    if not company.registration_number:
        raise ValidationError(
            _("Enter the registration number of the company first: whoever takes it over has to name it."),
            code="no_number",
        )
    _take_back(company.invitations.filter(kind=InvitationKind.HANDOVER))
    link = new_link()
    invitation = Invitation.objects.create(
        company=company,
        kind=InvitationKind.HANDOVER,
        role=MemberRole.OWNER,
        email=email.lower(),
        language=language,
        digest=digest_of(link),
        made_by=made_by,
        ends_at=timezone.now() + HANDOVER_FOR,
    )
    return invitation, link


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation) -> None:
    """From now on the link opens nothing. Ended already, nothing is left to do."""
    locked(invitation.company)
    _take_back(Invitation.objects.filter(pk=invitation.pk))


def found_by(link: str) -> Invitation | None:
    return Invitation.objects.select_related("company").filter(digest=digest_of(link)).first()


def why_not(invitation: Invitation, user: User) -> str:
    """Why a link opens nothing to a person, as a key of SENTENCES; empty where it does.

    Whose it is comes first: nobody else learns what became of it.
    """
    if user.role != Role.BUSINESS:
        return NOT_BUSINESS
    if not _has_confirmed(user, invitation.email or user.email):
        return OTHERS
    if invitation.state != InvitationState.WAITING:
        return invitation.state
    if invitation.company.is_hidden or invitation.company.merged_into_id:
        return InvitationState.WITHDRAWN
    if invitation.company.is_suspended:
        return SUSPENDED
    if invitation.kind == InvitationKind.HANDOVER and members_of(invitation.company).exists():
        return HAS_PEOPLE
    return ""


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User) -> Membership:
    """Act for the company from now on. Who does already keeps what they may."""
    company = locked(invitation.company)
    invitation = _open_to(invitation, user, InvitationKind.JOIN)
    membership = company.memberships.filter(user=user).first()
    changes_by_the_way(way="invitation")
    if membership is None or membership.role == MemberRole.EDITOR:
        membership = add_member(company=company, user=user, role=invitation.role)
    _use(invitation, user)
    return membership


def take_over(*, invitation: Invitation, user: User, registration_number: str) -> Membership:
    """Become the owner of a company that was entered for one. Whoever holds its letter names its number, too.

    Those who verify the company are told, and nobody stands in for it any more.
    """
    with transaction.atomic():
        company = locked(invitation.company)
        invitation = _open_to(invitation, user, InvitationKind.HANDOVER)
        if bare(registration_number) == company.registration_number:
            return _taken_over(company, invitation, user)
        invitation.tries += 1
        invitation.save(update_fields=["tries"])
    if invitation.state == InvitationState.TRIED_OUT:
        raise ValidationError(SENTENCES[InvitationState.TRIED_OUT], code=InvitationState.TRIED_OUT)
    said = _("This is not the registration number of the company. Take it from a document of the company.")
    raise ValidationError({"registration_number": ValidationError(said, code="other_number")})


def _taken_over(company: Company, invitation: Invitation, user: User) -> Membership:
    changes_by_the_way(way="handover")
    membership = add_member(company=company, user=user, role=MemberRole.OWNER)
    _use(invitation, user)
    stood_in = StandIn.objects.open().filter(company=company)
    told = {person.pk: person for person in people_who_verify(company)}
    told |= {one.user_id: one.user for one in stood_in.select_related("user")}
    stood_in.update(ended_at=timezone.now())
    tell(
        users=told.values(),
        kind=NoticeKind.COMPANY_TAKEN_OVER,
        event=f"company:{company.pk}:taken-over:{invitation.pk}",
        facts={"company": str(company)},
        address=reverse("companies:company-detail", args=[company.pk]),
    )
    return membership


def _open_to(invitation: Invitation, user: User, kind: InvitationKind) -> Invitation:
    """The link as it is now, held until the transaction ends; refused where it opens nothing to the person."""
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("company").get(pk=invitation.pk)
    if reason := why_not(invitation, user):
        raise ValidationError(SENTENCES[reason], code=reason)
    if invitation.kind != kind:
        raise ValueError(f"a link of kind {invitation.kind} is not used as {kind}")
    return invitation


def _use(invitation: Invitation, user: User) -> None:
    invitation.used_at, invitation.used_by = timezone.now(), user
    invitation.save(update_fields=["used_at", "used_by"])


def _take_back(invitations) -> None:
    invitations.waiting().update(withdrawn_at=timezone.now())


def _has_confirmed(user: User, email: str) -> bool:
    """The address is that of the account, and its owner has opened a letter there."""
    mine = user.is_active and user.email == email
    return mine and EmailAddress.objects.filter(user=user, email=email, verified=True).exists()


def _refuse_more_today(company: Company) -> None:
    most = MOST_A_DAY_OF_DRAFT if company.status == CompanyStatus.DRAFT else MOST_A_DAY
    since = timezone.now() - timedelta(days=1)
    if company.invitations.filter(kind=InvitationKind.JOIN, made_at__gt=since).count() >= most:
        raise ValidationError(
            _("A company invites at most %(most)s people a day. Go on tomorrow."),
            params={"most": most},
            code="too_many",
        )
