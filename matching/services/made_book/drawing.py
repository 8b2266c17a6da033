"""What the listings of a made book say, drawn by chance: the same seed, catalogue and day give the same book."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from companies.enums import CertificateState, FactKind, PaymentTerm, Screening
from matching.services.made_book.goods import COUNTRIES, Goods, Reference

# As in matching/benchmarks/making.py: kinds of nodes that a need names, from a single good to a whole heading.
WIDTHS = {"good": 0.8, "subheading": 0.15, "heading": 0.05}
TWO_GOODS = 0.1  # of the needs accept a second good, of the same heading: shards stay as large as headings
MONTHLY = 0.4


@dataclass(frozen=True)
class Wanted:
    """How large a book, from which seed, and which share of what may be unknown is unknown."""

    needs: int
    capacities: int
    seed: int
    unknown: float
    as_of: date


class Draw:
    """Chance with the habits of a made book."""

    def __init__(self, wanted: Wanted, reference: Reference):
        self.wanted, self.reference = wanted, reference
        self.chance = np.random.Generator(np.random.PCG64(wanted.seed))
        self.today = wanted.as_of.toordinal()
        self.price = np.exp(self.chance.normal(6.6, 0.5, len(reference.goods)))  # of each good, USD a tonne at home

    def known(self, values: np.ndarray) -> list:
        """The values, some of them not known."""
        hidden = self.chance.random(len(values)) < self.wanted.unknown
        return [None if is_hidden else value for value, is_hidden in zip(values.tolist(), hidden, strict=True)]

    def goods(self, rows: int) -> np.ndarray:
        return self.chance.choice(len(self.reference.goods), rows, p=self.reference.goods.share)

    def sells_from_indonesia(self, goods: np.ndarray) -> np.ndarray:
        return self.chance.random(len(goods)) < self.reference.goods.from_indonesia[goods]

    def days(self, rows: int, earliest: int, latest: int, longest: int) -> tuple[list[str], list[str]]:
        first = self.today + self.chance.integers(earliest, latest, rows)
        last = first + self.chance.integers(20, longest, rows)
        return iso(first), iso(last)

    def is_monthly(self, rows: int) -> list[str]:
        return ["monthly" if drawn else "once" for drawn in (self.chance.random(rows) < MONTHLY).tolist()]

    def terms(self, rows: int) -> list[str]:
        states = self.chance.random((rows, 1)) >= self.wanted.unknown
        table = (self.chance.random((rows, len(PaymentTerm.values))) < 0.5) & states
        return [array(term for term, is_in in zip(PaymentTerm.values, row, strict=True) if is_in) for row in table]

    def prices(self, goods: np.ndarray, factor: float, added: float) -> list[str | None]:
        usd = (self.price[goods] * factor + added) * self.chance.normal(1, 0.25, len(goods)).clip(0.2)
        return [None if value is None else f"{value:.2f}" for value in self.known(usd)]

    def stated(self, goods: np.ndarray, share: float) -> list[tuple]:
        """Parameters that a share of the listings states: row, parameter, low, high, values."""
        found = []
        speaks, ends = self.chance.random(len(goods)) < share, self.chance.random((len(goods), 2))
        for row in np.flatnonzero(speaks).tolist():
            for stated in self.reference.goods.stated[goods[row]]:
                low, high = sorted(stated.low + (stated.high - stated.low) * end for end in ends[row].tolist())
                if stated.values:
                    some = stated.values[: 1 + int(ends[row, 0] * len(stated.values))]
                    found.append((row, stated.parameter, None, None, array(some)))
                else:
                    found.append((row, stated.parameter, f"{low:.2f}", f"{high:.2f}", "{}"))
        return found

    def companies(self, number: int) -> "Companies":
        return Companies(
            country=np.arange(number) % len(COUNTRIES),
            screening=[
                Screening.REFUSED
                if drawn < 0.01
                else Screening.NOT_SCREENED
                if drawn < 0.01 + hidden
                else Screening.CLEAR
                for drawn in self.chance.random(number).tolist()
                for hidden in [self.wanted.unknown * 0.99]
            ],
            place=self.chance.random(number),
            facts=[
                (row, FactKind.values[kind])
                for row, kind in np.argwhere(self.chance.random((number, len(FactKind.values))) < [0.7, 0.4, 0.2, 0.1])
            ],
            certificates=[
                (row, kind, STATES[state])
                for (row, kind), state in zip(
                    np.argwhere(
                        self.chance.random((number, len(self.reference.certificates))) >= self.wanted.unknown
                    ).tolist(),
                    self.chance.choice(len(STATES), number * len(self.reference.certificates), p=[0.7, 0.15, 0.15]),
                    strict=False,
                )
            ],
        )


STATES = (CertificateState.CHECKED, CertificateState.UNCHECKED, CertificateState.NOT_HELD)


@dataclass(frozen=True)
class Companies:
    """Every other one is of Indonesia and of Kazakhstan."""

    country: np.ndarray  # index into COUNTRIES
    screening: list[str]
    place: np.ndarray  # from 0 to 1: which of the points of its country
    facts: list[tuple[int, str]]
    certificates: list[tuple[int, int, str]]  # company, kind, state


def node_of(goods: Goods, drawn: np.ndarray, width: np.ndarray) -> list[int]:
    """What a need names: the good, the subheading above it or the whole heading."""
    nodes = np.stack([goods.id, goods.subheading, goods.heading])
    return nodes[width, drawn].tolist()


def iso(days: np.ndarray) -> list[str]:
    return [date.fromordinal(day).isoformat() for day in days.tolist()]


def array(words) -> str:
    """A list as PostgreSQL writes it."""
    quoted = ['"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words]
    return "{" + ",".join(quoted) + "}"
