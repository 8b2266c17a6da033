"""Runs: start one, watch it, see what came of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.lists.pages import listing, refused
from accounts.permissions import may_change_weights, may_run_matching, may_see_every_company
from matching import queries, services
from matching.enums import RunKind, RunState
from matching.models import Run, Weights
from matching.one_match.grounds import rests_on_example_rates
from matching.run_pages.beside import beside, freight_change, limits_of, weighed
from matching.run_pages.forms import PromoteForm, RunFilter
from matching.run_pages.steps import steps_of
from matching.tasks import carry_out_run
from matching.views.differences import day_before, offered_since, official_before

SHOWN_WITH = ("started_by", "weights", "need__company", "capacity__company")


@only_for(may_see_every_company)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """Runs, newest first, the button that starts one, and what changed since yesterday."""
    runs = Run.objects.visible_to(request.user)
    filters = RunFilter(request.GET, runs)
    shown_runs = listing(request, filters, lambda rows: rows.select_related(*SHOWN_WITH).defer("options"))
    if not shown_runs.is_valid:
        return refused(request, filters)
    newest = runs.official().finished().first()
    context = {
        "listing": shown_runs,
        "page": shown_runs.page,
        "runs": shown_runs.page.object_list,
        "sorts": shown_runs.sort_links(),
        "facets": [shown_runs.facet(name, filters.counts(name)) for name in ("kind", "state")],
        "under_way": runs.official().unfinished().first(),
        "newest": newest,
        "yesterday": newest and day_before(newest, request.user),
        "may_start": may_run_matching(request.user),
    }
    return render(request, "matching/run_list.html", context)


@only_for(may_run_matching)
@require_POST
def run_start(request: HttpRequest) -> HttpResponse:
    """Start an official run; while one is under way, lead to that one instead."""
    try:
        run = services.start_run(started_by=request.user)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        under_way = Run.objects.visible_to(request.user).official().unfinished().first()
        return redirect("matching:run-detail", under_way.pk) if under_way else redirect("matching:run-list")
    carry_out_run.delay_on_commit(run_id=run.pk)
    messages.success(request, _("Run %(number)s has begun. You may leave this page.") % {"number": run.pk})
    return redirect("matching:run-detail", run.pk)


@only_for(may_see_every_company)
@require_safe
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: how far it is or how it ended, on which facts and rules it rests."""
    run = get_object_or_404(Run.objects.visible_to(request.user).select_related(*SHOWN_WITH), pk=pk)
    return render(request, "matching/run_detail.html", shown(request, run))


@only_for(may_see_every_company)
@require_safe
def run_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a run's page that changes while it works; it asks for itself again until the run is over.

    Where nothing has changed since, the answer is empty (204): the page stays as it is, and a screen reader is quiet.
    """
    run = get_object_or_404(Run.objects.visible_to(request.user).select_related(*SHOWN_WITH), pk=pk)
    if request.GET.get("seen") == seen_of(run):
        return HttpResponse(status=204)
    return render(request, "matching/_run_progress.html", shown(request, run))


def seen_of(run: Run) -> str:
    """How far the page that asks has seen the run."""
    return f"{run.state}-{run.done}-{run.total}"


def shown(request: HttpRequest, run: Run) -> dict:
    """A run with what it rests on; once it is over with what its plan moves and what it can be compared with."""
    context = {
        "run": run,
        "seen": seen_of(run),
        "steps": [] if run.is_over else steps_of(run),
        "weighed": weighed(run),
        "freight_change": freight_change(run),
        "limits": limits_of(run),
        "parts_without": int(run.counts.get("plan_parts_without_limits", 0)),
        "may_start": may_run_matching(request.user),
    }
    if run.state != RunState.FINISHED:
        return context
    plan = queries.plan_of(run)
    if plan is not None:
        plan["has_examples"] = rests_on_example_rates()
    context |= {"plan": plan, **offered_since(run, request.user)}
    return context | (tried(request, run) if run.kind == RunKind.WHAT_IF else {})


def tried(request: HttpRequest, run: Run) -> dict:
    """A what-if beside the official run, and what would make it so."""
    official = official_before(run, request.user)
    is_whole = "need" not in run.options and "capacity" not in run.options
    in_force = Weights.objects.in_force()
    may_promote = may_change_weights(request.user) and is_whole and "weights" in run.options
    return {
        "official": official,
        "beside": beside(official, run) if official and is_whole else [],
        "in_force": in_force,
        "is_in_force": in_force.values == run.options.get("weights"),
        "promote": PromoteForm() if may_promote else None,
    }
