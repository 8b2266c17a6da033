"""People and their roles. For administrators alone; for everybody else there are no such pages."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import services, sessions
from accounts.access import only_for
from accounts.filters import PersonFilter
from accounts.forms.people import ReasonForm, RoleForm
from accounts.lists.pages import listing, refused
from accounts.models import User
from accounts.permissions import may_manage_people
from accounts.queries import changes_of, people


@only_for(may_manage_people)
@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """Everybody with an account."""
    filters = PersonFilter(request.GET, queryset=people())
    shown = listing(request, filters)
    if not shown.is_valid:
        return refused(request, filters)
    context = {
        "listing": shown,
        "page": shown.page,
        "sorts": shown.sort_links(),
        "facets": [shown.facet(name, filters.counts(name)) for name in ("role", "state", "factor")],
    }
    return render(request, "accounts/person_list.html", context)


@only_for(may_manage_people)
@require_safe
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: role, account, second factor, sessions, and what was decided about them."""
    return show(request, get_object_or_404(people(), pk=pk))


@only_for(may_manage_people)
@require_POST
def person_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give another role."""
    return decide(request, pk, "role", RoleForm, services.change_role, _("%(person)s has another role now."))


@only_for(may_manage_people)
@require_POST
def person_close(request: HttpRequest, pk: int) -> HttpResponse:
    return decide(request, pk, "close", ReasonForm, services.close_account, _("The account of %(person)s is closed."))


@only_for(may_manage_people)
@require_POST
def person_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    return decide(request, pk, "reopen", ReasonForm, services.reopen_account, _("The account of %(person)s is open."))


@only_for(may_manage_people)
@require_POST
def person_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a lost second factor."""
    done = _("%(person)s sets up a new second factor at the next sign-in.")
    return decide(request, pk, "factor", ReasonForm, services.remove_second_factor, done)


@only_for(may_manage_people)
@require_POST
def person_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a person out everywhere."""
    person = get_object_or_404(people(), pk=pk)
    try:
        services.end_sessions_of(person, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("%(person)s is signed out everywhere.") % {"person": person})
    return redirect("accounts:person-detail", pk)


def decide(request: HttpRequest, pk: int, name: str, form_class, service: Callable, done: str) -> HttpResponse:
    """One decision with its reason: carried out by a service, or shown again with what is wrong."""
    person = get_object_or_404(people(), pk=pk)
    form = form_class(request.POST, prefix=name)
    if form.is_valid():
        try:
            service(person, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, done % {"person": person})
            return redirect("accounts:person-detail", pk)
    return show(request, person, **{name: form})


def show(request: HttpRequest, person: User, **tried) -> HttpResponse:
    """The page of a person; a form that was tried and refused comes back as it was typed."""
    forms = {
        "role": RoleForm(prefix="role", initial={"role": person.role}),
        "close": ReasonForm(prefix="close"),
        "reopen": ReasonForm(prefix="reopen"),
        "factor": ReasonForm(prefix="factor"),
    }
    context = {
        "person": person,
        "forms": forms | tried,
        "tried": next(iter(tried.values()), None),
        "is_oneself": person.pk == request.user.pk,
        "sessions": sessions.open_sessions(person),
        "changes": changes_of(person),
    }
    return render(request, "accounts/person_detail.html", context)
