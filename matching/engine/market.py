"""What comes in: one array per fact. Rows are needs, capacities and lanes; row order means nothing.

Days are proleptic ordinals (`date.toordinal()`), months are `year * 12 + month - 1`, quantities whole kilograms, money
USD per tonne. Three-valued facts are written as the answers of a rule: 1 yes, 0 not known, -1 no.
Sizes: n needs, m capacities, l lanes, C countries, K certificate kinds, P parameters, T payment terms.
"""

import hashlib
import json
from dataclasses import dataclass, fields

import numpy as np

from matching.engine.packing import pack, unpack

NOT_KNOWN_DAYS = -1
NOT_KNOWN_KG = -1
NO_SET = -1
NO_LANE = -1
FAR_PAST = 0
FAR_FUTURE = 4_000_000


@dataclass(frozen=True)
class Needs:
    """What importers want."""

    id: np.ndarray  # int64 (n,), unique
    company: np.ndarray  # int64 (n,)
    country: np.ndarray  # int64 (n,), index into Market.countries: where the goods arrive
    is_active: np.ndarray  # bool (n,), the company's status
    screening: np.ndarray  # int8 (n,), 1 clear, 0 not screened, -1 refused
    accepted_of: np.ndarray  # int64 (a,), row of the need; one entry per accepted node (groups are expanded)
    accepted_lo: np.ndarray  # int64 (a,), half-open interval of the commodity tree
    accepted_hi: np.ndarray  # int64 (a,)
    accepts_origin: np.ndarray  # bool (n, C)
    window_from: np.ndarray  # int64 (n,), first day of delivery
    window_until: np.ndarray  # int64 (n,), last day of delivery
    slot_of: np.ndarray  # int64 (s,), row of the need; one slot for "once", one per month of delivery otherwise
    slot_first: np.ndarray  # int64 (s,), first day of the slot, inside the window
    slot_last: np.ndarray  # int64 (s,)
    slot_kg: np.ndarray  # int64 (s,), still wanted, at least 0
    smallest_share_kg: np.ndarray  # int64 (n,), 0: any share from one lot up
    limit_usd_per_t: np.ndarray  # float64 (n,), nan: not known
    requires: np.ndarray  # bool (n, K), certificates the buyer asks of the seller
    certificate: np.ndarray  # int8 (n, K), the buyer's own: 1 held and checked, 0 not known, -1 stated not held
    certificate_from: np.ndarray  # int64 (n, K)
    certificate_until: np.ndarray  # int64 (n, K), FAR_FUTURE where it has no end
    asked_of: np.ndarray  # int64 (q,), row of the need; one entry per asked parameter
    asked_parameter: np.ndarray  # int64 (q,), index into Market.parameters
    asked_low: np.ndarray  # float64 (q,), nan: open
    asked_high: np.ndarray  # float64 (q,), nan: open
    asked_set: np.ndarray  # int64 (q,), index into Market.value_sets, NO_SET where numbers are asked
    pays_by: np.ndarray  # bool (n, T), no term at all: not stated
    arrival: np.ndarray  # int64 (n,), column of Lanes.of
    trust: np.ndarray  # float64 (n,), 0 to 1


@dataclass(frozen=True)
class Capacities:
    """What exporters can supply."""

    id: np.ndarray  # int64 (m,), unique
    company: np.ndarray  # int64 (m,)
    country: np.ndarray  # int64 (m,), the origin of the goods
    is_active: np.ndarray  # bool (m,)
    screening: np.ndarray  # int8 (m,)
    node_lo: np.ndarray  # int64 (m,), half-open interval of the commodity tree
    node_hi: np.ndarray  # int64 (m,)
    available_from: np.ndarray  # int64 (m,), first day of shipping
    available_until: np.ndarray  # int64 (m,)
    slot_of: np.ndarray  # int64 (s,), row of the capacity; one slot for "once", one per month of shipping otherwise
    slot_first: np.ndarray  # int64 (s,)
    slot_last: np.ndarray  # int64 (s,)
    slot_kg: np.ndarray  # int64 (s,), still free, at least 0
    lead_days: np.ndarray  # int64 (m,), NOT_KNOWN_DAYS
    lot_kg: np.ndarray  # int64 (m,), NOT_KNOWN_KG
    multiple_kg: np.ndarray  # int64 (m,), 0: any quantity from one lot up
    ask_usd_per_t: np.ndarray  # float64 (m,), nan: not known
    certificate: np.ndarray  # int8 (m, K)
    certificate_from: np.ndarray  # int64 (m, K)
    certificate_until: np.ndarray  # int64 (m, K)
    offered_of: np.ndarray  # int64 (o,), row of the capacity; one entry per stated parameter
    offered_parameter: np.ndarray  # int64 (o,)
    offered_is_choice: np.ndarray  # bool (o,), the seller can deliver any listed value
    offered_low: np.ndarray  # float64 (o,), nan: not stated
    offered_high: np.ndarray  # float64 (o,), nan: not stated
    offered_set: np.ndarray  # int64 (o,)
    paid_by: np.ndarray  # bool (m, T)
    departure: np.ndarray  # int64 (m,), row of Lanes.of
    trust: np.ndarray  # float64 (m,)
    is_micro: np.ndarray  # bool (m,), the company states that it is a micro company


