"""What the figures of a pair rest on: quotes and rates that somebody stands for, or examples until they do."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils import timezone

from commodities.facts import Confidence
from companies.models import Capacity, Need
from corridor.enums import Currency
from corridor.models import FreightQuote, InsurancePremium
from corridor.queries import rates_in_force
from matching.enums import RestsOn
from matching.models import MatchResult, NearMiss


class Grounds:
    """The confidence of rates of exchange by day, each day read once for a list."""

    def __init__(self):
        self.rates: dict[date, dict[str, str]] = {}

    def of_rates(self, need: Need, capacity: Capacity, as_of: date) -> list[str]:
        """The confidence of the rates that both prices were converted at."""
        if as_of not in self.rates:
            self.rates[as_of] = {rate.currency: rate.confidence for rate in rates_in_force(as_of).values()}
        currencies = {need.price_currency, capacity.price_currency} - {"", Currency.USD}
        return [self.rates[as_of][currency] for currency in currencies if currency in self.rates[as_of]]

    def of(self, facts: dict, need: Need, capacity: Capacity, as_of: date) -> RestsOn:
        """The weakest of what a landed cost rests on: its lines, and the rates of both prices."""
        rates = self.of_rates(need, capacity, as_of)
        if facts.get("rests_on_examples") or Confidence.EXAMPLE in rates:
            return RestsOn.EXAMPLE
        is_something = rates or facts.get("landed_low_usd_per_t") is not None
        return RestsOn.QUOTED if is_something else RestsOn.NOTHING


def told(results: Iterable[MatchResult], grounds: Grounds) -> Iterator[MatchResult]:
    """Results, each with what its landed cost rests on. They come with both sides and their run loaded."""
    for result in results:
        price = (result.facts or {}).get("price") or {}
        result.cost_rests_on = grounds.of(price, result.match.need, result.match.capacity, result.run.as_of)
        yield result


def told_page(results: Iterable[MatchResult]) -> list[MatchResult]:
    """The same for a few rows."""
    return list(told(results, Grounds()))


def told_misses(misses: Iterable[NearMiss]) -> list[NearMiss]:
    """A few near misses, each with what its change rests on: money on quotes and rates, days on legs alone."""
    rows, grounds = list(misses), Grounds()
    for miss in rows:
        miss.rests_on = RestsOn.NOTHING
        if miss.rule == "price":
            miss.rests_on = grounds.of(miss.change, miss.need, miss.capacity, miss.run.as_of)
    return rows


def rests_on_example_rates() -> bool:
    """Whether any freight, premium or rate of exchange that counts today is an example: pages and files say so."""
    today, examples = timezone.localdate(), {"confidence": Confidence.EXAMPLE}
    return (
        any(rate.confidence == Confidence.EXAMPLE for rate in rates_in_force(today).values())
        or FreightQuote.objects.in_force(today).filter(**examples).exists()
        or InsurancePremium.objects.in_force(today).filter(**examples).exists()
    )
