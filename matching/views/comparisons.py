"""Before and after an agreement on duties: start a comparison, watch it, read which pairs it opens."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.permissions import may_keep_corridor, may_see_every_company
from companies.models import Capacity, Need
from corridor.preferred import known_schemes
from matching import services
from matching.models import Comparison, Match
from matching.run_pages.pairs_seen import PairsSeen
from matching.tasks import compare
from matching.views.one_step import progress

COMPARISONS_SHOWN = 50


@only_for(may_see_every_company)
@require_safe
def comparison_list(request: HttpRequest) -> HttpResponse:
    """The newest comparisons, and a button for each agreement that the tariff knows."""
    comparisons = Comparison.objects.visible_to(request.user).defer("rows")
    under_way = {comparison.scheme: comparison.pk for comparison in comparisons.unfinished()}
    context = {
        "comparisons": comparisons.select_related("asked_by")[:COMPARISONS_SHOWN],
        "schemes": [(scheme, under_way.get(scheme)) for scheme in known_schemes()],
        "may_start": may_keep_corridor(request.user),
    }
    return render(request, "matching/comparison_list.html", context)


@only_for(may_keep_corridor)
@require_POST
def comparison_start(request: HttpRequest) -> HttpResponse:
    """Start one; while the same one is under way, lead to that instead."""
    scheme = request.POST.get("scheme", "")
    try:
        comparison = services.start_comparison(scheme=scheme, asked_by=request.user)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        unfinished = Comparison.objects.visible_to(request.user).unfinished().defer("rows")
        # Compared here: what was sent may hold letters that no database takes.
        if under_way := next((comparison for comparison in unfinished if comparison.scheme == scheme), None):
            return redirect("matching:comparison-detail", under_way.pk)
        return redirect("matching:comparison-list")
    compare.delay_on_commit(comparison_id=comparison.pk)
    messages.success(request, _("The comparison has begun. You may leave this page."))
    return redirect("matching:comparison-detail", comparison.pk)


@only_for(may_see_every_company)
@require_safe
def comparison_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One comparison: how far it is or why it stopped, and the pairs that come, go or get cheaper."""
    return render(request, "matching/comparison_detail.html", shown(request, pk))


@only_for(may_see_every_company)
@require_safe
def comparison_progress(request: HttpRequest, pk: int) -> HttpResponse:
    context = shown(request, pk)
    return progress(request, context["comparison"], "matching/_comparison_progress.html", context)


def shown(request: HttpRequest, pk: int) -> dict:
    comparisons = Comparison.objects.visible_to(request.user).select_related("asked_by", "weights")
    comparison = get_object_or_404(comparisons, pk=pk)
    return {
        "comparison": comparison,
        "kinds": kinds_of(comparison, request.user) if comparison.counts else [],
        "may_start": may_keep_corridor(request.user),
    }


@dataclass(frozen=True)
class Told:
    """A pair as the page tells it; the listings as they are today."""

    need: Need
    capacity: Capacity
    match: Match | None
    limit: Decimal | None
    before: tuple[Decimal | None, ...]  # low, high, at least
    after: tuple[Decimal | None, ...]
    falls: tuple[Decimal | None, ...]  # the lesser and the larger end
    rests_on_example: bool

    @property
    def may_be_above(self) -> bool:
        """Whether the limit may still be passed with the agreement: the whole range is not known to be within it."""
        return self.limit is not None and (self.after[1] is None or self.after[1] > self.limit)


def kinds_of(comparison: Comparison, user) -> list[dict]:
    """New, gone and cheaper pairs, each with how many there are and the rows kept. A fixed number of queries."""
    seen = PairsSeen.of(comparison.rows, user)
    return [
        {
            "kind": kind,
            "count": comparison.counts[kind],
            "rows": [told(row, *seen.pair(row)) for row in comparison.rows if row["kind"] == kind and seen.has(row)],
        }
        for kind in services.KINDS
    ]


def told(row: dict, need: Need, capacity: Capacity, match: Match | None) -> Told:
    def dollars(typed: str | None) -> Decimal | None:
        return None if typed is None else Decimal(typed)

    return Told(
        need=need,
        capacity=capacity,
        match=match,
        limit=dollars(row["limit"]),
        before=tuple(map(dollars, row["before"])),
        after=tuple(map(dollars, row["after"])),
        falls=tuple(map(dollars, row["falls"])),
        rests_on_example=row["is_example"],
    )
