"""The best routes from place to place: cheapest, fastest, and all that no other route beats on both.

The goods may pass a place again, to be handled at another terminal; to come back to the very state they were in never
pays, and so never happens. Labels are settled in the order of their cost, with two criteria, cost and days: the
algorithm of E. Q. V. Martins, "On a multicriteria shortest path problem", European Journal of Operational Research 16
(1984), 236-245.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count

from corridor.engine.charges import Charge, charges_of, end_handling, is_handled_after, is_handled_between
from corridor.engine.network import Carrier, Handling, Hop, Network, part_legs


@dataclass(frozen=True)
class Route:
    """A way from place to place, hop by hop, and line by line what it costs.

    `at_least_e4` is what is known of the cost; low and high are None where a line of it is not known.
    """

    hops: tuple[Hop, ...]
    charges: tuple[Charge, ...]
    days_low: int
    days_high: int
    distance_km: int | None
    at_least_e4: int
    low_e4: int | None
    high_e4: int | None

    @property
    def places(self) -> tuple[str, ...]:
        """Every place passed, in order."""
        first = self.hops[0].places[:1] if self.hops else ()
        return first + tuple(place for hop in self.hops for place in hop.places[1:])

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes in order, each once where it goes on."""
        found: list[str] = []
        for hop in self.hops:
            if not found or found[-1] != hop.mode:
                found.append(hop.mode)
        return tuple(found)


STAY = Route(hops=(), charges=(), days_low=0, days_high=0, distance_km=0, at_least_e4=0, low_e4=0, high_e4=0)


@dataclass(slots=True)
class Label:
    """A way that has come so far. It can be beaten only by one in the same state; what it is charged is told later."""

    place: str
    hop: Hop | None
    before: "Label | None"
    cost_e4: int  # what is known of it, at the worse end
    unknown: int  # lines that are not known
    days_high: int
    days_low: int
    steps: int
    touched: frozenset[str]  # composite legs and parts of composite legs that were taken

    @property
    def state(self) -> tuple:
        hop = self.hop
        return self.place, hop and (hop.equipment, hop.mode), self.touched

    @property
    def rank(self) -> tuple:
        """Known before not known, then cost, days, and what makes equals comparable."""
        return self.unknown > 0, self.cost_e4, self.days_high, self.days_low, self.steps


def best_routes(network: Network, origin: str, destination: str) -> list[Route]:
    """Every route between two places that no other beats on both cost and days, cheapest first; see `routes_from`."""
    return routes_from(network, origin).get(destination, [])


def routes_from(network: Network, origin: str) -> dict[str, list[Route]]:
    """For every place that can be reached: the routes that no other beats on both cost and days, cheapest first.

    Cost is compared at its worse end, and so are days. A route of which a line of the cost is not known cannot be
    said to be cheap: it is answered only where it is faster than every route of known cost, the fastest of its kind.
    To the origin itself leads one route without a hop. Places that no route is known to are missing.
    """
    arrived: dict[str, list[Label]] = defaultdict(list)
    for label in settled(network, origin):
        final = with_end(network, label)
        if not is_beaten(final, arrived[label.place]):
            arrived[label.place] = [other for other in arrived[label.place] if not beats(final, other)] + [final]
    return {
        place: [route_of(network, label) for label in sorted(labels, key=lambda label: label.rank)]
        for place, labels in arrived.items()
    }


def routes_towards(network: Network, origin: str, destination: str) -> list[Route]:
    """The same for one destination alone: quicker, since ways that the best of those arrived beat are not gone on."""
    arrived: list[Label] = []
    for label in settled(network, origin, arrived):
        if label.place == destination:
            final = with_end(network, label)
            if not is_beaten(final, arrived):
                arrived[:] = [other for other in arrived if not beats(final, other)] + [final]
    return [route_of(network, label) for label in sorted(arrived, key=lambda label: label.rank)]


def best_of(routes: Iterable[Route]) -> list[Route]:
    """The routes between two places that no other of them beats on both cost and days, cheapest first."""
    known = sorted((one for one in routes if one.high_e4 is not None), key=rank_of)
    best: list[Route] = []
    for route in known:
        if not best or route.days_high < best[-1].days_high:
            best.append(route)
    unknown = min((one for one in routes if one.high_e4 is None), key=rank_of_unknown, default=None)
    if unknown is not None and (not best or unknown.days_high < best[-1].days_high):
        best.append(unknown)
    return best


def rank_of(route: Route) -> tuple:
    return route.high_e4, route.days_high, route.days_low, len(route.hops)


