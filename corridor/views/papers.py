"""What the law of each direction asks for, of which goods, by whom, and how that stands today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.pages import listing, refused
from accounts.permissions import may_see_every_company
from corridor.engine.gates import STALE_AFTER_MONTHS, Gate
from corridor.forms.papers import RequirementFilter
from corridor.queries import paper_of

FACETS = ("direction", "sector", "bearer", "stage", "kind", "state", "gate", "confidence")


@only_for(may_see_every_company)
@require_safe
def requirement_list(request: HttpRequest) -> HttpResponse:
    """Every requirement, with how it stands today."""
    filters = RequirementFilter(request.GET)
    shown = listing(request, filters)
    if not shown.is_valid:
        return refused(request, filters)
    rows = [(row, paper_of(row, Gate(filters.rules[row.pk], filters.state_of(row.pk)))) for row in shown.page]
    context = {
        "listing": shown,
        "page": shown.page,
        "rows": rows,
        "sorts": shown.sort_links(),
        "facets": [shown.facet(name, filters.counts(name), hide_empty=True) for name in FACETS],
        "stale_after": STALE_AFTER_MONTHS,
    }
    return render(request, "corridor/papers.html", context)
