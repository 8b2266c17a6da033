"""What a company does with its own profile: keep it true, and ask to be verified."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from companies.enums import CompanyStatus, VerificationAct
from companies.faults import Refusal, refuse
from companies.models import Company
from companies.numbers import clean_registration_number
from companies.queries import checked_fields, missing_for_verification, people_who_verify
from companies.services.asking import keep_step
from companies.services.locking import locked, refuse_changed, refuse_directory, refuse_suspended
from notices.enums import NoticeKind
from notices.services import tell

MOST_WAITING = 5  # companies of one business user that are sent and not decided about
# What the company itself says. Country, status and screening are not its to change.
PROFILE_FIELDS = (
    "name_registered",
    "name_latin",
    "name_short",
    "registration_number",
    "region",
    "place",
    "first_mile_km",
    "city",
    "sectors",
    "size",
    "languages",
    "website",
    "role_mailbox",
    "switchboard",
    "description",
)


@transaction.atomic
def edit_profile(*, company: Company, seen_at: str, **stated) -> Company:
    """Take over what the company says of itself. Refuses what is not its to say, and what it did not see change."""
    company = locked(company)
    refuse_suspended(company)
    refuse_directory(company)
    refuse_changed(company, seen_at)
    _refuse_checked(company, stated)
    if stated.get("registration_number"):
        stated["registration_number"] = _clean_number(company, stated["registration_number"])
    changed = [name for name, value in stated.items() if getattr(company, name) != value]
    for name in changed:
        setattr(company, name, stated[name])
    company.full_clean()
    if changed:
        _save(company, changed)
    return company


@transaction.atomic
def submit_company(*, company: Company, sent_by: User | None = None) -> Company:
    """Ask to be verified. Those who verify companies of its country are told. One person has at most a few waiting."""
    company = locked(company)
    refuse_too_many_waiting(sent_by)
    refuse_directory(company)
    if company.status != CompanyStatus.DRAFT:
        raise ValidationError(
            _("%(company)s is not a draft: it is %(status)s."),
            params={"company": str(company), "status": company.get_status_display()},
        )
    if missing := missing_for_verification(company):
        raise ValidationError(
            _("Before %(company)s can be verified, fill in: %(missing)s."),
            params={"company": str(company), "missing": ", ".join(str(label) for label in missing)},
        )
    company.status, company.status_reason, company.submitted_at = CompanyStatus.SUBMITTED, "", timezone.now()
    company.save(update_fields=["status", "status_reason", "submitted_at", "changed_at"])
    keep_step(company, VerificationAct.SUBMITTED, made_by=sent_by)
    tell(
        users=people_who_verify(company),
        kind=NoticeKind.COMPANY_SUBMITTED,
        event=f"company:{company.pk}:submitted:{company.changed_at.isoformat()}",
        facts={"company": str(company)},
        address=reverse("companies:verification", args=[company.pk]),
    )
    return company


def refuse_too_many_waiting(user: User | None) -> None:
    """What waits is looked at by people: a business user keeps them busy with a few companies at a time.

    Held until the transaction ends, so that two sendings at once come one after the other.
    """
    if user is None or user.role != Role.BUSINESS:
        return
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    waiting = Company.objects.filter(status=CompanyStatus.SUBMITTED, memberships__user=user).count()
    if waiting >= MOST_WAITING:
        raise ValidationError(
            _("%(most)s companies of yours wait to be verified. Send this one once one of them is decided about."),
            code="too_many_waiting",
            params={"most": MOST_WAITING},
        )


def _refuse_checked(company: Company, stated: dict) -> None:
    changed = [name for name in checked_fields(company) if name in stated and stated[name] != getattr(company, name)]
    if changed:
        said = _("This was checked against your papers. Ask those who verified the company to change it.")
        raise ValidationError(dict.fromkeys(changed, said))


def _clean_number(company: Company, text: str) -> str:
    try:
        return clean_registration_number(text, company.country)
    except Refusal as refusal:
        return refuse([refusal.as_fault("registration_number")])


def _save(company: Company, changed: list[str]) -> None:
    try:
        with transaction.atomic():
            company.save(update_fields=[*changed, "changed_at"])
    except IntegrityError:  # another company took the number between the check and the writing
        raise ValidationError(
            {"registration_number": _("A company with this registration number is here already.")}
        ) from None
