"""One match as it is beside what it would be: its lines, its verdicts and its score, by the engine of the runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from corridor.engine.landed import Landed
from corridor.models import Leg, Place
from corridor.ways import Assumptions, Ways, load_of
from matching.engine import COMPONENTS, ScoreTable
from matching.models import Match
from matching.one_match.assumed import ByRoute, Preferring, Towards, at_freight, factor
from matching.one_match.journeys import Agreement, agreements, key_of_route
from matching.one_match.landed import told
from matching.one_match.pair_facts import Pair, exact, read_names
from matching.one_match.waterfall import Row, Told
from matching.services.pairs import Few, Outcome, judged, lane_taken, read_few


@dataclass(frozen=True)
class State:
    """A match under some assumptions."""

    ways: Ways
    few: Few
    pair: Pair
    landed: Landed
    outcome: Outcome
    table: ScoreTable

    @property
    def key(self) -> str:
        return key_of_route(self.landed.route)


@dataclass(frozen=True)
class Part:
    """What one component brings to the score, as it is and as it would be, in millionths; None: not known."""

    component: str
    points_ppm: int | None
    would_ppm: int | None
    weight_ppm: int
    would_weight_ppm: int

    is_other = property(lambda self: (self.points_ppm, self.weight_ppm) != (self.would_ppm, self.would_weight_ppm))


def weight_ppm(table: ScoreTable, component: str) -> int:
    return round(table.weights[COMPONENTS.index(component)] * 1_000_000)


def points_ppm(outcome: Outcome, table: ScoreTable, component: str) -> int | None:
    value = outcome.components[component]
    return None if value is None else round(table.weights[COMPONENTS.index(component)] * value * 1_000_000)


@dataclass(frozen=True)
class Compared:
    """As it is, and as it would be."""

    before: Told
    after: Told
    lines: list[tuple[Row | None, Row | None]]
    outcome: Outcome
    would: Outcome
    table: ScoreTable
    would_table: ScoreTable

    @property
    def score_apart_ppm(self) -> int:
        """By how much it would score more; less than 0: less."""
        return self.would_score_ppm - self.score_ppm

    score_less_ppm = property(lambda self: -self.score_apart_ppm)

    @property
    def parts(self) -> list[Part]:
        """The score as two sums beside each other."""
        return [
            Part(
                component,
                points_ppm(self.outcome, self.table, component),
                points_ppm(self.would, self.would_table, component),
                weight_ppm(self.table, component),
                weight_ppm(self.would_table, component),
            )
            for component in COMPONENTS
        ]

    @property
    def usd(self) -> Decimal | None:
        """By how much it would be dearer, at the dearer end; less than 0: cheaper; None: not known."""
        if self.before.high is None or self.after.high is None:
            return None
        return self.after.high - self.before.high

    usd_apart = property(lambda self: None if self.usd is None else abs(self.usd))
    score_ppm = property(lambda self: round(self.outcome.score * 1_000_000))
    would_score_ppm = property(lambda self: round(self.would.score * 1_000_000))

    @property
    def verdicts(self) -> list[tuple[str, int, int]]:
        """Rule, as it is, as it would be: price and time always, others where they change."""
        return [
            (rule, now, self.would.verdicts[rule])
            for rule, now in self.outcome.verdicts.items()
            if rule in ("price", "time") or now != self.would.verdicts[rule]
        ]


class NoSuchRouteError(ValueError):
    """The route does not lead from where to where the goods would go."""


def as_it_is(match: Match, ways: Ways, table: ScoreTable) -> State | None:
    """A match by what is entered now; None where one of its listings is not in the book of the day."""
    return state_of(match, ways, read_pair(match, ways), table)


def read_pair(match: Match, ways: Ways, wanted: Mapping = {}, offered: Mapping = {}) -> Few:
    return read_few([match.need_id], [match.capacity_id], ways, wanted=wanted, offered=offered)


def state_of(match: Match, ways: Ways, few: Few, table: ScoreTable) -> State | None:
    ids = match.need_id, match.capacity_id
    if (few.need_ids, few.capacity_ids) != ([ids[0]], [ids[1]]):
        return None
    market = few.market(ways)
    pair = Pair(
        match,
        few.listed.departures[0],
        few.listed.arrivals[0],
        exact(market.capacities.ask_usd_per_t[0].item()),
        exact(market.needs.limit_usd_per_t[0].item()),
    )
    (outcome,) = judged(market, ways.on, table, [ids])
    landed = pair.ways_there(ways)[lane_taken(market, ways.on, *ids)]
    return State(ways, few, pair, landed, outcome, table)


def otherwise(state: State, asked: Mapping, wanted: Mapping, offered: Mapping, table: ScoreTable) -> State:
    """The same match with something otherwise.

    Args:
        asked: a route (its key), what freight changes by in percent, and a preference; each may be left out.
        wanted, offered: columns of the need and of the capacity that are otherwise.

    Raises NoSuchRouteError.
    """
    match, ways = state.pair.match, state.ways
    schemes = {*ways.tariffs.preferred, *filter(None, [asked.get("preference")])}
    percent = asked.get("freight") or Decimal(0)
    base = Preferring(ways, schemes) if asked.get("preference") else ways
    few = read_pair(match, ways, wanted, offered) if wanted or offered else state.few
    if percent:
        base = Towards(ways.on, Assumptions(frozenset(schemes), percent))
    if asked.get("route"):
        trip_ways = state_of(match, ways, few, table).pair.ways_there(ways) if wanted or offered else None
        found = trip_ways or state.pair.ways_there(ways)
        route = next((one.route for one in found if key_of_route(one.route) == asked["route"]), None)
        if route is None:
            raise NoSuchRouteError
        base = ByRoute(base, load_of(state.pair.trip), at_freight(route, factor(percent)))
    return state_of(match, base, few, table)


def duty_beside(then: State, ways: Ways, scheme: str) -> list[Agreement]:
    """What an agreement does to a duty that the buyer pays and no line shows: at most one, told beside the lines."""
    keys = [key_of_route(landed.route) for landed in then.pair.ways_there(ways)]
    taken = keys.index(then.key) if then.key in keys else 0
    return [one for one in agreements(then.pair, taken, ways) if one.scheme == scheme and not one.is_in_price]


def compare(now: State, then: State, places: dict[str, Place], legs: Sequence[Leg]) -> Compared:
    """Both beside each other, line by line. Four queries."""
    names = read_names([now.landed, then.landed], now.ways, places, legs)
    before, after = (told(state.pair, state.landed, state.ways, names) for state in (now, then))
    return Compared(
        before, after, side_by_side(before.rows, after.rows), now.outcome, then.outcome, now.table, then.table
    )


def side_by_side(before: list[Row], after: list[Row]) -> list[tuple[Row | None, Row | None]]:
    """Lines for the same thing in one row, the others in the order of their journey."""
    matcher = SequenceMatcher(None, [row.key for row in before], [row.key for row in after], autojunk=False)
    lines: list[tuple[Row | None, Row | None]] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            lines += zip(before[i:j], after[k:m], strict=True)
        else:
            lines += [(row, None) for row in before[i:j]] + [(None, row) for row in after[k:m]]
    return lines
