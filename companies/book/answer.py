"""What is said back about a book: one answer for each row, in codes; `companies/book/telling.py` says it in words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What became of one row."""

    TAKEN = "taken", _("taken")
    CONVERTED = "converted", _("taken, converted")
    UPDATED = "updated", _("updated")
    ALREADY_THERE = "already_there", _("already there")
    REFUSED = "refused", _("refused")
    SKIPPED = "skipped", _("not read")


# A row with one of these changes the book once it is written.
CHANGING = (Outcome.TAKEN, Outcome.CONVERTED, Outcome.UPDATED)


@dataclass(frozen=True)
class Message:
    """One thing said about a cell, a row, a sheet or a file."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    sheet: str = ""
    row: int | None = None
    cell: str = ""
    column: str = ""
    found: str = ""


@dataclass
class RowAnswer:
    """One row of a sheet, the key it carries (a company's code, a listing's reference), and what became of it."""

    sheet: str
    row: int
    key: str
    outcome: Outcome
    messages: list[Message] = field(default_factory=list)
    entry: Any = field(default=None, compare=False, repr=False)  # the row itself, while the book is at hand


@dataclass
class BookAnswer:
    """What became of a whole book.

    `refusals` speak of a file or a sheet as a whole; `notes` are worth knowing and refuse nothing. `is_written` says
    whether the rows that could be taken were in fact written.
    """

    files: list[str]
    is_trial: bool = False
    is_written: bool = False
    rows: list[RowAnswer] = field(default_factory=list)
    refusals: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @property
    def is_refused_in_part(self) -> bool:
        return bool(self.refusals) or any(row.outcome == Outcome.REFUSED for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(row.outcome for row in self.rows)
        return {outcome.value: counted.get(outcome, 0) for outcome in Outcome}

    @property
    def takes_nothing(self) -> bool:
        """Something was refused, and nothing of the rest was written or is here already."""
        there = self.counts[Outcome.ALREADY_THERE]
        changing = sum(self.counts[outcome] for outcome in CHANGING)
        return self.is_refused_in_part and not (there or (changing and (self.is_written or self.is_trial)))
