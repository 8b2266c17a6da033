"""An entry of the public directory claimed by somebody against a document: asked, decided, or taken back."""

import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import figures
from accounts.enums import Role
from accounts.history import changes_by_the_way
from accounts.models import User
from accounts.permissions import may_see_every_company
from companies.enums import ClaimState, CompanyKind, CompanyStatus, MemberRole
from companies.faults import Refusal, refuse
from companies.forgetting import forget_proof
from companies.models import Claim, Company
from companies.numbers import clean_registration_number
from companies.permissions import VERIFIERS
from companies.queries import people_who_verify
from companies.services.companies import add_member
from companies.services.files import kind_of
from companies.services.locking import locked
from notices.enums import NoticeKind
from notices.services import tell

MOST_WAITING = 3  # claims of one person that nobody has decided yet


def waiting_claims(user: User) -> QuerySet[Claim]:
    """The claims that a person may decide, those that wait longest first; with what a row shows."""
    if not may_see_every_company(user):
        return Claim.objects.none()
    countries = [country for country, roles in VERIFIERS.items() if user.role in roles]
    waiting = Claim.objects.filter(state=ClaimState.WAITING, company__country__in=countries, company__is_hidden=False)
    return waiting.select_related("company__region", "company__place", "made_by").order_by("made_at", "pk")


def claimable() -> QuerySet[Company]:
    """The entries of the public directory that nobody has claimed with success yet."""
    return Company.objects.filter(kind=CompanyKind.DIRECTORY, is_hidden=False, merged_into__isnull=True)


@transaction.atomic
def make_claim(*, company: Company, user: User, registration_number: str, words: str, file: UploadedFile) -> Claim:
    """Say that an entry is one's company, with a document. Those who verify the companies of its country are told."""
    company = locked(company)
    User.objects.select_for_update().get(pk=user.pk)  # two claims at once come one after the other
    if not claimable().filter(pk=company.pk).exists():
        raise _no_longer_here(company)
    waiting = user.claims.filter(state=ClaimState.WAITING)
    if waiting.filter(company=company).exists():
        raise ValidationError(_("Your claim of this company waits to be looked at already."), code="claimed")
    if waiting.count() >= MOST_WAITING:
        raise ValidationError(
            _("%(most)s of your claims wait to be looked at. Take one of them back first."),
            code="too_many",
            params={"most": MOST_WAITING},
        )
    try:
        number = clean_registration_number(registration_number, company.country)
    except Refusal as refusal:
        refuse([refusal.as_fault("registration_number")])
    claim = Claim(company=company, made_by=user, registration_number=number, words=words)
    _keep_file(claim, file)
    tell(
        users=people_who_verify(company),
        kind=NoticeKind.CLAIM_MADE,
        event=f"claim:{claim.pk}:made",
        facts={"company": str(company)},
        address=reverse("companies:claim-detail", args=[claim.pk]),
    )
    return claim


