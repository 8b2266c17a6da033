"""All that a file of a report is made of, and nothing else: the same once more gives the same bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from reports.document import Cell, Document
from reports.enums import Office
from reports.models import Report
from reports.pieces import rows_of


@dataclass(frozen=True, kw_only=True)
class Frozen:
    document: Document
    number: str  # the report's public number, which its files name
    cut_at: datetime
    data_sha256: str
    office: Office
    recipient: str
    verify_at: str  # the page that tells whether a file is what it says
    rows: Callable[[str], Iterator[list[Cell]]]  # of a table of the document, by its key

    @classmethod
    def of(cls, report: Report) -> "Frozen":
        order = report.asked
        return cls(
            document=report.document,
            number=str(report.public_id),
            cut_at=report.cut_at,
            data_sha256=report.data_sha256,
            office=order.office,
            recipient=order.recipient,
            # Where it was when the report was cut: files are the same also after the product has moved.
            verify_at=report.rests_on.get("verify_at") or settings.BASE_URL + reverse("reports:verify"),
            rows=lambda table: rows_of(report, table),
        )
