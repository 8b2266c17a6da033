"""Quantity: a smaller lot or share, or more kilograms in one month; by whole kilograms."""

from datetime import date

import numpy as np

from matching.engine import effort, months
from matching.engine.changes.base import NO_STEP, Change, PairFacts
from matching.engine.ragged import Ragged


class _QuantityChange(Change):
    direction = -1

    def old_kg(self, pairs: PairFacts) -> np.ndarray:
        """The kilograms that change."""
        raise NotImplementedError

    def effort(self, pairs: PairFacts, steps: np.ndarray) -> np.ndarray:
        return effort.row(effort.QUANTITY, self._percent(pairs, steps))

    def _percent(self, pairs: PairFacts, steps: np.ndarray) -> np.ndarray:
        """Of the larger of old and new."""
        old_kg = self.old_kg(pairs)
        return 100 * steps / np.maximum(np.maximum(old_kg, old_kg + self.direction * steps), 1)

    def month(self, pairs: PairFacts) -> list[str | None]:
        """The month that changes, where it is one of several."""
        return [None] * len(pairs)

    def describe(self, pairs: PairFacts, steps: np.ndarray) -> list[dict]:
        facts = zip(
            self.old_kg(pairs).tolist(),
            steps.tolist(),
            self._percent(pairs, steps).tolist(),
            self.month(pairs),
            strict=True,
        )
        return [
            {
                "code": self.code,
                "amount": step,
                "unit": "kg",
                "percent": round(percent, 2),
                "from": old_kg,
                "to": old_kg + self.direction * step,
                "month": month,
            }
            for old_kg, step, percent, month in facts
        ]


def _lower(pairs: PairFacts, old_kg: np.ndarray, other_kg: np.ndarray) -> np.ndarray:
    """How far one minimum must come down so that the best month reaches it, where the other minimum lets it."""
    multiple = pairs.multiple_kg
    other_kg = -(-np.maximum(other_kg, 1) // multiple) * multiple
    reached_kg = pairs.best_month_kg // multiple * multiple
    return np.where((other_kg <= reached_kg) & (old_kg > reached_kg), old_kg - reached_kg, NO_STEP)


class LowerLot(_QuantityChange):
    """The seller ships a smaller lot."""

    code, side = "lower_lot", "seller"

    def old_kg(self, pairs: PairFacts) -> np.ndarray:
        return pairs.book.capacities.lot_kg

    def smallest(self, pairs: PairFacts) -> np.ndarray:
        return np.where(pairs.knows_lot, _lower(pairs, self.old_kg(pairs), pairs.book.needs.smallest_share_kg), NO_STEP)

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        return pairs.with_capacities(lot_kg=pairs.book.capacities.lot_kg - steps)


class LowerShare(_QuantityChange):
    """The buyer accepts a smaller share from one supplier."""

    code, side = "lower_share", "buyer"

    def old_kg(self, pairs: PairFacts) -> np.ndarray:
        return pairs.book.needs.smallest_share_kg

    def smallest(self, pairs: PairFacts) -> np.ndarray:
        lot_kg = np.where(pairs.knows_lot, pairs.book.capacities.lot_kg, 0)
        return _lower(pairs, self.old_kg(pairs), lot_kg)

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        return pairs.with_needs(smallest_share_kg=pairs.book.needs.smallest_share_kg - steps)


class _MoreInAMonth(_QuantityChange):
    """More kilograms in the month that lacks least, the earliest of equals; the other side must have enough in it.

    A month of which nothing is left, or in which nothing more is wanted, does not come back.
    """

    direction = 1

    def own(self, pairs: PairFacts) -> tuple[np.ndarray, np.ndarray]:
        """First day and kilograms of this side's slots."""
        raise NotImplementedError

    def sides(self, pairs: PairFacts, arcs: months.Arcs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each arc: this side's slot, its kilograms, and the other side's kilograms."""
        raise NotImplementedError

    def slots(self, pairs: PairFacts) -> Ragged:
        raise NotImplementedError

    def slot(self, pairs: PairFacts) -> np.ndarray:
        """The slot that grows; -1 where none can; (x,)."""
        arcs = months.arcs(pairs)
        slot, kg, other_kg = self.sides(pairs, arcs)
        can = np.flatnonzero((other_kg >= pairs.smallest_kg[arcs.pair]) & (kg > 0))
        order = can[np.lexsort((arcs.deliver_day[can], arcs.ship_day[can], -kg[can], arcs.pair[can]))]
        pair, first = np.unique(arcs.pair[order], return_index=True)
        chosen = np.full(len(pairs), -1)
        chosen[pair] = slot[order][first]
        return chosen

    def old_kg(self, pairs: PairFacts) -> np.ndarray:
        slot, (_, kg) = self.slot(pairs), self.own(pairs)
        old_kg = np.zeros(len(pairs), np.int64)
        old_kg[slot >= 0] = kg[slot[slot >= 0]]
        return old_kg

    def smallest(self, pairs: PairFacts) -> np.ndarray:
        old_kg = self.old_kg(pairs)
        return np.where((old_kg > 0) & (old_kg < pairs.smallest_kg), pairs.smallest_kg - old_kg, NO_STEP)

    def grown(self, pairs: PairFacts, steps: np.ndarray) -> np.ndarray:
        """Kilograms of this side's slots after the change."""
        slot, (_, kg) = self.slot(pairs), self.own(pairs)
        grown = kg.copy()
        grown[slot[slot >= 0]] += steps[slot >= 0]
        return grown

    def month(self, pairs: PairFacts) -> list[str | None]:
        first_day, _ = self.own(pairs)
        is_one_of_several = self.slots(pairs).count(np.arange(len(pairs))) > 1
        return [
            date.fromordinal(int(first_day[slot])).replace(day=1).isoformat() if several else None
            for slot, several in zip(self.slot(pairs).tolist(), is_one_of_several.tolist(), strict=True)
        ]


class OfferMore(_MoreInAMonth):
    """The seller offers more in one month."""

    code, side = "offer_more", "seller"

    def own(self, pairs: PairFacts) -> tuple[np.ndarray, np.ndarray]:
        return pairs.book.capacities.slot_first, pairs.book.capacities.slot_kg

    def sides(self, pairs: PairFacts, arcs: months.Arcs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        supply_kg, demand_kg = pairs.book.capacities.slot_kg[arcs.supply], pairs.book.needs.slot_kg[arcs.demand]
        return arcs.supply, supply_kg, demand_kg

    def slots(self, pairs: PairFacts) -> Ragged:
        return pairs.book.supply_slots

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        return pairs.with_capacities(slot_kg=self.grown(pairs, steps))


class WantMore(_MoreInAMonth):
    """The buyer takes more in one month."""

    code, side = "want_more", "buyer"

    def own(self, pairs: PairFacts) -> tuple[np.ndarray, np.ndarray]:
        return pairs.book.needs.slot_first, pairs.book.needs.slot_kg

    def sides(self, pairs: PairFacts, arcs: months.Arcs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        supply_kg, demand_kg = pairs.book.capacities.slot_kg[arcs.supply], pairs.book.needs.slot_kg[arcs.demand]
        return arcs.demand, demand_kg, supply_kg

    def slots(self, pairs: PairFacts) -> Ragged:
        return pairs.book.demand_slots

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        return pairs.with_needs(slot_kg=self.grown(pairs, steps))
