"""Amounts that depend on a price: the largest of a few straight lines in it. Exact, in fractions of USD per tonne.

Landed cost has this form for every Incoterm: freight adds a constant, insurance and duty by value add a share, a duty
"at least EUR x per kg" is the larger of two lines. The matching engine applies it to arrays of prices.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

Number = int | Fraction


@dataclass(frozen=True)
class Top:
    """The largest of some straight lines, each (slope, constant), slopes at least 0; for prices of at least 0."""

    lines: tuple[tuple[Fraction, Fraction], ...]

    def at(self, price: Number) -> Fraction:
        """The amount at a price, in USD per tonne."""
        return max(slope * price + constant for slope, constant in self.lines)

    def __add__(self, other: "Top | Number") -> "Top":
        added = other if isinstance(other, Top) else amount(other)
        return top((a + c, b + d) for a, b in self.lines for c, d in added.lines)

    def times(self, share: Fraction) -> "Top":
        """A share of the amount; a share below zero would turn the largest into the smallest."""
        if share < 0:
            raise ValueError("a share of an amount is not negative")
        return top((slope * share, constant * share) for slope, constant in self.lines)

    def less(self, other: "Top | Number") -> "Top":
        """The amount with something taken out, which must be one straight line."""
        taken = other if isinstance(other, Top) else amount(other)
        if len(taken.lines) != 1:
            raise ValueError("only one straight line can be taken out of an amount")
        ((slope, constant),) = taken.lines
        return top((a - slope, b - constant) for a, b in self.lines)

    def or_more(self, other: "Top") -> "Top":
        """The larger of both."""
        return top([*self.lines, *other.lines])


def top(lines: Iterable[tuple[Fraction, Fraction]]) -> Top:
    """The lines without those that are nowhere the largest because another is at least as steep and as high."""
    kept: list[tuple[Fraction, Fraction]] = []
    for line in sorted(set(lines), reverse=True):
        if not any(slope >= line[0] and constant >= line[1] for slope, constant in kept):
            kept.append(line)
    return Top(tuple(kept))


def amount(usd_per_t: Number) -> Top:
    """An amount that no price changes."""
    return Top(((Fraction(0), Fraction(usd_per_t)),))


PRICE = Top(((Fraction(1), Fraction(0)),))
NOTHING = amount(0)
