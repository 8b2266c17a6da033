"""The plan: who supplies whom, what is left and why, what one more tonne is worth; and the lists behind its figures."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.pages import Listing, listing, refused
from accounts.permissions import may_run_matching, may_see_every_company
from commodities.models import Commodity
from commodities.texts import short_name
from companies.templatetags.companies_words import for_reader
from matching.models import PlanFlow, PlanLine, Run
from matching.plan_page import asked, goods, sankey, told
from matching.plan_page.figures import PlanFigures, quality_of
from matching.plan_page.filters import FlowFilter, PlanForm, RestFilter
from matching.plan_page.kept import KeptSums
from matching.plan_page.loaded import by_number, loaded_flows, loaded_lines
from matching.plan_page.ready import PlanRows
from matching.plan_page.rows import flow_table, rest_table
from matching.views.plan_loads import loads_for
from matching.views.which_plan import address_of, direction_links, no_such_plan, run_asked_for, without_plan

RESTS_SHOWN = 6
PRICES_SHOWN = 10


@only_for(may_see_every_company)
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The plan of the newest official run, or of the run that is asked for; of all goods, or of some."""
    form = PlanForm(request.GET)
    if not form.is_valid():
        return no_such_plan(request, form)
    asked_for = form.cleaned_data
    run, direction, node = run_asked_for(request, asked_for["run"]), asked_for["direction"], asked_for["commodity"]
    if run is None or not run.plan_lines.exists():
        return without_plan(request, run)
    rows = PlanRows.of(run, direction)
    if node:
        rows = rows.of_goods(node)
    lines, flows, figures = rows.lines, rows.flows, rows.figures()
    drawn = told.largest_flows(flows, sankey.MOST)
    unmet, unused, dearest = told.told_together(
        told.largest_rests(lines.filter(need__isnull=False), RESTS_SHOWN),
        told.largest_rests(lines.filter(capacity__isnull=False), RESTS_SHOWN),
        told.dearest_lines(lines, PRICES_SHOWN),
    )
    context = {
        "run": run,
        "directions": direction_links(form, run, asked_for),
        "may_ask": may_run_matching(request.user),
        "direction": direction,
        "node": node,
        "figures": figures,
        "quality": quality_of(run),
        "goods": goods_of(rows, figures),
        "picture": picture_of(drawn, lines, figures) if node or figures.flows <= sankey.MOST else None,
        "flows": drawn,
        "flow_table": flow_table(drawn, may_ask=may_run_matching(request.user)),
        "unmet": unmet and rest_table(unmet, "need"),
        "unused": unused and rest_table(unused, "capacity"),
        "dearest": dearest,
        "asked": asked.asked_of(run, request.user),
        "later": asked.came_later(run, request.user),
        "loads": None if node else loads_for(request, run, direction, is_whole=False),
        "query": address_of(run, asked_for),
        "all_goods": address_of(run, asked_for | {"commodity": None}),
    }
    return render(request, "matching/plan.html", context)


def goods_of(rows: PlanRows, figures: PlanFigures) -> dict:
    """The goods of which most moves, in rows and in a picture; where the flows are few, they are drawn themselves."""
    shown = figures.goods[: goods.MOST_GOODS]
    named = Commodity.objects.in_bulk({one.commodity for one in shown})
    others = figures.kinds_moved - len({one.commodity for one in shown})
    picture = None
    if figures.flows > sankey.MOST and figures.kinds_moved > 1:
        picture = goods.picture_of(rows.moving(figures), shown, others)
    return {
        "rows": [(named[one.commodity], one) for one in shown if one.commodity in named],
        "picture": picture,
        "others": others,
        "other_pairs": figures.flows - sum(one.pairs for one in shown),
    }


def picture_of(drawn, lines, figures) -> sankey.Picture | None:
    """The flows that are drawn, with what becomes of their listings."""
    ends = Q(need__in=[flow.need_id for flow in drawn]) | Q(capacity__in=[flow.capacity_id for flow in drawn])
    of_listing = {}
    for line in lines.filter(ends):
        of_listing["need" if line.need_id else "capacity", line.need_id or line.capacity_id] = line
    for flow in drawn:
        for listing_of_flow in (flow.capacity, flow.need):
            listing_of_flow.company_name = for_reader(listing_of_flow.company)
        flow.capacity.goods_name = short_name(flow.capacity.commodity.name)
        flow.need.place_name = flow.need.destination.name
    titles = [told.title_of(flow) for flow in drawn]
    return sankey.picture_of(drawn, of_listing, figures.flows, titles)


# --- the lists behind the figures


@only_for(may_see_every_company)
@require_safe
def plan_flow_list(request: HttpRequest) -> HttpResponse:
    """Who supplies whom how much, and in which months."""
    run = run_of_list(request)
    flows = PlanFlow.objects.visible_to(request.user).filter(run=run)
    filters = FlowFilter(request.GET, queryset=flows)
    filters.remember(run and KeptSums(run))
    shown = listing(request, filters, by_number, loaded_flows)
    if not shown.is_valid:
        return refused(request, filters)
    facets = [
        shown.facet("direction", filters.direction_counts()),
        shown.facet("sector", filters.sector_counts(), hide_empty=True),
    ]
    context = of_list(request, run, shown, facets)
    context["table"] = flow_table(shown.page.object_list, may_ask=context["may_ask"])
    return render(request, "matching/plan_flow_list.html", context)


@only_for(may_see_every_company)
@require_safe
def plan_unmet_list(request: HttpRequest) -> HttpResponse:
    """Needs that the plan meets in part or not at all, each with the rule that binds."""
    return rest_list(request, "need")


@only_for(may_see_every_company)
@require_safe
def plan_unused_list(request: HttpRequest) -> HttpResponse:
    """Capacities of which the plan leaves a part, each with the rule that binds."""
    return rest_list(request, "capacity")


def rest_list(request: HttpRequest, side: str) -> HttpResponse:
    run = run_of_list(request)
    lines = PlanLine.objects.visible_to(request.user).filter(run=run, left_kg__gt=0, **{f"{side}__isnull": False})
    filters = RestFilter(request.GET, queryset=lines)
    filters.remember(run and KeptSums(run))
    shown = listing(request, filters, by_number, loaded_lines)
    if not shown.is_valid:
        return refused(request, filters)
    facets = [
        shown.facet("direction", filters.direction_counts()),
        shown.facet("sector", filters.sector_counts(), hide_empty=True),
        shown.facet("rest", filters.counts("rest", "rest"), hide_empty=True),
    ]
    context = of_list(request, run, shown, facets) | {"side": side}
    context["table"] = rest_table(told.told_lines(shown.page.object_list), side)
    return render(request, "matching/plan_rest_list.html", context)


def run_of_list(request: HttpRequest) -> Run | None:
    """As on the page of the plan; a number that makes no sense is refused by the list itself, which reads it so too."""
    try:
        number = PlanForm.base_fields["run"].clean(request.GET.get("run", ""))
    except ValidationError:
        return None
    return run_asked_for(request, number)


def of_list(request: HttpRequest, run: Run | None, shown: Listing, facets: list[dict]) -> dict:
    return {
        "run": run,
        "listing": shown,
        "page": shown.page,
        "sorts": shown.sort_links(),
        "facets": facets,
        "may_ask": may_run_matching(request.user),
    }
