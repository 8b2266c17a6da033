"""One cell of a frozen table as the XML of a workbook: chosen once for each column, then called for each row.

A million rows are twenty million cells, so that each is made here by one short function, and not by a library's many.
"""

import re
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import figures
from reports.document import Column, Kind, read_in

Maker = Callable[[str], str]  # from a cell to ` t="inlineStr"><is>...</is></c>`: all that follows its place and style

# A text of a cell holds this many UTF-16 units; Excel finds a file with a longer one damaged.
MOST_LETTERS = 32_767
# Excel reads numbers as floats: of more digits than these it would lose some.
MOST_DIGITS = 15
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
FIRST_DAY = date(1899, 12, 30).toordinal()  # day 0 of workbooks, as it works out from 1 March 1900 on
FIRST_SURE_DAY = "1900-03-01"
REMEMBERED = 3_000

SPECIAL = re.compile("[&<>_\x00-\x08\x0b-\x1f\ufffe\uffff]")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def maker_of(column: Column, language: str) -> Maker:
    """How the cells of a column are written in a language. Equal cells of a column are made once."""
    if column.kind == Kind.NUMBER:
        return remembering(number)
    if column.kind == Kind.DAY:
        return remembering(day)
    if column.kind == Kind.TEXT:
        return remembering(lambda cell: text(cell, language))
    words = {code: read_in(said, language) for code, said in column.words.items()}
    if column.kind == Kind.CODE:
        return remembering(lambda cell: text(words.get(cell, cell), language))
    return remembering(lambda cell: text("; ".join(words.get(code, code) for code in cell.split()), language))


def remembering(make: Callable[[str], object]) -> Callable:
    """Answers of some thousand cells: most columns say the same again and again."""
    made: dict[str, object] = {}

    def remembered(cell: str):
        try:
            return made[cell]
        except KeyError:
            if len(made) >= REMEMBERED:
                made.clear()
            found = made[cell] = make(cell)
            return found

    return remembered


def number(cell: str) -> str:
    """The digits as they are. What a float would not hold exactly stays a text, with every digit."""
    if NUMBER.fullmatch(cell) and len(cell.strip("-0.").replace(".", "")) <= MOST_DIGITS:
        return f"><v>{cell}</v></c>"
    return text(cell)


def day(cell: str) -> str:
    try:
        serial = date.fromisoformat(cell).toordinal() - FIRST_DAY
    except ValueError:
        return text(cell)
    return f"><v>{serial}</v></c>" if cell >= FIRST_SURE_DAY else text(cell)


def text(cell: str, language: str = "en") -> str:
    """Text and nothing else: no formula, no link, no number. An empty text is a cell with nothing in it."""
    if not cell:
        return "/>"
    if len(cell) > MOST_LETTERS // 2:
        cell = shortened(cell, language)
    keeps_blanks = ' xml:space="preserve"' if cell[0].isspace() or cell[-1].isspace() or "\n" in cell else ""
    return f' t="inlineStr"><is><t{keeps_blanks}>{escaped(cell)}</t></is></c>'


def escaped(cell: str) -> str:
    """Letters that XML cannot hold are written `_x0008_`, as Excel does, and what only looks so is kept apart."""
    if not SPECIAL.search(cell):
        return cell
    cell = LIKE_AN_ESCAPE.sub("_x005F_", cell)
    cell = UNSEEN.sub(lambda letter: f"_x{ord(letter[0]):04X}_", cell)
    return cell.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(cell: str, language: str) -> str:
    """A text that is too long for a cell, cut where all can see it."""
    units = len(cell.encode("utf-16-le")) // 2
    if units <= MOST_LETTERS:
        return cell
    with override(language):
        mark = _("… [cut here: %(letters)s letters in all]") % {"letters": figures.decimal(len(cell))}
    room = MOST_LETTERS - len(mark)
    kept = cell.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
    return kept + mark
