"""The list of steps, and the page of each."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import only_for
from companies import services
from companies.forms.registration import STEP_FORMS, StepForm
from companies.models import Company
from companies.registration import step_after
from companies.services.locking import ChangedMeanwhile
from companies.views.finding import may_ask_for_number, own_company, signed_in
from companies.views.registration.listed import frame, step_url


@only_for(signed_in)
@require_safe
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the registration is. Whoever acts for the company goes on from here, on any device."""
    company = own_company(request, pk)
    return render(request, "companies/registration/list.html", frame(request, company))


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def registration_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step: saved at once, then the next one that is to do."""
    if step not in STEP_FORMS:
        raise Http404
    company = own_company(request, pk)
    if request.method != "POST":
        return step_page(request, company, STEP_FORMS[step](company=company))
    form = STEP_FORMS[step](request.POST, company=company)
    if form.is_valid() and may_ask_for_number(request, form, company.registration_number):
        try:
            company = services.save_step(
                company=company, step=form.step, seen=form.cleaned_data["seen"], **form.stated()
            )
        except ChangedMeanwhile as refusal:
            company.refresh_from_db()
            form.say_what_is_stored(company)
            form.add_refusal(refusal)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            return redirect(step_url(company, next_of(step, company)))
    return step_page(request, company, form, status=400)


def next_of(step: str, company: Company) -> str:
    """Where one goes on: from the region to what follows from it, which a person looks at; else to what is to do."""
    return "loading" if step == "site" else step_after(step, company)


def step_page(request: HttpRequest, company: Company, form: StepForm, *, status: int = 200) -> HttpResponse:
    context = frame(request, company, form.key) | {"form": form, "step": form.step}
    return render(request, "companies/registration/step.html", context, status=status)
