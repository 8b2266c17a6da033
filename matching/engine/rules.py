"""Who may trade with whom: ten rules with three answers each.

An answer is 1 pass, 0 not known or -1 fail. A rule made of several checks fails when one fails, else is not known when
one is not known, else passes. `docs/matching.md` states every rule in words.
"""

import numpy as np

from matching.engine.pairs import Pairs
from matching.engine.papers import certificate_answers, law_answers
from matching.engine.parameters import parameter_answers
from matching.engine.ragged import all_of

PASS, NOT_KNOWN, FAIL = 1, 0, -1


def answers(*, passes: np.ndarray, fails: np.ndarray) -> np.ndarray:
    """Three answers from two; a fail outweighs a pass. Shape (x,), int8."""
    return np.where(fails, FAIL, np.where(passes, PASS, NOT_KNOWN)).astype(np.int8)


class Rule:
    """A condition with three answers."""

    code: str

    def answer(self, pairs: Pairs) -> np.ndarray:
        """Pass, fail or not known for each pair; int8 (x,)."""
        raise NotImplementedError


class Sides(Rule):
    """Two different companies, in an enabled corridor, and an origin that the buyer accepts."""

    code = "sides"

    def answer(self, pairs: Pairs) -> np.ndarray:
        needs, capacities = pairs.book.needs, pairs.book.capacities
        origin = capacities.country[pairs.capacity]
        holds = (
            (needs.company[pairs.need] != capacities.company[pairs.capacity])
            & pairs.book.market.corridor_open[origin, needs.country[pairs.need]]
            & needs.accepts_origin[pairs.need, origin]
        )
        return answers(passes=holds, fails=~holds)


class Commodity(Rule):
    """The capacity's goods are, or lie below, a node that the need accepts. Broader than one: not known."""

    code = "commodity"

    def answer(self, pairs: Pairs) -> np.ndarray:
        needs = pairs.book.needs
        position, entry = pairs.book.accepted.expand(pairs.need)
        lo, hi = needs.accepted_lo[entry], needs.accepted_hi[entry]
        node_lo = pairs.book.capacities.node_lo[pairs.capacity][position]
        node_hi = pairs.book.capacities.node_hi[pairs.capacity][position]
        within = (lo <= node_lo) & (node_hi <= hi)
        broader = (node_lo <= lo) & (hi <= node_hi)
        best = np.full(len(pairs), FAIL, np.int8)  # one accepted node is enough
        np.maximum.at(best, position, np.where(within, PASS, np.where(broader, NOT_KNOWN, FAIL)).astype(np.int8))
        return best


class Parameters(Rule):
    """What the seller guarantees lies within what the buyer asks; of what he lets choose, something does."""

    code = "parameters"

    def answer(self, pairs: Pairs) -> np.ndarray:
        checks = parameter_answers(pairs)
        return all_of(checks.pair, checks.answer, len(pairs))


class Certificates(Rule):
    """Every certificate that the buyer asks for is held, checked and valid on a feasible day of delivery."""

    code = "certificates"

    def answer(self, pairs: Pairs) -> np.ndarray:
        return certificate_answers(pairs).min(axis=1, initial=PASS)


class Law(Rule):
    """Every standing certificate that the lane's law asks of the seller and of the buyer, likewise."""

    code = "law"

    def answer(self, pairs: Pairs) -> np.ndarray:
        answer = law_answers(pairs).min(axis=1, initial=PASS)
        return np.where(pairs.lane < 0, NOT_KNOWN, answer).astype(np.int8)


class Time(Rule):
    """Shipped on some available day the goods arrive within the window, at the shortest and at the longest transit."""

    code = "time"

    def answer(self, pairs: Pairs) -> np.ndarray:
        return pairs.timing.answer


class Quantity(Rule):
    """Some month moves at least one lot and the smallest share that the need accepts."""

    code = "quantity"

    def answer(self, pairs: Pairs) -> np.ndarray:
        months_are_known = pairs.timing.answer == PASS
        holds = np.where(months_are_known, pairs.best_month_kg, pairs.worst_month_kg) >= pairs.smallest_kg
        return answers(passes=holds & pairs.knows_lot, fails=pairs.best_month_kg < pairs.smallest_kg)


class Price(Rule):
    """What a tonne costs at the buyer's own point is within the buyer's limit."""

    code = "price"

    def answer(self, pairs: Pairs) -> np.ndarray:
        # A comparison with a number that is not known (nan) is false.
        return answers(passes=pairs.landed_high <= pairs.limit, fails=pairs.landed_at_least > pairs.limit)


class Payment(Rule):
    """There is a term of payment that both accept."""

    code = "payment"

    def answer(self, pairs: Pairs) -> np.ndarray:
        pays_by = pairs.book.needs.pays_by[pairs.need]
        paid_by = pairs.book.capacities.paid_by[pairs.capacity]
        both_state = pays_by.any(axis=1) & paid_by.any(axis=1)
        meet = (pays_by & paid_by).any(axis=1)
        return answers(passes=meet, fails=both_state & ~meet)


class Standing(Rule):
    """Both companies are active and screening refused neither."""

    code = "standing"

    def answer(self, pairs: Pairs) -> np.ndarray:
        needs, capacities = pairs.book.needs, pairs.book.capacities
        active = needs.is_active[pairs.need] & capacities.is_active[pairs.capacity]
        screening = np.minimum(needs.screening[pairs.need], capacities.screening[pairs.capacity])
        return np.where(active, screening, FAIL).astype(np.int8)


RULES: tuple[Rule, ...] = (
    Sides(),
    Commodity(),
    Parameters(),
    Certificates(),
    Law(),
    Time(),
    Quantity(),
    Price(),
    Payment(),
    Standing(),
)
RULE_CODES = tuple(rule.code for rule in RULES)


def judge(pairs: Pairs) -> np.ndarray:
    """The answers of all rules; int8 (x, 10)."""
    return np.stack([rule.answer(pairs) for rule in RULES], axis=1)
