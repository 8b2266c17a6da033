"""Random small networks, and all their routes found the slow and plain way."""

from collections.abc import Iterator

from hypothesis import strategies as st

from corridor.engine import Carrier, Handling, Hop, Network

PLACES = "ABCDE"
MODES = ("sea", "rail", "road")
# Two boxes that stay closed, and two wagons between which loose goods may change.
CARRIERS = {
    "20DC": Carrier("20DC"),
    "40RF": Carrier("40RF"),
    "WHOP": Carrier("WHOP", frozenset({"loose_dry"})),
    "TRUCK": Carrier("TRUCK", frozenset({"loose_dry", "loose_break"})),
}
COST = st.none() | st.integers(0, 9).map(lambda usd: usd * 10_000)


@st.composite
def hops(draw, number: int) -> Hop:
    ends = draw(st.permutations(PLACES))[:2]
    cost, low = draw(COST), draw(st.integers(0, 5))
    return Hop(
        leg=f"L{number}",
        origin=ends[0],
        destination=ends[1],
        mode=draw(st.sampled_from(MODES)),
        equipment=draw(st.sampled_from(sorted(CARRIERS))),
        days_low=low,
        days_high=low + draw(st.integers(0, 4)),
        cost_low_e4=cost,
        cost_high_e4=cost,
    )


@st.composite
def networks(draw) -> Network:
    """Up to nine hops between five places; some costs are not known, one leg may be made of others."""
    found = [draw(hops(number)) for number in range(draw(st.integers(1, 9)))]
    if draw(st.booleans()) and len(found) > 2:
        whole = found[0]
        found[0] = Hop(**{**vars(whole), "parts": frozenset({found[1].leg, found[2].leg})})
    terminals = {}
    for place in PLACES:
        for equipment in CARRIERS:
            cost = draw(st.none() | st.integers(0, 3))
            if cost is not None:
                terminals[place, equipment] = Handling(cost * 10_000, cost * 10_000)
    return Network(CARRIERS, tuple(found), terminals)


def every_way(network: Network, origin: str, destination: str) -> Iterator[list[Hop]]:
    """Every way that never comes back to a state (place, equipment, mode) it was in."""

    def walk(place: str, taken: list[Hop]) -> Iterator[list[Hop]]:
        if place == destination:
            yield taken
        for hop in network.hops:
            if hop.origin != place:
                continue
            if any((hop.destination, hop.equipment, hop.mode) == (o.destination, o.equipment, o.mode) for o in taken):
                continue
            if taken and not CARRIERS[taken[-1].equipment].may_change_to(CARRIERS[hop.equipment]):
                continue
            legs = {other.leg for other in taken}
            parts = frozenset().union(*(other.parts for other in taken)) if taken else frozenset()
            if hop.leg in parts or hop.parts & (legs | parts) or (hop.parts and hop.leg in legs):
                continue
            yield from walk(hop.destination, [*taken, hop])

    yield from walk(origin, [])


def priced(network: Network, way: list[Hop]) -> tuple[int | None, int]:
    """What a way costs, by the words of the rules, and its days; None where a line is not known."""
    lines: list[int | None] = []
    before = None
    for hop in way:
        if before is None:
            handled = hop.mode != "road"
        else:
            handled = (before.mode, before.equipment) != (hop.mode, hop.equipment)
        if handled:
            lines.append(cost_at(network, hop.origin, hop.equipment))
        lines.append(hop.cost_high_e4)
        before = hop
    if before.mode != "road":
        lines.append(cost_at(network, before.destination, before.equipment))
    return (None if None in lines else sum(lines)), sum(hop.days_high for hop in way)


def cost_at(network: Network, place: str, equipment: str) -> int | None:
    terminal = network.terminals.get((place, equipment))
    return terminal and terminal.high_e4
