"""What can travel where: hops between places, each in one equipment, and what handling costs at a place.

Money is whole ten-thousandths of a USD per tonne (`_e4`), so that sums are exact. None is "not known", never zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

E4 = 10_000  # of which one USD has so many
THROUGH = "through"  # the mode of a hop that one quote carries from place to place, whatever legs it takes


@dataclass(frozen=True)
class Carrier:
    """Equipment that keeps the goods fit. Loose goods may change to another one of the same chain group."""

    code: str
    chain_groups: frozenset[str] = frozenset()  # empty: the box itself travels through

    def may_change_to(self, other: "Carrier") -> bool:
        return self.code == other.code or bool(self.chain_groups & other.chain_groups)


@dataclass(frozen=True)
class Hop:
    """One leg in one direction and one equipment, or a whole lane by a through rate.

    Args:
        leg: the code of the leg, or of the quote of a through rate.
        passed: places on the way of a through rate, both ends included; of a leg its two ends.
        distance_km: None where not known.
        cost_low_e4, cost_high_e4: of the quotes in force; None where nobody quoted.
        quotes: the codes of these quotes.
        holds_terminals: whether handling at both ends is in the cost.
        parts: legs that a composite leg consists of; it is never chained with them.
    """

    leg: str
    origin: str
    destination: str
    mode: str
    equipment: str
    days_low: int
    days_high: int
    distance_km: int | None = None
    cost_low_e4: int | None = None
    cost_high_e4: int | None = None
    quotes: tuple[str, ...] = ()
    holds_terminals: bool = False
    parts: frozenset[str] = frozenset()
    passed: tuple[str, ...] = ()

    def __post_init__(self):
        if not 0 <= self.days_low <= self.days_high:
            raise ValueError(f"{self.leg}: days from {self.days_low} to {self.days_high} are not in order")
        if (self.cost_low_e4 is None) != (self.cost_high_e4 is None):
            raise ValueError(f"{self.leg}: a cost needs both ends")
        if self.cost_low_e4 is not None and not 0 <= self.cost_low_e4 <= self.cost_high_e4:
            raise ValueError(f"{self.leg}: a cost from {self.cost_low_e4} to {self.cost_high_e4} is not in order")

    @property
    def places(self) -> tuple[str, ...]:
        return self.passed or (self.origin, self.destination)


@dataclass(frozen=True)
class Handling:
    """What a terminal asks for once in or out, or fitting out a box once a trip."""

    low_e4: int
    high_e4: int
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Network:
    """Everything that may carry one kind of goods.

    Args:
        carriers: equipment code -> carrier.
        hops: every direction of every leg in every equipment that may pass it.
        terminals: (place, equipment) -> what handling costs there; missing: not known.
        fittings: (place, equipment) -> what fitting out costs there; missing: not known where `needs_fitting`.
        needs_fitting: equipment that has to be fitted out where the goods start.
    """

    carriers: Mapping[str, Carrier]
    hops: tuple[Hop, ...]
    terminals: Mapping[tuple[str, str], Handling] = field(default_factory=dict)
    fittings: Mapping[tuple[str, str], Handling] = field(default_factory=dict)
    needs_fitting: frozenset[str] = frozenset()

    def hops_from(self) -> dict[str, list[Hop]]:
        """Hops by their first place, in one fixed order."""
        found = defaultdict(list)
        for hop in sorted(self.hops, key=lambda hop: (hop.leg, hop.origin, hop.equipment)):
            found[hop.origin].append(hop)
        return found


def part_legs(hops: Iterable[Hop]) -> frozenset[str]:
    """Legs that some composite leg consists of."""
    return frozenset().union(*(hop.parts for hop in hops))
