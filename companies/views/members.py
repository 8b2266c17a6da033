"""Who acts for a company: seen by its own people, said by its owners and by those who verify it or stand in for it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.permissions import may_see_every_company
from companies import services
from companies.enums import InvitationKind
from companies.forms.members import InviteForm, RoleForm
from companies.forms.standing import MemberForm
from companies.models import Company
from companies.permissions import is_member, is_owner, may_hand_over, may_keep_members
from companies.views.finding import say_who_stands_in, seen_company, signed_in, what_one_may

SHOWN_INVITATIONS = 30


@only_for(signed_in)
@require_safe
def member_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The people who act for it, and who is invited."""
    company = seen_company(request, pk)
    if not is_member(request.user, company) and not may_keep_members(request.user, company):
        raise Http404
    return members_page(request, company)


def members_page(
    request: HttpRequest,
    company: Company,
    *,
    form: MemberForm | None = None,
    invite_form: InviteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    keeps = may_keep_members(user, company)
    newest = {one.email: one for one in reversed(company.invitations.filter(kind=InvitationKind.JOIN))} if keeps else {}
    context = what_one_may(request, company) | {
        "form": form or MemberForm(),
        "invite_form": invite_form or InviteForm(),
        "members": company.memberships.select_related("user").order_by("-role", "pk"),
        "keeps": keeps,
        "is_owner": is_owner(user, company),
        "is_official": may_see_every_company(user),
        "may_hand_over": may_hand_over(user, company) and not company.is_directory,
        "invitations": sorted(newest.values(), key=lambda one: -one.pk)[:SHOWN_INVITATIONS],
    }
    return render(request, "companies/member_list.html", context, status=status)


def kept_company(request: HttpRequest, pk: int) -> Company:
    """One of which the person says who acts for it; for anybody else there is no such page."""
    company = seen_company(request, pk)
    if not may_keep_members(request.user, company):
        raise Http404
    say_who_stands_in(request, company)
    return company


@only_for(may_see_every_company)
@require_POST
def member_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person act for the company whom those who verify it know."""
    company = kept_company(request, pk)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            services.join_member(company=company, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The person acts for the company now, and has been told."))
            return redirect("companies:member-list", company.pk)
    return members_page(request, company, form=form, status=400)


@only_for(signed_in)
@require_POST
def member_role(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Owner or editor."""
    company = kept_company(request, pk)
    membership = get_object_or_404(company.memberships, pk=member)
    form = RoleForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(form.errors.get("role", []))
        services.change_role(membership=membership, role=form.cleaned_data["role"])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The role is changed."))
    return redirect("companies:member-list", company.pk)


@only_for(signed_in)
@require_POST
def member_part(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """The person no longer acts for the company."""
    company = kept_company(request, pk)
    membership = get_object_or_404(company.memberships, pk=member)
    if membership.user_id == request.user.pk:
        return member_leave(request, pk)
    try:
        services.part_member(membership=membership)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The person no longer acts for the company."))
    return redirect("companies:member-list", company.pk)


@only_for(signed_in)
@require_POST
def member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """By their own will: an owner where another one stays, an editor always."""
    company = seen_company(request, pk)
    if not is_member(request.user, company):
        raise Http404
    try:
        services.leave_company(company=company, user=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("companies:member-list", company.pk)
    messages.success(request, _("You no longer act for %(company)s.") % {"company": company})
    return redirect("desk:home")
