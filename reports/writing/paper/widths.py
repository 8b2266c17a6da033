"""How broad the columns of a printed table are: as in a browser, no word is broken and long texts share what is left.

A table that is too broad for the sheet lies across it, in smaller letters; what is then still too broad is printed as
several tables, each of which repeats the first column.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.document import Column, Kind
from reports.writing.paper.letters import MAY_BREAK, breadth
from reports.writing.paper.speech import Paper, Said

UPRIGHT, ACROSS = 510.0, 757.0  # pt of A4 between its margins
SIZES = (8.5, 8.0, 7.5, 7.0)  # pt, the largest that fits
ACROSS_ONLY = 6.5
CROWDED = 1.3  # so many times as broad as the sheet, in one line a row, is hard to read upright
WIDEST = 26.0  # em that a long text asks for; the rest of it goes on below
GAP = 7.0  # pt between columns
SECOND = 0.88  # size of the second language, of that of the first
OF_HEADS = 0.94
SPARE = 0.3  # em, for what rounding and kerning add
LOOKED_AT = 400  # rows that tell how broad a column is


@dataclass(frozen=True)
class Asked:
    """What a column asks for, in em."""

    least: float
    wanted: float
    is_text: bool


@dataclass(frozen=True)
class Plan:
    """How a table is set: letters of how many points, and its parts as column numbers with their breadths in pt."""

    across: bool
    size: float
    parts: tuple[tuple[tuple[int, ...], tuple[float, ...]], ...]


def asked(
    columns: Sequence[Column], heads: Sequence[Said], rows: Sequence[Sequence[Paper]], unknown: Said
) -> list[Asked]:
    looked_at = _spread(rows)
    return [
        _asked(column, head, [row[at] for row in looked_at], unknown)
        for at, (column, head) in enumerate(zip(columns, heads, strict=True))
    ]


def _spread(rows: Sequence[Sequence[Paper]]) -> Sequence[Sequence[Paper]]:
    """All rows of a short table; of a long one some from all over it."""
    return rows[:: len(rows) // LOOKED_AT + 1]


def _asked(column: Column, head: Said, cells: Sequence[Paper], unknown: Said) -> Asked:
    least = wanted = 2.0
    for text in head:
        least = max(least, max((breadth(word, bold=True) for word in _words(text)), default=0) * OF_HEADS)
        wanted = max(wanted, min(breadth(text, bold=True) * OF_HEADS, 8))
    seen = set()
    for cell in cells:
        texts = unknown if cell is None else [cell] if isinstance(cell, str) else cell
        for number, text in enumerate(texts):
            if text in seen:
                continue
            seen.add(text)
            share = SECOND if number else 1
            for line in text.split("\n"):
                wanted = max(wanted, breadth(line) * share)
                words = [line] if column.kind in (Kind.NUMBER, Kind.DAY) else _words(line)
                least = max(least, max((breadth(word) for word in words), default=0) * share)
    least = min(least + SPARE, WIDEST)
    return Asked(least, max(least, min(wanted, WIDEST)), column.kind not in (Kind.NUMBER, Kind.DAY))


def _words(text: str) -> list[str]:
    """Pieces of a text that stay whole."""
    return text.replace(MAY_BREAK, " ").replace("-", "- ").split()


def plan(asked: Sequence[Asked], *, across: bool | None = None) -> Plan:
    """The first way to set a table that fits; `across` where the sheet is turned, or not, for another's sake."""
    ways = [] if across else [(False, UPRIGHT, size) for size in SIZES]
    if across is not False:
        ways += [(True, ACROSS, size) for size in (*SIZES, ACROSS_ONLY)]
    numbers = tuple(range(len(asked)))
    for is_across, room, size in ways:
        free = room / size - len(asked) * GAP / size
        is_crowded = across is None and not is_across and sum(one.wanted for one in asked) > CROWDED * free
        if not is_crowded and sum(one.least for one in asked) <= free:
            return Plan(is_across, size, ((numbers, _shared(asked, numbers, room, size)),))
    is_across, room, size = ways[-1]
    return Plan(is_across, size, tuple((part, _shared(asked, part, room, size)) for part in _parts(asked, room, size)))


def _parts(asked: Sequence[Asked], room: float, size: float) -> list[tuple[int, ...]]:
    """Columns that go together on a sheet; the first stands before each part."""
    parts, part, free = [], [0], room - asked[0].least * size - GAP
    first_free = free
    for number in range(1, len(asked)):
        needed = (asked[number].least + asked[number].wanted) / 2 * size + GAP
        if needed > free and len(part) > 1:
            parts.append(tuple(part))
            part, free = [0], first_free
        part.append(number)
        free -= needed
    return [*parts, tuple(part)]


def _shared(asked: Sequence[Asked], part: Sequence[int], room: float, size: float) -> tuple[float, ...]:
    """The breadths of columns in pt, which fill the room."""
    some = [asked[number] for number in part]
    free = room - len(some) * GAP
    least, wanted = [one.least * size for one in some], [one.wanted * size for one in some]
    if sum(least) > free:  # one word broader than the sheet: all give way
        breadths = [one * free / sum(least) for one in least]
    elif sum(wanted) > free:
        share = (free - sum(least)) / (sum(wanted) - sum(least))
        breadths = [low + (high - low) * share for low, high in zip(least, wanted, strict=True)]
    else:
        texts = [one.wanted if one.is_text else one.wanted / 4 for one in some]
        breadths = [high + (free - sum(wanted)) * text / sum(texts) for high, text in zip(wanted, texts, strict=True)]
    return tuple(round(one + GAP, 2) for one in breadths)
