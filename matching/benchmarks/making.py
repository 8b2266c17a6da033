"""Markets made by chance: what a city may have one day, of any size, with as many unknown facts as one likes.

The same sizes and seed give the same market, on every machine. Goods are traded unequally, as they are: the hottest
heading holds several times as many listings as the next ones.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matching.engine.market import (
    FAR_FUTURE,
    FAR_PAST,
    NO_LANE,
    NO_SET,
    NOT_KNOWN_DAYS,
    NOT_KNOWN_KG,
    Capacities,
    Lanes,
    Market,
    Needs,
)
from matching.engine.ragged import count_up

TODAY = date(2027, 1, 4).toordinal()
COUNTRIES, KINDS, TERMS = ("ID", "KZ"), ("halal", "iso_22000", "eac", "phyto", "veterinary", "fsc"), ("lc", "tt", "oa")
PARAMETERS = (("purity", "%"), ("moisture", "%"), ("size", "mm"), ("ash", "%"))
# A heading is an interval of this many numbers: of so many subheadings, each with so many goods.
SUBHEADINGS, GOODS = 8, 8
HEADING = SUBHEADINGS * GOODS
ZIPF = 0.75  # how unequally headings are traded


@dataclass(frozen=True)
class Sizes:
    """How large the market is, and which share of the facts that may be unknown is unknown."""

    needs: int
    capacities: int
    unknown: float = 0.3
    headings: int = 20
    departures: int = 60
    arrivals: int = 40


def make_market(sizes: Sizes, *, seed: int = 1) -> Market:
    """A market of these sizes, in plain arrays, with lanes whose landed cost is made of several lines and routes."""
    if min(sizes.needs, sizes.capacities, sizes.headings, sizes.departures, sizes.arrivals) < 1:
        raise ValueError("a market has at least one of everything")
    if not 0 <= sizes.unknown <= 1:
        raise ValueError("a share lies between 0 and 1")
    maker = _Maker(np.random.Generator(np.random.PCG64(seed)), sizes)
    return Market(
        needs=maker.needs(),
        capacities=maker.capacities(),
        lanes=maker.lanes(),
        corridor_open=~np.eye(len(COUNTRIES), dtype=bool),
        countries=COUNTRIES,
        certificate_kinds=KINDS,
        parameters=PARAMETERS,
        payment_terms=TERMS,
        value_sets=(),
    )


def with_constant_lanes(market: Market, *, days: tuple[int, int] = (40, 60), usd_per_t: float = 200.0) -> Market:
    """The same market where every lane takes as many days and costs as much: as if there were no corridor."""
    lines = {name: np.full((1, 1), value) for name, value in (("slope", 1.0), ("cost", usd_per_t))}
    no_papers = np.zeros((1, len(market.certificate_kinds)), bool)
    lanes = Lanes(
        of=np.zeros_like(market.lanes.of),
        next=np.array([NO_LANE]),
        days_low=np.array(days[:1]),
        days_high=np.array(days[1:]),
        **{f"{part}_{end}": table for part, table in lines.items() for end in ("low", "high", "at_least")},
        rests_on_examples=np.zeros(1, bool),
        law_seller=no_papers,
        law_buyer=no_papers,
        voluntary=no_papers,
    )
    return replace(market, lanes=lanes)


class _Maker:
    def __init__(self, chance: np.random.Generator, sizes: Sizes):
        self.chance, self.sizes = chance, sizes
        share = 1 / np.arange(1, sizes.headings + 1) ** ZIPF
        self.share = share / share.sum()

    def unknown(self, values: np.ndarray, instead: float) -> np.ndarray:
        """The values, some of them taken away."""
        hidden = self.chance.random(values.shape) < self.sizes.unknown
        return np.where(hidden, instead, values).astype(values.dtype)

    def needs(self) -> Needs:
        chance, n = self.chance, self.sizes.needs
        country = chance.integers(0, len(COUNTRIES), n)
        accepted_of, lo, hi = self.accepted(n)
        window_from = TODAY + chance.integers(0, 270, n)
        window_until = window_from + chance.integers(20, 150, n)
        asked = self.stated(n, share=0.4)
        return Needs(
            **self.shared(n, first_id=1, country=country),
            accepted_of=accepted_of,
            accepted_lo=lo,
            accepted_hi=hi,
            accepts_origin=np.ones((n, len(COUNTRIES)), bool),
            window_from=window_from,
            window_until=window_until,
            **self.slots(window_from, window_until),
            smallest_share_kg=np.where(chance.random(n) < 0.3, chance.integers(1, 40, n) * 1000, 0),
            limit_usd_per_t=self.unknown(np.round(chance.normal(900, 250, n).clip(50), 2), np.nan),
            requires=chance.random((n, len(KINDS))) < 0.1,
            **{f"asked_{name}": column for name, column in asked.items()},
            pays_by=self.terms(n),
            arrival=chance.integers(0, self.sizes.arrivals, n),
        )

    def capacities(self) -> Capacities:
        chance, m = self.chance, self.sizes.capacities
        country = chance.integers(0, len(COUNTRIES), m)
        lo, hi = self.nodes(self.headings(m), widths=(GOODS, 1), odds=(0.2, 0.8))
        available_from = TODAY + chance.integers(-60, 240, m)
        available_until = available_from + chance.integers(20, 200, m)
        lot = chance.choice([1_000, 5_000, 19_900, 25_000], m)
        offered = self.stated(m, share=0.7)
        shared = self.shared(m, first_id=self.sizes.needs + 1, country=country)
        return Capacities(
            **shared,
            node_lo=lo,
            node_hi=hi,
            available_from=available_from,
            available_until=available_until,
            **self.slots(available_from, available_until),
            lead_days=self.unknown(chance.integers(0, 30, m), NOT_KNOWN_DAYS),
            lot_kg=self.unknown(lot, NOT_KNOWN_KG),
            multiple_kg=np.where(chance.random(m) < 0.3, 1_000, 0),
            ask_usd_per_t=self.unknown(np.round(chance.normal(700, 200, m).clip(20), 2), np.nan),
            **{f"offered_{name}": column for name, column in offered.items()},
            offered_is_choice=np.zeros(len(offered["of"]), bool),
            paid_by=self.terms(m),
            departure=chance.integers(0, self.sizes.departures, m),
            is_micro=shared["company"] % 8 < 2,  # a quarter of the companies of either country
        )

    def shared(self, rows: int, *, first_id: int, country: np.ndarray) -> dict[str, np.ndarray]:
        chance, table = self.chance, (rows, len(KINDS))
        starts = TODAY + chance.integers(-300, 100, table)
        is_bounded = chance.random(table) < 0.5
        return {
            "id": np.arange(first_id, first_id + rows),
            "company": 1 + chance.integers(0, max(rows // 4, 1), rows) * 2 + country,
            "country": country,
            "is_active": chance.random(rows) < 0.97,
            "screening": self.unknown(np.where(chance.random(rows) < 0.01, -1, 1).astype(np.int8), 0),
            "certificate": self.unknown(np.where(chance.random(table) < 0.85, 1, -1).astype(np.int8), 0),
            "certificate_from": np.where(is_bounded, starts, FAR_PAST),
            "certificate_until": np.where(is_bounded, starts + 365, FAR_FUTURE),
            "trust": np.round(chance.random(rows), 3),
        }

    def headings(self, rows: int) -> np.ndarray:
        return self.chance.choice(self.sizes.headings, rows, p=self.share)

    def nodes(
        self, heading: np.ndarray, *, widths: tuple[int, ...], odds: tuple[float, ...]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Half-open intervals of the tree, each within its heading: all of it, a subheading or one kind of goods."""
        width = self.chance.choice(widths, len(heading), p=odds)
        within = self.chance.integers(0, HEADING, len(heading)) // width * width
        lo = heading * HEADING + within
        return lo, lo + width

    def accepted(self, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """One node a need, and for a tenth a second one, mostly of the same heading: one in fifty of another."""
        heading = self.headings(n)
        second = np.flatnonzero(self.chance.random(n) < 0.1)
        goes_elsewhere = self.chance.random(len(second)) < 0.02
        heading_of_second = np.where(goes_elsewhere, self.headings(len(second)), heading[second])
        lo, hi = self.nodes(
            np.concatenate([heading, heading_of_second]), widths=(HEADING, GOODS, 1), odds=(0.08, 0.42, 0.5)
        )
        return np.concatenate([np.arange(n), second]), lo, hi

    def slots(self, first: np.ndarray, last: np.ndarray) -> dict[str, np.ndarray]:
        """Once for three fifths of the listings, each month for the others."""
        is_monthly = self.chance.random(len(first)) < 0.4
        of, nth, begins, ends = months_of(first, last)
        keeps = is_monthly[of] | (nth == 0)
        of, begins, ends = of[keeps], begins[keeps], ends[keeps]
        ends = np.where(is_monthly[of], ends, last[of])
        return {
            "slot_of": of,
            "slot_first": begins,
            "slot_last": ends,
            "slot_kg": self.chance.integers(1, 100, len(of)) * 5_000,
        }

    def stated(self, rows: int, *, share: float) -> dict[str, np.ndarray]:
        """Ranges of parameters that a share of the listings states; an end that is not known is open."""
        of, parameter = np.nonzero(self.chance.random((rows, len(PARAMETERS))) < share)
        low = np.round(self.chance.random(len(of)) * 60, 2)
        high = np.round(low + self.chance.random(len(of)) * 80, 2)
        return {
            "of": of,
            "parameter": parameter,
            "low": self.unknown(low, np.nan),
            "high": self.unknown(high, np.nan),
            "set": np.full(len(of), NO_SET),
        }

    def terms(self, rows: int) -> np.ndarray:
        states = self.chance.random((rows, 1)) >= self.sizes.unknown
        return (self.chance.random((rows, len(TERMS))) < 0.7) & states

    def lanes(self) -> Lanes:
        """One to three routes a lane, each dearer and faster than the one before; a cost is the larger of two lines."""
        chance, of_shape = self.chance, (self.sizes.departures, self.sizes.arrivals)
        routes = chance.choice([1, 2, 3], of_shape[0] * of_shape[1], p=[0.6, 0.25, 0.15])
        first = np.concatenate([[0], np.cumsum(routes)])[:-1]
        rank = np.arange(routes.sum()) - np.repeat(first, routes)
        is_last = rank + 1 == np.repeat(routes, routes)
        base = np.repeat(chance.uniform(80, 500, len(routes)), routes)
        cost = np.round(base * (1 + 0.3 * rank), 2)
        days_low = np.repeat(chance.integers(25, 60, len(routes)), routes) - 8 * rank
        days = np.stack([days_low, days_low + chance.integers(5, 25, len(rank)) // (rank + 1)])
        has_days, has_cost = chance.random((2, len(rank))) >= self.sizes.unknown
        # Duty by value beside duty by weight: whichever is more.
        slope = np.stack([np.ones(len(rank)), np.full(len(rank), 1.1)], axis=1)
        costs = np.stack([cost + 60, cost], axis=1)
        asked = {name: chance.random((len(rank), len(KINDS))) < share for name, share in LAW}
        return Lanes(
            of=first.reshape(of_shape),
            next=np.where(is_last, NO_LANE, np.arange(1, len(rank) + 1)),
            days_low=np.where(has_days, days[0], NOT_KNOWN_DAYS),
            days_high=np.where(has_days, days[1], NOT_KNOWN_DAYS),
            slope_low=slope,
            cost_low=np.where(has_cost[:, None], costs, np.nan),
            slope_high=slope,
            cost_high=np.where(has_cost[:, None], costs * 1.08, np.nan),
            slope_at_least=slope,
            cost_at_least=costs * 0.7,
            rests_on_examples=np.zeros(len(rank), bool),
            **asked,
        )


LAW = (("law_seller", 0.05), ("law_buyer", 0.03), ("voluntary", 0.1))  # which share of the certificates a lane asks


def months_of(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The calendar months of windows, cut to them: the window, the how-manieth of its months, first and last day."""
    begins = first_days(int(first.min()), int(last.max()))
    earliest, latest = (np.searchsorted(begins, days, side="right") - 1 for days in (first, last))
    of, nth = count_up(latest - earliest + 1)
    month = earliest[of] + nth
    return of, nth, np.maximum(begins[month], first[of]), np.minimum(begins[month + 1] - 1, last[of])


def first_days(earliest: int, latest: int) -> np.ndarray:
    """The first days of the months from the one of the earliest day to the one after the latest, as ordinals."""
    one, other = (date.fromordinal(day) for day in (earliest, latest))
    months = range(one.year * 12 + one.month - 1, other.year * 12 + other.month + 1)
    return np.array([date(month // 12, month % 12 + 1, 1).toordinal() for month in months])
