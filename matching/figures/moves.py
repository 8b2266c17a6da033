"""What a run's plan moves, commodity by commodity: kilograms, and what they are worth in USD as far as is known.

Kilograms of different commodities are never added up; USD are. A pair's kilograms count at their landed cost, at the
point and on the basis of the need; where that is not known at the asking price; where there is none either, not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

KG_PER_T = 1000
CENT = Decimal("0.01")


@dataclass(frozen=True)
class PlannedPair:
    """Kilograms of one pair with its prices in USD/t; None: not known."""

    commodity: str  # its code
    kg: int
    landed_low: Decimal | None
    landed_high: Decimal | None
    ask: Decimal | None


@dataclass
class Moved:
    """What the plan moves of one commodity."""

    commodity: str
    kg: int = 0
    kg_at_ask: int = 0  # of it: at the asking price, for the landed cost is not known
    kg_without_price: int = 0  # of it: not in the USD
    usd_low: Decimal = Decimal(0)
    usd_high: Decimal = Decimal(0)

    def add(self, pair: PlannedPair) -> None:
        self.kg += pair.kg
        low, high = pair.landed_low, pair.landed_high
        if low is None or high is None:
            low = high = pair.ask
            if pair.ask is None:
                self.kg_without_price += pair.kg
                return
            self.kg_at_ask += pair.kg
        self.usd_low += pair.kg * low / KG_PER_T
        self.usd_high += pair.kg * high / KG_PER_T

    @property
    def is_priced(self) -> bool:
        """Whether the USD stand for anything."""
        return self.kg > self.kg_without_price

    @property
    def is_whole(self) -> bool:
        """Whether the USD stand for every kilogram; else they are the least."""
        return not self.kg_without_price


def moved(pairs: Iterable[PlannedPair]) -> list[Moved]:
    """One row a commodity, ordered by its code; USD to the cent.

    For pairs that stand in no table: of a market, or of shards whose results nobody stored. Of stored results the
    database adds up the same (`queries.moved_by_goods`): `tests/matching/test_what_a_plan_moves.py` holds them equal.
    """
    rows: dict[str, Moved] = {}
    for pair in pairs:
        rows.setdefault(pair.commodity, Moved(pair.commodity)).add(pair)
    for row in rows.values():
        row.usd_low, row.usd_high = row.usd_low.quantize(CENT), row.usd_high.quantize(CENT)
    return [rows[code] for code in sorted(rows)]


def usd_of(rows: Iterable[Moved]) -> tuple[Decimal, Decimal]:
    """All that has a price together, from - to."""
    low = high = Decimal("0.00")
    for row in rows:
        low, high = low + row.usd_low, high + row.usd_high
    return low, high
