"""What a file or a number was: told to whoever holds it, without any name, filter or figure of it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from matching.models import Run
from reports.enums import Format, Subject
from reports.models import Report, ReportFile
from reports.services.comparing import Compared, Uncompared, compared_with_today

# Files print the first letters of a digest. Sixteen tell one of ours from every other, and nobody guesses them.
DIGEST = re.compile(r"[0-9a-f]{16,64}")
NUMBER_LETTERS = 32
BLANKS = re.compile(r"[\s\u00a0\u200b-]+")
KEPT_S = 60  # how long an answer about the rows of a report is given again


class By(StrEnum):
    """By what somebody asked."""

    FILE = "file"  # the digest of the very bytes
    DATA = "data"  # the digest of what files are made of, as they print it
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class FileTold:
    format: Format
    languages: tuple[str, ...]
    size: int
    sha256: str
    made_at: datetime
    template: int | None  # version of what wrote it


@dataclass(frozen=True, kw_only=True)
class RunTold:
    number: int
    as_of: date
    book_cut_at: datetime | None
    rules: str
    engine: str
    corridor: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """Nothing here names a company, a person, a filter or a recipient: anybody who holds the paper reads it."""

    by: By
    number: UUID
    subject: Subject
    cut_at: datetime
    data_sha256: str
    rows: int
    left_out: int
    has_examples: bool
    has_contacts: bool
    files: tuple[FileTold, ...]
    run: RunTold | None
    later_run: RunTold | None
    is_removed: bool
    compared: Compared | None
    why_not: Uncompared | None
    others: tuple[UUID, ...] = field(default=())  # other reports of the very same file or rows that the reader may open


def look_up(asked: str, reader=None) -> Told | None:
    """What was asked about, or None where it is not ours. Refuses in words what is neither a digest nor a number.

    `reader`: who is signed in. Of other reports with the same bytes or rows only those are named that they may open.
    """
    by, reports = found(asked)
    if not reports:
        return None
    report, *others = reports
    files = report.files.made()
    if by == By.FILE:
        files = files.filter(sha256__startswith=plain(asked))
    run = _run_of(report)
    later = _later_run(report)
    compared, why_not = _today(report)
    return Told(
        by=by,
        number=report.public_id,
        subject=Subject(report.subject),
        cut_at=report.cut_at,
        data_sha256=report.data_sha256,
        rows=report.rows,
        left_out=report.left_out,
        has_examples=report.document.has_examples,
        has_contacts=report.document.has_contacts,
        files=tuple(_file(one) for one in files),
        run=run,
        later_run=later,
        is_removed=report.removed_at is not None,
        compared=compared,
        why_not=why_not,
        others=_numbers_seen_by(reader, others),
    )


def found(asked: str) -> tuple[By, list[Report]]:
    """The reports of which it is a file, the rows or the number; the first that was made comes first."""
    text = plain(asked)
    # Whatever becomes of the report now: a further file of it may be in the making, and those that are made stay true.
    made = Report.objects.filter(pk__in=ReportFile.objects.made().values("report"), cut_at__isnull=False).order_by("pk")
    if DIGEST.fullmatch(text):
        of_file = ReportFile.objects.made().filter(sha256__startswith=text).values("report")
        if reports := list(made.filter(pk__in=of_file)):
            return By.FILE, reports
        if reports := list(made.filter(data_sha256__startswith=text)):
            return By.DATA, reports
        if len(text) != NUMBER_LETTERS:
            return By.DATA, []
    return By.NUMBER, list(made.filter(public_id=number_in(text)))


def plain(asked: str) -> str:
    """As programs write it: people copy blanks, dashes and breaks of lines along with it, or large letters."""
    return BLANKS.sub("", asked).lower()


def number_in(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError as error:
        words = _("Type the 64 letters and figures of a SHA-256, or the number of a report as it is printed.")
        raise ValidationError(words) from error


def _numbers_seen_by(reader, reports: list[Report]) -> tuple[UUID, ...]:
    if reader is None or not reports:
        return ()
    seen = Report.objects.visible_to(reader).filter(pk__in=[report.pk for report in reports])
    return tuple(seen.order_by("pk").values_list("public_id", flat=True))


def _file(file: ReportFile) -> FileTold:
    return FileTold(
        format=Format(file.format),
        languages=tuple(file.languages),
        size=file.size,
        sha256=file.sha256,
        made_at=file.made_at,
        template=file.template,
    )


def _run_of(report: Report) -> RunTold | None:
    """As it was noted when the report was cut, so that it is known also when the run is gone."""
    noted = report.rests_on.get("run")
    if not noted:
        return None
    return RunTold(
        number=noted["number"],
        as_of=date.fromisoformat(noted["as_of"]),
        book_cut_at=datetime.fromisoformat(noted["book_cut_at"]) if noted["book_cut_at"] else None,
        rules=noted["rules"],
        engine=noted["engine"],
        corridor=noted["corridor"],
    )


def _later_run(report: Report) -> RunTold | None:
    """The newest official run, where it came after the one on which the report rests."""
    noted = report.rests_on.get("run")
    newest = Run.objects.official().finished().first()
    if not noted or newest is None or newest.pk <= noted["number"]:
        return None
    return RunTold(
        number=newest.pk,
        as_of=newest.as_of,
        book_cut_at=newest.book_cut_at,
        rules=newest.rules_version,
        engine=newest.engine_version,
        corridor=newest.corridor_version,
    )


def _today(report: Report) -> tuple[Compared | None, Uncompared | None]:
    """Asked of the database at most once a minute, also where it takes too long, and again once a run has finished."""
    newest = Run.objects.recorded().finished().values_list("pk", flat=True).first()
    key = f"verified:{report.pk}:{newest}"
    answer = cache.get(key)
    if answer is None:
        answer = compared_with_today(report)
        if answer[1] != Uncompared.BUSY:
            cache.set(key, answer, KEPT_S)
    return answer