@dataclass(frozen=True)
class Lanes:
    """From a departure (place, Incoterm, goods, loads) to an arrival (place, Incoterm, basis), a row for each route.

    The routes of a lane are those that no other beats on both cost and days, the cheapest first; each row names the
    `next`, dearer and faster. Landed cost by a route is the largest of p straight lines in the asking price: max over p
    of slope * ask + cost, at its low and its high end; where it is not known, the third such table says what it is at
    least. Every pair of departure and arrival that may occur has a lane, also where nothing but its law is known.
    """

    of: np.ndarray  # int64 (departures, arrivals), row of the lane's cheapest route, or NO_LANE
    next: np.ndarray  # int64 (l,), row of the next route of the same lane, or NO_LANE
    days_low: np.ndarray  # int64 (l,), NOT_KNOWN_DAYS; 0 where both sides name the same point
    days_high: np.ndarray  # int64 (l,)
    slope_low: np.ndarray  # float64 (l, p), at least 0
    cost_low: np.ndarray  # float64 (l, p), USD per tonne, nan: not known
    slope_high: np.ndarray  # float64 (l, p)
    cost_high: np.ndarray  # float64 (l, p)
    slope_at_least: np.ndarray  # float64 (l, p)
    cost_at_least: np.ndarray  # float64 (l, p), the part that is known where the whole is not; nan: no part is
    rests_on_examples: np.ndarray  # bool (l,), whether a line of the cost is an example
    law_seller: np.ndarray  # bool (l, K), standing certificates that the lane's law asks of the seller
    law_buyer: np.ndarray  # bool (l, K)
    voluntary: np.ndarray  # bool (l, K), certificates that help on the lane


@dataclass(frozen=True)
class Market:
    """The book and the corridor as the engine sees them."""

    needs: Needs
    capacities: Capacities
    lanes: Lanes
    corridor_open: np.ndarray  # bool (C, C), from origin to destination
    countries: tuple[str, ...]
    certificate_kinds: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]  # (key, unit)
    payment_terms: tuple[str, ...]
    value_sets: tuple[frozenset[str], ...]

    def to_bytes(self) -> bytes:
        """The market in numpy's own format, without pickle; the same facts give the same bytes."""
        arrays = {"corridor_open": self.corridor_open}
        for part in ("needs", "capacities", "lanes"):
            table = getattr(self, part)
            arrays |= {f"{part}.{f.name}": getattr(table, f.name) for f in fields(table)}
        return pack(arrays, _words(self))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Market":
        arrays, words = unpack(data)
        if "capacities.is_micro" not in arrays:  # packed before companies stated their size
            arrays["capacities.is_micro"] = np.zeros(len(arrays["capacities.id"]), bool)

        def table(kind: type, part: str):
            return kind(**{f.name: arrays[f"{part}.{f.name}"] for f in fields(kind)})

        return cls(
            needs=table(Needs, "needs"),
            capacities=table(Capacities, "capacities"),
            lanes=table(Lanes, "lanes"),
            corridor_open=arrays["corridor_open"],
            **_from_words(words),
        )

    def digest(self) -> str:
        """SHA-256 of every fact, so that a run can say on which input it rests."""
        digest = hashlib.sha256(_words(self).encode())
        digest.update(np.ascontiguousarray(self.corridor_open).tobytes())
        for table in (self.needs, self.capacities, self.lanes):
            for f in fields(table):
                array = np.ascontiguousarray(getattr(table, f.name))
                digest.update(f"{f.name}{array.dtype.str}{array.shape}".encode())
                digest.update(array.tobytes())
        return digest.hexdigest()


def _words(market: Market) -> str:
    return json.dumps(
        {
            "countries": market.countries,
            "certificate_kinds": market.certificate_kinds,
            "parameters": market.parameters,
            "payment_terms": market.payment_terms,
            "value_sets": [sorted(values) for values in market.value_sets],
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def _from_words(words: str) -> dict:
    stored = json.loads(words)
    return {
        "countries": tuple(stored["countries"]),
        "certificate_kinds": tuple(stored["certificate_kinds"]),
        "parameters": tuple((key, unit) for key, unit in stored["parameters"]),
        "payment_terms": tuple(stored["payment_terms"]),
        "value_sets": tuple(frozenset(values) for values in stored["value_sets"]),
    }
