"""Who fits whom, and who nearly does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.pages import Listing, listing, refused
from accounts.lists.tables import table_of
from accounts.permissions import may_see_every_company
from accounts.saved_views import keeps_views, views_of
from matching.lists import listed_results, near_miss_sides, newest_near_misses, with_sides
from matching.one_match.grounds import told_misses, told_page
from matching.tables.filters import MatchFilter, NearMissFilter
from matching.tables.misses import miss_rows
from matching.tables.narrowing import goods_tree
from matching.tables.rows import match_rows

MATCHES, NEAR_MISSES = "matching:match-list", "matching:near-miss-list"


@keeps_views(MATCHES, _("Matches"))
@only_for(may_see_every_company)
@require_safe
def match_list(request: HttpRequest) -> HttpResponse:
    """The matches of the newest official run, and those that people decided upon."""
    filters = MatchFilter(request.GET, queryset=listed_results(request.user))
    shown = listing(request, filters, load=with_sides)
    if not shown.is_valid:
        return refused(request, filters)
    facets = [
        shown.facet("band", filters.band_counts()),
        shown.facet("unknown", filters.unknown_counts()),
        folded(shown.facet("missing", filters.missing_counts(), hide_empty=True)),
        shown.facet("obstacle", filters.obstacle_counts()),
        shown.facet("state", filters.counts("state", "state"), hide_empty=True),
        shown.facet("new", filters.new_counts()),
        folded(shown.facet("plan", filters.plan_counts())),
    ]
    shown.page.object_list = told_page(shown.page.object_list)
    context = what_pairs_share(shown, facets) | {"views": views_of(request, MATCHES)}
    context["rows"] = match_rows(shown.page.object_list, context["table"].show)
    return render(request, "matching/match_list.html", context)


@keeps_views(NEAR_MISSES, _("Near misses"))
@only_for(may_see_every_company)
@require_safe
def near_miss_list(request: HttpRequest) -> HttpResponse:
    """Pairs that one change by one side would open."""
    filters = NearMissFilter(request.GET, queryset=newest_near_misses(request.user))
    shown = listing(request, filters, load=near_miss_sides)
    if not shown.is_valid:
        return refused(request, filters)
    facets = [shown.facet("rule", filters.counts("rule", "rule"), hide_empty=True)]
    shown.page.object_list = told_misses(shown.page.object_list)
    context = what_pairs_share(shown, facets) | {"views": views_of(request, NEAR_MISSES)}
    context["rows"] = miss_rows(shown.page.object_list, context["table"].show)
    return render(request, "matching/near_miss_list.html", context)


def what_pairs_share(shown: Listing, facets: list[dict]) -> dict:
    """What both lists show around their rows; their own facets come after direction, sector and place."""
    filters = shown.filters
    places = [
        folded(shown.facet(name, filters.region_counts(name), hide_empty=True))
        for name in ("exporter_region", "importer_region")
    ]
    return {
        "listing": shown,
        "page": shown.page,
        "sorts": shown.sort_links(),
        "table": table_of(shown),
        "understood": filters.understood,
        "goods": goods_tree(shown),
        "facets": [
            shown.facet("direction", filters.direction_counts()),
            shown.facet("sector", filters.counts("sector", "sector"), hide_empty=True),
            *places,
            *facets,
        ],
    }


def folded(facet: dict) -> dict:
    """A facet that is rarely asked for opens by hand; one that something was chosen in is open."""
    return facet | {"is_folded": True, "is_open": any(choice["is_chosen"] for choice in facet["choices"])}
