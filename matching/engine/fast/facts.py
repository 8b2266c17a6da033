"""A market as the compiled kernels read it: flat arrays, rows in the order of the ids, the entries of a row together.

It says nothing that `matching.engine.market` does not say. Only what a kernel would look for again and again stands
here as it is looked for: the kinds of certificates a row asks for as a list, terms of payment as bits.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.book import Book
from matching.engine.market import NOT_KNOWN_KG
from matching.engine.pairs import PRICE_DECIMALS
from matching.engine.ragged import count_up

MOST_TERMS = 62  # of payment: they are the bits of one number


class Needs(NamedTuple):
    """Rows of the needs, n of them. `x_start` (n + 1,): the entries of row i are x_start[i] to x_start[i + 1]."""

    id: np.ndarray  # int64 (n,), ascending
    company: np.ndarray
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
    slot_kg: np.ndarray
    total_kg: np.ndarray  # (n,) all slots together
    smallest_share_kg: np.ndarray
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
    """Rows of the capacities, m of them."""

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
    """Rows of routes; the last row, which -1 names, is the one of which nothing is known."""

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
        """The same facts as the book's, whose rows already stand in the order of their ids."""
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
    return Needs(
        id=needs.id,
        company=needs.company,
        country=needs.country,
        standing=standing_of(needs),
        accepted_start=accepted.start,
        accepted_lo=needs.accepted_lo[accepted.order],
        accepted_hi=needs.accepted_hi[accepted.order],
        accepts_origin=np.ascontiguousarray(needs.accepts_origin),
        window_from=needs.window_from,
        window_until=needs.window_until,
        **_slots(book.demand_slots, needs),
        smallest_share_kg=needs.smallest_share_kg,
        limit=np.round(needs.limit_usd_per_t, PRICE_DECIMALS),
        limit_stated=needs.limit_usd_per_t,
        requires_start=requires_start,
        requires_kind=requires_kind,
        **_papers(needs),
        asked_start=asked.start,
        asked_parameter=needs.asked_parameter[asked.order],
        asked_low=needs.asked_low[asked.order],
        asked_high=needs.asked_high[asked.order],
        asked_set=needs.asked_set[asked.order],
        terms=bits_of(needs.pays_by),
        arrival=needs.arrival,
        trust=needs.trust,
    )


def _capacities(book: Book) -> Capacities:
    capacities = book.capacities
    knows_lead, knows_lot = capacities.lead_days >= 0, capacities.lot_kg != NOT_KNOWN_KG
    # In the order of (capacity, parameter), equals as they come: what `Book.offered` finds is the first of them.
    order = np.lexsort((capacities.offered_parameter, capacities.offered_of))
    offered_start = np.zeros(len(capacities.id) + 1, np.int64)
    np.cumsum(np.bincount(capacities.offered_of, minlength=len(capacities.id)), out=offered_start[1:])
    return Capacities(
        id=capacities.id,
        company=capacities.company,
        country=capacities.country,
        standing=standing_of(capacities),
        node_lo=capacities.node_lo,
        node_hi=capacities.node_hi,
        first_ship=np.maximum(capacities.available_from, book.as_of + np.where(knows_lead, capacities.lead_days, 0)),
        last_ship=capacities.available_until,
        knows_lead=knows_lead,
        **_slots(book.supply_slots, capacities),
        knows_lot=knows_lot,
        lot_kg=np.where(knows_lot, capacities.lot_kg, 0),
        multiple_kg=np.maximum(capacities.multiple_kg, 1),
        ask=capacities.ask_usd_per_t,
        **_papers(capacities),
        offered_start=offered_start,
        offered_parameter=capacities.offered_parameter[order],
        offered_is_choice=capacities.offered_is_choice[order],
        offered_low=capacities.offered_low[order],
        offered_high=capacities.offered_high[order],
        offered_set=capacities.offered_set[order],
        terms=bits_of(capacities.paid_by),
        departure=capacities.departure,
        trust=capacities.trust,
    )


def _lanes(book: Book) -> Lanes:
    lanes = book.lanes
    seller, buyer, voluntary = (kinds_of(table) for table in (lanes.law_seller, lanes.law_buyer, lanes.voluntary))
    ends = {
        f"{part}_{end}": np.ascontiguousarray(getattr(lanes, f"{part}_{end}"))
        for end in ("low", "high", "at_least")
        for part in ("slope", "cost")
    }
    return Lanes(
        of=np.ascontiguousarray(lanes.of),
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
    kg = listings.slot_kg[slots.order]
    reached = np.concatenate([[0], np.cumsum(kg)])
    return {
        "slot_start": slots.start,
        "slot_first": listings.slot_first[slots.order],
        "slot_last": listings.slot_last[slots.order],
        "slot_kg": kg,
        "total_kg": reached[slots.start[1:]] - reached[slots.start[:-1]],
    }


def _papers(listings) -> dict[str, np.ndarray]:
    names = ("certificate", "certificate_from", "certificate_until")
    return {name: np.ascontiguousarray(getattr(listings, name)) for name in names}


def standing_of(listings) -> np.ndarray:
    return np.where(listings.is_active, listings.screening, -1).astype(np.int8)


def kinds_of(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A table of which row asks for which kind, bool (rows, K), as the kinds of each row one after the other."""
    start = np.zeros(len(table) + 1, np.int64)
    np.cumsum(table.sum(axis=1), out=start[1:])
    return start, np.nonzero(table)[1].astype(np.int64)


def bits_of(table: np.ndarray) -> np.ndarray:
    """The columns of a table, bool (rows, T), as the bits of one number a row; int64."""
    return (table.astype(np.int64) << np.arange(table.shape[1])).sum(axis=1)


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
        chosen[f"{prefix}start"] = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    alone = {name: column[rows] for name, column in columns.items() if name not in chosen}
    return type(listings)(**alone, **chosen)
