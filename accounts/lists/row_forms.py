"""Rows of one shape: their template is drawn once for a page, and what it leaves open is filled in row by row.

A row of a list has some forty places at which a template looks something up; drawn anew each time that is most of what
a long page costs. `{{ row.… }}` in the template stands for what each row says, everything else is drawn once.
"""

from collections.abc import Iterable, Mapping

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

MARK = "\0"  # no text of a page holds one: PostgreSQL keeps none


class Blank(SafeString):
    """Where a row says something, by its path in the words of the row. Nothing can be asked of it but its parts."""

    def __new__(cls, path: str = "row"):
        blank = super().__new__(cls, f"{MARK}{path}{MARK}")
        blank.path = path
        return blank

    def __getitem__(self, name) -> "Blank":
        return Blank(f"{self.path}.{name}")

    def __bool__(self):
        raise TypeError(f"{self.path} is known of each row, not when their form is drawn: let the row say it in words.")


class RowForm:
    """What rows have in common.

    Args:
        template: of one row; what it says of the row stands at `row`, in words: it may not ask anything of them.
        context: what it says for all rows.
    """

    def __init__(self, template: str, context: Mapping):
        text = render_to_string(template, {**context, "row": Blank()})
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
            said += (conditional_escape(word), piece)
        return "".join(said)
