"""A sieve before the rules: pairs that surely fail two of them, or one by more than a change may move, fall through.

It looks at a few facts of each pair, which lie one after another as they are looked at, by a formula without branches.
What it keeps may still fail; what it drops never is a near miss: a test holds it against the rules. Dollars are
float32, with some to spare; ends of parameters are, too: what is less when both are rounded is less.
"""

from typing import NamedTuple

import numpy as np

from matching.engine import effort
from matching.engine.fast.compiled import inner
from matching.engine.fast.facts import Facts
from matching.engine.market import NO_SET, NOT_KNOWN_DAYS

_ANY_DAYS = 10**8
_FAR_BELOW, FAR_ABOVE = np.float32(-1e30), np.float32(1e30)
_MORE, LITTLE = np.float32(1.0001), np.float32(1e-5)  # what sums of float32 may be off by, and more
CENT = np.float32(0.01)
_DAY_BANDS, _PRICE_BANDS = effort.DAYS, effort.PRICE
_MOST_PARAMETERS = 6  # those most often asked for
_BITS = 31  # of kinds of certificates and terms of payment; further ones are left to the rules


class Ways(NamedTuple):
    """What the lanes take at best, by the row of their first route."""

    days_low: np.ndarray  # int32 (l + 1,): of the fastest and the slowest route of the lane
    days_high: np.ndarray
    slope: np.ndarray  # float32 (l + 1,): by no route does a tonne land for less than slope x ask + cost
    cost: np.ndarray
    steepest: np.float32  # by so many dollars, at most, the landed cost falls when the ask falls by one

    @classmethod
    def of(cls, lanes) -> "Ways":
        steepest = max(lanes.slope_low.max(initial=0.0), lanes.slope_at_least.max(initial=0.0))
        return cls(**_at_best(lanes), steepest=np.float32(steepest) * _MORE)


class Sieve(NamedTuple):
    """Facts of the capacities of some lists, in their order; and what the lanes take at best."""

    terms: np.ndarray  # int32 (x,), a term of payment is a bit; 0: none stated, or one that is no bit
    lacks: np.ndarray  # int32 (x,), kinds of certificates that are stated not held
    first_ship: np.ndarray  # int32
    last_ship: np.ndarray
    ask: np.ndarray  # float32, far below any where not known
    departure: np.ndarray  # uint32
    low: np.ndarray  # float32 (parameters, x), ends that are guaranteed; nan: not stated, a set, or to choose from
    high: np.ndarray
    column_of: np.ndarray  # int8 (all parameters,), the row of `low` and `high`, or -1
    lane: np.ndarray  # uint32 (arrivals, departures)
    ways: Ways
    knows_terms: bool  # whether each term of payment is one of the bits

    @classmethod
    def of(cls, facts: Facts) -> "Sieve":
        """For all capacities, as their rows stand."""
        capacities, lanes = facts.capacities, facts.lanes
        return cls(
            terms=_terms(capacities.terms),
            lacks=_bits(capacities.certificate[:, :_BITS] == -1),
            first_ship=capacities.first_ship.astype(np.int32),
            last_ship=capacities.last_ship.astype(np.int32),
            ask=np.nan_to_num(capacities.ask, nan=_FAR_BELOW).astype(np.float32),
            departure=capacities.departure.astype(np.uint32),
            lane=np.ascontiguousarray(lanes.of.T % len(lanes.next)).astype(np.uint32),
            ways=Ways.of(lanes),
            knows_terms=not any((terms >> _BITS).any() for terms in (facts.needs.terms, capacities.terms)),
            **_guarantees(facts),
        )

    def only(self, rows: np.ndarray) -> "Sieve":
        """For some rows, in this order."""
        ends = {name: np.ascontiguousarray(getattr(self, name)[:, rows]) for name in ("low", "high")}
        return self._replace(**ends, **{name: getattr(self, name)[rows] for name in _BY_ROW})


_BY_ROW = ("terms", "lacks", "first_ship", "last_ship", "ask", "departure")


