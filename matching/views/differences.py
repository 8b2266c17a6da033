"""What changed between two runs: ask for it, watch it, read what made it."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.forms.ours import OurForm
from accounts.permissions import may_see_every_company
from companies.models import Capacity, Need
from matching import services
from matching.enums import Cause, RunKind
from matching.models import Match, Run, RunDifference
from matching.run_pages.differing import causes_of, match_lines, order_matters, plan_lines, unmoved
from matching.run_pages.pairs_seen import PairsSeen
from matching.tasks import differ
from matching.views.one_step import progress

RUNS_OFFERED = 50
CHOOSE = _("Choose one of the runs.")
ROWS_SHOWN = 25  # of each kind on one page


class SinceForm(OurForm):
    """Which run another one is compared with."""

    before = forms.ModelChoiceField(Run.objects.none(), label=_("Since run"))

    def __init__(self, data, runs):
        super().__init__(data)
        self.fields["before"].queryset = runs


@only_for(may_see_every_company)
@require_POST
def difference_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what changed in a run since another one; where somebody asked before, the answer is there."""
    runs = Run.objects.visible_to(request.user)
    run = get_object_or_404(runs, pk=pk)
    form = SinceForm(request.POST, runs)
    if not form.is_valid():
        messages.warning(request, CHOOSE)  # what was sent was on no list that we showed
        return redirect("matching:run-detail", run.pk)
    try:
        asked, is_new = services.ask_for_difference(
            before=form.cleaned_data["before"], after=run, asked_by=request.user
        )
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("matching:run-detail", run.pk)
    if is_new:
        differ.delay_on_commit(difference_id=asked.pk)
    return redirect("matching:difference-detail", asked.pk)


@only_for(may_see_every_company)
@require_safe
def difference_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is or why it stopped; what each cause changed, and which pairs."""
    return render(request, "matching/difference_detail.html", shown(request, pk))


@only_for(may_see_every_company)
@require_safe
def difference_progress(request: HttpRequest, pk: int) -> HttpResponse:
    context = shown(request, pk)
    return progress(request, context["difference"], "matching/_difference_progress.html", context)


def shown(request: HttpRequest, pk: int) -> dict:
    rows = RunDifference.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("asked_by", "before__weights", "after__weights"), pk=pk)
    context = {"difference": row, "runs": [row.before, row.after]}
    if not row.figures:
        return context
    causes = causes_of(row)
    cause = next((known for known in causes if known == request.GET.get("cause")), None)
    return context | {
        "causes": causes,
        "cause": cause,
        "lines": match_lines(row),
        "plan": plan_lines(row),
        "as_before": unmoved(row),
        "order_matters": order_matters(row),
        "kinds": kinds_of(row, request.user, cause),
    }


@dataclass(frozen=True)
class Told:
    """A pair as the page tells it; the listings as they are today."""

    need: Need
    capacity: Capacity
    match: Match | None
    cause: Cause
    before: dict | None
    after: dict | None

    @property
    def moves_rank(self) -> bool:
        """Whether its place is another one afterwards, or it has one at one end only."""
        return self.differs("rank_for_need") or self.differs("rank_for_capacity")

    @property
    def moves_plan(self) -> bool:
        return self.differs("planned_kg")

    def differs(self, name: str) -> bool:
        return self.before is None or self.after is None or self.before[name] != self.after[name]


def kinds_of(row: RunDifference, user, cause: Cause | None) -> list[dict]:
    """New, gone and changed pairs, of one cause or of all. A fixed number of queries."""
    kept = {
        kind: [told for told in row.rows if told["kind"] == kind and cause in (None, told["cause"])][:ROWS_SHOWN]
        for kind in services.KINDS_OF_CHANGE
    }
    rows = [told for of_kind in kept.values() for told in of_kind]
    seen = PairsSeen.of(rows, user)

    def told(found: dict) -> Told:
        return Told(*seen.pair(found), Cause(found["cause"]), found["before"], found["after"])

    return [
        {
            "kind": kind,
            "count": row.figures["counts"][kind],
            "kept": len(found),
            "rows": [told(one) for one in found if seen.has(one)],
        }
        for kind, found in kept.items()
    ]


def offered_since(run: Run, user) -> dict:
    """The runs that a run can be compared with, newest first; those that one click compares it with come first."""
    if not services.comparable().filter(pk=run.pk).exists():
        return {}
    others = Run.objects.visible_to(user).filter(pk__in=services.comparable().exclude(pk=run.pk))
    before, yesterday = official_before(run, user), day_before(run, user)
    return {
        "since_runs": others[:RUNS_OFFERED],
        "since": before and before.pk,
        "since_official": before,
        "since_main": run.kind == RunKind.OFFICIAL,  # a what-if stands beside the official run already
        "since_yesterday": yesterday if yesterday != before else None,
    }


def official_before(run: Run, user) -> Run | None:
    """The official run that was in force when this one was asked for."""
    return Run.objects.visible_to(user).official().finished().filter(pk__lt=run.pk).first()


def day_before(run: Run, user) -> Run | None:
    """The newest official run over the book of an earlier day."""
    if run.book_cut_at is None:
        return None
    midnight = timezone.localtime(run.book_cut_at).replace(hour=0, minute=0, second=0, microsecond=0)
    official = Run.objects.visible_to(user).official().finished()
    return official.filter(pk__lt=run.pk, book_cut_at__lt=midnight).first()
