"""Asking a company back while it is verified, and its answers: a thread that both sides read in its order."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from companies.enums import CompanyStatus, VerificationAct
from companies.models import Company, Membership, StandIn, VerificationStep
from companies.permissions import may_verify
from companies.queries import people_who_verify
from companies.services.locking import locked, refuse_suspended
from notices.enums import NoticeKind
from notices.services import tell

MOST_QUESTIONS = 50  # of one company that nobody has let in; nobody reads more


@transaction.atomic
def ask_company(*, company: Company, words: str, asked_by: User) -> VerificationStep:
    """Ask the company something. It stays submitted, and its people are told. The same asked twice is asked once."""
    company = locked(company)
    if not may_verify(asked_by, company):
        raise ValidationError(
            _("You act for %(company)s or entered it: somebody else decides about it."),
            params={"company": str(company)},
        )
    if company.status != CompanyStatus.SUBMITTED:
        raise ValidationError(
            _("%(company)s is %(status)s: a question can be asked while it waits to be verified."),
            params={"company": str(company), "status": company.get_status_display()},
        )
    if not words:
        raise ValidationError({"words": _("Write the question. The company reads it in these words.")})
    last = open_question(company)
    if last is not None and last.words == words:
        return last
    if company.verification_steps.filter(act=VerificationAct.ASKED).count() >= MOST_QUESTIONS:
        raise ValidationError(
            _("The company has been asked %(most)s times. Decide now."), params={"most": MOST_QUESTIONS}
        )
    step = keep_step(company, VerificationAct.ASKED, words, made_by=asked_by)
    tell_people(company, NoticeKind.ASKED_BACK, f"company:{company.pk}:asked:{step.pk}", words=words)
    return step


@transaction.atomic
def answer_question(*, company: Company, question: int, words: str, answered_by: User) -> VerificationStep:
    """Answer in words. `question` is the one that the page showed last. Those who verify are told.

    The same sent again (a double tap, a second tab) is answered once.
    """
    company = locked(company)
    refuse_suspended(company)
    if not words:
        raise ValidationError({"words": _("Write the answer.")})
    last = last_step(company)
    if last is not None and (last.act, last.words) == (VerificationAct.ANSWERED, words):
        return last
    if company.status != CompanyStatus.SUBMITTED or open_question(company) is None:
        raise ValidationError(_("No question waits for an answer any more. Somebody may have answered meanwhile."))
    if last.pk != question:
        raise ValidationError(
            _("Another question has come since you opened the page. Read it, then answer both."),
            code="changed_meanwhile",
        )
    step = keep_step(company, VerificationAct.ANSWERED, words, made_by=answered_by)
    tell(
        users=people_who_verify(company),
        kind=NoticeKind.ASK_ANSWERED,
        event=f"company:{company.pk}:answered:{step.pk}",
        facts={"company": str(company)},
        address=reverse("companies:verification", args=[company.pk]),
    )
    return step


def thread_of(company: Company) -> QuerySet[VerificationStep]:
    """What was asked, answered and decided, in its order. Lines of the checklist are no talk with the company."""
    steps = company.verification_steps.exclude(act=VerificationAct.CHECKED)
    return steps.select_related("made_by").order_by("pk")


def last_step(company: Company) -> VerificationStep | None:
    return thread_of(company).last()


def open_question(company: Company) -> VerificationStep | None:
    """The question that waits for an answer, if the company waits and has one."""
    last = last_step(company)
    is_open = company.status == CompanyStatus.SUBMITTED and last is not None and last.act == VerificationAct.ASKED
    return last if is_open else None


def keep_step(
    company: Company, act: VerificationAct, words: str = "", *, made_by: User | None, checklist: dict | None = None
) -> VerificationStep:
    """Keep one act, within the transaction of whoever does it."""
    step = VerificationStep(company=company, act=act, words=words, made_by=made_by, checklist=checklist or {})
    step.full_clean()
    step.save()
    return step


def people_of(*companies: Company) -> QuerySet[User]:
    """Who acts for some companies and can still sign in: members, and city staff who stand in for one of them now."""
    members = Membership.objects.filter(company__in=companies).values("user")
    stand_ins = StandIn.objects.open().filter(company__in=companies).values("user")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=stand_ins), is_active=True)


def tell_people(company: Company, kind: NoticeKind, event: str, **facts: str) -> None:
    tell(
        users=people_of(company),
        kind=kind,
        event=event,
        facts={"company": str(company), **facts},
        address=reverse("companies:company-detail", args=[company.pk]),
    )
