"""Words and figures of a file in its one language, or in its two: a list of what differs between them.

Figures are written by `accounts.figures`, so paper says 1.208 where the screen says it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import figures
from commodities.facts import LATIN_LANGUAGES
from reports.document import Cell, Column, Kind, Text, read_in
from reports.writing.paper.letters import printable

Said = list[str]  # one text, or two that differ
Paper = str | Said | None  # a cell as the template reads it; None: not known
TO_THE_KILOGRAM = 3  # places of tonnes
AT_MOST_PLACES = 3


class Speech:
    """Says things in the languages of a file."""

    def __init__(self, languages: Sequence[str]):
        self.languages = tuple(languages)

    def text(self, text: Text) -> Said:
        return _once([printable(read_in(text, language)) for language in self.languages])

    def words(self, tell: Callable[[], object], *, may_break: bool = True) -> Said:
        """What `tell` says in each language, on the clocks of the product whoever asks."""
        told = []
        for language in self.languages:
            with override(language), timezone.override(timezone.get_default_timezone()):
                told.append(printable(str(tell()), may_break))
        return _once(told)

    def figure(self, number: Cell, places: int | None = None) -> Said:
        """A number with a point, as each language writes it; None is not known."""
        if number is None:
            return self.words(lambda: _("not known"))
        return self.words(lambda: _figure(number, places))

    def rows(
        self, columns: Sequence[Column], places: Sequence[int], rows: Iterable[Sequence[Cell]]
    ) -> list[list[Paper]]:
        """The cells at some places of rows as they are printed; names in letters that the readers know."""
        kept = list(rows)
        told = []
        for language in self.languages:
            with override(language):
                tellers = [_teller(columns, at, language) for at in places]
                told.append([[tell(row) for tell in tellers] for row in kept])
        if len(told) == 1:
            return told[0]
        return [
            [one if one == other else [one, other] for one, other in zip(*pair, strict=True)]
            for pair in zip(*told, strict=True)
        ]


def _once(told: Said) -> Said:
    return told[:1] if len(set(told)) == 1 else told


def _figure(number: str, places: int | None) -> str:
    exact = Decimal(number)
    return figures.shortest(exact, AT_MOST_PLACES) if places is None else figures.decimal(exact, places)


def _teller(columns: Sequence[Column], at: int, language: str) -> Callable[[Sequence[Cell]], str | None]:
    """What is printed of a row at one place in a language that is being spoken."""
    write, instead = _writer(columns[at], language), at
    if columns[at].latin and language in LATIN_LANGUAGES:
        instead = next((other for other, column in enumerate(columns) if column.key == columns[at].latin), at)

    def tell(row: Sequence[Cell]) -> str | None:
        cell = row[instead] or row[at]
        return None if cell is None else write(cell)

    return tell


def _writer(column: Column, language: str) -> Callable[[str], str]:
    """How the cells of a column are written in a language that is being spoken."""
    if column.kind == Kind.NUMBER and not column.is_name:
        # Tonnes as pages write them: 540,000 t on paper is taken for a thousand times as much where commas divide.
        places = None if column.places == TO_THE_KILOGRAM else column.places
        return lambda cell: _figure(cell, places) if cell else ""
    if column.kind == Kind.DAY:
        return lambda cell: figures.day(date.fromisoformat(cell)) if cell else ""
    words = {code: printable(read_in(text, language)) for code, text in column.words.items()}
    if column.kind == Kind.CODE:
        return lambda cell: words.get(cell) or printable(cell)
    if column.kind == Kind.CODES:
        return lambda cell: ", ".join(words.get(code) or printable(code) for code in cell.split())
    return printable
