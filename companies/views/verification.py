"""Whether a company is what it says: what it states beside its papers, the checklist, asking back, the decision."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.permissions import may_see_every_company
from companies import services
from companies.checklist import BY_HAND, LINES, checklist_of
from companies.enums import CertificateState
from companies.finding.likely import likely_same
from companies.forms.fields import OurForm
from companies.forms.standing import FactForm, ScreeningForm
from companies.forms.verification import LetInForm, MarkForm, QuestionForm, SendBackSeenForm, SuspendSeenForm
from companies.models import Company
from companies.proving import what_the_number_proves, what_the_tax_number_proves, where_to_look_it_up
from companies.queries import missing_for_verification
from companies.seen import seen_of
from companies.services.asking import open_question, thread_of
from companies.services.verification import CHECKED_FACTS, state_of, unproved
from companies.views.finding import company_to_verify, what_one_may


@only_for(may_see_every_company)
@require_safe
def verification(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known, and the next step."""
    return verification_page(request, company_to_verify(request, pk))


def verification_page(
    request: HttpRequest, company: Company, *, refused: OurForm | None = None, status: int = 200
) -> HttpResponse:
    """The page with its forms; the one that was refused keeps what was typed, and goes on from what is shown now."""
    seen = {"seen": state_of(company)}
    forms = {
        "fact_form": FactForm(),
        "ask_form": QuestionForm(),
        "in_form": LetInForm(initial=seen),
        "back_form": SendBackSeenForm(initial=seen),
        "suspend_form": SuspendSeenForm(initial=seen),
        "screening_form": ScreeningForm(initial={"screening": company.screening, "note": company.screening_note}),
    }
    if refused is not None:
        show_anew(refused, company)
        forms[f"{refused.prefix}_form"] = refused
    alike = likely_same(company, request.user)
    lines = checklist_of(company, is_alone=not alike)
    context = what_one_may(request, company) | {
        "facts": company.facts.select_related("checked_by"),
        "missing": missing_for_verification(company),
        "certificates": certificates_to_check(company),
        "number_says": what_the_number_proves(company) + what_the_tax_number_proves(company),
        "look_up": where_to_look_it_up(company.country),
        "alike": alike,
        "lines": [{"line": line, "form": form_of_line(line.key, company, refused)} for line in lines],
        "open_lines": sum(line.is_open for line in lines),
        "unproved": unproved(lines),
        "thread": thread_of(company),
        "question": open_question(company),
        "refused": refused,
        **forms,
    }
    return render(request, "companies/verification.html", context, status=status)


def show_anew(form: OurForm, company: Company) -> None:
    """What was typed is looked at once more, beside what is stored now: the next sending goes on from here."""
    if "seen" in form.fields:
        seen = seen_of(company, BY_HAND[form.line]) if isinstance(form, MarkForm) else state_of(company)
        form.data = form.data.copy()
        form.data[form.add_prefix("seen")] = seen


def form_of_line(key: str, company: Company, refused: OurForm | None) -> MarkForm | None:
    """What is typed about a line that is said by hand."""
    if key not in BY_HAND:
        return None
    if isinstance(refused, MarkForm) and refused.line == key:
        return refused
    return MarkForm(line=key, seen=seen_of(company, BY_HAND[key]))


def certificates_to_check(company: Company) -> list[dict]:
    """What it states of certificates, with what the page showed of each, so that nothing else is called checked."""
    return [
        {
            "certificate": certificate,
            "seen": seen_of(certificate, CHECKED_FACTS),
            "may_be_checked": certificate.state == CertificateState.UNCHECKED,
        }
        for certificate in company.certificates.select_related("kind").prefetch_related("files")
    ]


@only_for(may_see_every_company)
@require_POST
def fact_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was checked, and when."""
    company = company_to_verify(request, pk)

    def record(**facts):
        services.record_fact(company=company, checked_by=request.user, **facts)

    return done(request, company, FactForm(request.POST), record, _("Kept. The company has been told."))


@only_for(may_see_every_company)
@require_POST
def certificate_check(request: HttpRequest, pk: int, certificate: int) -> HttpResponse:
    """Keep that a certificate was held against its paper."""
    company = company_to_verify(request, pk)
    try:
        services.check_certificate(
            company=company, certificate=certificate, seen=request.POST.get("seen", ""), checked_by=request.user
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Kept: held and checked."))
    return redirect("companies:verification", company.pk)


@only_for(may_see_every_company)
@require_POST
def verification_line(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    """Keep how a line of the checklist stands."""
    company = company_to_verify(request, pk)
    if line not in BY_HAND or line not in LINES[company.country]:
        raise Http404

    def mark(**said):
        services.mark_line(company=company, line=line, marked_by=request.user, **said)

    return done(request, company, MarkForm(request.POST, line=line), mark, _("Kept in the checklist."))


@only_for(may_see_every_company)
@require_POST
def verification_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the company; it goes on waiting."""
    company = company_to_verify(request, pk)

    def ask(words: str):
        services.ask_company(company=company, words=words, asked_by=request.user)

    return done(request, company, QuestionForm(request.POST), ask, _("Asked. The company has been told."))


@only_for(may_see_every_company)
@require_POST
def company_let_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the company trade."""
    company = company_to_verify(request, pk)

    def let_in(**said):
        services.let_in(company=company, decided_by=request.user, **said)

    said = _("%(company)s is active: its open needs and capacities take part in the matching.")
    said %= {"company": str(company)}
    return done(request, company, LetInForm(request.POST), let_in, said)


@only_for(may_see_every_company)
@require_POST
def company_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a submitted company back with what is to be put right."""
    company = company_to_verify(request, pk)

    def send_back(**said):
        services.send_back(company=company, decided_by=request.user, **said)

    return done(request, company, SendBackSeenForm(request.POST), send_back, _("Sent back. The company reads why."))


@only_for(may_see_every_company)
@require_POST
def company_suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the company out of the book and out of every match."""
    company = company_to_verify(request, pk)

    def suspend(**said):
        services.suspend_company(company=company, decided_by=request.user, **said)

    said = _("The company is suspended and takes part in nothing. It has been told.")
    return done(request, company, SuspendSeenForm(request.POST), suspend, said)


@only_for(may_see_every_company)
@require_POST
def company_screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the lists of sanctions say."""
    company = company_to_verify(request, pk)

    def screen(**facts):
        services.screen(company=company, screened_by=request.user, **facts)

    return done(request, company, ScreeningForm(request.POST), screen, _("The screening is kept."))


def done(request: HttpRequest, company: Company, form: OurForm, act: Callable, said: str) -> HttpResponse:
    """Carry out what a form asks for; where it is refused, show the page again with what was typed."""
    if form.is_valid():
        try:
            act(**form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
            company.refresh_from_db()
        else:
            messages.success(request, said)
            return redirect("companies:verification", company.pk)
    return verification_page(request, company, refused=form, status=400)
