"""The numbers and states that the rules compared for a pair, as plain data that outlives the run.

`matching/texts/` puts them into words. Days are ISO dates, months ISO dates of their first day; a missing key or None
is a fact that is not known.
"""

from collections import defaultdict
from datetime import date

import numpy as np

from matching.engine.book import Book
from matching.engine.market import FAR_FUTURE, FAR_PAST, NO_SET
from matching.engine.pairs import Pairs
from matching.engine.papers import buyer_holds, seller_holds
from matching.engine.parameters import parameter_answers


class Facts:
    """The compared facts of a block of pairs, rule by rule. `need` and `capacity` are rows of the book."""

    def __init__(self, book: Book, need: np.ndarray, capacity: np.ndarray):
        self.book, self.market = book, book.market
        self.pairs = Pairs(book, need, capacity)
        self.seller_holds, self.buyer_holds = seller_holds(self.pairs), buyer_holds(self.pairs)
        self.asked = self._parameters()

    def of_pair(self, i: int) -> dict:
        """The facts of the i-th pair by rule; rules that compare nothing but the listings themselves are left out."""
        need, capacity = int(self.pairs.need[i]), int(self.pairs.capacity[i])
        needs, capacities, lane = self.market.needs, self.market.capacities, int(self.pairs.lane[i])
        lanes, words, timing = self.book.lanes, self.market, self.pairs.timing
        return {
            "sides": {
                "origin": words.countries[capacities.country[capacity]],
                "destination": words.countries[needs.country[need]],
                "is_same_company": bool(needs.company[need] == capacities.company[capacity]),
                "is_open": bool(self.market.corridor_open[capacities.country[capacity], needs.country[need]]),
                "accepts_origin": bool(needs.accepts_origin[need, capacities.country[capacity]]),
            },
            "parameters": self.asked[i],
            "certificates": self._papers(needs.requires[need], capacities, capacity, self.seller_holds[i]),
            "law": {
                "seller": self._papers(lanes.law_seller[lane], capacities, capacity, self.seller_holds[i]),
                "buyer": self._papers(lanes.law_buyer[lane], needs, need, self.buyer_holds[i]),
                "voluntary": self._papers(lanes.voluntary[lane], capacities, capacity, self.seller_holds[i]),
            },
            "time": {
                "as_of": date.fromordinal(self.book.as_of).isoformat(),
                "available_from": day(capacities.available_from[capacity]),
                "available_until": day(capacities.available_until[capacity]),
                "window_from": day(needs.window_from[need]),
                "window_until": day(needs.window_until[need]),
                "lead_days": positive(capacities.lead_days[capacity]),
                "first_ship": day(timing.first_ship[i]),
                "last_ship": day(timing.last_ship[i]),
                "days_low": positive(timing.days_low[i]),
                "days_high": positive(timing.days_high[i]),
                "first_day": day(timing.first_day[i]),
                "last_day": day(timing.last_day[i]),
            },
            "quantity": {
                "movable_kg": positive(self.pairs.movable_kg[i]),
                "demanded_kg": int(self.pairs.demanded_kg[i]),
                "best_month_kg": int(self.pairs.best_month_kg[i]),
                "smallest_kg": int(self.pairs.smallest_kg[i]),
                "lot_kg": positive(capacities.lot_kg[capacity]),
                "multiple_kg": int(capacities.multiple_kg[capacity]) or None,
                "smallest_share_kg": int(needs.smallest_share_kg[need]) or None,
            },
            "price": {
                "ask_usd_per_t": usd(self.pairs.ask[i]),
                "limit_usd_per_t": usd(self.pairs.limit[i]),
                "landed_low_usd_per_t": usd(self.pairs.landed_low[i]),
                "landed_high_usd_per_t": usd(self.pairs.landed_high[i]),
                "landed_at_least_usd_per_t": usd(self.pairs.landed_at_least[i]),
                "rests_on_examples": bool(lanes.rests_on_examples[lane]),
            },
            "payment": {
                "buyer": [words.payment_terms[t] for t in np.flatnonzero(needs.pays_by[need])],
                "seller": [words.payment_terms[t] for t in np.flatnonzero(capacities.paid_by[capacity])],
            },
            "standing": {
                "buyer_is_active": bool(needs.is_active[need]),
                "seller_is_active": bool(capacities.is_active[capacity]),
                "buyer_screening": int(needs.screening[need]),
                "seller_screening": int(capacities.screening[capacity]),
            },
            "trust": {"buyer": float(needs.trust[need]), "seller": float(capacities.trust[capacity])},
        }

    def _papers(self, wanted: np.ndarray, holder, row: int, answers: np.ndarray) -> list[dict]:
        """The wanted certificates: what the holder says of each, its days, and the answer."""
        return [
            {
                "kind": self.market.certificate_kinds[column],
                "state": int(holder.certificate[row, column]),
                "valid_from": day(holder.certificate_from[row, column]),
                "valid_until": day(holder.certificate_until[row, column]),
                "answer": int(answers[column]),
            }
            for column in np.flatnonzero(wanted)
        ]

    def _parameters(self) -> dict[int, list[dict]]:
        checks = parameter_answers(self.pairs)
        needs, capacities = self.market.needs, self.market.capacities
        found = defaultdict(list)
        for pair, asked, offered, answer in zip(
            checks.pair.tolist(), checks.asked.tolist(), checks.offered.tolist(), checks.answer.tolist(), strict=True
        ):
            key, unit = self.market.parameters[needs.asked_parameter[asked]]
            facts = {"key": key, "unit": unit, "answer": answer}
            facts |= self._range("asked", needs, asked)
            if offered >= 0:
                facts |= self._range("offered", capacities, offered)
                facts["is_choice"] = bool(capacities.offered_is_choice[offered])
            found[pair].append(facts)
        return found

    def _range(self, name: str, listings, entry: int) -> dict:
        number = int(getattr(listings, f"{name}_set")[entry])
        if number != NO_SET:
            return {f"{name}_values": sorted(self.market.value_sets[number])}
        low, high = (float(getattr(listings, f"{name}_{end}")[entry]) for end in ("low", "high"))
        return {f"{name}_low": None if np.isnan(low) else low, f"{name}_high": None if np.isnan(high) else high}


def day(ordinal: int) -> str | None:
    """A day as people and JSON write it; None for one that is not known or has no end."""
    ordinal = int(ordinal)
    return None if ordinal <= FAR_PAST or ordinal >= FAR_FUTURE else date.fromordinal(ordinal).isoformat()


def positive(value: int) -> int | None:
    return None if value < 0 else int(value)


def usd(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
