"""Who acts for a company, for those who know who the people are: the ones who verify it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.permissions import may_see_every_company
from companies import services
from companies.forms.standing import MemberForm
from companies.models import Company
from companies.views.finding import company_to_verify, what_one_may


@only_for(may_see_every_company)
@require_safe
def member_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The people who act for it."""
    return members_page(request, company_to_verify(request, pk), MemberForm())


def members_page(request: HttpRequest, company: Company, form: MemberForm, *, status: int = 200) -> HttpResponse:
    members = company.memberships.select_related("user").order_by("role", "pk")
    context = what_one_may(request, company) | {"form": form, "members": members}
    return render(request, "companies/member_list.html", context, status=status)


@only_for(may_see_every_company)
@require_POST
def member_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person act for the company."""
    company = company_to_verify(request, pk)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            services.join_member(company=company, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The person acts for the company now, and has been told."))
            return redirect("companies:member-list", company.pk)
    return members_page(request, company, form, status=400)


@only_for(may_see_every_company)
@require_POST
def member_part(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """The person no longer acts for the company."""
    company = company_to_verify(request, pk)
    try:
        services.part_member(membership=get_object_or_404(company.memberships, pk=member))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The person no longer acts for the company."))
    return redirect("companies:member-list", company.pk)
