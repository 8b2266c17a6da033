"""Downloads: exactly the rows that the list shows, in its order."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import only_for
from accounts.lists.pages import refused
from accounts.permissions import may_export
from matching.lists import listed_results
from matching.tables.filters import MatchFilter
from reports.enums import Format, Subject
from reports.sending import TYPES
from reports.services.at_once import matches_at_once
from reports.services.taking import note_taken_at_once


@only_for(may_export)
@require_GET
def matches(request: HttpRequest, kind: str) -> HttpResponse:
    """The matches of a filter as a workbook or as csv."""
    filters = MatchFilter(request.GET, queryset=listed_results(request.user))
    if not filters.form.is_valid():
        return refused(request, filters)
    try:
        file = matches_at_once(filters, request.user, Format(kind), get_language() or "en")
    except ValidationError as refusal:
        filters.form.add_error(None, refusal)
        return too_many(request, filters)
    name = f"tradematch-{timezone.localdate().isoformat()}.{kind}"
    note_taken_at_once(user=request.user, file_name=name, asked=request.GET.urlencode(), file=file)
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[Format(kind)])


def too_many(request: HttpRequest, filters: MatchFilter) -> HttpResponse:
    """What a page cannot hand over a worker can: the way to a report of the same rows."""
    asked = urlencode({"subject": Subject.MATCHES.value, "query": request.GET.urlencode()})
    step = {"text": _("Order it as a report"), "url": f"{reverse('reports:report-new')}?{asked}"}
    context = {"form": filters.form, "step": step, "whole": reverse("matching:match-list")}
    return render(request, "ui/list_refused.html", context, status=400)
