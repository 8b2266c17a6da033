"""Rows of one shape: their template is drawn once for a page, and what it leaves open is filled in row by row.

A row of a list has some forty places at which a template looks something up; drawn anew each time that is most of what
a long page costs. `{{ row.… }}` in the template stands for what each row says, everything else is drawn once.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from django.template.base import VariableNode
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from accounts.markup import escaped

MARK = "\0"  # no text of a page holds one: PostgreSQL keeps none


class AsksOfRowError(TypeError):
    """A form asks of a row what only the row can say: let it say so in words."""


class Blank(SafeString):
    """Where a row says something, by its path in the words of the row. Nothing can be asked of it but its parts.

    Templates pass over errors in some places and go on with an answer of their own, so what was asked is noted too.
    """

    def __new__(cls, path: str = "row", asked: list[str] | None = None):
        blank = super().__new__(cls, f"{MARK}{path}{MARK}")
        blank.path, blank.asked = path, [] if asked is None else asked
        return blank

    def __getitem__(self, name) -> "Blank":
        return Blank(f"{self.path}.{name}", self.asked)

    def _refuse(self, *_of):
        self.asked.append(self.path)
        raise AsksOfRowError(self.path)

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __len__ = __iter__ = _refuse
    __hash__ = SafeString.__hash__


class RowForm:
    """What rows have in common.

    Args:
        template: of one row; what it says of the row stands at `row`, in words: it may not ask anything of them.
        context: what it says for all rows.

    Raises:
        AsksOfRowError: the template compares a word, asks whether there is one, or puts it through a filter.
    """

    def __init__(self, template: str, context: Mapping):
        row, form = Blank(), get_template(template)
        for node in form.template.nodelist.get_nodes_by_type(VariableNode):
            expression = node.filter_expression
            if expression.filters and str(expression.var).partition(".")[0] == "row":
                row.asked.append(str(expression))
        text = form.render({**context, "row": row})
        if row.asked:
            raise AsksOfRowError(", ".join(row.asked))
        self.fixed, *rest = text.split(MARK)
        paths, pieces = rest[::2], rest[1::2]
        self.open = [(path.split(".")[1:], piece) for path, piece in zip(paths, pieces, strict=True)]

    def filled(self, rows: Iterable[Mapping]) -> SafeString:
        """All rows as HTML. What is not marked as safe is escaped; a row that lacks a word raises KeyError."""
        return mark_safe("".join(self._filled(row) for row in rows))  # noqa: S308 - all that goes in is escaped

    def _filled(self, row: Mapping) -> str:
        said = [self.fixed]
        for path, piece in self.open:
            word = row
            for name in path:
                word = word[name]
            said += (escaped(word), piece)
        return "".join(said)


def addresses(page: str) -> Callable[[int], str]:
    """Writes the addresses of pages that a number alone tells apart: looked up once, not row by row."""
    before, after = reverse(page, args=[0]).split("/0/")
    return lambda number: f"{before}/{number}/{after}"


class RowWords(Protocol):
    """Writes the words of rows of one kind, for one page and one reader."""

    of_columns: dict[str, Callable]

    def of_head(self, row) -> dict: ...


def table_rows(template: str, labels: Mapping, words: RowWords, rows: Iterable, show: frozenset[str]) -> SafeString:
    """The rows of a table with columns to choose from: its head in each row, and the columns that show.

    Args:
        labels: what stands before each cell on a phone, where a row is a card without a head.
    """
    wanted = [(key, write) for key, write in words.of_columns.items() if key in show]
    form = RowForm(template, {"labels": labels, "show": show})
    return form.filled(words.of_head(row) | {key: write(row) for key, write in wanted} for row in rows)


class DrawnOnce:
    """Small templates that say the same in row after row."""

    def __init__(self):
        self._drawn: dict[tuple, SafeString] = {}

    def __call__(self, template: str, context: Mapping, *alike: str) -> SafeString:
        """Drawn once for all contexts that are alike in what the template asks of them."""
        if (template, alike) not in self._drawn:
            self._drawn[template, alike] = render_to_string(template, context)
        return self._drawn[template, alike]