def _guarantees(facts: Facts) -> dict[str, np.ndarray]:
    """The ends that capacities guarantee of the parameters that needs ask for most often."""
    asked, capacities = facts.needs.asked_parameter, facts.capacities
    n_parameters = 1 + max(asked.max(initial=-1), capacities.offered_parameter.max(initial=-1))
    often = np.argsort(-np.bincount(asked, minlength=n_parameters), kind="stable")[:_MOST_PARAMETERS]
    column_of = np.full(n_parameters, -1, np.int8)
    column_of[often] = np.arange(len(often))
    row = np.repeat(np.arange(len(capacities.id)), np.diff(capacities.offered_start))
    is_first = np.ones(len(row), bool)  # of the entries of a capacity for a parameter
    is_first[1:] = (row[1:] != row[:-1]) | (capacities.offered_parameter[1:] != capacities.offered_parameter[:-1])
    column = column_of[capacities.offered_parameter]
    some = is_first & (column >= 0) & ~capacities.offered_is_choice & (capacities.offered_set == NO_SET)
    ends = {"column_of": column_of}
    for end in ("low", "high"):
        ends[end] = np.full((len(often), len(capacities.id)), np.nan, np.float32)
        ends[end][column[some], row[some]] = getattr(capacities, f"offered_{end}")[some]
    return ends


def everything() -> Sieve:
    """A sieve of nothing: all pairs are kept."""
    numbers, dollars = np.zeros(0, np.int32), np.zeros(0, np.float32)
    return Sieve(
        *(numbers,) * 4, dollars, np.zeros(0, np.uint32), *(np.zeros((0, 0), np.float32),) * 2, np.zeros(0, np.int8),
        np.zeros((1, 1), np.uint32), Ways(numbers, numbers, dollars, dollars, np.float32(0)), knows_terms=True,
    )  # fmt: skip


def _at_best(lanes) -> dict[str, np.ndarray]:
    """Over the routes of each lane: the fewest and the most days, and a line below all of landed cost."""
    knows = (lanes.days_low != NOT_KNOWN_DAYS) & (lanes.days_high != NOT_KNOWN_DAYS)
    whole = ~np.isnan(lanes.cost_low).any(axis=1, keepdims=True)
    slope = np.where(whole, lanes.slope_low, lanes.slope_at_least)
    cost = np.where(whole, lanes.cost_low, lanes.cost_at_least)
    is_known = ~np.isnan(cost).any(axis=1)
    dearest = np.argmax(np.nan_to_num(cost), axis=1)[:, None]
    low, high = np.where(knows, lanes.days_low, 0), np.where(knows, lanes.days_high, _ANY_DAYS)
    slope = np.where(is_known, np.take_along_axis(slope, dearest, axis=1)[:, 0], 0.0)
    cost = np.where(is_known, np.take_along_axis(cost, dearest, axis=1)[:, 0], _FAR_BELOW)
    route = lanes.next.copy()
    while (route >= 0).any():
        has = route >= 0
        low[has], high[has] = np.minimum(low[has], low[route[has]]), np.maximum(high[has], high[route[has]])
        slope[has], cost[has] = np.minimum(slope[has], slope[route[has]]), np.minimum(cost[has], cost[route[has]])
        route = np.where(has, lanes.next[route], route)
    return {
        "days_low": low.astype(np.int32),
        "days_high": high.astype(np.int32),
        "slope": slope.astype(np.float32),
        "cost": cost.astype(np.float32),
    }


def _terms(terms: np.ndarray) -> np.ndarray:
    """The same terms as 31 bits; none where there is one that is none of them."""
    return np.where(terms >> _BITS == 0, terms, 0).astype(np.int32)


def _bits(table: np.ndarray) -> np.ndarray:
    return (table.astype(np.int64) << np.arange(table.shape[1])).sum(axis=1).astype(np.int32)


class Limits(NamedTuple):
    """How far a change of so much effort may go, and what else may fail."""

    days: int
    share: np.float32  # of a price
    wants_term: bool  # payment must fail
    allows_term: bool
    allows_goods: bool  # parameters may
    allows_papers: bool  # certificates may


