"""The ways of a day as they would be under something else, without reading or searching again what stays the same."""

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal

from corridor.engine import Charge, Hop, Route, best_of, routes_towards
from corridor.networks import chained
from corridor.ways import Assumptions, Load, Ways

FREIGHT = ("leg", "through")


class Towards(Ways):
    """The ways of a day for a few pairs: each search goes towards its own destination, and ends there."""

    def routes(self, load: Load, origin: str, destination: str) -> list[Route]:
        if origin == destination:
            return super().routes(load, origin, destination)
        ends = (self.kits(load), origin, destination)
        if ends not in self._routes:
            networks = [self.corridors.network_of(kits) for kits in chained(ends[0])]
            found = [routes_towards(network, origin, destination) for network in networks]
            self._routes[ends] = best_of([route for routes in found for route in routes])
        return self._routes[ends]


class Shared(Towards):
    """Ways that share everything that was read with those they are made from."""

    def __init__(self, ways: Ways):
        for name in ("tariffs", "country_of", "territory_of", "premiums", "examples"):
            getattr(ways, name)  # read now, so that it is read once
        self.__dict__.update(ways.__dict__)


class Preferring(Shared):
    """The same day under other preferential tariffs. No tariff changes a route."""

    def __init__(self, ways: Ways, schemes: Collection[str]):
        super().__init__(ways)
        self.assumed = replace(ways.assumed, preferences=frozenset(schemes))
        self.tariffs = copy(ways.tariffs)
        self.tariffs.preferred = set(schemes)
        self._customs = {}


class ByRoute(Shared):
    """The same day, with one route alone between its ends."""

    def __init__(self, ways: Ways, load: Load, route: Route):
        super().__init__(ways)
        self.route = route
        self.ends = (load, *route.places[:1], *route.places[-1:])

    def routes(self, load: Load, origin: str, destination: str) -> list[Route]:
        if (load, origin, destination) == self.ends:
            return [self.route]
        return super().routes(load, origin, destination)


class ByFreight(Shared):
    """The same day with freight dearer or cheaper by a percentage, by routes that are best at some freight.

    Args:
        sampled: the ways of the day at some percentages, 0 among them. Between them no route is looked for anew.
        percent: what freight changes by.
    """

    def __init__(self, sampled: Sequence[Ways], percent: Decimal):
        super().__init__(sampled[0])
        self.sampled = sampled
        self.assumed = Assumptions(sampled[0].assumed.preferences, percent)
        self._best: dict[tuple[Load, str, str], list[Route]] = {}

    def routes(self, load: Load, origin: str, destination: str) -> list[Route]:
        ends = (load, origin, destination)
        if ends not in self._best:
            times = factor(self.assumed.freight_percent)
            self._best[ends] = best_of(
                [
                    at_freight(route, times / factor(ways.assumed.freight_percent))
                    for ways in self.sampled
                    for route in ways.routes(*ends)
                ]
            )
        return self._best[ends]


def factor(percent: Decimal) -> Decimal:
    return 1 + percent / 100


def at_freight(route: Route, times: Decimal) -> Route:
    """A route with its freight so many times as dear; handling and fitting out cost what they did."""
    if times == 1 or not route.hops:
        return route
    charges = tuple(dearer(charge, times) if charge.kind in FREIGHT else charge for charge in route.charges)
    paid = iter([charge for charge in charges if charge.kind in FREIGHT])
    known = [charge for charge in charges if charge.low_e4 is not None]
    low, high = sum(charge.low_e4 for charge in known), sum(charge.high_e4 for charge in known)
    is_known = len(known) == len(charges)
    return replace(
        route,
        hops=tuple(as_paid(hop, next(paid)) for hop in route.hops),
        charges=charges,
        at_least_e4=low,
        low_e4=low if is_known else None,
        high_e4=high if is_known else None,
    )


def dearer(charge: Charge, times: Decimal) -> Charge:
    if charge.low_e4 is None:
        return charge
    return replace(charge, low_e4=round(charge.low_e4 * times), high_e4=round(charge.high_e4 * times))


def as_paid(hop: Hop, charge: Charge) -> Hop:
    return replace(hop, cost_low_e4=charge.low_e4, cost_high_e4=charge.high_e4)
