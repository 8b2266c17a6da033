"""City staff acting for a company: who does, why, since when; begun and ended."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from companies import services
from companies.forms.standing import StandInForm
from companies.models import Company
from companies.permissions import may_stand_in
from companies.views.finding import seen_company, signed_in, what_one_may

SHOWN_STAND_INS = 50


@only_for(signed_in)
@require_safe
def stand_in_list(request: HttpRequest, pk: int) -> HttpResponse:
    """For the company and for city staff."""
    return stand_ins_page(request, seen_company(request, pk), StandInForm())


def stand_ins_page(request: HttpRequest, company: Company, form: StandInForm, *, status: int = 200) -> HttpResponse:
    own = what_one_may(request, company)
    if not own["is_member"] and not own["may_stand_in"]:
        raise Http404
    stand_ins = company.stand_ins.select_related("user")[:SHOWN_STAND_INS]
    context = own | {"form": form, "stand_ins": stand_ins}
    return render(request, "companies/stand_in_list.html", context, status=status)


@only_for(may_stand_in)
@require_POST
def stand_in_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Act for a company from now on. It reads why."""
    company = seen_company(request, pk)
    form = StandInForm(request.POST)
    if form.is_valid():
        try:
            services.begin_stand_in(company=company, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("You stand in for the company now. It has been told."))
            return redirect("companies:company-detail", company.pk)
    return stand_ins_page(request, company, form, status=400)


@only_for(signed_in)
@require_POST
def stand_in_end(request: HttpRequest, pk: int, stand_in: int) -> HttpResponse:
    """Whoever stands in ends it, or the company does."""
    company = seen_company(request, pk)
    own = what_one_may(request, company)
    found = get_object_or_404(company.stand_ins, pk=stand_in)
    if not own["is_member"] and found.user_id != request.user.pk:
        raise Http404
    services.end_stand_in(stand_in=found)
    messages.success(request, _("Ended. From now on the city no longer acts for the company."))
    return redirect("companies:stand-in-list", company.pk)
