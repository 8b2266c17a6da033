"""The map of the corridor, and the ways of a lane side by side."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.permissions import may_see_every_company
from corridor.drawing import map_of
from corridor.forms.lane import LaneForm
from corridor.lanes import NoRoute, lane_routes
from corridor.legs import LegState, legs_on, with_switches
from corridor.models import Equipment, Leg, Place
from corridor.side_by_side import Start, Way, starts, ways_told
from corridor.ways import Ways

ASKED = ("origin", "destination", "goods", "on", "shipment_t")


@dataclass(frozen=True)
class Lane:
    """What a page says of a lane that was asked for."""

    origin: Place
    destination: Place
    on: date
    ways: list[Way]
    none: NoRoute | None
    starts: list[Start]
    equipment: list[Equipment]  # that was tried, where there is no route
    turned: str  # the address of the way back


@only_for(may_see_every_company)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every leg with its state; of a lane that is asked for, every route that no other beats."""
    is_asked = any(name in request.GET for name in ASKED)
    form = LaneForm(request.GET if is_asked else None)
    is_sound = is_asked and form.is_valid()
    on = form.cleaned_data["on"] if is_sound else timezone.localdate()
    legs = list(legs_on(on).select_related("origin", "destination").order_by("code"))
    lane = lane_of(form, legs, request.GET) if is_sound else None
    routes = [way.route for way in lane.ways] if lane else []
    context = {
        "form": form,
        "on": on,
        "lane": lane,
        "map": map_of(routes, on=on, legs=legs),
        "shut": switched_first(with_switches(leg for leg in legs if leg.state != LegState.OPEN)),
        "open": sum(leg.state == LegState.OPEN for leg in legs),
        "legs": legs,
    }
    return render(request, "corridor/overview.html", context, status=400 if is_asked and not is_sound else 200)


def switched_first(legs: list[Leg]) -> list[Leg]:
    """What a person closed is news, the last one first; what the data say has been so for long."""
    return sorted(legs, key=lambda leg: -leg.switch.pk if leg.switch else 0)


def lane_of(form: LaneForm, legs: list[Leg], query: QueryDict) -> Lane:
    ways, load, asked = Ways(form.cleaned_data["on"]), form.load(), form.cleaned_data
    places = {place.code: place for place in Place.objects.all()}
    origin, destination = asked["origin"], asked["destination"]
    routes, none = lane_routes(ways, load, origin, destination)
    turned = query.copy()
    turned["origin"], turned["destination"] = destination, origin
    return Lane(
        origin=places[origin],
        destination=places[destination],
        on=ways.on,
        ways=ways_told(routes, ways, places, legs),
        none=none,
        starts=starts(ways, load, origin, destination, places),
        equipment=list(Equipment.objects.filter(code__in=none.equipment)) if none else [],
        turned=f"?{turned.urlencode()}",
    )
