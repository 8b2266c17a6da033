"""What would become of one match if something were otherwise."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.permissions import may_see_every_company
from corridor.models import Place
from matching.engine import COMPONENTS, ScoreTable
from matching.models import Match
from matching.one_match import explained
from matching.one_match.assumed import Towards
from matching.one_match.pair_facts import read_legs
from matching.what_if.compared import NoSuchRouteError, State, as_it_is, compare, duty_beside, otherwise
from matching.what_if.flips import candidates, flips_of
from matching.what_if.forms import WhatIfForm


@only_for(may_see_every_company)
@require_safe
def match_what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """A match as it is beside what it would be, and at which freight its ranking turns. Nothing is kept."""
    matches = Match.objects.visible_to(request.user).filter(latest__isnull=False)
    match = get_object_or_404(explained.laid_open(matches), pk=pk)
    run = match.latest.run
    table = ScoreTable.from_json(run.options.get("weights", run.weights.values))
    ways = Towards(run.as_of)
    now = as_it_is(match, ways, table)
    context = {"match": match, "need": match.need, "capacity": match.capacity, "on": ways.on, "now": now}
    if now is None:
        return render(request, "matching/what_if.html", context)
    context |= answer(request, match, now, table)
    if "HX-Request" in request.headers:
        response = render(request, "matching/_what_if_answer.html", context | {"is_part": True})
        response["HX-Replace-Url"] = address_of(request)
        return response
    if context["form"].errors:  # the turns cost hundreds of comparisons: not for an address that is refused
        return render(request, "matching/what_if.html", context, status=400)
    rivals = candidates(match, matches)
    context |= {"rivals": rivals, "flips": flips_of(match, rivals, ways, table)}
    return render(request, "matching/what_if.html", context)


def address_of(request: HttpRequest) -> str:
    """The address that asks the same, to be shared: without the fields that were left as they are."""
    asked = urlencode([(name, value) for name, values in request.GET.lists() for value in values if value])
    return f"{request.path}?{asked}" if asked else request.path


def answer(request: HttpRequest, match: Match, now: State, table: ScoreTable) -> dict:
    """What was asked, and what would come of it. The page asks for this part alone while somebody types."""
    places = {place.code: place for place in Place.objects.all()}
    form = form_of(request, match, now, places, table)
    then = None
    if form.is_valid() and form.is_something:
        try:
            then = otherwise(now, form.cleaned_data, form.wanted, form.offered, form.table or table)
        except NoSuchRouteError:
            form.add_error("route", _("This route does not lead from that place to this one: leave it as it is."))
    return {
        "form": form,
        "compared": compare(now, then, places, read_legs(now.ways.on)) if then else None,
        "agreements": duty_beside(then, now.ways, form.cleaned_data["preference"]) if then else [],
    }


def form_of(request: HttpRequest, match: Match, now: State, places: dict[str, Place], table: ScoreTable) -> WhatIfForm:
    routes = explained.route_choices(now.pair.ways_there(now.ways), places)
    schemes = {row.preference_scheme for row in now.ways.tariffs.rows} - {"", *now.ways.tariffs.preferred}
    weights = dict(zip(COMPONENTS, table.weights, strict=True))
    return WhatIfForm(request.GET, match, list(places.values()), routes, sorted(schemes), weights)