@inner
def limits_of(least, most):
    days, percent = 0, 0.0
    for at in range(len(_DAY_BANDS)):
        if _DAY_BANDS[at][1] <= most:
            days = _DAY_BANDS[at][0]
    for at in range(len(_PRICE_BANDS)):
        if _PRICE_BANDS[at][1] <= most:
            percent = _PRICE_BANDS[at][0]
    return Limits(
        days,
        np.float32(percent / 100) * _MORE,
        most == effort.TERM,
        least <= effort.TERM,
        most >= effort.PARAMETER,
        most >= effort.RENEWED_CERTIFICATE,
    )


@inner
def sift(facts, i, sieve, first, until, limits, keeps):
    """Which capacities of the sieve, from first to until, may have a near miss with a need: into `keeps`, uint8.

    0: it has none; 1: it may fail a rule; 2: it fails one that is not parameters; 3: it fails parameters.
    """
    needs = facts.needs
    window_from, window_until = np.int32(needs.window_from[i]), np.int32(needs.window_until[i])
    terms = np.int32(needs.terms[i] if needs.terms[i] >> _BITS == 0 else 0)
    requires = np.int32(0)
    for entry in range(needs.requires_start[i], needs.requires_start[i + 1]):
        if needs.requires_kind[entry] < _BITS:
            requires |= np.int32(1 << needs.requires_kind[entry])
    limit = FAR_ABOVE if needs.limit[i] != needs.limit[i] else np.float32(needs.limit[i])
    lane, ways = sieve.lane[needs.arrival[i]], sieve.ways
    days, share = np.int32(limits.days), limits.share
    share_of_ask, share_of_limit = share * ways.steepest, share * limit
    may_lack = limits.allows_papers
    may_have_no_term = limits.allows_term
    may_have_a_term = not (limits.wants_term and sieve.knows_terms)
    for at in range(until - first):
        x = np.uint64(first + at)
        route, ask = lane[sieve.departure[x]], sieve.ask[x]
        late = max(
            sieve.first_ship[x] + ways.days_low[route] - window_until,
            window_from - sieve.last_ship[x] - ways.days_high[route],
            sieve.first_ship[x] - sieve.last_ship[x],
        )
        costs = ways.slope[route] * ask
        spare = CENT + LITTLE * (abs(costs) + abs(ways.cost[route]) + abs(limit))
        over = costs + ways.cost[route] - limit - spare
        is_over = (over > 0) & (ask >= 0)
        is_too_dear = is_over & (over > share_of_limit) & (over > share_of_ask * ask)
        has_no_term = ((terms & sieve.terms[x]) == 0) & (terms != 0) & (sieve.terms[x] != 0)
        lacks = (requires & sieve.lacks[x]) != 0
        fails = np.int32(late > 0) + np.int32(is_over) + np.int32(has_no_term) + np.int32(lacks)
        is_kept = (
            (fails <= 1)
            & (late <= days)
            & (not is_too_dear)
            & (may_lack | (not lacks))
            & (may_have_no_term | (not has_no_term))
            & (may_have_a_term | has_no_term)
        )
        keeps[at] = is_kept + (is_kept & (fails == 1))
    for entry in range(needs.asked_start[i], needs.asked_start[i + 1]):
        column = sieve.column_of[needs.asked_parameter[entry]]
        if column >= 0 and needs.asked_set[entry] == NO_SET:
            _sift_goods(
                sieve.low[column],
                sieve.high[column],
                np.float32(needs.asked_low[entry]),
                np.float32(needs.asked_high[entry]),
                first,
                until,
                3 if limits.allows_goods else 0,
                keeps,
            )


@inner
def _sift_goods(lows, highs, asked_low, asked_high, first, until, failing, keeps):
    """Where a guarantee fails: those that fail another rule have no near miss, the others become `failing`, 3 or 0."""
    for at in range(until - first):
        low, high = lows[first + at], highs[first + at]
        is_out = (low < asked_low) | (low > asked_high) | (high < asked_low) | (high > asked_high)
        keeps[at] = np.uint8((keeps[at] & 1) * failing) if is_out else keeps[at]
