"""The map of the corridor, and the ways of a lane side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.permissions import may_see_every_company
from corridor.drawing import map_of


@only_for(may_see_every_company)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "corridor/overview.html", {"map": map_of(on=timezone.localdate())})
