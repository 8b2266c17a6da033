"""Propose a pair that no run lists: choose the other side, look at the verdicts as they are, say why."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import only_for
from accounts.permissions import may_decide_on_matches
from companies.models import Capacity, Need
from matching import services
from matching.engine import ScoreTable
from matching.forms import ProposeForm, SearchForm
from matching.lists import newest_official_run
from matching.models import Match
from matching.names import reader_names
from matching.services.what_ifs import weights_of
from matching.tables.other_sides import other_sides
from matching.tasks import refresh_listing
from matching.what_if.live import live

NEEDS = ("company__region", "company__place", "destination", "named_place")
CAPACITIES = ("company__region", "company__place", "commodity", "place")
MOST_DIGITS = 18


@only_for(may_decide_on_matches)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """With one side: choose the other. With both: how they fit as it is, and the reason."""
    asked = request.POST if request.method == "POST" else request.GET
    need = listing_of(request, Need.objects.select_related(*NEEDS), asked.get("need"))
    capacity = listing_of(request, Capacity.objects.select_related(*CAPACITIES), asked.get("capacity"))
    if need and capacity:
        return of_both(request, need, capacity)
    return of_one(request, need or capacity)


def listing_of(request: HttpRequest, listings, number: str | None):
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        raise Http404
    return get_object_or_404(listings.visible_to(request.user), pk=int(number))


def of_one(request: HttpRequest, own: Need | Capacity | None) -> HttpResponse:
    """Whom might it suit? Those who trade the same goods, or whom one looks for."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    refused = services.refusal_of_listing(own) if own else ""
    context = {
        "own": own,
        "side": "need" if isinstance(own, Need) else "capacity",
        "refused": refused,
        "form": form,
        "words": words,
        "found": other_sides(own, words, request.user) if own and not refused and form.is_valid() else None,
    }
    return render(request, "matching/propose.html", context, status=200 if form.is_valid() else 400)


def of_both(request: HttpRequest, need: Need, capacity: Capacity) -> HttpResponse:
    """A pair that is a match leads there; another is judged as it is now, and may be proposed with a reason."""
    match = Match.objects.filter(need=need, capacity=capacity).first()
    if match is not None:
        messages.info(request, _("These two are a match already: decide about it here."))
        return redirect("matching:match-detail", match.pk)
    form = ProposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            match, run = services.propose_pair(
                need=need, capacity=capacity, reason=form.cleaned_data["reason"], proposed_by=request.user
            )
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            return proposed(request, match, run)
    status = 400 if form.errors else 200
    return render(request, "matching/propose_pair.html", judged(need, capacity, form), status=status)


def proposed(request: HttpRequest, match: Match, run) -> HttpResponse:
    if run is None:
        messages.info(request, _("These two are a match already: decide about it here."))
    else:
        refresh_listing.delay_on_commit(run_id=run.pk)
        messages.success(request, _("The pair is proposed. It is judged like every pair that was decided upon."))
    return redirect("matching:match-detail", match.pk)


def judged(need: Need, capacity: Capacity, form: ProposeForm) -> dict:
    """How the pair fits by what is entered today, with the weights of the newest official run."""
    refused = services.refusal_of_pair(need, capacity)
    official = newest_official_run()
    now = None
    if not refused and official is not None:
        now = live(need, capacity, timezone.localdate(), ScoreTable.from_json(weights_of(official)))
    return {
        "need": need,
        "capacity": capacity,
        "refused": refused,
        "now": now,
        "verdicts": now.verdicts(reader_names()) if now else [],
        "official": official,
        "form": form,
    }
