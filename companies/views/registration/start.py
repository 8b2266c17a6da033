"""The beginning: the number of the company."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import only_for
from accounts.enums import Role
from accounts.history import changes_by_the_way
from companies import services
from companies.enums import CompanyStatus
from companies.finding.likely import LikelySame
from companies.forms.registration import StartForm, StartForOthersForm
from companies.models import Company
from companies.numbers import bare
from companies.permissions import may_claim, may_register
from companies.registration import progress_of
from companies.views.finding import may_ask_for_number
from companies.views.likely import likely_context, likely_for


@only_for(may_register)
@require_http_methods(["GET", "HEAD", "POST"])
def registration_start(request: HttpRequest) -> HttpResponse:
    """A business user begins for its own company, city staff for one that asked for it."""
    form_class = StartForm if request.user.role == Role.BUSINESS else StartForOthersForm
    form = form_class(request.POST if request.method == "POST" else None)
    alike: list[LikelySame] = []
    if request.method == "POST" and form.is_valid():
        alike = [] if "another" in request.POST else companies_alike(request, form)
        if not alike and (company := begun(request, form)):
            return gone_on(request, company)
    context = {
        "form": form,
        "drafts": drafts(request),
        "may_claim": may_claim(request.user),
        **likely_context(request, alike),
    }
    status = 400 if form.errors else 200
    return render(request, "companies/registration/start.html", context, status=status)


def companies_alike(request: HttpRequest, form: StartForm) -> list[LikelySame]:
    """Companies that are likely the same, among those of which the person may be told; to be asked about once.

    A number that is here already is answered by the service: no name is needed for that.
    """
    facts = form.cleaned_data
    found = likely_for(request, name=facts["name_registered"], country=facts["country"])
    number = bare(facts["registration_number"])
    return [] if any(one.company.registration_number == number for one in found) else found


def begun(request: HttpRequest, form: StartForm) -> Company | None:
    """The company, or nothing where it is refused: the form says why."""
    if not may_ask_for_number(request, form):
        return None
    try:
        return services.begin_registration(user=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return None


def gone_on(request: HttpRequest, company: Company) -> HttpResponse:
    """To the list of steps; who acts for the company already is told that it is here."""
    if request.user.role != Role.BUSINESS:
        changes_by_the_way(stand_in=company.pk)
    if company.status != CompanyStatus.DRAFT:
        messages.info(request, _("You act for this company already."))
        return redirect("companies:company-detail", company.pk)
    return redirect("companies:registration", company.pk)


def drafts(request: HttpRequest) -> list[dict]:
    """What the person has begun and not sent."""
    begun = Company.objects.acted_for_by(request.user).filter(status=CompanyStatus.DRAFT)
    return [{"company": company, "progress": progress_of(company)} for company in begun]
