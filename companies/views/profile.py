"""A company's page, and what it says of itself."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import only_for
from companies import services
from companies.enums import CompanyStatus
from companies.forms.profile import ProfileForm
from companies.forms.verification import AnswerForm
from companies.models import Capacity, Company, Need
from companies.own_listings import newest_of
from companies.permissions import may_keep_members, may_open_papers
from companies.queries import checked_fields, missing_for_verification
from companies.services.asking import open_question, thread_of
from companies.services.locking import ChangedMeanwhile
from companies.views.finding import (
    may_ask_for_number,
    own_company,
    seen_company,
    signed_in,
    successor_of,
    what_one_may,
)


@only_for(signed_in)
@require_safe
def company_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What a company is, what was checked about it, what it needs and can supply. A merged entry leads to its other."""
    try:
        company = seen_company(request, pk)
    except Http404:
        if successor := successor_of(request, pk):
            return redirect("companies:company-detail", successor.pk)
        raise
    return company_page(request, company)


def company_page(
    request: HttpRequest, company: Company, *, answer_form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    own = what_one_may(request, company)
    question = open_question(company) if own["acts"] else None
    if answer_form is not None and question is not None:
        answer_form.ask_anew(question.pk)
    needs, capacities = Need.objects.visible_to(user), Capacity.objects.visible_to(user)
    context = own | {
        "facts": company.facts.select_related("checked_by"),
        "may_open_papers": may_open_papers(request.user, company),
        "keeps_members": may_keep_members(request.user, company) and not company.is_directory,
        "certificates": company.certificates.select_related("kind", "capacity").prefetch_related("files"),
        "needs": newest_of(needs.filter(company=company).prefetch_related("accepted__commodity", "accepted__group")),
        "capacities": newest_of(capacities.filter(company=company).select_related("commodity")),
        "members": company.memberships.select_related("user").order_by("role", "pk") if own["is_member"] else [],
        "stand_ins": company.stand_ins.open().select_related("user") if own["is_member"] else [],
        "missing": missing_for_verification(company) if company.status == CompanyStatus.DRAFT else [],
        "thread": thread_of(company) if own["acts"] else [],
        "question": question,
        "answer_form": answer_form or (AnswerForm(initial={"question": question.pk}) if question else None),
        "refused": answer_form,
        "term": settings.VERIFICATION_WORKING_DAYS,
    }
    return render(request, "companies/company_detail.html", context, status=status)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def company_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the profile true. Where it is refused, what was typed stays."""
    company = own_company(request, pk)
    # A field that came back is answered, even where somebody has checked it since: nothing typed is dropped quietly.
    checked = [name for name in checked_fields(company) if name not in request.POST]
    if request.method != "POST":
        return profile_page(request, company, ProfileForm(company=company, checked=checked))
    form = ProfileForm(request.POST, company=company, checked=checked)
    if form.is_valid() and may_ask_for_number(request, form, company.registration_number):
        try:
            services.edit_profile(company=company, seen_at=form.cleaned_data["seen_at"] or "", **form.stated())
        except ChangedMeanwhile as refusal:
            company.refresh_from_db()
            form.compare_with(company)
            form.add_refusal(refusal)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The profile is saved."))
            return redirect("companies:company-detail", company.pk)
    return profile_page(request, company, form, status=400)


def profile_page(request: HttpRequest, company: Company, form: ProfileForm, *, status: int = 200) -> HttpResponse:
    context = what_one_may(request, company) | {"form": form}
    return render(request, "companies/company_form.html", context, status=status)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def company_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to be verified."""
    company = own_company(request, pk)
    if request.method == "POST":
        try:
            services.submit_company(company=company, sent_by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("Sent. Those who verify companies have been told."))
    return redirect("companies:company-detail", company.pk)
