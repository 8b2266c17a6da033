"""The listings of one run on the lanes of another, found again by the names of the points they run between.

Lanes are laid out in one way, whatever run they are from: departures and arrivals in the order of their names, each
distinct lane once, in the order in which it is met. So two markets that say the same are the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.market import FAR_FUTURE, FAR_PAST, NO_LANE, Lanes, Market

ENDS = ("low", "high", "at_least")
LAWS = ("law_seller", "law_buyer", "voluntary")


@dataclass(frozen=True)
class Points:
    """What the rows and columns of a market's Lanes.of are called; those that its listings use."""

    departures: Mapping[int, str]
    arrivals: Mapping[int, str]

    @classmethod
    def numbered(cls, market: Market) -> "Points":
        """Names for a market that keeps none: good for laying out its own lanes anew, and for nothing else."""
        rows, columns = np.unique(market.capacities.departure).tolist(), np.unique(market.needs.arrival).tolist()
        return cls({row: f"{row:012}" for row in rows}, {column: f"{column:012}" for column in columns})


@dataclass(frozen=True)
class Named:
    """A market, or a part of one, whose points have names."""

    market: Market
    points: Points


@dataclass(frozen=True)
class Network:
    """The lanes of one part of a run."""

    lanes: Lanes
    kinds: tuple[str, ...]
    column_of: Mapping[str, int]

    def with_laws_by(self, kinds: tuple[str, ...]) -> Lanes:
        return with_laws(self.lanes, self.kinds, kinds)


class Corridor:
    """What lies between the points of a run: the lanes of all its parts, and which corridors were open."""

    def __init__(self, parts: Iterable[Named]):
        self.networks: list[Network] = []
        self.rows: dict[str, list[tuple[int, int]]] = {}  # departure -> the networks and rows that know it
        self.countries: tuple[str, ...] = ()
        self.kinds: tuple[str, ...] = ()
        for number, part in enumerate(parts):
            market = part.market
            column_of = {name: column for column, name in part.points.arrivals.items()}
            self.networks.append(Network(market.lanes, market.certificate_kinds, column_of))
            for row, name in part.points.departures.items():
                self.rows.setdefault(name, []).append((number, row))
            self.countries, self.corridor_open = market.countries, market.corridor_open
            self.kinds = market.certificate_kinds

    def under(self, part: Named) -> Market:
        """The listings of a part of another run, with the lanes, laws and open corridors of this one.

        Where this run knew no lane between two points, because nobody offered or wanted goods there, the part's own
        stands: the listing brought it along.
        """
        if not self.networks:
            return laid_out(part)
        market = widened(part.market, self.kinds)
        cells = Cells(part)
        sources = [market.lanes, *(net.with_laws_by(market.certificate_kinds) for net in self.networks)]
        for at, departure in enumerate(cells.departures):
            for number, row in self.rows.get(departure, ()):
                network = self.networks[number]
                columns = np.array([network.column_of.get(arrival, -1) for arrival in cells.arrivals], np.int64)
                lane = np.where(columns >= 0, network.lanes.of[row, columns], NO_LANE)
                cells.take(at, lane, source=number + 1)
        return cells.laid_out(replace(market, corridor_open=self.open_between(market)), sources)

    def open_between(self, market: Market) -> np.ndarray:
        """Which corridors were open, by the countries of another market; its own where this run knows no country."""
        known = [row for row, country in enumerate(market.countries) if country in self.countries]
        theirs = [self.countries.index(market.countries[row]) for row in known]
        is_open = market.corridor_open.copy()
        is_open[np.ix_(known, known)] = self.corridor_open[np.ix_(theirs, theirs)]
        return is_open


def laid_out(part: Named) -> Market:
    """The same market with its own lanes, laid out in the one way."""
    return Cells(part).laid_out(part.market, [part.market.lanes])


def widened(market: Market, kinds: Sequence[str]) -> Market:
    """The market with columns for further kinds of certificates, of which its listings say nothing."""
    further = tuple(kind for kind in kinds if kind not in market.certificate_kinds)
    if not further:
        return market

    def wider(column: np.ndarray, nothing) -> np.ndarray:
        return np.concatenate([column, np.full((len(column), len(further)), nothing, column.dtype)], axis=1)

    def papers(listings) -> dict[str, np.ndarray]:
        return {
            "certificate": wider(listings.certificate, 0),
            "certificate_from": wider(listings.certificate_from, FAR_PAST),
            "certificate_until": wider(listings.certificate_until, FAR_FUTURE),
        }

    needs, capacities = market.needs, market.capacities
    all_kinds = market.certificate_kinds + further
    return replace(
        market,
        needs=replace(needs, requires=wider(needs.requires, False), **papers(needs)),
        capacities=replace(capacities, **papers(capacities)),
        lanes=with_laws(market.lanes, market.certificate_kinds, all_kinds),
        certificate_kinds=all_kinds,
    )


def with_laws(lanes: Lanes, kinds: Sequence[str], wanted: Sequence[str]) -> Lanes:
    """The lanes with their laws by other columns of kinds; a kind that they do not know is asked of nobody."""
    if tuple(kinds) == tuple(wanted):
        return lanes
    column_of = {kind: column for column, kind in enumerate(kinds)}
    place = [column_of.get(kind, len(kinds)) for kind in wanted]

    def moved(law: np.ndarray) -> np.ndarray:
        return np.concatenate([law, np.zeros((len(law), 1), bool)], axis=1)[:, place]

    return replace(lanes, **{law: moved(getattr(lanes, law)) for law in LAWS})


