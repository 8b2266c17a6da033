"""What is said back about a sheet of quotes: row by row, before anything is written."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from corridor.models import FreightQuote
from corridor.quoting import QuoteFacts


class Outcome(TextChoices):
    """What becomes of one row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("there already, unchanged")
    REFUSED = "refused", _("refused")


@dataclass(frozen=True)
class Said:
    """One thing said about a row, and the cell it speaks of."""

    text: str
    cell: str = ""
    column: str = ""
    is_refusal: bool = False


@dataclass
class RowAnswer:
    """One row: the quote it speaks of, what becomes of it, and why."""

    number: int
    code: str = ""
    outcome: Outcome = Outcome.NEW
    said: list[Said] = field(default_factory=list)
    facts: QuoteFacts | None = None
    quote: FreightQuote | None = None  # that is here already

    def refuse(self, text: str, cell: str = "", column: str = "") -> None:
        self.outcome = Outcome.REFUSED
        self.said.append(Said(text, cell, column, is_refusal=True))

    @property
    def is_refused(self) -> bool:
        return self.outcome == Outcome.REFUSED


@dataclass
class SheetAnswer:
    """What becomes of a whole sheet. `refusals` speak of the file; `notes` are worth knowing and refuse nothing."""

    name: str
    rows: list[RowAnswer] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(row.outcome for row in self.rows)
        return {outcome.value: counted.get(outcome, 0) for outcome in Outcome}

    @property
    def is_refused(self) -> bool:
        return bool(self.refusals) or self.counts[Outcome.REFUSED] > 0

    @property
    def changes_nothing(self) -> bool:
        return not self.is_refused and self.counts[Outcome.NEW] + self.counts[Outcome.CHANGED] == 0

    @property
    def may_be_written(self) -> bool:
        return not self.is_refused and not self.changes_nothing

    @property
    def worth_a_look(self) -> list[RowAnswer]:
        """The rows that are not simply there already; the refused ones first."""
        told = [row for row in self.rows if row.outcome != Outcome.UNCHANGED or row.said]
        return sorted(told, key=lambda row: not row.is_refused)

    @property
    def digest(self) -> str:
        """What was shown, in short: where it differs when it is to be written, somebody has changed something."""
        shown = [(row.number, row.code, row.outcome.value, [one.text for one in row.said]) for row in self.rows]
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]
