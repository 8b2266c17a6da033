"""The legs of the corridor: the list, one leg, and opening or closing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.lists.pages import listing, refused
from accounts.permissions import may_keep_corridor, may_see_every_company
from corridor.forms.legs import LegFilter, SwitchForm, place_choices
from corridor.legs import legs_on, with_switches
from corridor.models import Equipment, FreightQuote, Leg
from corridor.services.switches import newest_of, switch_leg


@only_for(may_see_every_company)
@require_safe
def leg_list(request: HttpRequest) -> HttpResponse:
    """Every leg, with what holds of it today."""
    filters = LegFilter(request.GET)
    shown = listing(request, filters, ready)
    if not shown.is_valid:
        return refused(request, filters)
    shown.page.object_list = with_switches(shown.page.object_list)
    context = {
        "listing": shown,
        "page": shown.page,
        "sorts": shown.sort_links(),
        "facets": [
            shown.facet("state", filters.counts("state"), hide_empty=True),
            shown.facet("mode", filters.counts("mode"), hide_empty=True),
            shown.facet("country", filters.country_counts(), hide_empty=True),
            shown.facet("confidence", filters.counts("confidence"), hide_empty=True),
        ],
        "places": place_choices(),
    }
    return render(request, "corridor/leg_list.html", context)


def ready(legs):
    return legs.select_related("origin", "destination").prefetch_related("equipment_links__equipment")


@only_for(may_see_every_company)
@require_safe
def leg_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One leg: what is known of it, what it costs today, who switched it."""
    leg = found_leg(pk)
    return leg_page(request, leg, SwitchForm(initial=usual(leg)))


@only_for(may_keep_corridor)
@require_POST
def leg_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Open or close the leg from a day on."""
    leg = found_leg(pk)
    form = SwitchForm(request.POST)
    if form.is_valid():
        try:
            switch = switch_leg(leg=leg, switched_by=request.user, **form.facts())
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, told(switch.is_open))
            return redirect("corridor:leg-detail", leg.pk)
    return leg_page(request, leg, form.seen_now(newest_of(leg.switches.all())), status=400)


def told(is_open: bool) -> str:
    if is_open:
        return _("The leg is open on these days. Routes and the next run take it.")
    return _("The leg is closed on these days. Routes and the next run keep off it.")


def leg_page(request: HttpRequest, leg: Leg, form: SwitchForm, *, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    quotes = FreightQuote.objects.in_force(today).filter(leg=leg)
    context = {
        "leg": leg,
        "form": form,
        "today": today,
        "switches": leg.switches.select_related("switched_by"),
        "quotes": quotes.select_related("origin", "destination", "equipment").order_by("equipment__code", "code"),
        "equipment": Equipment.objects.filter(legequipment__leg=leg),
        "parts": Leg.objects.filter(code__in=leg.parts).select_related("origin", "destination"),
        "may_keep": may_keep_corridor(request.user),
    }
    return render(request, "corridor/leg_detail.html", context, status=status)


def found_leg(pk: int) -> Leg:
    legs = legs_on(timezone.localdate()).select_related("origin", "destination")
    return with_switches([get_object_or_404(legs, pk=pk)])[0]


def usual(leg: Leg) -> dict:
    """What somebody who opens the page most likely comes for: to turn what holds today."""
    return {"becomes": "closed" if leg.is_open else "open", "seen": newest_of(leg.switches.all())}
