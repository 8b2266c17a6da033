"""The catalogue: what can be traded, floor by floor, and who trades it."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.pages import listing, refused
from accounts.lists.tables import table_of
from accounts.permissions import may_see_every_company
from accounts.saved_views import keeps_views, views_of
from commodities.enums import NodeKind
from commodities.facts import FALLBACKS
from commodities.models import Commodity
from companies.models import Company
from companies.trading import capacities_of, needs_of, with_trade
from corridor.customs import Tariffs
from corridor.enums import Country
from corridor.queries import papers_of
from matching.lists import listed_results, newest_near_misses
from matching.tables.filters import MatchFilter, NearMissFilter
from matching.tables.goods import NodeFilter, path_to

NODES = "matching:commodity-list"
FEW = 5  # needs and capacities that the page of some goods names; the lists of companies hold all
BOTH_WAYS = "both"


@keeps_views(NODES, _("Commodities"))
@only_for(may_see_every_company)
@require_safe
def commodity_list(request: HttpRequest) -> HttpResponse:
    """The tree one floor at a time, and what a search finds in all of it."""
    filters = NodeFilter(request.GET, user=request.user)
    shown = listing(request, filters, lambda rows: with_trade(rows, request.user))
    if not shown.is_valid:
        return refused(request, filters)
    below = filters.form.cleaned_data["below"]
    context = {
        "listing": shown,
        "page": shown.page,
        "table": table_of(shown),
        "views": views_of(request, NODES),
        "below": below,
        "path": path_to(below) if isinstance(below, Commodity) else [],
        "facets": [
            shown.facet("kind", filters.counts("kind")),
            shown.facet("sector", filters.counts("sector"), hide_empty=True),
            shown.facet("traded", filters.traded_counts()),
        ],
    }
    return render(request, "commodities/commodity_list.html", context)


@only_for(may_see_every_company)
@require_safe
def commodity_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One node: its words, what is below it, what is compared and asked for, and who trades it."""
    node = get_object_or_404(Commodity, code=code)
    today = timezone.localdate()
    is_good = node.kind == NodeKind.COMMODITY
    context = {
        "node": node,
        "path": path_to(node),
        "names": names_of(node),
        "children": with_trade(node.children.all(), request.user),
        "groups": node.groups.all(),
        "parameters": node.parameters.select_related("parameter").order_by("parameter__key"),
        "ways": ways_of(node, today) if is_good else [],
        "is_good": is_good,
        **trade_of(request, node),
    }
    return render(request, "commodities/commodity_detail.html", context)


def names_of(node: Commodity) -> list[dict]:
    """What it is called in each language, and its other names there."""
    return [
        {"language": code, "name": getattr(node, f"name_{code}"), "synonyms": node.synonyms.get(code, [])}
        for code in FALLBACKS
    ]


def trade_of(request: HttpRequest, node: Commodity) -> dict:
    """Who needs the goods, who offers them, and what the matching found: each figure with the list behind it."""
    needs, capacities = needs_of([node], request.user), capacities_of([node], request.user)
    companies = Company.objects.visible_to(request.user)
    sides = "company", "company__region", "company__place"
    asked = QueryDict(urlencode({"commodity": node.code}))
    return {
        "needs": needs.select_related(*sides, "destination").order_by("-pk")[:FEW],
        "needs_count": needs.count(),
        "buyers": companies.filter(pk__in=needs.values("company")).count(),
        "capacities": capacities.select_related(*sides, "place", "commodity").order_by("-pk")[:FEW],
        "capacities_count": capacities.count(),
        "sellers": companies.filter(pk__in=capacities.values("company")).count(),
        "matches": MatchFilter(asked, queryset=listed_results(request.user)).count(),
        "misses": NearMissFilter(asked, queryset=newest_near_misses(request.user)).count(),
    }


def ways_of(good: Commodity, today: date) -> list[dict]:
    """Each way that the goods go: the papers that its law names, and the national lines that count for the duty."""
    tariffs = Tariffs(today, None)
    found = []
    for origin, destination in ways_expected(good):
        papers = papers_of(origin, destination, good, today)
        counted = tariffs.counted(good, destination)
        found.append(
            {"origin": origin, "destination": destination, "papers": papers, "lines": counted.lines, "why": counted.why}
        )
    return found


def ways_expected(good: Commodity) -> list[tuple[str, str]]:
    there, back = (Country.INDONESIA, Country.KAZAKHSTAN), (Country.KAZAKHSTAN, Country.INDONESIA)
    if good.direction == BOTH_WAYS or not good.direction:
        return [there, back]
    return [there] if good.direction.startswith(Country.INDONESIA) else [back]
