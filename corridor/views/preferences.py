"""Preferential tariffs: what they would change, since when they count, and switching them on or taking them back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.permissions import may_see_every_company, may_switch_preferences
from corridor.changes import changes_of_preference
from corridor.forms.duties import BackForm
from corridor.forms.preferences import SwitchOnForm
from corridor.preferred import Scheme, effects_of, schemes_on
from corridor.services.preferences import stamp_of, switch_on, take_back


@only_for(may_see_every_company)
@require_safe
def preference_list(request: HttpRequest) -> HttpResponse:
    """Every preferential tariff that the data name, and whether it counts."""
    today = timezone.localdate()
    schemes = [(scheme, scheme.is_in_force(today)) for scheme in schemes_on(today)]
    context = {"schemes": schemes, "may_switch": may_switch_preferences(request.user)}
    return render(request, "corridor/preferences.html", context)


@only_for(may_see_every_company)
@require_safe
def preference_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One preferential tariff: what it changes, how it is switched, and who switched it."""
    return preference_page(request, found_scheme(slug))


@only_for(may_switch_preferences)
@require_POST
def preference_switch(request: HttpRequest, slug: str) -> HttpResponse:
    """Switch it on, or set its day or reference right: first what that changes is shown, then it is done."""
    scheme = found_scheme(slug)
    form = SwitchOnForm(request.POST)
    if not form.is_valid():
        return preference_page(request, scheme, form=form.seen_now(scheme.preference), status=400)
    facts = dict(form.cleaned_data)
    if not facts.pop("confirmed"):
        return second_thought(request, scheme, form)
    try:
        switch_on(scheme=scheme.name, by=request.user, **facts)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        scheme = found_scheme(slug)
        return preference_page(request, scheme, form=form.seen_now(scheme.preference), status=400)
    messages.success(request, _("%(scheme)s is switched on. The next run reckons with it.") % {"scheme": scheme.name})
    return redirect("corridor:preference-detail", slug)


@only_for(may_switch_preferences)
@require_POST
def preference_take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """It counts no more."""
    scheme = found_scheme(slug)
    form = BackForm(request.POST, prefix="back")
    if form.is_valid():
        try:
            take_back(scheme=scheme.name, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            done = _("%(scheme)s is taken back. The next run reckons without it.") % {"scheme": scheme.name}
            messages.success(request, done)
            return redirect("corridor:preference-detail", slug)
    return preference_page(request, found_scheme(slug), back=form, status=400)


def found_scheme(slug: str) -> Scheme:
    for scheme in schemes_on(timezone.localdate()):
        if scheme.slug == slug:
            return scheme
    raise Http404


def second_thought(request: HttpRequest, scheme: Scheme, form: SwitchOnForm) -> HttpResponse:
    """What will change, in words, before it does."""
    since = form.cleaned_data["in_force_from"]
    context = {
        "scheme": scheme,
        "preference": scheme.preference,
        "form": form,
        "since": since,
        "is_future": since > timezone.localdate(),
        "legal_reference": form.cleaned_data["legal_reference"],
        "effects": effects_of(scheme, timezone.localdate()),
    }
    return render(request, "corridor/preference_confirm.html", context)


def preference_page(
    request: HttpRequest,
    scheme: Scheme,
    *,
    form: SwitchOnForm | None = None,
    back: BackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    if back is not None:
        back.data = back.data.copy()
        back.data["back-seen"] = stamp_of(scheme.preference)
    context = {
        "scheme": scheme,
        "preference": scheme.preference,
        "is_on": scheme.is_in_force(today),
        "effects": effects_of(scheme, today),
        "form": form or SwitchOnForm.of(scheme.preference),
        "back": back or BackForm(prefix="back", initial={"seen": stamp_of(scheme.preference)}),
        "tried": form or back,
        "changes": changes_of_preference(scheme.name),
        "may_switch": may_switch_preferences(request.user),
    }
    return render(request, "corridor/preference_detail.html", context, status=status)
