"""What-ifs over the whole book: ask for one, and put the weights of one in force."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from accounts.permissions import may_change_weights, may_run_matching, may_see_every_company
from matching import services
from matching.engine import COMPONENTS
from matching.models import Run, Weights
from matching.run_pages.beside import in_ppm
from matching.run_pages.forms import PromoteForm, WhatIfRunForm
from matching.tasks import carry_out_run
from matching.texts.names import COMPONENT_NAMES
from matching.views.runs import SHOWN_WITH, shown

VERSIONS_SHOWN = 100


@only_for(may_run_matching)
@require_http_methods(["GET", "HEAD", "POST"])
def run_what_if(request: HttpRequest) -> HttpResponse:
    """What would the book look like with other weights, freight, agreements, or on another day?"""
    form = WhatIfRunForm(request.POST if request.method == "POST" else None, Weights.objects.in_force())
    if form.is_valid():
        try:
            run, is_new = services.start_what_if(started_by=request.user, options=form.options, as_of=form.as_of_asked)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            if is_new:
                carry_out_run.delay_on_commit(run_id=run.pk)
            said = _("What-if %(number)s has begun. Nothing official changes. You may leave this page.")
            messages.success(request, said % {"number": run.pk})
            return redirect("matching:run-detail", run.pk)
    status = 400 if form.errors else 200
    return render(request, "matching/run_what_if.html", {"form": form, "in_force": form.in_force}, status=status)


@only_for(may_change_weights)
@require_POST
def run_promote(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the weights of a what-if in force, with a reason; an official run begins with them."""
    run = get_object_or_404(Run.objects.visible_to(request.user).select_related(*SHOWN_WITH), pk=pk)
    try:
        services.refuse_what_cannot_be_promoted(run)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("matching:run-detail", run.pk)
    form, seen = PromoteForm(request.POST), request.POST.get("seen", "")
    if form.is_valid():
        try:
            weights, official = services.promote_weights(
                what_if=run,
                reason=form.cleaned_data["reason"],
                promoted_by=request.user,
                seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None,
            )
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            carry_out_run.delay_on_commit(run_id=official.pk)
            said = _("Version %(version)s of the weights is in force. Run %(number)s has begun with it.")
            messages.success(request, said % {"version": weights.version, "number": official.pk})
            return redirect("matching:run-detail", official.pk)
    context = shown(request, run) | {"promote": form}
    return render(request, "matching/run_detail.html", context, status=400)


@only_for(may_see_every_company)
@require_safe
def run_weights(request: HttpRequest) -> HttpResponse:
    """What counts how much in a score: in force, and each version before with its reason."""
    versions = list(Weights.objects.select_related("changed_by", "promoted_from")[:VERSIONS_SHOWN])
    rows = [(one, [(COMPONENT_NAMES[name], in_ppm(one.values[name])) for name in COMPONENTS]) for one in versions]
    context = {
        "rows": rows,
        "components": [COMPONENT_NAMES[name] for name in COMPONENTS],
        "may_start": may_run_matching(request.user),
    }
    return render(request, "matching/run_weights.html", context)
