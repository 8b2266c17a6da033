"""A report between cutting and writing: frozen, without a language of its own, the same for every file made of it.

What is told to people is a `Text`: in all four languages at once, or one's own words as they were written. Rows hold
strings alone: a number with a point for its decimals, a day as YYYY-MM-DD, a code that the column's words translate.
So each file, in whatever language, is made of the same figures.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum

from django.conf import settings
from django.utils.translation import override

Text = str | dict[str, str]
Cell = str | None  # None: not known
Row = tuple[Cell, ...] | list[Cell]


def in_every_language(said: Callable[[], object]) -> dict[str, str]:
    """What `said` answers while each language of the product is spoken, by language."""
    told = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            told[code] = str(said())
    return told


def read_in(text: Text, language: str) -> str:
    return text if isinstance(text, str) else text[language]


class Kind(StrEnum):
    """How a cell is written. A number that only names something (HS, a reference) is a text: it keeps its zeros."""

    TEXT = "text"  # people's own words, names, numbers of companies: the same in every language
    NUMBER = "number"  # "1234.5"
    DAY = "day"  # "2027-01-31"
    CODE = "code"  # one key of the column's words
    CODES = "codes"  # several, with a blank between them


@dataclass(frozen=True, kw_only=True)
class Column:
    key: str  # for programs
    title: Text
    kind: Kind
    meaning: Text = ""  # what a figure is, with its unit; on the cover of a workbook
    places: int = 0
    width: int = 14  # in letters
    is_name: bool = False  # a number that names a row: nobody adds it up, so its thousands are not set apart
    words: dict[str, Text] = field(default_factory=dict)
    latin: str = ""  # key of the column that paper in a language of Latin letters writes instead, where it is filled

    def __post_init__(self):
        object.__setattr__(self, "kind", Kind(self.kind))


@dataclass(frozen=True, kw_only=True)
class Table:
    """The columns of rows that lie in pieces beside the document, in the order in which they are read."""

    key: str
    title: Text
    columns: tuple[Column, ...]
    grouped_by: str = ""  # key of the column whose changes begin a group; the rows come sorted by it
    note: Text = ""

    def __post_init__(self):
        columns = (one if isinstance(one, Column) else Column(**one) for one in self.columns)
        object.__setattr__(self, "columns", tuple(columns))


@dataclass(frozen=True)
class Line:
    label: Text
    value: Text


# The blocks of a printed report. Workbooks and tables leave out all but the tables.


@dataclass(frozen=True, kw_only=True)
class Heading:
    text: Text
    level: int = 1


@dataclass(frozen=True, kw_only=True)
class Words:
    text: Text
    tone: str = ""  # "", "note" or "warning"


@dataclass(frozen=True, kw_only=True)
class Facts:
    title: Text = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TableOf:
    """Where a table of the document is printed, and which of its columns there is room for (empty: all)."""

    table: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Bars:
    """A chart of bars; its title is the question it answers, its figures stand beside the bars."""

    title: Text
    unit: Text
    bars: tuple[Line, ...]  # label, and the figure as a number with a point
    note: Text = ""


@dataclass(frozen=True, kw_only=True)
class Flows:
    """The map of the corridor with what moves on it."""

    title: Text
    flows: tuple[tuple[str, str, str, str], ...]  # from country, to country, sector, tonnes
    sectors: dict[str, Text] = field(default_factory=dict)
    note: Text = ""


@dataclass(frozen=True, kw_only=True)
class Side:
    role: Text
    name: Text
    latin: str = ""
    where: Text = ""
    checked: Text = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Importer and exporter, next to each other."""

    need: Side
    capacity: Side


@dataclass(frozen=True, kw_only=True)
class Verdict:
    rule: Text
    asked: Text
    offered: Text
    answer: str  # "pass", "fail" or "unknown"
    says: Text  # the answer in words


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    title: Text
    heads: tuple[Text, ...]  # of the four columns
    rows: tuple[Verdict, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    label: Text
    low: Cell  # USD/t
    high: Cell
    is_total: bool = False


@dataclass(frozen=True, kw_only=True)
class Waterfall:
    """Landed cost as the lines that make it; what is missing says so."""

    title: Text
    steps: tuple[Step, ...]
    limit: Cell = None
    note: Text = ""


@dataclass(frozen=True, kw_only=True)
class Questions:
    title: Text
    items: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Score:
    points: str
    could_reach: str
    known: Text  # "7 of 9 rules are known"


@dataclass(frozen=True, kw_only=True)
class Signing:
    """Room to write on."""

    labels: tuple[Text, ...]


Block = Heading | Words | Facts | TableOf | Bars | Flows | Sides | Verdicts | Waterfall | Questions | Score | Signing
BLOCKS: dict[str, type] = {
    kind.__name__.lower(): kind
    for kind in (*(Heading, Words, Facts, TableOf, Bars, Flows, Sides, Verdicts, Waterfall, Questions, Score, Signing),)
}


@dataclass(frozen=True, kw_only=True)
class Document:
    """All of a report but its rows."""

    subject: str
    title: Text
    subtitle: Text = ""
    about: tuple[Line, ...] = ()  # run, cut, weights, filters, what is only an example
    tables: tuple[Table, ...] = ()
    blocks: tuple[Block, ...] = ()
    has_examples: bool = False
    has_contacts: bool = False
    left_out: int = 0  # fields that may not cross to the recipient

    def to_json(self) -> dict:
        plain = asdict(self)
        plain["blocks"] = [{"is": type(block).__name__.lower()} | asdict(block) for block in self.blocks]
        return plain

    @classmethod
    def of_json(cls, plain: dict) -> "Document":
        """Also one that an earlier version kept, which knew fewer facts. What it knew keeps its name for ever."""
        facts = {name.name: plain[name.name] for name in fields(cls) if name.name in plain}
        facts["about"] = tuple(Line(**line) for line in plain.get("about", ()))
        facts["tables"] = tuple(Table(**table) for table in plain.get("tables", ()))
        facts["blocks"] = tuple(_block_of(block) for block in plain.get("blocks", ()))
        return cls(**facts)

    def table(self, key: str) -> Table:
        return next(table for table in self.tables if table.key == key)


# Which lists inside a block are dataclasses of their own.
_INSIDE = {
    ("facts", "lines"): Line,
    ("bars", "bars"): Line,
    ("verdicts", "rows"): Verdict,
    ("waterfall", "steps"): Step,
}


def _block_of(plain: dict) -> Block:
    plain = dict(plain)
    name = plain.pop("is")
    if name == "sides":
        return Sides(**{side: _side_of(plain[side]) for side in ("need", "capacity")})
    for key, value in plain.items():
        if isinstance(value, (list, tuple)):
            inside = _INSIDE.get((name, key))
            plain[key] = tuple(inside(**one) if inside else _tuple(one) for one in value)
    return BLOCKS[name](**plain)


def _side_of(plain: dict) -> Side:
    return Side(**plain | {"lines": tuple(Line(**line) for line in plain["lines"])})


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Rows = Iterator[Row]
