"""Parameters: the buyer accepts a little more, or the seller guarantees a narrower set; one parameter."""

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from matching.engine import effort
from matching.engine.changes.base import NO_STEP, Change, PairFacts
from matching.engine.market import NO_SET
from matching.engine.parameters import parameter_answers
from matching.engine.rules import FAIL


@dataclass(frozen=True)
class _Failing:
    """The one parameter that a pair fails."""

    asked: int  # entry of the need
    offered: int  # entry of the capacity


def _failing(pairs: PairFacts) -> dict[int, _Failing]:
    """By pair, where it fails exactly one parameter."""
    checks = parameter_answers(pairs)
    fails = np.flatnonzero(checks.answer == FAIL)
    count = np.bincount(checks.pair[fails], minlength=len(pairs))
    only = fails[count[checks.pair[fails]] == 1]
    return {
        pair: _Failing(asked, offered)
        for pair, asked, offered in zip(
            checks.pair[only].tolist(), checks.asked[only].tolist(), checks.offered[only].tolist(), strict=True
        )
    }


def _exact(number: float) -> Decimal | None:
    return None if np.isnan(number) else Decimal(repr(float(number)))


@dataclass(frozen=True)
class _Ends:
    """An accepted range and an offered one, exactly, and the grid: the smallest step in the decimals of both."""

    asked_low: Decimal | None
    asked_high: Decimal | None
    low: Decimal | None
    high: Decimal | None
    is_choice: bool

    @property
    def grid(self) -> Decimal:
        ends = [end for end in (self.asked_low, self.asked_high, self.low, self.high) if end is not None]
        return Decimal(1).scaleb(min(0, *(end.normalize().as_tuple().exponent for end in ends)))

    @property
    def missing(self) -> tuple[Decimal, Decimal]:
        """How far the accepted range must reach down and up."""
        stated = [end for end in (self.low, self.high) if end is not None]
        # Of a guarantee everything must be accepted; of a choice its nearest end is enough.
        lowest, highest = (self.high, self.low) if self.is_choice else (min(stated), max(stated))
        down = self.asked_low - lowest if self.asked_low is not None and lowest is not None else Decimal(0)
        up = highest - self.asked_high if self.asked_high is not None and highest is not None else Decimal(0)
        return max(down, Decimal(0)), max(up, Decimal(0))

    @property
    def steps(self) -> int:
        return int(max(self.missing) / self.grid)

    def widened(self, steps: int) -> tuple[Decimal | None, Decimal | None]:
        """The accepted range after so many steps, no wider than is missing."""
        down, up = (min(steps * self.grid, missing) for missing in self.missing)
        return (
            None if self.asked_low is None else self.asked_low - down,
            None if self.asked_high is None else self.asked_high + up,
        )


def _ends(pairs: PairFacts, failing: _Failing) -> _Ends:
    needs, capacities = pairs.book.needs, pairs.book.capacities
    return _Ends(
        _exact(needs.asked_low[failing.asked]),
        _exact(needs.asked_high[failing.asked]),
        _exact(capacities.offered_low[failing.offered]),
        _exact(capacities.offered_high[failing.offered]),
        bool(capacities.offered_is_choice[failing.offered]),
    )


def _sets(pairs: PairFacts, failing: _Failing) -> tuple[frozenset, frozenset] | None:
    """What is accepted and what is offered, where both are sets."""
    asked = int(pairs.book.needs.asked_set[failing.asked])
    offered = int(pairs.book.capacities.offered_set[failing.offered])
    if NO_SET in (asked, offered):
        return None
    return pairs.book.market.value_sets[asked], pairs.book.market.value_sets[offered]


