"""How a worker makes a report: one cut within one moment of the database, then each file, whole or not at all.

The Report row is the truth. Whoever comes second finds the work in other hands, or done, and leaves it alone. What is
reached stays: a cut that is there is not made again, and neither is a file.
"""

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone, translation

from companies.models.contacts import READS_IN
from matching.services.transactions import ROLLED_BACK, in_transaction
from reports.cutting.cut import Cut
from reports.cutting.subjects import SUBJECTS
from reports.enums import Failure, Format, ReportState
from reports.models import Report, ReportFile
from reports.pieces import Pieces
from reports.services import contacts, ending, storing
from reports.services.beat import CancelledError, ReportBeat, beating_for
from reports.services.ending import MOST_ATTEMPTS
from reports.services.ordering import check_order
from reports.services.snapshots import QUERY_ENDED, one_moment_of
from reports.writing.templates import TEMPLATES

log = logging.getLogger(__name__)

MOST_ROWS = 3_000_000
TOO_LARGE = "too_large"  # code of a ValidationError


class LostError(Exception):
    """Another worker, or nobody, is at this report now: what was made here is not kept."""


def carry_out(pk: int, *, worker: str = "") -> bool:
    """Make what is not made yet of a report; whether a worker is to be called once more. Twice does no harm."""
    with beating_for(pk) as beat:
        if beat is None:
            return False  # in other hands
        storing.clear_workplaces(pk)
        report = in_transaction(_begun, pk, worker)
        if report is None:
            return False
        beat.attempt = report.attempt
        try:
            if report.cut_at is None:
                report = _cut(report, beat)
            _make_files(report, beat)
            in_transaction(ending.end, pk, report.attempt)
        except CancelledError:
            in_transaction(ending.end_as_cancelled, pk, report.attempt)
        except ValidationError as refusal:
            in_transaction(ending.fail, pk, failure_of(refusal), "cutting")
        except LostError:
            log.warning("report %s: what was made is not kept, for it is to be made anew", pk)
            return True
    return False


def _begun(pk: int, worker: str) -> Report | None:
    """Count an attempt; None where nothing is to be made, or the workers at it were lost too often."""
    report = Report.objects.select_for_update(of=("self",), no_key=True).select_related("maker").filter(pk=pk).first()
    if report is None or report.is_over:
        return None
    if report.cancel_asked_at is not None:
        ending.end_cancelled(report)
        return None
    if report.attempt >= MOST_ATTEMPTS:
        ending.give_up(report, Failure.LOST, "")
        return None
    now = timezone.now()
    report.state = ReportState.MAKING
    report.attempt += 1
    report.worker = worker[:100]
    report.started_at = report.started_at or now
    report.heartbeat_at = now
    report.save(update_fields=["state", "attempt", "worker", "started_at", "heartbeat_at"])
    return report


# --- the cut


def _cut(report: Report, beat: ReportBeat) -> Report:
    """Ask all within one moment, then keep it: the head, its rows and its digest, all of it or nothing."""
    for last in (False, False, True):
        try:
            return _cut_once(report, beat)
        except OperationalError as error:
            code = getattr(error.__cause__, "pgcode", None)
            if beat.is_cancelled and code == QUERY_ENDED:
                raise CancelledError from error
            if last or code not in ROLLED_BACK:
                raise
    raise AssertionError("the last pass returns or raises")


def _cut_once(report: Report, beat: ReportBeat) -> Report:
    order = report.asked
    beat.done = 0
    with closing(Pieces(watch=_bounded(beat.watch))) as pieces:
        if order.contacts:
            in_transaction(contacts.wait_for_withdrawals)
        with translation.override(None), one_moment_of(read_only=False), beat.asking():
            if report.maker is None:
                raise ValidationError("nobody asks for it any more")
            check_order(order, report.maker)
            cut_at = timezone.now()
            cut = SUBJECTS[order.subject].cut(order, report.maker, pieces)
        beat.watch(0)
        return in_transaction(_keep_cut, report, cut, cut_at, pieces)


def _bounded(watch: Callable[[int], None]) -> Callable[[int], None]:
    taken = 0

    def watched(rows: int) -> None:
        nonlocal taken
        taken += rows
        if taken > MOST_ROWS:
            raise ValidationError("more rows than a report may hold", code=TOO_LARGE)
        watch(rows)

    return watched


