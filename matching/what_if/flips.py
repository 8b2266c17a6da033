"""At which freight the ranking of a need's offers turns, and at which a landed cost passes its limit.

Between two percentages at which the answers are alike no turn is looked for that would turn back again; where they
differ, the turn is found by halving, to a tenth of a percent, with the engine of the runs at every step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils import formats

from accounts import figures
from accounts.reading import typed_form
from corridor.ways import Assumptions, Ways
from matching.engine import ScoreTable
from matching.models import Match
from matching.one_match.assumed import ByFreight, Towards
from matching.services.pairs import Few, Outcome, judged, read_few
from matching.what_if.forms import LEAST_PERCENT, MOST_PERCENT

MOST_CANDIDATES = 10
STEP, TENTHS = 100, 10  # the steps of the search, in tenths of a percent
PRICE = "price"


class Turn(StrEnum):
    """What becomes otherwise."""

    OVERTAKEN = "overtaken"  # another offer takes its place
    OVERTAKES = "overtakes"  # it takes the place of another offer
    FAILS = "fails"  # its landed cost is over the limit
    MAY_FAIL = "may_fail"  # it may be: the dear end is
    FITS = "fits"  # it is under the limit


PRICE_TURNS = {-1: Turn.FAILS, 0: Turn.MAY_FAIL, 1: Turn.FITS}  # by what the rule then answers


@dataclass(frozen=True)
class Flip:
    """A turn, and by how much freight has to change for it, in percent: the nearest tenth at which it has happened."""

    percent: Decimal
    turn: Turn
    other: Match | None = None
    is_first: bool = False  # whether who takes the place then ranks first

    is_dearer = property(lambda self: self.percent > 0)
    words = property(lambda self: figures.measured(figures.shortest(abs(self.percent), 1), "%"))
    typed = property(lambda self: typed_form(self.percent, formats.get_format("DECIMAL_SEPARATOR")))


@dataclass(frozen=True)
class Standing:
    """How one pair stands among the offers to a need at some freight."""

    own: Outcome
    ahead: tuple[int, ...]  # the capacities that rank before it, the best first

    @property
    def place(self) -> tuple[bool, frozenset[int]]:
        return self.own.fails, frozenset(self.ahead)

    @property
    def price(self) -> int:
        return self.own.verdicts[PRICE]


def candidates(match: Match, matches) -> list[Match]:
    """The match and the others of the same need, the best of the newest run: at most ten."""
    others = matches.current().filter(need=match.need_id, latest__isnull=False).exclude(pk=match.pk)
    others = others.select_related("capacity__company", "latest").order_by("-latest__score_ppm", "capacity")
    return [match, *others[: MOST_CANDIDATES - 1]]


def flips_of(match: Match, rivals: Sequence[Match], ways: Ways, table: ScoreTable) -> list[Flip]:
    """The nearest turns at dearer and at cheaper freight. One look at the book, however many steps there are."""
    few = read_few([match.need_id], [rival.capacity_id for rival in rivals], ways)
    if match.need_id not in few.need_ids or match.capacity_id not in few.capacity_ids:
        return []
    standing = standings(match, few, ways, table)
    by_capacity = {rival.capacity_id: rival for rival in rivals}
    found = []
    for bound in (MOST_PERCENT, LEAST_PERCENT):
        at = first_turn(lambda tenths: standing(tenths).place, 0, bound * TENTHS)
        if at is not None and (flip := place_turn(standing(0), standing(at), at, by_capacity)):
            found.append(flip)
        found += price_turns(standing, bound * TENTHS)
    return sorted(found, key=lambda flip: (abs(flip.percent), flip.turn))


def standings(match: Match, few: Few, ways: Ways, table: ScoreTable) -> Callable[[int], Standing]:
    """How the pair stands at a freight changed by so many tenths of a percent; worked out once each."""
    preferences = ways.assumed.preferences
    sampled = [
        ways,
        *(Towards(ways.on, Assumptions(preferences, Decimal(end))) for end in (LEAST_PERCENT, MOST_PERCENT)),
    ]
    pairs = [(match.need_id, capacity_id) for capacity_id in few.capacity_ids]
    known: dict[int, Standing] = {}

    def standing(tenths: int) -> Standing:
        if tenths not in known:
            market = few.market(ByFreight(sampled, Decimal(tenths) / TENTHS))
            ranked = sorted(
                judged(market, ways.on, table, pairs), key=lambda one: (one.fails, -one.score, one.capacity_id)
            )
            at = next(i for i, one in enumerate(ranked) if one.capacity_id == match.capacity_id)
            known[tenths] = Standing(ranked[at], tuple(one.capacity_id for one in ranked[:at] if not one.fails))
        return known[tenths]

    return standing


def first_turn(told: Callable[[int], object], start: int, bound: int) -> int | None:
    """The tenths of a percent nearest to a start, towards a bound, at which something is told otherwise than there."""
    now, step = told(start), STEP if bound > 0 else -STEP
    alike = start
    while alike != bound:
        tried = min(alike + step, bound) if bound > 0 else max(alike + step, bound)
        if told(tried) != now:
            return halved(told, now, alike, tried)
        alike = tried
    return None


def halved(told: Callable[[int], object], now: object, alike: int, other: int) -> int:
    while abs(other - alike) > 1:
        middle = (alike + other) // 2
        if told(middle) == now:
            alike = middle
        else:
            other = middle
    return other


def place_turn(now: Standing, then: Standing, tenths: int, by_capacity: dict[int, Match]) -> Flip | None:
    """Who takes whose place. Where the pair fails itself, its price says so."""
    if now.own.fails or then.own.fails:
        return None
    percent = Decimal(tenths) / TENTHS
    overtaking = [capacity for capacity in then.ahead if capacity not in now.ahead]
    if overtaking:
        return Flip(percent, Turn.OVERTAKEN, by_capacity[overtaking[0]], then.ahead[0] == overtaking[0])
    overtaken = [capacity for capacity in now.ahead if capacity not in then.ahead]
    return Flip(percent, Turn.OVERTAKES, by_capacity[overtaken[-1]], not then.ahead)


def price_turns(standing: Callable[[int], Standing], bound: int) -> list[Flip]:
    """Where the price begins to fail or to fit; on the way the dear end alone may pass the limit."""
    found: list[Flip] = []
    at = first_turn(lambda tenths: standing(tenths).price, 0, bound)
    while at is not None and len(found) < len(PRICE_TURNS):
        found.append(Flip(Decimal(at) / TENTHS, PRICE_TURNS[standing(at).price]))
        at = first_turn(lambda tenths: standing(tenths).price, at, bound)
    return found
