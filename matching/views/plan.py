"""The plan: who supplies whom, what is left and why, what one more tonne is worth; pins, bans and solving anew."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from accounts.lists.pages import Listing, listing, questions, refused
from accounts.permissions import may_run_matching, may_see_every_company
from commodities.models import Commodity
from commodities.texts import short_name
from companies.templatetags.companies_words import for_reader
from matching.enums import InstructionKind
from matching.loads import Loads, loads_of
from matching.models import Match, PlanFlow, PlanInstruction, PlanLine, Run
from matching.plan_page import asked, goods, sankey, told
from matching.plan_page.figures import PlanFigures, quality_of
from matching.plan_page.filters import FlowFilter, PlanForm, RestFilter
from matching.plan_page.forms import InstructionForm
from matching.plan_page.kept import KeptSums
from matching.plan_page.loaded import by_number, loaded_flows, loaded_lines
from matching.plan_page.ready import PlanRows
from matching.plan_page.rows import flow_table, rest_table
from matching.plan_page.which import run_with_plan
from matching.services import start_what_if, steering
from matching.services.plan_pruning import old_plans
from matching.tasks import carry_out_run, make_plan_ready

RESTS_SHOWN = 6
PRICES_SHOWN = 10
SAID = {
    InstructionKind.PIN: gettext_lazy("From the next run on the plan holds this pair."),
    InstructionKind.BAN: gettext_lazy("From the next run on the plan leaves this pair out."),
}


@only_for(may_see_every_company)
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The plan of the newest official run, or of the run that is asked for; of all goods, or of some."""
    form = PlanForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "questions": questions(request, form), "whole": request.path}
        return render(request, "ui/list_refused.html", context, status=400)
    asked_for = form.cleaned_data
    run, direction, node = run_asked_for(request, asked_for["run"]), asked_for["direction"], asked_for["commodity"]
    if run is None or not run.plan_lines.exists():
        return render(request, "matching/plan_none.html", {"run": run, "was_put_away": is_put_away(run)})
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
        "loads": None if node else loads_for(request, run, direction),
        "query": address_of(run, asked_for),
        "all_goods": address_of(run, asked_for | {"commodity": None}),
    }
    return render(request, "matching/plan.html", context)


def address_of(run: Run | None, asked_for: dict) -> str:
    """The same plan, direction and goods, for the page itself and the lists behind it."""
    node = asked_for["commodity"]
    named = {"run": run and run.pk, "direction": asked_for["direction"], "commodity": node and node.code}
    return f"?{urlencode({name: value for name, value in named.items() if value})}"


def loads_for(request: HttpRequest, run: Run, direction: str) -> Loads:
    """Those of a large plan are left to a worker, where there is one."""
    found = loads_of(run, request.user, direction, at_once=False)
    if found.is_waiting and not make_plan_ready.ask(run_id=run.pk, direction=direction):
        return loads_of(run, request.user, direction)
    return found


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


def is_put_away(run: Run | None) -> bool:
    """Whether a run had a plan whose rows are gone by now."""
    return run is not None and old_plans(timezone.now()).filter(pk=run.pk).exists()


def run_asked_for(request: HttpRequest, number: int | None) -> Run | None:
    """Any finished run that made a plan; none where nothing was asked for and no official run has finished."""
    run = run_with_plan(request.user, number)
    if run is None and number:
        raise Http404
    return run


def direction_links(form: PlanForm, run: Run, asked_for: dict) -> list[dict]:
    """Both directions together, then each alone."""
    ways = [("", _("both directions")), *form.fields["direction"].choices]
    return [
        {
            "label": label,
            "url": address_of(run, asked_for | {"direction": way}),
            "is_current": way == asked_for["direction"],
        }
        for way, label in ways
        if way or len(ways) > 2
    ]


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


# --- pins and bans


@only_for(may_run_matching)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_instruct(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the plan to hold a pair or to leave it out, with a reason."""
    sides = ("need__company", "need__destination", "capacity__company", "capacity__commodity", "capacity__place")
    match = get_object_or_404(Match.objects.visible_to(request.user).select_related(*sides), pk=pk)
    in_force = steering.in_force_of(match)
    kind = request.GET.get("kind", "")
    start = {"kind": kind if kind in InstructionKind.values else "", "seen": steering.number_of(in_force)}
    form = InstructionForm(request.POST if request.method == "POST" else None, initial=start)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                steering.instruct(match=match, set_by=request.user, **form.asked())
            except ValidationError as refusal:
                form.add_refusal(refusal)
                form.data = form.data.copy()
                form.data["seen"] = steering.number_of(in_force)  # what the page shows now
            else:
                messages.success(request, SAID[form.cleaned_data["kind"]])
                return redirect(f"{reverse('matching:plan')}#asked")
    context = {"match": match, "in_force": in_force, "form": form}
    return render(request, "matching/plan_instruct.html", context, status=status)


@only_for(may_run_matching)
@require_POST
def plan_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the plan decide about a pair again."""
    instruction = get_object_or_404(PlanInstruction.objects.visible_to(request.user), pk=pk)
    steering.lift(instruction=instruction, lifted_by=request.user)
    messages.success(request, _("From the next run on the plan decides about this pair again."))
    return redirect(f"{reverse('matching:plan')}#asked")


@only_for(may_run_matching)
@require_POST
def plan_solve(request: HttpRequest) -> HttpResponse:
    """Solve the plan anew around what staff ask of it: a what-if run, beside the official one."""
    try:
        run, is_new = start_what_if(started_by=request.user, options={}, as_it_is=True)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("matching:plan")
    if is_new:
        carry_out_run.delay_on_commit(run_id=run.pk)
    messages.success(request, _("Run %(number)s has begun. You may leave this page.") % {"number": run.pk})
    return redirect("matching:run-detail", run.pk)
