"""What those who verify companies do: check, let in, send back, suspend, screen."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.enums import CertificateState, CompanyStatus, FactKind, Screening
from companies.models import Certificate, Company, VerificationFact
from companies.queries import members_of
from companies.services.locking import locked, refuse_directory, seen_of
from notices.enums import NoticeKind
from notices.services import tell

CERTIFICATE_FACTS = ("state", "number", "issuer", "scope", "valid_from", "valid_until")
CHECKED_FACTS = (*CERTIFICATE_FACTS, "papers")  # what whoever checks has seen of it


@transaction.atomic
def record_fact(
    *, company: Company, kind: str, checked_on: date, checked_by: User | None = None, note: str = ""
) -> VerificationFact:
    """Keep what somebody checked about a company: who, when, what. Checked again, the later check stands."""
    company = locked(company)
    if checked_on > timezone.localdate():
        raise ValidationError({"checked_on": _("This day has not come yet. Write the day of the check.")})
    fact = VerificationFact.objects.filter(company=company, kind=kind).first()
    fact = fact or VerificationFact(company=company, kind=FactKind(kind))
    fact.checked_on, fact.checked_by, fact.note = checked_on, checked_by, note
    fact.full_clean()
    fact.save()
    _tell_members(
        company,
        NoticeKind.FACT_RECORDED,
        f"company:{company.pk}:fact:{kind}:{checked_on.isoformat()}",
        fact=str(kind),
    )
    return fact


@transaction.atomic
def check_certificate(*, company: Company, certificate: int, seen: str) -> Certificate:
    """Keep that somebody held a certificate against its paper. `seen` is what the page showed of it (`seen_of`)."""
    company = locked(company)
    found = company.certificates.filter(pk=certificate).first()
    if found is None or seen_of(found, CHECKED_FACTS) != seen or found.state == CertificateState.NOT_HELD:
        raise ValidationError(_("The company has changed this certificate meanwhile. Look at it once more."))
    found.state = CertificateState.CHECKED
    found.save(update_fields=["state"])
    return found


@transaction.atomic
def let_in(*, company: Company) -> Company:
    """Let a company trade: one that asked for it, or one that was suspended."""
    company = locked(company)
    refuse_directory(company)
    if company.status not in (CompanyStatus.SUBMITTED, CompanyStatus.SUSPENDED):
        raise _not_possible(company)
    if company.screening == Screening.REFUSED:
        raise ValidationError(
            _("The screening of %(company)s says refused. It can be let in once the screening is clear."),
            params={"company": str(company)},
        )
    _move(company, CompanyStatus.ACTIVE, "")
    event = f"company:{company.pk}:active:{company.changed_at.isoformat()}"
    _tell_members(company, NoticeKind.COMPANY_ACTIVE, event)
    return company


@transaction.atomic
def send_back(*, company: Company, reason: str) -> Company:
    """Give a submitted company back to its people, who are told what to put right."""
    company = locked(company)
    if company.status != CompanyStatus.SUBMITTED:
        raise _not_possible(company)
    _move(company, CompanyStatus.DRAFT, _said(reason))
    event = f"company:{company.pk}:sent-back:{company.changed_at.isoformat()}"
    _tell_members(company, NoticeKind.COMPANY_SENT_BACK, event, reason=reason)
    return company


@transaction.atomic
def suspend_company(*, company: Company, reason: str) -> Company:
    """Take a company and all its listings out of the book until it is let in again."""
    company = locked(company)
    refuse_directory(company)
    if company.status != CompanyStatus.ACTIVE:
        raise _not_possible(company)
    _move(company, CompanyStatus.SUSPENDED, _said(reason))
    event = f"company:{company.pk}:suspended:{company.changed_at.isoformat()}"
    _tell_members(company, NoticeKind.COMPANY_SUSPENDED, event)
    return company


@transaction.atomic
def screen(*, company: Company, screening: str, note: str = "") -> Company:
    """Keep what the lists of sanctions say of a company. A refused one trades with nobody from the next run on."""
    company = locked(company)
    if screening == Screening.REFUSED and not note:
        raise ValidationError({"note": _("Say on which list the company stands, and since when.")})
    company.screening, company.screening_note = Screening(screening), note
    company.full_clean()
    company.save(update_fields=["screening", "screening_note", "changed_at"])
    return company


def _move(company: Company, status: CompanyStatus, reason: str) -> None:
    company.status, company.status_reason = status, reason
    company.save(update_fields=["status", "status_reason", "changed_at"])


def _said(reason: str) -> str:
    if not reason:
        raise ValidationError({"reason": _("Say why. The company reads it.")})
    return reason


def _not_possible(company: Company) -> ValidationError:
    return ValidationError(
        _("This is not possible while %(company)s is %(status)s. Somebody else may have decided meanwhile."),
        params={"company": str(company), "status": company.get_status_display()},
    )


def _tell_members(company: Company, kind: NoticeKind, event: str, **facts: str) -> None:
    tell(
        users=members_of(company),
        kind=kind,
        event=event,
        facts={"company": str(company), **facts},
        address=reverse("companies:company-detail", args=[company.pk]),
    )
