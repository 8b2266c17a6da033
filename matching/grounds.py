"""What the figures of a pair rest on: lanes and rates somebody stands for, or examples until quotes replace them."""

from collections.abc import Iterable, Iterator
from datetime import date

from commodities.facts import Confidence
from companies.models import Capacity, Need
from corridor.enums import Currency
from corridor.models import ExchangeRate, Lane
from corridor.queries import rates_in_force
from matching.enums import RestsOn
from matching.models import MatchResult, NearMiss
from matching.services.lanes import arrival_of


class Grounds:
    """The confidence of lanes and rates, read once for a list: of all lanes, or of those that leave some places."""

    def __init__(self, origins: set[int] | None = None):
        rows = Lane.objects.all() if origins is None else Lane.objects.filter(origin__in=origins)
        keys = rows.values_list("origin", "destination", "transport_class", "confidence")
        self.lanes = {(origin, destination, kind): confidence for origin, destination, kind, confidence in keys}
        self.rates: dict[date, dict[str, str]] = {}

    def of_lane(self, need: Need, capacity: Capacity) -> str | None:
        """The confidence of days and freight between two sides; None where the lane is not known."""
        return self.lanes.get((capacity.place_id, arrival_place(need), capacity.commodity.transport_class))

    def of(self, need: Need, capacity: Capacity, as_of: date) -> RestsOn:
        """The weakest of what a landed cost rests on: the lane, and the rates of both prices."""
        if as_of not in self.rates:
            self.rates[as_of] = {rate.currency: rate.confidence for rate in rates_in_force(as_of).values()}
        currencies = {need.price_currency, capacity.price_currency} - {"", Currency.USD}
        return weakest([self.of_lane(need, capacity), *(self.rates[as_of].get(currency) for currency in currencies)])


def weakest(confidences: list[str | None]) -> RestsOn:
    if Confidence.EXAMPLE in confidences:
        return RestsOn.EXAMPLE
    return RestsOn.QUOTED if any(confidences) else RestsOn.NOTHING


def told(results: Iterable[MatchResult], grounds: Grounds) -> Iterator[MatchResult]:
    """Results, each with what its landed cost and its days rest on. They come with both sides and their run loaded."""
    for result in results:
        need, capacity = result.match.need, result.match.capacity
        result.cost_rests_on = grounds.of(need, capacity, result.run.as_of)
        result.days_rest_on = weakest([grounds.of_lane(need, capacity)])
        yield result


def told_page(results: Iterable[MatchResult]) -> list[MatchResult]:
    """The same for a few rows."""
    rows = list(results)
    return list(told(rows, Grounds({row.match.capacity.place_id for row in rows})))


def told_misses(misses: Iterable[NearMiss]) -> list[NearMiss]:
    """A few near misses, each with what its change rests on: money on lanes and rates, days on lanes."""
    rows = list(misses)
    grounds = Grounds({row.capacity.place_id for row in rows})
    for miss in rows:
        miss.rests_on = RestsOn.NOTHING
        if miss.rule == "price":
            miss.rests_on = grounds.of(miss.need, miss.capacity, miss.run.as_of)
        elif miss.rule == "time":
            miss.rests_on = weakest([grounds.of_lane(miss.need, miss.capacity)])
    return rows


def arrival_place(need: Need) -> int:
    """Where the limit price takes the goods over: the engine's own answer."""
    facts = {
        "price_basis": need.price_basis,
        "incoterm": need.incoterm,
        "named_place_id": need.named_place_id,
        "destination_id": need.destination_id,
        "destination__country": need.destination.country,
    }
    return arrival_of(facts).place


def rests_on_example_rates() -> bool:
    """Whether any freight or rate of exchange is an example: then pages and files say so."""
    examples = {"confidence": Confidence.EXAMPLE}
    return Lane.objects.filter(**examples).exists() or ExchangeRate.objects.filter(**examples).exists()
