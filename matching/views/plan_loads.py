"""The containers of a plan: on its page those of the first month, on a page of their own every month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.permissions import may_see_every_company
from matching.loads import Loads, loads_of
from matching.models import Run
from matching.plan_page.filters import LoadsForm
from matching.tasks import make_plan_ready
from matching.views.which_plan import address_of, direction_links, no_such_plan, run_asked_for, without_plan


@only_for(may_see_every_company)
@require_safe
def plan_loads(request: HttpRequest) -> HttpResponse:
    """The containers of a plan with every month."""
    form = LoadsForm(request.GET)
    if not form.is_valid():
        return no_such_plan(request, form)
    asked_for = form.cleaned_data
    run = run_asked_for(request, asked_for["run"])
    if run is None or not run.plan_lines.exists():
        return without_plan(request, run)
    loads = loads_for(request, run, asked_for["direction"], is_whole=True)
    ways = direction_links(form, run, asked_for)
    context = {"run": run, "loads": loads, "directions": ways, "query": address_of(run, asked_for)}
    return render(request, "matching/plan_loads.html", context)


def loads_for(request: HttpRequest, run: Run, direction: str, *, is_whole: bool) -> Loads:
    """Those of a large plan are left to a worker, where there is one."""
    found = loads_of(run, request.user, direction, at_once=False, is_whole=is_whole)
    if found.is_waiting and not make_plan_ready.ask(run_id=run.pk, direction=direction):
        return loads_of(run, request.user, direction, is_whole=is_whole)
    return found
