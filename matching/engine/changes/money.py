"""Price: the seller comes down or the buyer pays more, by whole USD a tonne."""

import numpy as np

from matching.engine import effort
from matching.engine.changes.base import NO_STEP, Change, PairFacts
from matching.engine.rules import FAIL, Price

_RULE = Price()


class _PriceChange(Change):
    def price(self, pairs: PairFacts) -> np.ndarray:
        """The price that changes, USD/t."""
        raise NotImplementedError

    def guess(self, pairs: PairFacts) -> np.ndarray:
        """About how many USD/t are missing, as floats."""
        raise NotImplementedError

    def smallest(self, pairs: PairFacts) -> np.ndarray:
        most = np.floor(np.nan_to_num(self.price(pairs)) * effort.MOST_PERCENT / 100)
        guess = np.where(np.isfinite(self.guess(pairs)), np.ceil(self.guess(pairs)), np.inf)
        steps = np.full(len(pairs), NO_STEP, np.int64)
        # The guess is a float's; the rule itself says which whole dollar is the first.
        for nearby in (1, 0, -1):
            tried = np.where((guess + nearby >= 1) & (guess + nearby <= most), guess + nearby, NO_STEP).astype(np.int64)
            does = (tried > NO_STEP) & (_RULE.answer(self.apply(pairs, tried)) != FAIL)
            steps = np.where(does, tried, steps)
        return steps

    def effort(self, pairs: PairFacts, steps: np.ndarray) -> np.ndarray:
        return effort.row(effort.PRICE, self._percent(pairs, steps))

    def _percent(self, pairs: PairFacts, steps: np.ndarray) -> np.ndarray:
        return np.where(steps > NO_STEP, 100 * steps / self.price(pairs), 0.0)

    def describe(self, pairs: PairFacts, steps: np.ndarray) -> list[dict]:
        price, percent = self.price(pairs), self._percent(pairs, steps)
        after = self.price(self.apply(pairs, steps))
        over = 100 * (pairs.landed_at_least - pairs.limit) / np.where(pairs.limit > 0, pairs.limit, np.inf)
        return [
            {
                "code": self.code,
                "amount": int(steps[i]),
                "unit": "usd_per_t",
                "percent": round(float(percent[i]), 2),
                "from": round(float(price[i]), 6),
                "to": round(float(after[i]), 6),
                "landed": float(pairs.landed_at_least[i]),
                "limit": float(pairs.limit[i]),
                "over_percent": round(float(over[i]), 2),
                "rests_on_examples": bool(pairs.book.lanes.rests_on_examples[pairs.lane[i]]),
                "is_part": bool(np.isnan(pairs.landed_low[i])),  # only a part of the landed cost is known
            }
            for i in range(len(pairs))
        ]


class LowerAsk(_PriceChange):
    """The seller asks less."""

    code, side = "lower_ask", "seller"

    def price(self, pairs: PairFacts) -> np.ndarray:
        return pairs.ask

    def guess(self, pairs: PairFacts) -> np.ndarray:
        lanes = pairs.book.lanes
        is_whole = ~np.isnan(pairs.landed_low)[:, None]
        slope = np.where(is_whole, lanes.slope_low[pairs.lane], lanes.slope_at_least[pairs.lane])  # (x, p)
        cost = np.where(is_whole, lanes.cost_low[pairs.lane], lanes.cost_at_least[pairs.lane])
        with np.errstate(divide="ignore", invalid="ignore"):
            over = (slope * pairs.ask[:, None] + cost - pairs.limit[:, None]) / slope
        return np.where(over > 0, over, 0.0).max(axis=1)

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        return pairs.with_capacities(ask_usd_per_t=pairs.book.capacities.ask_usd_per_t - steps)


class RaiseLimit(_PriceChange):
    """The buyer pays more."""

    code, side = "raise_limit", "buyer"

    def price(self, pairs: PairFacts) -> np.ndarray:
        return pairs.limit

    def guess(self, pairs: PairFacts) -> np.ndarray:
        return pairs.landed_at_least - pairs.limit

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        return pairs.with_needs(limit_usd_per_t=pairs.book.needs.limit_usd_per_t + steps)
