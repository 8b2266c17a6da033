"""What those who verify companies do: check, let in, send back, suspend, screen."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.checklist import (
    BY_HAND,
    DONE,
    LINES,
    NOT_NEEDED,
    OPEN,
    PROOFS,
    Line,
    as_kept,
    checklist_of,
    last_marks,
)
from companies.enums import CertificateState, CompanyStatus, FactKind, Screening, VerificationAct
from companies.finding.finder import likely_among
from companies.models import Certificate, Company, VerificationFact, VerificationStep
from companies.permissions import may_verify
from companies.services.asking import keep_step, tell_people
from companies.services.locking import locked, refuse_directory, seen_of, version
from companies.signals import book_changed
from notices.enums import NoticeKind

CERTIFICATE_FACTS = ("state", "number", "issuer", "scope", "valid_from", "valid_until")
CHECKED_FACTS = (*CERTIFICATE_FACTS, "papers")  # what whoever checks has seen of it


@transaction.atomic
def record_fact(
    *, company: Company, kind: str, checked_on: date, checked_by: User | None = None, note: str = ""
) -> VerificationFact:
    """Keep what somebody checked about a company: who, when, what. Checked again, the later check stands."""
    company = locked(company)
    _refuse_own(company, checked_by)
    if checked_on > timezone.localdate():
        raise ValidationError({"checked_on": _("This day has not come yet. Write the day of the check.")})
    fact = VerificationFact.objects.filter(company=company, kind=kind).first()
    fact = fact or VerificationFact(company=company, kind=FactKind(kind))
    fact.checked_on, fact.checked_by, fact.note = checked_on, checked_by, note
    fact.full_clean()
    fact.save()
    tell_people(
        company,
        NoticeKind.FACT_RECORDED,
        f"company:{company.pk}:fact:{kind}:{checked_on.isoformat()}",
        fact=str(kind),
    )
    _count_what_was_checked(company)
    return fact


@transaction.atomic
def check_certificate(*, company: Company, certificate: int, seen: str, checked_by: User | None = None) -> Certificate:
    """Keep that somebody held a certificate against its paper. `seen` is what the page showed of it (`seen_of`)."""
    company = locked(company)
    _refuse_own(company, checked_by)
    found = company.certificates.filter(pk=certificate).first()
    if found is None or seen_of(found, CHECKED_FACTS) != seen or found.state == CertificateState.NOT_HELD:
        raise ValidationError(_("The company has changed this certificate meanwhile. Look at it once more."))
    found.state = CertificateState.CHECKED
    found.save(update_fields=["state"])
    _count_what_was_checked(company)
    return found


@transaction.atomic
def mark_line(*, company: Company, line: str, state: str, seen: str, words: str, marked_by: User) -> VerificationStep:
    """Keep what somebody says of a line of the checklist. `seen` is what the page showed of it.

    Not needed wants a reason; open takes back what was said before. The same said twice is kept once.
    """
    company = locked(company)
    _refuse_own(company, marked_by)
    if line not in BY_HAND or line not in LINES[company.country] or state not in (DONE, NOT_NEEDED, OPEN):
        raise ValidationError(_("This is no line of the checklist."))
    if seen != seen_of(company, BY_HAND[line]):
        raise ValidationError(_("The company has changed this since you opened the page. Look at it once more."))
    if state == NOT_NEEDED and not words:
        raise ValidationError({"words": _("Say why this is not needed.")})
    said = {"line": line, "state": state, "seen": seen}
    known = last_marks(company).get(line)
    if known and (known.checklist, known.words, known.made_by_id) == (said, words, marked_by.pk):
        return known
    return keep_step(company, VerificationAct.CHECKED, words, made_by=marked_by, checklist=said)


@transaction.atomic
def let_in(*, company: Company, decided_by: User | None = None, seen: str | None = None, reason: str = "") -> Company:
    """Let a company trade: one that asked for it, or one that was suspended.

    Its number is checked and the lists of sanctions are clear, or `reason` says why it is let in before that.
    `seen` is what the page showed (`state_of`); a command has shown nothing and hands in None.
    """
    company = locked(company)
    refuse_directory(company)
    _refuse_own(company, decided_by)
    if company.status not in (CompanyStatus.SUBMITTED, CompanyStatus.SUSPENDED):
        raise _not_possible(company)
    _refuse_stale(company, seen)
    if company.screening == Screening.REFUSED:
        raise ValidationError(
            _("The screening of %(company)s says refused. It can be let in once the screening is clear."),
            params={"company": str(company)},
        )
    lines = lines_now(company)
    if unproved(lines) and not reason:
        raise ValidationError(
            {"reason": _("Say why it is let in before its number is checked and the lists are clear.")}
        )
    _move(company, CompanyStatus.ACTIVE, "")
    keep_step(company, VerificationAct.LET_IN, reason, made_by=decided_by, checklist=as_kept(lines))
    event = f"company:{company.pk}:active:{company.changed_at.isoformat()}"
    tell_people(company, NoticeKind.COMPANY_ACTIVE, event)
    _match_anew(company)  # what it stated while it waited
    return company


@transaction.atomic
def send_back(*, company: Company, reason: str, decided_by: User | None = None, seen: str | None = None) -> Company:
    """Give a submitted company back to its people, who are told what to put right."""
    company = locked(company)
    _refuse_own(company, decided_by)
    if company.status != CompanyStatus.SUBMITTED:
        raise _not_possible(company)
    _refuse_stale(company, seen)
    _move(company, CompanyStatus.DRAFT, _said(reason))
    keep_step(company, VerificationAct.SENT_BACK, reason, made_by=decided_by, checklist=as_kept(lines_now(company)))
    event = f"company:{company.pk}:sent-back:{company.changed_at.isoformat()}"
    tell_people(company, NoticeKind.COMPANY_SENT_BACK, event, reason=reason)
    return company


@transaction.atomic
def suspend_company(
    *, company: Company, reason: str, decided_by: User | None = None, seen: str | None = None
) -> Company:
    """Take a company and all its listings out of the book until it is let in again."""
    company = locked(company)
    refuse_directory(company)
    _refuse_own(company, decided_by)
    if company.status != CompanyStatus.ACTIVE:
        raise _not_possible(company)
    _refuse_stale(company, seen)
    _move(company, CompanyStatus.SUSPENDED, _said(reason))
    keep_step(company, VerificationAct.SUSPENDED, reason, made_by=decided_by, checklist=as_kept(lines_now(company)))
    event = f"company:{company.pk}:suspended:{company.changed_at.isoformat()}"
    tell_people(company, NoticeKind.COMPANY_SUSPENDED, event)
    return company


@transaction.atomic
def screen(*, company: Company, screening: str, note: str = "", screened_by: User | None = None) -> Company:
    """Keep what the lists of sanctions say of a company. One that trades is matched anew: a refused one with nobody."""
    company = locked(company)
    _refuse_own(company, screened_by)
    before = company.screening
    if screening == Screening.REFUSED and not note:
        raise ValidationError({"note": _("Say on which list the company stands, and since when.")})
    company.screening, company.screening_note = Screening(screening), note
    company.full_clean()
    company.save(update_fields=["screening", "screening_note", "changed_at"])
    said = {"line": "screening", "screening": str(company.screening)}
    keep_step(company, VerificationAct.CHECKED, "", made_by=screened_by, checklist=said)
    if company.status == CompanyStatus.ACTIVE and company.screening != before:
        _match_anew(company)
    return company


def state_of(company: Company) -> str:
    """What a page keeps of a company and of what was said about it, to notice that either has changed meanwhile."""
    last = company.verification_steps.exclude(act=VerificationAct.CHECKED).order_by("-pk").values_list("pk", flat=True)
    return f"{version(company)} {last.first() or 0}"


def lines_now(company: Company) -> list[Line]:
    """The checklist at this moment, whoever asks: those who verify are told of every company."""
    others = Company.objects.filter(is_hidden=False, country=company.country).exclude(pk=company.pk)
    alike = likely_among(others, company.name_registered, company.registration_number)
    return checklist_of(company, is_alone=not alike)


def unproved(lines: list[Line]) -> list[Line]:
    """What should be proved before the company trades and is not."""
    return [line for line in lines if line.key in PROOFS and line.is_open]


def _count_what_was_checked(company: Company) -> None:
    """A company that trades already is trusted more from now on, not from the next run on."""
    if company.status == CompanyStatus.ACTIVE:
        _match_anew(company)


def _match_anew(company: Company) -> None:
    if company.needs.open().exists() or company.capacities.open().exists():
        book_changed.send(sender=Company, companies=[company], by_company=False)


def _move(company: Company, status: CompanyStatus, reason: str) -> None:
    company.status, company.status_reason, company.submitted_at = status, reason, None
    company.save(update_fields=["status", "status_reason", "submitted_at", "changed_at"])


def _refuse_own(company: Company, verifier: User | None) -> None:
    """The page is found by nobody who acts for the company; this holds for whoever began to meanwhile."""
    if verifier is not None and not may_verify(verifier, company):
        raise ValidationError(
            _("You act for %(company)s or entered it: somebody else decides about it."),
            params={"company": str(company)},
        )


def _refuse_stale(company: Company, seen: str | None) -> None:
    if seen is not None and seen != state_of(company):
        raise ValidationError(
            _(
                "The company or somebody else who verifies it has changed something since you opened this page. "
                "Look at it once more, then decide."
            ),
            code="changed_meanwhile",
        )


def _said(reason: str) -> str:
    if not reason:
        raise ValidationError({"reason": _("Say why. The company reads it.")})
    return reason


def _not_possible(company: Company) -> ValidationError:
    return ValidationError(
        _("This is not possible while %(company)s is %(status)s. Somebody else may have decided meanwhile."),
        params={"company": str(company), "status": company.get_status_display()},
    )
