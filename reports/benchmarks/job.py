"""The job behind `benchmark exports`: the matches as they stand, or made ones that are taken away again."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from matching.benchmarks.jobs import RefusedError
from matching.benchmarks.measuring import machine
from matching.benchmarks.page_rows import NothingToPairError, made_before, make_pairs, remove_pairs
from matching.models import ListedMatch, Match
from reports.benchmarks.exports import exports
from reports.benchmarks.exports_page import section
from reports.cutting.match_columns import COLUMNS

NAME = "exports"


@dataclass(frozen=True)
class ExportsReport:
    section: str
    charts: dict[str, str] = field(default_factory=dict)


def measure_exports(matches: int, tell: Callable[[str], None]) -> ExportsReport:
    for left in made_before():
        remove_pairs(left)
        tell("taken away: what a measurement that was broken off had left")
    if matches and Match.objects.exists():
        raise RefusedError("There are matches already: --matches is for a database of its own, of make_market.")
    try:
        if matches:
            make_pairs(matches, tell)
        if not ListedMatch.objects.of_today().exists():
            raise RefusedError("There are no matches to carry away: --matches makes some.")
        where = machine()
        return ExportsReport(section(timezone.localdate(), where, exports(tell), len(COLUMNS)))
    except NothingToPairError as failure:
        raise RefusedError(str(failure)) from None
    finally:
        for left in made_before():
            remove_pairs(left)
