"""Saved views: keep a list as it is shown, give it another name, share it, remove it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import only_for
from accounts.forms.saved_views import SaveViewForm, ViewNameForm
from accounts.models import SavedView
from accounts.permissions import may_see_every_company
from accounts.saved_views import address_of, lists, remove_view, rename_view, save_view, share_view


@only_for(may_see_every_company)
@require_POST
def saved_view_save(request: HttpRequest) -> HttpResponse:
    """Save the list that somebody looks at; back to it."""
    form = SaveViewForm(request.POST)
    page = request.POST.get("page", "")
    if page not in lists():
        raise Http404
    if form.is_valid():
        try:
            view = save_view(request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            said = (
                _("The view is saved as “%(name)s” and shared.")
                if view.is_shared
                else _("The view is saved as “%(name)s”.")
            )
            messages.success(request, said % {"name": view.name})
            return redirect(address_of(view))
    context = {"form": form, "list": lists()[page], "back": reverse(page)}
    return render(request, "accounts/saved_view_save.html", context, status=400)


@only_for(may_see_every_company)
@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own view: its name, whether it is shared, and the way to remove it."""
    view = own_view(request, pk)
    form = ViewNameForm(request.POST if request.method == "POST" else None, initial={"name": view.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_view(view, form.cleaned_data["name"])
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The view has another name now."))
            return redirect(address_of(view))
    context = {"form": form, "view": view, "list": lists()[view.page], "back": address_of(view)}
    return render(request, "accounts/saved_view_edit.html", context, status=400 if form.errors else 200)


@only_for(may_see_every_company)
@require_POST
def saved_view_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Share one's own view with everybody who may open the list, or keep it to oneself again."""
    view = own_view(request, pk)
    is_shared = request.POST.get("shared") == "yes"
    share_view(view, is_shared=is_shared)
    said = (
        _("“%(name)s” is shared: your colleagues find it above this list.")
        if is_shared
        else _("“%(name)s” is yours alone again.")
    )
    messages.success(request, said % {"name": view.name})
    return redirect(address_of(view))


@only_for(may_see_every_company)
@require_POST
def saved_view_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one's own view. Its address goes on working."""
    view = own_view(request, pk)
    remove_view(view)
    messages.success(request, _("The view “%(name)s” is removed. Its address goes on working.") % {"name": view.name})
    return redirect(reverse(view.page))


def own_view(request: HttpRequest, pk: int) -> SavedView:
    """A colleague's view is theirs to change, also where it is shared; and a list may be gone."""
    return get_object_or_404(SavedView, pk=pk, owner=request.user, page__in=list(lists()))
