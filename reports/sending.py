"""A file of a report as the answer to a request."""

from django.core.exceptions import ValidationError
from django.http import Http404, StreamingHttpResponse

from accounts.models import User
from reports.enums import Format
from reports.models import ReportFile
from reports.services import take_away

TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.JSON: "application/json",
}


def sent(file: ReportFile, user: User) -> StreamingHttpResponse:
    """Piece by piece: the web process never holds a report. 404 where this user may not take it away now.

    That no browser keeps it is seen to by `only_for`, as for every page.
    """
    try:
        pieces = take_away(file, user)
    except ValidationError as refusal:
        raise Http404 from refusal
    response = StreamingHttpResponse(pieces, content_type=TYPES[Format(file.format)])
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
