"""Payment: one side accepts one term of the other, the first in the order of the terms.

The side that accepts fewer is asked; of equals, the seller.
"""

import numpy as np

from matching.engine import effort
from matching.engine.changes.base import NO_STEP, Change, PairFacts


class _TermChange(Change):
    def terms(self, pairs: PairFacts) -> np.ndarray:
        """What the other side accepts; bool (x, T)."""
        raise NotImplementedError

    def is_asked(self, n_buyers: np.ndarray, n_sellers: np.ndarray) -> np.ndarray:
        """Whether this side is the one to move, given how many terms each accepts; bool (x,)."""
        raise NotImplementedError

    def smallest(self, pairs: PairFacts) -> np.ndarray:
        n_buyers, n_sellers = pairs.book.needs.pays_by.sum(axis=1), pairs.book.capacities.paid_by.sum(axis=1)
        return np.where(self.is_asked(n_buyers, n_sellers), 1, NO_STEP)

    def accepted(self, pairs: PairFacts, own: np.ndarray, steps: np.ndarray) -> np.ndarray:
        rows = np.flatnonzero(steps > NO_STEP)
        more = own.copy()
        more[rows, np.argmax(self.terms(pairs)[rows], axis=1)] = True
        return more

    def effort(self, pairs: PairFacts, steps: np.ndarray) -> np.ndarray:
        return np.full(len(pairs), effort.TERM)

    def describe(self, pairs: PairFacts, steps: np.ndarray) -> list[dict]:
        terms = pairs.book.market.payment_terms
        return [
            {"code": self.code, "amount": 1, "unit": "term", "term": terms[term]}
            for term in np.argmax(self.terms(pairs), axis=1).tolist()
        ]


class SellerAcceptsTerm(_TermChange):
    """The seller accepts a term of the buyer."""

    code, side = "accept_term", "seller"

    def terms(self, pairs: PairFacts) -> np.ndarray:
        return pairs.book.needs.pays_by

    def is_asked(self, n_buyers: np.ndarray, n_sellers: np.ndarray) -> np.ndarray:
        return n_sellers <= n_buyers

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        return pairs.with_capacities(paid_by=self.accepted(pairs, pairs.book.capacities.paid_by, steps))


class BuyerAcceptsTerm(_TermChange):
    """The buyer accepts a term of the seller."""

    code, side = "accept_term", "buyer"

    def terms(self, pairs: PairFacts) -> np.ndarray:
        return pairs.book.capacities.paid_by

    def is_asked(self, n_buyers: np.ndarray, n_sellers: np.ndarray) -> np.ndarray:
        return n_buyers < n_sellers

    def apply(self, pairs: PairFacts, steps: np.ndarray) -> PairFacts:
        return pairs.with_needs(pays_by=self.accepted(pairs, pairs.book.needs.pays_by, steps))
