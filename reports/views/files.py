"""Files that are taken away: sent piece by piece, kept by no browser, written down."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.access import only_for
from accounts.permissions import may_export
from reports import services
from reports.enums import Format
from reports.models import ReportFile

TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.JSON: "application/json",
}


@only_for(may_export)
@require_GET
def report_file(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """One file. Who took it away, and when, is written down before its first piece is sent."""
    files = ReportFile.objects.visible_to(request.user).made().select_related("report")
    file = get_object_or_404(files, report__public_id=public_id, pk=pk)
    try:
        pieces = services.take_away(file, request.user)
    except ValidationError:  # its pieces were removed meanwhile
        raise Http404 from None
    response = StreamingHttpResponse(pieces, content_type=TYPES[Format(file.format)])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name)
    response["Content-Length"] = str(file.size)
    return response