def rank_of_unknown(route: Route) -> tuple:
    """Of routes that nobody can call cheap, the fastest; equals by what is known of their cost."""
    return route.days_high, route.at_least_e4, route.days_low, len(route.hops)


def settled(network: Network, origin: str, arrived: Sequence[Label] = ()) -> Iterator[Label]:
    """Every label that no other beats in its state, nor any of those that have arrived where one wants to go."""
    hops_from, special, tie = network.hops_from(), part_legs(network.hops), count()
    kept: dict[tuple, list[Label]] = defaultdict(list)
    heap: list[tuple] = []

    def offer(label: Label) -> None:
        if not is_beaten(label, kept[label.state]) and not is_beaten(label, arrived):
            heappush(heap, (*label.rank, next(tie), label))

    offer(Label(origin, None, None, 0, 0, 0, 0, 0, frozenset()))
    while heap:
        label = heappop(heap)[-1]
        if is_beaten(label, kept[label.state]) or is_beaten(label, arrived):
            continue
        kept[label.state].append(label)
        yield label
        for hop in hops_from.get(label.place, ()):
            if may_follow(network, label, hop):
                offer(extended(network, label, hop, special))


def beats(one: Label, other: Label) -> bool:
    """Whether nobody would take the other: it is neither cheaper nor faster, as far as is known."""
    if one.unknown and not other.unknown:
        return False
    if other.unknown:
        return one.days_high <= other.days_high and (not one.unknown or one.rank <= other.rank)
    return one.cost_e4 <= other.cost_e4 and one.days_high <= other.days_high


def is_beaten(label: Label, others: list[Label]) -> bool:
    for other in others:  # noqa: SIM110 - asked more often than anything else, and any() is slower
        if beats(other, label):
            return True
    return False


def may_follow(network: Network, label: Label, hop: Hop) -> bool:
    """Goods stay in their box, or change within its chain group; a composite leg is not chained with its parts."""
    if hop.leg in label.touched or hop.parts & label.touched:
        return False
    now = label.hop
    return now is None or carrier(network, now).may_change_to(carrier(network, hop))


def carrier(network: Network, hop: Hop) -> Carrier:
    return network.carriers[hop.equipment]


def extended(network: Network, label: Label, hop: Hop, special: frozenset[str]) -> Label:
    """The way with one more hop, and what it and the handling before it cost."""
    cost_e4, unknown = label.cost_e4, label.unknown
    for known in (*start_costs(network, label.hop, hop), hop.cost_high_e4):
        if known is None:
            unknown += 1
        else:
            cost_e4 += known
    touched = label.touched
    if hop.parts or hop.leg in special:
        touched = touched | hop.parts | ({hop.leg} & special)
    return Label(
        hop.destination,
        hop,
        label,
        cost_e4,
        unknown,
        label.days_high + hop.days_high,
        label.days_low + hop.days_low,
        label.steps + 1,
        touched,
    )


def start_costs(network: Network, before: Hop | None, hop: Hop) -> list[int | None]:
    """What `start_charges` comes to, at the worse end."""
    costs = []
    if before is None and hop.equipment in network.needs_fitting:
        costs.append(dear_end(network.fittings.get((hop.origin, hop.equipment))))
    if is_handled_between(before, hop):
        costs.append(dear_end(network.terminals.get((hop.origin, hop.equipment))))
    return costs


def dear_end(handling: Handling | None) -> int | None:
    return None if handling is None else handling.high_e4


def with_end(network: Network, label: Label) -> Label:
    """The way with the handling where the goods arrive."""
    if label.hop is None or not is_handled_after(label.hop):
        return label
    cost = dear_end(end_handling(network, label.hop))
    return replace(label, cost_e4=label.cost_e4 + (cost or 0), unknown=label.unknown + (cost is None))


def route_of(network: Network, label: Label) -> Route:
    hops: list[Hop] = []
    taken: Label | None = label
    while taken is not None and taken.hop is not None:
        hops.append(taken.hop)
        taken = taken.before
    hops.reverse()
    distances = [hop.distance_km for hop in hops]
    charges = tuple(charges_of(network, hops))
    known = [line for line in charges if line.low_e4 is not None]
    low, high = sum(line.low_e4 for line in known), sum(line.high_e4 for line in known)
    is_known = len(known) == len(charges)
    return Route(
        hops=tuple(hops),
        charges=charges,
        days_low=label.days_low,
        days_high=label.days_high,
        distance_km=None if None in distances else sum(distances),
        at_least_e4=low,
        low_e4=low if is_known else None,
        high_e4=high if is_known else None,
    )
