"""Files that are taken away: sent piece by piece, kept by no browser, written down."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.access import only_for
from accounts.permissions import may_export
from reports.models import ReportFile
from reports.sending import sent


@only_for(may_export)
@require_GET
def report_file(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """One file. Who took it away, and when, is written down before its first piece is sent."""
    files = ReportFile.objects.visible_to(request.user).made().select_related("report")
    return sent(get_object_or_404(files, report__public_id=public_id, pk=pk), request.user)
