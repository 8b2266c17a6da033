"""Pins and bans of a pair, and solving the plan anew around them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import only_for
from accounts.permissions import may_run_matching
from matching.enums import InstructionKind
from matching.models import Match, PlanInstruction
from matching.plan_page.forms import InstructionForm
from matching.services import start_what_if, steering
from matching.tasks import carry_out_run

SAID = {
    InstructionKind.PIN: gettext_lazy("From the next run on the plan holds this pair."),
    InstructionKind.BAN: gettext_lazy("From the next run on the plan leaves this pair out."),
}


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
