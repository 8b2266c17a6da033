"""Rows of a table while they are put: facts of a query as cells, and the words of the codes that occurred in them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext as _

from accounts import figures
from companies.enums import CompanyKind
from corridor.enums import Country
from reports.cutting.words import Words
from reports.document import Cell, Column, Kind, Row, in_every_language

KG_PER_T = 1000
PPM_PER_POINT = 10_000
Facts = dict  # one row of a query, by the names it was asked for
Read = Callable[[Facts], Cell]
Seen = dict[str, Facts]  # code -> the first row that had it

EXAMPLE = {"example": in_every_language(lambda: _("example"))}


class Cells:
    """The chosen columns of a table. Codes that occur are remembered, so that a document carries their words alone.

    Args:
        reads: key of a column -> what its cell says of a row.
        words: key of a column -> the words of the codes that occurred, where they are not known before.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        reads: Mapping[str, Read],
        words: Mapping[str, Callable[[Seen], Words]] | None = None,
    ):
        self.columns = columns
        self.reads = [reads[column.key] for column in columns]
        self.words = words or {}
        self.seen: dict[int, Seen] = {at: {} for at, column in enumerate(columns) if column.key in self.words}

    def of(self, found: Iterable[Facts]) -> Iterator[Row]:
        for facts in found:
            cells = [read(facts) for read in self.reads]
            for at, seen in self.seen.items():
                if cells[at]:
                    seen.setdefault(cells[at], facts)
            yield cells

    def told(self) -> tuple[Column, ...]:
        """The columns, with the words of the codes that are in their rows."""
        columns = list(self.columns)
        for at, seen in self.seen.items():
            if columns[at].kind == Kind.CODE:
                columns[at] = replace(columns[at], words=columns[at].words | self.words[columns[at].key](seen))
        return tuple(columns)


def fact(name: str) -> Read:
    """A fact as it is; nothing of it is not known."""
    return lambda facts: None if facts[name] in (None, "") else str(facts[name])


def tonnes(kg: int | None) -> Cell:
    return None if kg is None else plain(Decimal(kg) / KG_PER_T)


def points(ppm: int | None) -> Cell:
    """Points of 100 with one decimal, rounded as pages round them."""
    return None if ppm is None else rounded(Decimal(ppm) / PPM_PER_POINT, 1)


def cents(amount: Decimal | None) -> Cell:
    return None if amount is None else rounded(amount, 2)


def rounded(number: Decimal, places: int) -> str:
    return f"{number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN):f}"


def plain(number: Decimal | int | float | None) -> Cell:
    """A number with a point and no exponent, as long as it is."""
    if number is None:
        return None
    text = f"{number if isinstance(number, Decimal) else Decimal(str(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def column(key: str, title: Callable[[], str], kind: Kind, meaning: Callable[[], str] | None = None, **more) -> Column:
    """A column with its words in all languages."""
    meant = in_every_language(meaning) if meaning else ""
    return Column(key=key, title=in_every_language(title), kind=kind, meaning=meant, **more)


def example(kind: str) -> Cell:
    return "example" if kind == CompanyKind.EXAMPLE else ""


# --- months: told as "Jan 2027", with their first or last day beside them


def month_code(month: date) -> str:
    return f"{month:%Y-%m}"


def span_code(first: date, last: date) -> str:
    return month_code(first) if month_code(first) == month_code(last) else f"{first:%Y-%m}/{last:%Y-%m}"


def months_in_words(codes: Iterable[str]) -> Words:
    """Months and spans of months by their codes."""

    def said(code: str) -> str:
        return figures.span(*(figures.month(date.fromisoformat(f"{end}-01")) for end in (code[:7], code[-7:])))

    return {code: in_every_language(lambda code=code: said(code)) for code in sorted(codes)}


def last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


# --- directions


def directions_in_words(codes: Iterable[str]) -> Words:
    """ "ID-KZ" as the lists say it."""

    def said(code: str) -> str:
        origin, destination = (Country(end).label if end in Country.values else end for end in code.split("-"))
        return _("%(origin)s to %(destination)s") % {"origin": origin, "destination": destination}

    return {code: in_every_language(lambda code=code: said(code)) for code in sorted(codes)}
