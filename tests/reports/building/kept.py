"""Reports as they are kept, made by hand: for pages that show them, and for whoever may or may not see them."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from accounts.models import User
from reports.document import Document, Line
from reports.enums import Format, ReportState, Subject
from reports.models import FilePiece, Report, ReportFile
from reports.orders import Order
from tests.reports.frozen import four, table, text_column

CUT_AT = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
KEPT_UNTIL = datetime(2027, 2, 3, 2, 0, tzinfo=UTC)
CONTENT = b"a file of a test"
DOCUMENT = Document(
    subject=Subject.MATCHES,
    title=four("Matches"),
    about=(Line(four("Run"), "7"), Line(four("Filter"), four("Palm oil"))),
    tables=(table((text_column(),)),),
)


def ordered_report(maker: User, *, files: Sequence[tuple[str, list[str]]] = (("pdf", ["ru"]),), **facts) -> Report:
    """A report that waits, or stands as is said; none of its files is made."""
    order = facts.pop("order", Order(subject=Subject.MATCHES, recipient="Mr Akhmetov"))
    report = Report.objects.create(maker=maker, subject=order.subject, order=order.to_json(), **facts)
    ReportFile.objects.bulk_create(
        ReportFile(report=report, format=Format(kind), languages=languages) for kind, languages in files
    )
    return report


def ready_report(maker: User, **facts) -> Report:
    """A report whose files are all there."""
    made = {
        "state": ReportState.READY,
        "head": DOCUMENT.to_json(),
        "cut_at": CUT_AT,
        "kept_until": KEPT_UNTIL,
        "finished_at": CUT_AT,
    }
    report = ordered_report(maker, **made | {"rows": 3, "data_sha256": "5d" * 32} | facts)
    for file in report.files.all():
        FilePiece.objects.create(file=file, number=0, content=CONTENT)
        file.size, file.sha256, file.made_at = len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), CUT_AT
        file.name = f"tradematch-matches-{'-'.join(file.languages)}.{file.format}"
        file.save()
    return report
