"""Whether the kept files of reports are still what their cuts give: for whoever operates TradeMatch."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from reports.models import Report, ReportFile
from reports.pieces import kept_digest
from reports.services import storing

log = logging.getLogger(__name__)


class Standing(StrEnum):
    SAME = "same"
    OTHERWISE = "written otherwise"  # by other templates, words, fonts or programs: no fault
    FAULT = "at fault"


@dataclass(frozen=True)
class Checked:
    file: ReportFile
    standing: Standing
    why: str = ""


def reports_that_are_kept():
    """Those whose rows are there, with a file at least; the oldest first."""
    made = ReportFile.objects.made().values("report")
    return Report.objects.filter(removed_at=None, cut_at__isnull=False, pk__in=made).order_by("pk")


def check_report(report: Report) -> list[Checked]:
    """Every file of it that is made. None where the report was removed meanwhile."""
    checked = list(_checked(report))
    return checked if reports_that_are_kept().filter(pk=report.pk).exists() else []


def _checked(report: Report) -> Iterator[Checked]:
    rows_are_those_cut = kept_digest(report) == report.data_sha256
    for file in report.files.made():
        file.report = report
        if rows_are_those_cut:
            yield _checked_file(file)
        else:
            yield Checked(file, Standing.FAULT, "the kept rows are not those that were cut")


def _checked_file(file: ReportFile) -> Checked:
    if _digest_kept(file) != file.sha256:
        return Checked(file, Standing.FAULT, "the kept bytes are not those that were written")
    try:
        again = storing.made_again(file)
    except Exception as error:  # of any writer; one file holds up none of the others
        log.exception("report %s: %s cannot be made again", file.report_id, file.format)
        return Checked(file, Standing.FAULT, f"it cannot be made again: {type(error).__name__}")
    if again.is_same:
        return Checked(file, Standing.SAME)
    if again.is_written_alike:
        return Checked(file, Standing.FAULT, "made again, its bytes are others")
    return Checked(file, Standing.OTHERWISE, "" if again.sha256 else "what writes files now cannot read the cut")


def _digest_kept(file: ReportFile) -> str:
    digest = hashlib.sha256()
    for piece in storing.pieces_of(file):
        digest.update(piece)
    return digest.hexdigest()