def _keep_cut(begun: Report, cut: Cut, cut_at: datetime, pieces: Pieces) -> Report:
    pieces.keep(begun)  # before the row is held: the sign of life writes into it meanwhile
    report = still_ours(begun.pk, begun.attempt)
    report.cut_at, report.run = cut_at, cut.run
    report.head = cut.document.to_json()
    report.data_sha256 = pieces.digest(cut.document)
    report.rows, report.left_out = pieces.rows, cut.document.left_out
    report.rests_on = rests_on(cut, report)
    report.save(update_fields=["cut_at", "run", "head", "data_sha256", "rows", "left_out", "rests_on"])
    report.refresh_from_db(fields=["head"])  # the database orders keys its own way, and files follow that order
    return report


def rests_on(cut: Cut, report: Report) -> dict:
    """By which a file can be defended a year later, also when the run is gone."""
    told: dict = {
        "templates": {str(kind): version for kind, version in TEMPLATES.items()},
        "verify_at": settings.BASE_URL + reverse("reports:verify"),
    }
    if cut.contacts_of:
        told["contacts_of"] = sorted(cut.contacts_of)
        told["contacts_seen_in"] = READS_IN[report.maker.role]
    if run := cut.run:
        told["run"] = {
            "number": run.pk,
            "book_cut_at": run.book_cut_at.isoformat() if run.book_cut_at else None,
            "as_of": run.as_of.isoformat(),
            "rules": run.rules_version,
            "engine": run.engine_version,
            "corridor": run.corridor_version,
            "input": run.input_hash,
            "weights": run.options.get("weights", run.weights.values),
        }
    return told


# --- the files


def _make_files(report: Report, beat: ReportBeat) -> None:
    """Each file that is not made yet. One that cannot be made holds up none of the others."""
    waiting = list(report.files.filter(sha256="", failure="").order_by("pk"))
    beat.done, beat.total = report.rows, report.rows * (1 + len(waiting))
    faults = []
    for number, file in enumerate(waiting, start=1):
        file.report = report
        try:
            _make(file, beat)
        except ValidationError as refusal:
            in_transaction(_note_failure, file, report.attempt, failure_of(refusal))
        except (CancelledError, LostError, OperationalError):
            raise
        except Exception as fault:
            log.exception("report %s: writing %s", report.pk, file.format)
            if report.attempt >= MOST_ATTEMPTS:
                in_transaction(_note_failure, file, report.attempt, Failure.ERROR)
            faults.append(fault)
        beat.done = max(beat.done, report.rows * (1 + number))
    if faults and report.attempt < MOST_ATTEMPTS:
        raise faults[0]


def _make(file: ReportFile, beat: ReportBeat) -> None:
    beat.watch(0)
    with storing.workplace(file.report) as folder:
        path = folder / f"file.{Format(file.format)}"
        storing.written(file, path, beat.watch)
        beat.watch(0)
        in_transaction(_keep_file, file, path, beat)


def _keep_file(file: ReportFile, path: Path, beat: ReportBeat) -> None:
    now = ReportFile.objects.filter(pk=file.pk).first()
    if now is None or now.is_made:
        return  # this may be the second try
    file.pieces.all().delete()
    storing.keep(file, path)
    still_ours(file.report_id, beat.attempt)


def _note_failure(file: ReportFile, attempt: int, failure: Failure) -> None:
    still_ours(file.report_id, attempt)
    ReportFile.objects.filter(pk=file.pk, sha256="").update(failure=failure)


def failure_of(refusal: ValidationError) -> Failure:
    codes = {one.code for one in refusal.error_list} if hasattr(refusal, "error_list") else set()
    return Failure.TOO_LARGE if TOO_LARGE in codes else Failure.REFUSED


def still_ours(pk: int, attempt: int) -> Report:
    """The report, held, as long as this attempt at it is the one that counts."""
    report = Report.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if report is None or report.state != ReportState.MAKING or report.attempt != attempt:
        raise LostError
    if report.cancel_asked_at is not None:
        raise CancelledError
    return report
