"""Which plan an address asks for: of the newest official run or of another, both ways or one, of all goods or some."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.lists.pages import questions
from matching.models import Run
from matching.plan_page.filters import LoadsForm
from matching.plan_page.which import run_with_plan
from matching.services.plan_pruning import old_plans


def no_such_plan(request: HttpRequest, form: LoadsForm) -> HttpResponse:
    """The address makes no sense: what is wrong with it, and the ways on."""
    context = {"form": form, "questions": questions(request, form), "whole": request.path}
    return render(request, "ui/list_refused.html", context, status=400)


def run_asked_for(request: HttpRequest, number: int | None) -> Run | None:
    """Any finished run that made a plan; none where nothing was asked for and no official run has finished."""
    run = run_with_plan(request.user, number)
    if run is None and number:
        raise Http404
    return run


def without_plan(request: HttpRequest, run: Run | None) -> HttpResponse:
    """There is no plan, or its rows were put away."""
    was_put_away = run is not None and old_plans(timezone.now()).filter(pk=run.pk).exists()
    return render(request, "matching/plan_none.html", {"run": run, "was_put_away": was_put_away})


def address_of(run: Run | None, asked_for: dict) -> str:
    """The same plan, direction and goods, for the page itself and the lists behind it."""
    node = asked_for.get("commodity")
    named = {"run": run and run.pk, "direction": asked_for["direction"], "commodity": node and node.code}
    return f"?{urlencode({name: value for name, value in named.items() if value})}"


def direction_links(form: LoadsForm, run: Run, asked_for: dict) -> list[dict]:
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
