"""What customs ask for at the border of the buyer's country."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from corridor.engine.affine import Top, amount

MINIMUM, PLUS, ONLY = "minimum", "plus", "only"


@dataclass(frozen=True)
class DutyLine:
    """One national line of a tariff.

    Args:
        code: of the tariff row.
        rate: share of the customs value; 0 where there is only a specific part.
        specific: USD per tonne, None without a specific part.
        rule: "" by value alone; "minimum" the higher of both; "plus" the sum; "only" the specific part.
        rate_from: the lowest the share may be where a preference holds whose rate is not known; else equal to `rate`.
        packing_up_to_kg, packing_over_kg: the net mass of one packing for which the line is meant.
        picked_by: code of the choice by which a person picked the line where there are several; "" without one.
    """

    code: str
    rate: Fraction
    specific: Fraction | None = None
    rule: str = ""
    rate_from: Fraction | None = None
    packing_up_to_kg: int | None = None
    packing_over_kg: int | None = None
    picked_by: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """What the duty rests on: the row of the tariff, and the choice of it."""
        return (self.code, self.picked_by) if self.picked_by else (self.code,)

    def __post_init__(self):
        if self.rule and self.specific is None:
            raise ValueError(f"{self.code}: the rule '{self.rule}' needs a specific rate")
        if self.rate < 0 or (self.specific or 0) < 0:
            raise ValueError(f"{self.code}: a duty is not negative")

    def may_be_for(self, packing_kg: int | None) -> bool:
        """Whether goods in packings of this net mass may fall under the line; a mass that is not known may be any."""
        if packing_kg is None:
            return True
        is_small_enough = self.packing_up_to_kg is None or packing_kg <= self.packing_up_to_kg
        return is_small_enough and (self.packing_over_kg is None or packing_kg > self.packing_over_kg)

    def on(self, value: Top) -> Top:
        """The duty on a customs value."""
        if self.rule == ONLY:
            return amount(self.specific)
        by_value = value.times(self.rate)
        if self.rule == MINIMUM:
            return by_value.or_more(amount(self.specific))
        return by_value + (self.specific if self.rule == PLUS else 0)


def under_preference(line: DutyLine, rate: Fraction | None) -> DutyLine:
    """A line for goods that may claim a preference, at its rate (None: not known): never more than without it.

    Where the preference is dearer by value nobody claims it. Where that hangs on the value of the goods, or its rate is
    not known, the duty is anything from nothing to the full one.
    """
    if rate is not None and line.rule != ONLY and rate <= line.rate:
        return replace(line, rate=rate, specific=None, rule="")
    if rate is not None and not line.rule:
        return line
    return replace(line, rate_from=Fraction(0))


def least_duty(lines: Sequence[DutyLine], value: Top) -> Top:
    """What every one of the lines asks for at least: exact for one line, else each part at its lowest."""
    if len(lines) == 1 and lines[0].rate_from is None:
        return lines[0].on(value)
    share = min(0 if line.rule == ONLY else line.rate if line.rate_from is None else line.rate_from for line in lines)
    specific = min(line.specific or 0 if line.rate_from is None else 0 for line in lines)
    return value.times(Fraction(share)).or_more(amount(specific))


def most_duty(lines: Sequence[DutyLine], value: Top) -> Top:
    """What the dearest of the lines asks for."""
    found = lines[0].on(value)
    for line in lines[1:]:
        found = found.or_more(line.on(value))
    return found
