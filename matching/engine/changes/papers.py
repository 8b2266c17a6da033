"""Certificates: one that is missing is obtained, or one that ends too early is renewed."""

from datetime import date

import numpy as np

from matching.engine import effort
from matching.engine.changes.base import NO_STEP, Change, PairFacts
from matching.engine.market import FAR_FUTURE, FAR_PAST
from matching.engine.papers import buyer_holds, seller_holds
from matching.engine.rules import FAIL, PASS


class _PaperChange(Change):
    """One certificate of one holder, where it is the only one that the rule lacks."""

    def lacks(self, pairs: PairFacts) -> np.ndarray:
        """Which kinds this holder is asked for and fails; bool (x, K)."""
        raise NotImplementedError

    def others_lack(self, pairs: PairFacts) -> np.ndarray:
        """Whether the rule fails for another holder too; bool (x,)."""
        return np.zeros(len(pairs), bool)

    def holder(self, pairs: PairFacts):
        return pairs.book.capacities if self.side == "seller" else pairs.book.needs

    def smallest(self, pairs: PairFacts) -> np.ndarray:
        is_one = self.lacks(pairs).sum(axis=1) == 1
        return np.where(is_one & ~self.others_lack(pairs), 1, NO_STEP)

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        holder, got = self.holder(pairs), self.lacks(pairs) & (steps > NO_STEP)[:, None]
        columns = {
            "certificate": np.where(got, 1, holder.certificate).astype(np.int8),
            "certificate_from": np.where(got, FAR_PAST, holder.certificate_from),
            "certificate_until": np.where(got, FAR_FUTURE, holder.certificate_until),
        }
        return pairs.with_capacities(**columns) if self.side == "seller" else pairs.with_needs(**columns)

    def _kind(self, pairs: PairFacts) -> np.ndarray:
        return np.argmax(self.lacks(pairs), axis=1)

    def _is_renewal(self, pairs: PairFacts) -> np.ndarray:
        """Held and checked, but not valid when it must be."""
        return self.holder(pairs).certificate[np.arange(len(pairs)), self._kind(pairs)] == 1

    def effort(self, pairs: PairFacts, steps: np.ndarray) -> np.ndarray:
        return np.where(self._is_renewal(pairs), effort.RENEWED_CERTIFICATE, effort.NEW_CERTIFICATE)

    def describe(self, pairs: PairFacts, steps: np.ndarray) -> list[dict]:
        timing, kinds, as_of = pairs.timing, pairs.book.market.certificate_kinds, pairs.book.as_of
        by = np.where(timing.answer == PASS, timing.first_day, timing.first_wanted)
        facts = zip(by.tolist(), self._kind(pairs).tolist(), self._is_renewal(pairs).tolist(), strict=True)
        return [
            {
                "code": "renew_certificate" if is_renewal else "get_certificate",
                "amount": 1,
                "unit": "certificate",
                "kind": kinds[kind],
                "by": date.fromordinal(day).isoformat(),
                "days_left": max(day - as_of, 0),  # whether it can be had in time
            }
            for day, kind, is_renewal in facts
        ]


def _fails(asked: np.ndarray, answers: np.ndarray) -> np.ndarray:
    return asked & (answers == FAIL)


class AskedOfSeller(_PaperChange):
    """The seller gets what the buyer asks for."""

    code, side = "get_certificate", "seller"

    def lacks(self, pairs: PairFacts) -> np.ndarray:
        return _fails(pairs.book.needs.requires, seller_holds(pairs))


class LawOfSeller(_PaperChange):
    """The seller gets what the law of the lane asks of him."""

    code, side = "get_certificate", "seller"

    def lacks(self, pairs: PairFacts) -> np.ndarray:
        return _fails(pairs.book.lanes.law_seller[pairs.lane], seller_holds(pairs))

    def others_lack(self, pairs: PairFacts) -> np.ndarray:
        return _fails(pairs.book.lanes.law_buyer[pairs.lane], buyer_holds(pairs)).any(axis=1)


class LawOfBuyer(_PaperChange):
    """The buyer gets what the law of the lane asks of him."""

    code, side = "get_certificate", "buyer"

    def lacks(self, pairs: PairFacts) -> np.ndarray:
        return _fails(pairs.book.lanes.law_buyer[pairs.lane], buyer_holds(pairs))

    def others_lack(self, pairs: PairFacts) -> np.ndarray:
        return _fails(pairs.book.lanes.law_seller[pairs.lane], seller_holds(pairs)).any(axis=1)
