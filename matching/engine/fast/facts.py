"""A market as the compiled kernels read it: flat arrays, rows in the order of the ids, the entries of a row together.

It says nothing that `matching.engine.market` does not say. Only what a kernel would look for again and again stands
here as it is looked for: the kinds of certificates a row asks for as a list, terms of payment as bits.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.book import Book
from matching.engine.market import NOT_KNOWN_KG
from matching.engine.pairs import PRICE_DECIMALS
from matching.engine.ragged import Ragged, count_up

MOST_TERMS = 62  # of payment: they are the bits of one number


class Needs(NamedTuple):
    """Rows of the needs, n of them. `x_start` (n + 1,): the entries of row i are x_start[i] to x_start[i + 1].

    Days, and numbers of rows, entries, nodes and words, are int32; ids, kilograms and bits int64; money float64.
    """

    id: np.ndarray  # int64 (n,), ascending
    company: np.ndarray  # int64
    country: np.ndarray
    standing: np.ndarray  # int8 (n,), -1 not active or refused, 0 not screened, 1 clear
    accepted_start: np.ndarray
    accepted_lo: np.ndarray
    accepted_hi: np.ndarray
    accepts_origin: np.ndarray  # bool (n, C)
    window_from: np.ndarray
    window_until: np.ndarray
    slot_start: np.ndarray
    slot_first: np.ndarray  # in time order within a row
    slot_last: np.ndarray
    slot_kg: np.ndarray  # int64
    total_kg: np.ndarray  # int64 (n,) all slots together
    smallest_share_kg: np.ndarray  # int64
    limit: np.ndarray  # float64 (n,), USD/t rounded as prices are compared, nan: not known
    limit_stated: np.ndarray  # the same before rounding: dollars are added to it, then it is rounded
    requires_start: np.ndarray
    requires_kind: np.ndarray
    certificate: np.ndarray  # int8 (n, K)
    certificate_from: np.ndarray
    certificate_until: np.ndarray
    asked_start: np.ndarray
    asked_parameter: np.ndarray
    asked_low: np.ndarray
    asked_high: np.ndarray
    asked_set: np.ndarray
    terms: np.ndarray  # int64 (n,), bits; 0: none stated
    arrival: np.ndarray
    trust: np.ndarray


class Capacities(NamedTuple):
    """Rows of the capacities, m of them; types are those of the needs."""

    id: np.ndarray
    company: np.ndarray
    country: np.ndarray
    standing: np.ndarray
    node_lo: np.ndarray
    node_hi: np.ndarray
    first_ship: np.ndarray  # available, and ordered today ready; a lead that is not known counts 0 days
    last_ship: np.ndarray
    knows_lead: np.ndarray  # bool
    slot_start: np.ndarray
    slot_first: np.ndarray
    slot_last: np.ndarray
    slot_kg: np.ndarray
    total_kg: np.ndarray
    knows_lot: np.ndarray  # bool
    lot_kg: np.ndarray  # 0 where not known
    multiple_kg: np.ndarray  # at least 1
    ask: np.ndarray  # float64, nan: not known
    certificate: np.ndarray
    certificate_from: np.ndarray
    certificate_until: np.ndarray
    offered_start: np.ndarray
    offered_parameter: np.ndarray  # ascending within a row
    offered_is_choice: np.ndarray
    offered_low: np.ndarray
    offered_high: np.ndarray
    offered_set: np.ndarray
    terms: np.ndarray
    departure: np.ndarray
    trust: np.ndarray


class Lanes(NamedTuple):
    """Rows of routes, all whole numbers int64; the last row, which -1 names, is the one of which nothing is known."""

    of: np.ndarray  # int64 (departures, arrivals)
    next: np.ndarray
    days_low: np.ndarray
    days_high: np.ndarray
    slope_low: np.ndarray  # float64 (l, p)
    cost_low: np.ndarray
    slope_high: np.ndarray
    cost_high: np.ndarray
    slope_at_least: np.ndarray
    cost_at_least: np.ndarray
    seller_start: np.ndarray  # kinds that the law asks of the seller, row by row
    seller_kind: np.ndarray
    buyer_start: np.ndarray
    buyer_kind: np.ndarray
    voluntary_start: np.ndarray
    voluntary_kind: np.ndarray


class Facts(NamedTuple):
    """All that a pair is judged by."""

    as_of: int
    needs: Needs
    capacities: Capacities
    lanes: Lanes
    corridor_open: np.ndarray  # bool (C, C)
    set_members: np.ndarray  # bool (sets, words)

    @classmethod
    def of(cls, book: Book) -> "Facts":
        """The same facts as the book's, whose rows already stand in the order of their ids.

        Columns that are the same as the book's are not copied. Raises ValueError where a number does not fit its type.
        """
        if len(book.market.payment_terms) > MOST_TERMS:
            raise ValueError(f"there are more than {MOST_TERMS} terms of payment")
        return cls(
            book.as_of,
            _needs(book),
            _capacities(book),
            _lanes(book),
            np.ascontiguousarray(book.market.corridor_open),
            np.ascontiguousarray(book.set_members),
        )


def _needs(book: Book) -> Needs:
    needs, asked, accepted = book.needs, book.asked, book.accepted
    requires_start, requires_kind = kinds_of(needs.requires)
    return _flat(
        Needs,
        id=needs.id,
        company=needs.company,
        country=narrow(needs.country),
        standing=standing_of(needs),
        accepted_start=narrow(accepted.start),
        accepted_lo=narrow(accepted.ordered(needs.accepted_lo)),
        accepted_hi=narrow(accepted.ordered(needs.accepted_hi)),
        accepts_origin=needs.accepts_origin,
        window_from=narrow(needs.window_from),
        window_until=narrow(needs.window_until),
        **_slots(book.demand_slots, needs),
        smallest_share_kg=needs.smallest_share_kg,
        limit=np.round(needs.limit_usd_per_t, PRICE_DECIMALS),
        limit_stated=needs.limit_usd_per_t,
        requires_start=narrow(requires_start),
        requires_kind=narrow(requires_kind),
        **_papers(needs),
        asked_start=narrow(asked.start),
        asked_parameter=narrow(asked.ordered(needs.asked_parameter)),
        asked_low=asked.ordered(needs.asked_low),
        asked_high=asked.ordered(needs.asked_high),
        asked_set=narrow(asked.ordered(needs.asked_set)),
        terms=bits_of(needs.pays_by),
        arrival=narrow(needs.arrival),
        trust=needs.trust,
    )


def _capacities(book: Book) -> Capacities:
    capacities = book.capacities
    knows_lead, knows_lot = capacities.lead_days >= 0, capacities.lot_kg != NOT_KNOWN_KG
    # In the order of (capacity, parameter), equals as they come: what `Book.offered` finds is the first of them.
    offered = Ragged.of(capacities.offered_of, len(capacities.id), (capacities.offered_parameter,))
    ready = book.as_of + np.where(knows_lead, capacities.lead_days, 0)
    return _flat(
        Capacities,
        id=capacities.id,
        company=capacities.company,
        country=narrow(capacities.country),
        standing=standing_of(capacities),
        node_lo=narrow(capacities.node_lo),
        node_hi=narrow(capacities.node_hi),
        first_ship=narrow(np.maximum(capacities.available_from, ready)),
        last_ship=narrow(capacities.available_until),
        knows_lead=knows_lead,
        **_slots(book.supply_slots, capacities),
        knows_lot=knows_lot,
        lot_kg=np.where(knows_lot, capacities.lot_kg, 0),
        multiple_kg=np.maximum(capacities.multiple_kg, 1),
        ask=capacities.ask_usd_per_t,
        **_papers(capacities),
        offered_start=narrow(offered.start),
        offered_parameter=narrow(offered.ordered(capacities.offered_parameter)),
        offered_is_choice=offered.ordered(capacities.offered_is_choice),
        offered_low=offered.ordered(capacities.offered_low),
        offered_high=offered.ordered(capacities.offered_high),
        offered_set=narrow(offered.ordered(capacities.offered_set)),
        terms=bits_of(capacities.paid_by),
        departure=narrow(capacities.departure),
        trust=capacities.trust,
    )


def _lanes(book: Book) -> Lanes:
    lanes = book.lanes
    seller, buyer, voluntary = (kinds_of(table) for table in (lanes.law_seller, lanes.law_buyer, lanes.voluntary))
    ends = {
        f"{part}_{end}": getattr(lanes, f"{part}_{end}")
        for end in ("low", "high", "at_least")
        for part in ("slope", "cost")
    }
    return _flat(
        Lanes,
        of=lanes.of,
        next=lanes.next,
        days_low=lanes.days_low,
        days_high=lanes.days_high,
        **ends,
        seller_start=seller[0],
        seller_kind=seller[1],
        buyer_start=buyer[0],
        buyer_kind=buyer[1],
        voluntary_start=voluntary[0],
        voluntary_kind=voluntary[1],
    )


def _slots(slots, listings) -> dict[str, np.ndarray]:
    kg = slots.ordered(listings.slot_kg)
    reached = np.zeros(len(kg) + 1, np.int64)
    np.cumsum(kg, out=reached[1:])
    return {
        "slot_start": narrow(slots.start),
        "slot_first": narrow(slots.ordered(listings.slot_first)),
        "slot_last": narrow(slots.ordered(listings.slot_last)),
        "slot_kg": kg,
        "total_kg": reached[slots.start[1:]] - reached[slots.start[:-1]],
    }


def _papers(listings) -> dict[str, np.ndarray]:
    return {
        "certificate": listings.certificate,
        "certificate_from": narrow(listings.certificate_from),
        "certificate_until": narrow(listings.certificate_until),
    }


def narrow(column: np.ndarray) -> np.ndarray:
    """Whole numbers in 32 bits, which days, rows and words fit. Raises ValueError for one that does not."""
    bounds = np.iinfo(np.int32)
    if column.size and not (bounds.min <= column.min() and column.max() <= bounds.max):
        raise ValueError("a day, or the number of a row or of a word, does not fit 32 bits")
    return column.astype(np.int32, copy=False)


def _flat(kind: type, **columns: np.ndarray):
    """Of all markets the same kinds of arrays, for which kernels are compiled, whatever kind of file they came from."""
    return kind(**{name: np.require(column, requirements=("C", "W")) for name, column in columns.items()})


def standing_of(listings) -> np.ndarray:
    return np.where(listings.is_active, listings.screening, -1).astype(np.int8)


def kinds_of(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A table of which row asks for which kind, bool (rows, K), as the kinds of each row one after the other."""
    start = np.zeros(len(table) + 1, np.int64)
    np.cumsum(table.sum(axis=1), out=start[1:])
    return start, np.nonzero(table)[1].astype(np.int64)


def bits_of(table: np.ndarray) -> np.ndarray:
    """The columns of a table, bool (rows, T), as the bits of one number a row; int64."""
    bits = np.zeros(len(table), np.int64)
    for place, column in enumerate(table.T):
        bits |= column.astype(np.int64) << place
    return bits


def picked(listings: Needs | Capacities, rows: np.ndarray) -> Needs | Capacities:
    """These rows in this order, with the entries that belong to them. A row may be picked twice."""
    columns = listings._asdict()
    starts = {name.removesuffix("start"): column for name, column in columns.items() if name.endswith("_start")}
    chosen = {}
    for prefix, start in starts.items():
        counts = start[rows + 1] - start[rows]
        position, nth = count_up(counts)
        entry = start[rows[position]] + nth
        names = [name for name in columns if name.startswith(prefix) and name != f"{prefix}start"]
        chosen |= {name: columns[name][entry] for name in names}
        chosen[f"{prefix}start"] = narrow(np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]))
    alone = {name: column[rows] for name, column in columns.items() if name not in chosen}
    return type(listings)(**alone, **chosen)