def _keep_file(claim: Claim, file: UploadedFile) -> None:
    """Save the claim with its document; where that fails, nothing is left on the disk."""
    if file.size > settings.CERTIFICATE_FILE_MAX_SIZE:
        most = figures.decimal(settings.CERTIFICATE_FILE_MAX_SIZE // 1_000_000)
        said = _("This file is too large: at most %(most)s MB.") % {"most": most}
        raise ValidationError({"file": ValidationError(said, code="too_large")})
    body = file.read()
    claim.file_kind, claim.size, claim.digest = kind_of(body), file.size, hashlib.sha256(body).hexdigest()
    file.seek(0)
    claim.file.save(file.name, file, save=False)
    try:
        claim.full_clean()
        claim.save()
    except BaseException:
        claim.file.storage.delete(claim.file.name)
        raise


@transaction.atomic
def withdraw_claim(*, claim: Claim) -> None:
    """Whoever claimed takes it back; decided or taken back already, nothing is left to do.

    Nobody looks at its document any more: it is deleted, so that claiming again and again fills no disk.
    """
    claim = _held(claim)
    if claim.state == ClaimState.WAITING:
        _decide(claim, ClaimState.WITHDRAWN)
        forget_proof(claim)


@transaction.atomic
def accept_claim(*, claim: Claim, decided_by: User) -> Company:
    """The entry becomes a registered company of whoever claimed it, who goes on with the registration.

    It keeps its history and where its facts come from. Everybody else who claimed it is told that it is given.
    """
    company = locked(claim.company)
    claim = _held(claim)
    _refuse_decided(claim)
    if not claimable().filter(pk=company.pk).exists():
        raise _no_longer_here(company)
    owner = claim.made_by
    if owner is None or not owner.is_active or owner.role != Role.BUSINESS:
        raise ValidationError(_("The account that claimed it is no longer a business user's. Refuse the claim."))
    _refuse_number_here(company, claim.registration_number)
    changes_by_the_way(way="claim")
    company.kind, company.status = CompanyKind.REGISTERED, CompanyStatus.DRAFT
    company.registration_number = claim.registration_number
    try:
        with transaction.atomic():
            company.save(update_fields=["kind", "status", "registration_number", "changed_at"])
    except IntegrityError:  # somebody registered the number in this very moment
        _refuse_number_here(company, claim.registration_number)
        raise
    add_member(company=company, user=owner, role=MemberRole.OWNER)
    _decide(claim, ClaimState.ACCEPTED, decided_by)
    tell(
        users=[owner],
        kind=NoticeKind.CLAIM_ACCEPTED,
        event=f"claim:{claim.pk}:accepted",
        facts={"company": str(company)},
        address=reverse("companies:registration", args=[company.pk]),
    )
    for other in company.claims.filter(state=ClaimState.WAITING).select_related("made_by").order_by("pk"):
        with translation.override(other.made_by.language if other.made_by else None):
            said = _("Somebody else has shown that the company is theirs.")
        _refuse(other, decided_by, said)
    return company


@transaction.atomic
def refuse_claim(*, claim: Claim, decided_by: User, reason: str) -> Claim:
    """Say no, with words that whoever claimed reads. The entry stays in the directory."""
    locked(claim.company)
    claim = _held(claim)
    _refuse_decided(claim)
    if not reason:
        raise ValidationError({"reason": _("Say why. Whoever claimed the company reads it.")})
    _refuse(claim, decided_by, reason)
    return claim


def number_is_here(claim: Claim) -> Company | None:
    """The other company that has the number of a claim: then the two have to be brought together instead."""
    others = Company.objects.exclude(pk=claim.company_id)
    return others.filter(country=claim.company.country, registration_number=claim.registration_number).first()


def _refuse_number_here(company: Company, number: str) -> None:
    if other := Company.objects.exclude(pk=company.pk).filter(country=company.country, registration_number=number):
        raise ValidationError(
            _(
                "%(company)s is here with this registration number already. Refuse the claim, and bring the two "
                "together by merging."
            ),
            code="number_here",
            params={"company": str(other[0])},
        )


def _held(claim: Claim) -> Claim:
    """The claim as it is now, held until the transaction ends."""
    return Claim.objects.select_for_update(of=("self",)).select_related("company", "made_by").get(pk=claim.pk)


def _refuse_decided(claim: Claim) -> None:
    if claim.state != ClaimState.WAITING:
        raise ValidationError(
            _("This claim is %(state)s already. Somebody else may have decided meanwhile."),
            code="decided",
            params={"state": claim.get_state_display()},
        )


def _refuse(claim: Claim, decided_by: User, reason: str) -> None:
    _decide(claim, ClaimState.REFUSED, decided_by, reason)
    if claim.made_by is None:
        return
    tell(
        users=[claim.made_by],
        kind=NoticeKind.CLAIM_REFUSED,
        event=f"claim:{claim.pk}:refused",
        facts={"company": str(claim.company), "reason": reason},
        address=reverse("companies:claim-detail", args=[claim.pk]),
    )


def _decide(claim: Claim, state: ClaimState, decided_by: User | None = None, reason: str = "") -> None:
    claim.state, claim.decided_by, claim.decided_at, claim.reason = state, decided_by, timezone.now(), reason
    claim.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _no_longer_here(company: Company) -> ValidationError:
    return ValidationError(
        _("%(company)s is no entry of the public directory any more. Somebody else may have claimed it meanwhile."),
        code="no_entry",
        params={"company": str(company)},
    )
