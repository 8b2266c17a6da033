"""A landed cost as lines and bars: how much each line adds, and how far it can be relied on."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from accounts import figures
from commodities.facts import Confidence
from corridor.engine.landed import Landed
from corridor.models import FreightQuote
from corridor.queries import Rate

Amount = Decimal | None


class Guess(StrEnum):
    """How far a line can be relied on, the worst first."""

    UNKNOWN = "unknown"  # nobody has said it
    EXAMPLE = "example"  # nobody has offered it
    UNSURE = "unsure"  # somebody has said it, and nobody is sure
    RANGE = "range"  # several may hold
    SURE = "sure"


@dataclass(frozen=True)
class Ground:
    """A quote, a premium or a line of the tariff that a line of the cost rests on."""

    code: str
    address: str
    who: str  # who gave it, or where it is from
    valid_to: date | None
    confidence: str
    is_example: bool


@dataclass(frozen=True)
class Row:
    """One line of a landed cost in USD per tonne; None: not known. `before` is the sum of the lines above it."""

    kind: str
    words: str
    low: Amount
    high: Amount
    is_taken_out: bool
    grounds: tuple[Ground, ...] = ()
    lapsed: FreightQuote | None = None  # the newest quote that ended, where nobody's quote holds
    before: Decimal = Decimal(0)
    key: tuple = ()

    @property
    def guess(self) -> Guess:
        if self.low is None:
            return Guess.UNKNOWN
        if any(ground.is_example for ground in self.grounds):
            return Guess.EXAMPLE
        if any(ground.confidence == Confidence.UNSURE for ground in self.grounds):
            return Guess.UNSURE
        return Guess.SURE if self.low == self.high else Guess.RANGE

    @property
    def is_guess(self) -> bool:
        return self.guess in (Guess.UNKNOWN, Guess.EXAMPLE, Guess.UNSURE)

    @property
    def amount(self) -> str:
        """The amount as it is written: a sign for what is added or taken out."""
        if self.low is None:
            return ""
        span = figures.span(figures.decimal(self.low, 2), figures.decimal(self.high, 2))
        if self.kind == "price":
            return span
        return f"{figures.MINUS}{span}" if self.is_taken_out else f"+{span}"


@dataclass(frozen=True)
class Mark:
    """A part of a bar."""

    tone: str
    x: str
    width: str


THINNEST = 250  # of the width: a line of a few cents can still be seen


def hundredths(part: Decimal, whole: Decimal) -> str:
    """A length as SVG writes it in every language."""
    return f"{100 * max(Decimal(0), min(part, whole)) / whole:.2f}"


@dataclass(frozen=True)
class Told:
    """A landed cost as a page shows it."""

    rows: list[Row]
    low: Amount
    high: Amount
    at_least: Amount
    limit: Amount
    vat: tuple[Decimal, Decimal] | None
    vat_percent: str
    rates: list[Rate]
    landed: Landed = field(repr=False)

    @property
    def scale(self) -> Decimal:
        """The right edge of the bars."""
        tops = [row.before + (row.high or 0) for row in self.rows if not row.is_taken_out]
        return max([*tops, *(one for one in (self.high, self.limit, self.at_least) if one), Decimal(1)]) * Decimal(
            "1.02"
        )

    @property
    def guesses(self) -> list[Row]:
        return [row for row in self.rows if row.is_guess]

    @property
    def is_example(self) -> bool:
        return any(row.guess == Guess.EXAMPLE for row in self.rows) or any(
            rate.confidence == Confidence.EXAMPLE for rate in self.rates
        )

    @property
    def room(self) -> Amount:
        """What is left under the limit at the dearer end; less than 0 where it is passed. None: not known."""
        return None if self.high is None or self.limit is None else self.limit - self.high

    @property
    def over(self) -> Amount:
        return None if self.room is None else -self.room

    @property
    def counts(self) -> dict[str, int]:
        """How many lines there are of each kind of guess."""
        found = [row.guess for row in self.rows]
        return {guess.value: found.count(guess) for guess in Guess}

    # Bars: each mark with its tone, where it begins and how long it is, in hundredths of the width.

    @property
    def bars(self) -> list[tuple[Row, list[Mark]]]:
        return [(row, self.bar(row)) for row in self.rows]

    def bar(self, row: Row) -> list[Mark]:
        """Ink for the price, sky for what is added, an outline for what is taken out, hatched up to the high end."""
        if row.low is None:
            return [self.mark("hatch", row.before, None)]
        if row.is_taken_out:
            return [self.mark("out", max(row.before - row.high, Decimal(0)), row.before)]
        tone = "ink" if row.kind == "price" else "sky"
        return self.marks(
            (tone, row.before, row.before + row.low), ("hatch", row.before + row.low, row.before + row.high)
        )

    @property
    def total_bar(self) -> list[Mark]:
        """The total, and in a pale tone what is left under the limit."""
        if self.low is None:
            return [
                *self.marks(("ink", Decimal(0), self.at_least or Decimal(0))),
                self.mark("hatch", self.at_least or Decimal(0), None),
            ]
        left = ("wash", self.high, max(self.high, self.limit or Decimal(0)))
        return self.marks(("ink", Decimal(0), self.low), ("hatch", self.low, self.high), left)

    @property
    def limit_at(self) -> str:
        return "" if self.limit is None else hundredths(self.limit, self.scale)

    def marks(self, *ends: tuple[str, Decimal, Decimal]) -> list[Mark]:
        return [self.mark(*one) for one in ends if one[2] > one[1]]

    def mark(self, tone: str, start: Decimal, end: Decimal | None) -> Mark:
        width = self.scale - start if end is None else end - start
        return Mark(tone, hundredths(start, self.scale), hundredths(max(width, self.scale / THINNEST), self.scale))
