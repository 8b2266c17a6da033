"""Whether a company is what it says: checked, let in, sent back, suspended, screened."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.permissions import may_see_every_company
from companies import services
from companies.enums import CertificateState
from companies.finding import Candidate, find_company
from companies.forms.fields import OurForm
from companies.forms.standing import FactForm, ScreeningForm, SendBackForm, SuspendForm
from companies.models import Company
from companies.queries import missing_for_verification
from companies.services.locking import seen_of
from companies.services.verification import CHECKED_FACTS
from companies.views.finding import company_to_verify, what_one_may


@only_for(may_see_every_company)
@require_safe
def verification(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known, and the next step."""
    return verification_page(request, company_to_verify(request, pk))


def verification_page(
    request: HttpRequest, company: Company, *, refused: OurForm | None = None, status: int = 200
) -> HttpResponse:
    """The page with its four forms; the one that was refused keeps what was typed."""
    screening = {"screening": company.screening, "note": company.screening_note}
    forms = {
        "fact_form": FactForm(),
        "back_form": SendBackForm(),
        "suspend_form": SuspendForm(),
        "screening_form": ScreeningForm(initial=screening),
    }
    if refused is not None:
        forms[f"{refused.prefix}_form"] = refused
    context = what_one_may(request, company) | {
        "facts": company.facts.select_related("checked_by"),
        "missing": missing_for_verification(company),
        "certificates": certificates_to_check(company),
        "alike": [found.company for found in companies_like(company, request.user)],
        "refused": refused,
        **forms,
    }
    return render(request, "companies/verification.html", context, status=status)


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


def companies_like(company: Company, reader) -> list[Candidate]:
    """Companies that may be the same one, for a person to compare; nothing is merged by itself."""
    found = find_company(
        company.name_registered,
        number=company.registration_number,
        country=company.country,
        for_whom=reader,
        leaving_out=company,
    )
    return [candidate for candidate in found if candidate.company is not None]


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
        services.check_certificate(company=company, certificate=certificate, seen=request.POST.get("seen", ""))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Kept: held and checked."))
    return redirect("companies:verification", company.pk)


@only_for(may_see_every_company)
@require_POST
def company_let_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the company trade."""
    company = company_to_verify(request, pk)
    try:
        services.let_in(company=company)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The company is active. The next run takes its needs and capacities in."))
    return redirect("companies:verification", company.pk)


@only_for(may_see_every_company)
@require_POST
def company_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a submitted company back with what is to be put right."""
    company = company_to_verify(request, pk)

    def send_back(reason: str):
        services.send_back(company=company, reason=reason)

    return done(request, company, SendBackForm(request.POST), send_back, _("Sent back. The company reads why."))


@only_for(may_see_every_company)
@require_POST
def company_suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the company out of the book and out of every match."""
    company = company_to_verify(request, pk)

    def suspend(reason: str):
        services.suspend_company(company=company, reason=reason)

    said = _("The company is suspended and takes part in nothing. It has been told.")
    return done(request, company, SuspendForm(request.POST), suspend, said)


@only_for(may_see_every_company)
@require_POST
def company_screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the lists of sanctions say."""
    company = company_to_verify(request, pk)

    def screen(**facts):
        services.screen(company=company, **facts)

    return done(request, company, ScreeningForm(request.POST), screen, _("The screening is kept."))


def done(request: HttpRequest, company: Company, form: OurForm, act: Callable, said: str) -> HttpResponse:
    """Carry out what a form asks for; where it is refused, show the page again with what was typed."""
    if form.is_valid():
        try:
            act(**form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, said)
            return redirect("companies:verification", company.pk)
    return verification_page(request, company, refused=form, status=400)
