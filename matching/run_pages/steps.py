"""How far a run is, as the steps that people are told: the book is read, its parts are matched, all is saved."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from matching.enums import RunState, ShardState
from matching.models import Run

DONE, NOW, LATER = "done", "now", "later"


@dataclass(frozen=True)
class Step:
    """One step with how it stands; of the parts of the book how many are matched."""

    label: str
    state: str
    parts_done: int | None = None
    parts: int | None = None


def steps_of(run: Run) -> list[Step]:
    """The three steps of a run that is under way. One query."""
    told = run.shards.aggregate(parts=Count("pk"), done=Count("pk", filter=Q(state=ShardState.DONE)))
    is_cut, is_matched = run.book_cut_at is not None, told["done"] == told["parts"]
    has_begun = run.state == RunState.RUNNING
    reading = DONE if is_cut else NOW if has_begun else LATER
    matching = LATER if not is_cut else DONE if is_matched else NOW
    saving = NOW if is_cut and is_matched else LATER
    parts = (told["done"], told["parts"]) if is_cut else (None, None)
    return [
        Step(str(_("Read the book and cut it into parts that cannot touch")), reading),
        Step(str(_("Match the parts")), matching, *parts),
        Step(str(_("Close: count, check and save what was found")), saving),
    ]
