"""Runs: start one, watch it, see what came of it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.lists.filters import ListForm
from accounts.lists.pages import questions
from accounts.permissions import may_run_matching, may_see_every_company
from matching import queries, services
from matching.enums import RunKind, RunState
from matching.grounds import rests_on_example_rates
from matching.models import Run
from matching.tasks import carry_out_run
from matching.views.differences import offered_since

RUNS_SHOWN = 50
SHOWN_WITH = ("started_by", "weights", "need__company", "capacity__company")


class RunListForm(ListForm):
    """Which kind of runs; without a choice all but refreshes, of which every edit makes one."""

    sort = size = page = None
    kind = forms.ChoiceField(required=False, choices=RunKind, label=_lazy("Kind"))


@only_for(may_see_every_company)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """The newest runs, and the button that starts one."""
    runs, form = Run.objects.visible_to(request.user), RunListForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "questions": questions(request, form), "whole": request.path}
        return render(request, "ui/list_refused.html", context, status=400)
    kind = form.cleaned_data["kind"]
    shown = runs.filter(kind=kind) if kind else runs.exclude(kind=RunKind.REFRESH)
    context = {
        "runs": shown.select_related(*SHOWN_WITH)[:RUNS_SHOWN],
        "kind": kind,
        "under_way": runs.official().unfinished().first(),
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
    if request.GET.get("seen") == f"{run.state}-{run.done}-{run.total}":
        return HttpResponse(status=204)
    return render(request, "matching/_run_progress.html", shown(request, run))


def shown(request: HttpRequest, run: Run) -> dict:
    """A run with what its plan moves, once there is one."""
    plan = queries.plan_of(run) if run.state == RunState.FINISHED else None
    if plan is not None:
        plan["has_examples"] = rests_on_example_rates()
    since = offered_since(run, request.user) if run.state == RunState.FINISHED else {}
    return {"run": run, "plan": plan, "may_start": may_run_matching(request.user), **since}