class _GoodsChange(Change):
    def values(self, pairs: PairFacts, failing: _Failing) -> list[str]:
        """The values of a set that the change is about."""
        raise NotImplementedError

    def effort(self, pairs: PairFacts, steps: np.ndarray) -> np.ndarray:
        return np.full(len(pairs), effort.PARAMETER)

    def describe(self, pairs: PairFacts, steps: np.ndarray) -> list[dict]:
        failing = _failing(pairs)
        return [self._describe(pairs, failing[pair], step) for pair, step in enumerate(steps.tolist())]

    def _describe(self, pairs: PairFacts, failing: _Failing, step: int) -> dict:
        key, unit = pairs.book.market.parameters[int(pairs.book.needs.asked_parameter[failing.asked])]
        about = {"code": self.code, "parameter": key}
        if _sets(pairs, failing) is not None:
            values = self.values(pairs, failing)
            return about | {"amount": len(values), "unit": "values", "values": values}
        ends = _ends(pairs, failing)
        spans = ((ends.asked_low, ends.asked_high), ends.widened(step))
        before, after = ([None if end is None else float(end) for end in span] for span in spans)
        return about | {"amount": float(step * ends.grid), "unit": unit, "from": before, "to": after}


class WidenAccepted(_GoodsChange):
    """The buyer accepts a wider range, in steps of the last decimal given, or one value more."""

    code, side = "widen_accepted", "buyer"

    def values(self, pairs: PairFacts, failing: _Failing) -> list[str]:
        accepted, offered = _sets(pairs, failing)
        outside = sorted(offered - accepted)
        return outside[:1] if pairs.book.capacities.offered_is_choice[failing.offered] else outside

    def smallest(self, pairs: PairFacts) -> np.ndarray:
        steps = np.full(len(pairs), NO_STEP, np.int64)
        for pair, failing in _failing(pairs).items():
            if _sets(pairs, failing) is None:
                steps[pair] = _ends(pairs, failing).steps
            elif len(self.values(pairs, failing)) == 1:
                steps[pair] = 1
        return steps

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        needs, sets = pairs.book.needs, list(pairs.book.market.value_sets)
        low, high, number = needs.asked_low.copy(), needs.asked_high.copy(), needs.asked_set.copy()
        for pair, failing in _failing(pairs).items():
            if steps[pair] == NO_STEP:
                continue
            both = _sets(pairs, failing)
            if both is None:
                ends = _ends(pairs, failing).widened(int(steps[pair]))
                low[failing.asked], high[failing.asked] = (np.nan if end is None else float(end) for end in ends)
            else:
                number[failing.asked] = len(sets)
                sets.append(both[0] | set(self.values(pairs, failing)))
        changed = pairs.with_needs(asked_low=low, asked_high=high, asked_set=number)
        return PairFacts.of_market(replace(changed.book.market, value_sets=tuple(sets)), pairs.book.as_of)


class TightenGuarantee(_GoodsChange):
    """The seller guarantees a narrower set, without the several values that are not accepted."""

    code, side = "tighten_guarantee", "seller"

    def values(self, pairs: PairFacts, failing: _Failing) -> list[str]:
        accepted, offered = _sets(pairs, failing)
        return sorted(offered - accepted)

    def smallest(self, pairs: PairFacts) -> np.ndarray:
        steps = np.full(len(pairs), NO_STEP, np.int64)
        for pair, failing in _failing(pairs).items():
            both = _sets(pairs, failing)
            is_choice = pairs.book.capacities.offered_is_choice[failing.offered]
            if both is not None and not is_choice and both[0] & both[1] and len(both[1] - both[0]) > 1:
                steps[pair] = 1
        return steps

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        sets, number = list(pairs.book.market.value_sets), pairs.book.capacities.offered_set.copy()
        for pair, failing in _failing(pairs).items():
            if steps[pair] > NO_STEP:
                accepted, offered = _sets(pairs, failing)
                number[failing.offered] = len(sets)
                sets.append(accepted & offered)
        changed = pairs.with_capacities(offered_set=number)
        return PairFacts.of_market(replace(changed.book.market, value_sets=tuple(sets)), pairs.book.as_of)
