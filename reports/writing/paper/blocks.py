"""The blocks of a document as the template reads them: every text said, every figure written, every length a share."""

from decimal import Decimal
from functools import singledispatchmethod

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reports.document import (
    Bars,
    Block,
    Facts,
    Flows,
    Heading,
    Line,
    Questions,
    Score,
    Side,
    Sides,
    Signing,
    TableOf,
    Verdicts,
    Waterfall,
    Words,
)
from reports.enums import Subject
from reports.frozen import Frozen
from reports.writing.paper import widths
from reports.writing.paper.flowmap import flows
from reports.writing.paper.speech import Speech
from reports.writing.paper.tables import set_table
from reports.writing.paper.waterfall import share, waterfall

MOST_ROWS_PRINTED = 2_000  # rows of all tables of a printed report
MOST_CELLS = 24_000  # of all tables: what is set in some 15 s and 700 MB


class Setter:
    """Sets the blocks of one file."""

    def __init__(self, frozen: Frozen, speech: Speech):
        self.frozen, self.document, self.speech = frozen, frozen.document, speech
        self.is_brief = self.document.subject == Subject.PAIR
        self.across = False  # whether the sheets lie on their side
        self.level = 0
        self.printed = self.cells = 0

    def blocks(self) -> list[dict]:
        """All of them; a document that names none prints its tables."""
        chosen = self.document.blocks or tuple(TableOf(table=table.key) for table in self.document.tables)
        found = [self._with_level(block) for block in chosen]
        tables = [block for block in found if block["is"] == "tableof"]
        self.across = not self.is_brief and any(widths.plan(table["asked"]).across for table in tables)
        for table in tables:
            plan = widths.plan(table.pop("asked"), across=self.across)
            table |= {"size": plan.size, "parts": [{"columns": part, "widths": room} for part, room in plan.parts]}
        return found

    def _with_level(self, block: Block) -> dict:
        """A block with the level of its own title: one below the heading under which it stands."""
        told = self.set(block)
        return {"is": type(block).__name__.lower(), "level": self.level + 1} | told

    @singledispatchmethod
    def set(self, block: Block) -> dict:
        raise TypeError(f"nobody prints a {type(block).__name__}")

    @set.register
    def _heading(self, block: Heading) -> dict:
        self.level = max(1, min(block.level, self.level + 1))  # PDF/UA: no level is passed over
        return {"text": self.speech.text(block.text), "level": self.level}

    @set.register
    def _words(self, block: Words) -> dict:
        return {"text": self.speech.text(block.text), "tone": block.tone}

    @set.register
    def _facts(self, block: Facts) -> dict:
        return {"title": self.speech.text(block.title), "lines": self._lines(block.lines)}

    @set.register
    def _tableof(self, block: TableOf) -> dict:
        table = self.document.table(block.table)
        rows = self._counted(block.table)
        self.cells += len(rows) * len(block.columns or table.columns)
        if self.cells > MOST_CELLS:
            raise ValidationError(
                _("Paper holds %(number)s cells. Choose fewer columns or narrow the filter, or take a workbook."),
                code="too_large",
                params={"number": MOST_CELLS},
            )
        return set_table(table, block.columns, rows, self.speech)

    def _counted(self, key: str) -> list:
        """The rows of a table, unless they are more than anybody would read on paper."""
        rows = []
        for row in self.frozen.rows(key):
            self.printed += 1
            if self.printed > MOST_ROWS_PRINTED:
                raise ValidationError(
                    _("Paper holds %(number)s rows. Narrow the filter, or take a workbook."),
                    code="too_large",
                    params={"number": MOST_ROWS_PRINTED},
                )
            rows.append(row)
        return rows

    @set.register
    def _bars(self, block: Bars) -> dict:
        most = max((abs(Decimal(bar.value)) for bar in block.bars if bar.value), default=0) or 1
        return {
            "title": self.speech.text(block.title),
            "note": self.speech.text(block.note),
            "unit": self.speech.text(block.unit),
            "bars": [
                {
                    "label": self.speech.text(bar.label),
                    "figure": self.speech.figure(bar.value or None),
                    "share": share(Decimal(bar.value), most) if bar.value else None,
                }
                for bar in block.bars
            ],
        }

    @set.register
    def _flows(self, block: Flows) -> dict:
        return flows(block, self.speech)

    @set.register
    def _sides(self, block: Sides) -> dict:
        return {"need": self._side(block.need), "capacity": self._side(block.capacity)}

    def _side(self, side: Side) -> dict:
        return {
            "role": self.speech.text(side.role),
            "name": self.speech.text(side.name),
            "latin": self.speech.text(side.latin)[0],
            "where": self.speech.text(side.where),
            "checked": self.speech.text(side.checked),
            "lines": self._lines(side.lines),
        }

    @set.register
    def _verdicts(self, block: Verdicts) -> dict:
        return {
            "title": self.speech.text(block.title),
            "heads": [self.speech.text(head) for head in block.heads],
            "rows": [
                {
                    "rule": self.speech.text(row.rule),
                    "asked": self.speech.text(row.asked),
                    "offered": self.speech.text(row.offered),
                    "answer": row.answer,
                    "says": self.speech.text(row.says),
                }
                for row in block.rows
            ],
        }

    @set.register
    def _waterfall(self, block: Waterfall) -> dict:
        return waterfall(block, self.speech)

    @set.register
    def _questions(self, block: Questions) -> dict:
        return {"title": self.speech.text(block.title), "items": [self.speech.text(item) for item in block.items]}

    @set.register
    def _score(self, block: Score) -> dict:
        return {
            "points": self.speech.text(block.points),
            "of": self.speech.words(lambda: _("of 100")),
            "known": self.speech.text(block.known),
        }

    @set.register
    def _signing(self, block: Signing) -> dict:
        return {"labels": [self.speech.text(label) for label in block.labels]}

    def _lines(self, lines: tuple[Line, ...]) -> list:
        return [[self.speech.text(line.label), self.speech.text(line.value)] for line in lines]
