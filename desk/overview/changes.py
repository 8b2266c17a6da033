"""What changed between the two newest official runs, and what made it: as it was reckoned, or where to ask for it."""

from dataclasses import dataclass

from matching.enums import RunState
from matching.models import Run, RunDifference
from matching.run_pages.differing import PLAN, Line, line, match_lines

PLAN_WORTH = "plan_value"


@dataclass(frozen=True)
class Change:
    """One quantity that came out otherwise: by how much, and what each cause added or took away."""

    line: Line

    @property
    def parts(self) -> list:
        return [cell for cell in self.line.cells if not cell.is_nothing]


@dataclass(frozen=True)
class Changes:
    """Two runs, and their difference where somebody asked for it."""

    before: Run
    after: Run
    difference: RunDifference | None
    moved: list[Change]


def changes_between(user, before: Run | None, after: Run | None) -> Changes | None:
    """None where there are no two runs yet. One query."""
    if before is None or after is None:
        return None
    rows = RunDifference.objects.visible_to(user).filter(before=before, after=after).exclude(state=RunState.FAILED)
    difference = rows.first()
    is_told = difference is not None and difference.state == RunState.FINISHED and difference.figures
    lines = [*match_lines(difference), line(difference, PLAN[PLAN_WORTH], PLAN_WORTH)] if is_told else []
    return Changes(before, after, difference, [Change(one) for one in lines if one.is_moved])
