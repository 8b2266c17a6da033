"""Downloads: exactly the rows that the list shows, in its order."""

import tempfile
from pathlib import Path

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.pages import refused
from accounts.permissions import may_export
from matching.filters import MatchFilter
from matching.lists import listed_results, newest_run
from reports.columns import Column, columns_for
from reports.exporters import csv_lines, write_xlsx
from reports.services import lists as services

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@only_for(may_export)
@require_safe
def matches(request: HttpRequest, kind: str) -> HttpResponse:
    """The matches of a filter as a workbook or as csv."""
    filters = MatchFilter(request.GET, queryset=listed_results(request.user))
    try:
        rows = services.rows_of(filters)
    except ValidationError as refusal:
        if filters.form.is_valid():
            filters.form.add_error(None, refusal)
        return refused(request, filters)
    name = f"tradematch-{timezone.localdate().isoformat()}.{kind}"
    if kind == "csv":
        return csv_download(rows, name, columns_for(filters.form))
    return xlsx_download(rows, services.about(filters, newest_run(request.user)), name, columns_for(filters.form))


def csv_download(rows, name: str, columns: tuple[Column, ...]) -> HttpResponse:
    """Sent line by line, in the language of the request, which is over before the last line is written."""
    language = get_language()

    def lines():
        with override(language):
            yield from csv_lines(rows, columns)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def xlsx_download(rows, about, name: str, columns: tuple[Column, ...]) -> HttpResponse:
    """Written to a file first: a workbook is a zip and cannot be sent before it is whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_xlsx(path, rows, about, columns)
        opened = path.open("rb")  # stays readable after the folder is gone
    return FileResponse(opened, as_attachment=True, filename=name, content_type=XLSX)