class Cells:
    """Between which points the goods of a part may go, and by whose lane: departures x arrivals, by name."""

    def __init__(self, part: Named):
        self.row_of = {row: at for at, (_name, row) in enumerate(sorted_names(part.points.departures))}
        self.column_of = {column: at for at, (_name, column) in enumerate(sorted_names(part.points.arrivals))}
        self.departures = [name for name, _row in sorted_names(part.points.departures)]
        self.arrivals = [name for name, _column in sorted_names(part.points.arrivals)]
        self.lane = part.market.lanes.of[np.ix_(list(self.row_of), list(self.column_of))]
        self.source = np.zeros(self.lane.shape, np.int64)

    def take(self, at: int, lane: np.ndarray, source: int) -> None:
        """Let the goods of a departure go by the lanes of another source, where it has one to the arrival."""
        found = lane != NO_LANE
        self.lane[at, found], self.source[at, found] = lane[found], source

    def laid_out(self, market: Market, sources: Sequence[Lanes]) -> Market:
        """The market with these lanes, each distinct one numbered once, in the order in which it is met."""
        table = Table()
        known = self.lane != NO_LANE
        met = np.stack([self.source[known], self.lane[known]], axis=1)
        distinct, first, place = np.unique(met, axis=0, return_index=True, return_inverse=True)
        number = np.zeros(len(distinct), np.int64)
        for at in np.argsort(first).tolist():
            number[at] = table.number(sources, *distinct[at].tolist())
        of = np.full(self.lane.shape, NO_LANE, np.int64)
        of[known] = number[place.reshape(-1)]
        return replace(
            market,
            needs=replace(market.needs, arrival=renumbered(market.needs.arrival, self.column_of)),
            capacities=replace(market.capacities, departure=renumbered(market.capacities.departure, self.row_of)),
            lanes=table.lanes(of, len(market.certificate_kinds)),
        )


def renumbered(column: np.ndarray, number_of: Mapping[int, int]) -> np.ndarray:
    return np.array([number_of[number] for number in column.tolist()], np.int64)


def sorted_names(points: Mapping[int, str]) -> list[tuple[str, int]]:
    return sorted((name, number) for number, name in points.items())


class Table:
    """Lanes from several sources as one table. Equal lanes are one, whichever source they are from."""

    def __init__(self):
        self.rows: list[tuple] = []
        self._number: dict[tuple, int] = {}
        self._met: dict[tuple[int, int], int] = {}

    def number(self, sources: Sequence[Lanes], source: int, row: int) -> int:
        """The row in this table of a row of a source; its next routes come with it."""
        if row == NO_LANE:
            return NO_LANE
        if (source, row) not in self._met:
            lanes = sources[source]
            after = self.number(sources, source, int(lanes.next[row]))
            facts = (int(lanes.days_low[row]), int(lanes.days_high[row]), bool(lanes.rests_on_examples[row]))
            lines = tuple(lines_of(lanes, end, row) for end in ENDS)
            laws = tuple(getattr(lanes, law)[row].tobytes() for law in LAWS)
            key = (after, facts, lines, laws)
            if key not in self._number:
                self._number[key] = len(self.rows)
                self.rows.append(key)
            self._met[source, row] = self._number[key]
        return self._met[source, row]

    def lanes(self, of: np.ndarray, n_kinds: int) -> Lanes:
        most = max((len(lines) for _after, _facts, ends, _laws in self.rows for lines in ends), default=1)
        n = len(self.rows)
        columns = {}
        for end, name in enumerate(ENDS):
            filled = [(lines[end] + lines[end][:1] * most)[:most] for _after, _facts, lines, _laws in self.rows]
            table = np.frombuffer(b"".join(b"".join(row) for row in filled)).reshape(n, most, 2)
            columns |= {f"slope_{name}": table[:, :, 0].copy(), f"cost_{name}": table[:, :, 1].copy()}
        for number, name in enumerate(LAWS):
            law = b"".join(laws[number] for _after, _facts, _lines, laws in self.rows)
            columns[name] = np.frombuffer(law, bool).reshape(n, n_kinds).copy()
        facts = [facts for _after, facts, _lines, _laws in self.rows]
        return Lanes(
            of=of,
            next=np.array([after for after, *_others in self.rows], np.int64),
            days_low=np.array([low for low, _high, _is_example in facts], np.int64),
            days_high=np.array([high for _low, high, _is_example in facts], np.int64),
            rests_on_examples=np.array([is_example for _low, _high, is_example in facts], bool),
            **columns,
        )


def lines_of(lanes: Lanes, end: str, row: int) -> tuple[bytes, ...]:
    """The lines of an amount, each once and in one order: their largest is what counts, and nan is like nan."""
    both = np.stack([getattr(lanes, f"slope_{end}")[row], getattr(lanes, f"cost_{end}")[row]], axis=1)
    return tuple(sorted({line.tobytes() for line in np.ascontiguousarray(both)}))
