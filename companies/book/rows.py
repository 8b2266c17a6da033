"""Reads one row: the value of each cell, and a message for every cell that cannot be taken."""

from dataclasses import dataclass, field

from accounts.sheets.sheet import Row
from companies.book.answer import Message, Outcome, RowAnswer
from companies.book.catalogue import Catalogue
from companies.book.cells import Converted, read_cell
from companies.book.columns import EXAMPLE_MARKS
from companies.book.headings import ReadableSheet
from companies.book.sender import Sender
from companies.faults import Fault, Refusal


def is_example(row: Row) -> bool:
    first = row.cells[0]
    return isinstance(first.value, str) and first.value.strip().casefold().startswith(EXAMPLE_MARKS)


@dataclass
class RowReader:
    """One row being read. `bad` are the columns whose cells were refused; conversions are told but refuse nothing."""

    readable: ReadableSheet
    row: Row
    catalogue: Catalogue
    sender: Sender
    keeps_what_is_here: bool = False
    faults: list[Message] = field(default_factory=list)
    conversions: list[Message] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)

    def value(self, key: str):
        """The value in a column; None where it is blank, absent or refused."""
        column = self.readable.kind.column(key)
        cell = self.readable.cell(self.row, column)
        if cell is None or cell.is_blank:
            if key == "company" and self.sender.own is not None:
                return None  # whose listings they are is known
            if column.required and cell is not None:
                self.refuse(key, Fault("cell_missing"))
            elif column.required:
                self.bad.add(key)  # the sheet has said already that the column is missing
            return None
        if column.staff_only and not self.sender.is_staff:
            self.refuse(key, Fault("only_staff_may_say"))
            return None
        try:
            value = read_cell(cell, column, self.catalogue)
        except Refusal as refusal:
            self.refuse(key, refusal.as_fault())
            return None
        if isinstance(value, Converted):
            self.convert(key, value.code, value.params)
            return value.value
        return value

    def refuse(self, key: str, fault: Fault) -> None:
        """Say what is wrong with a cell."""
        self.bad.add(key)
        self.faults.append(self.message(key, fault.code, fault.params))

    def refuse_all(self, faults: list[Fault], fallback: str) -> None:
        """Say what is wrong with the row as a whole, at the cell it hangs on; a cell refused already says enough."""
        for fault in faults:
            key = fault.field if self.readable.has(fault.field) else fallback
            if key not in self.bad:
                self.faults.append(self.message(key, fault.code, fault.params))

    def convert(self, key: str, code: str, params: dict) -> None:
        self.conversions.append(self.message(key, code, params))

    def is_absent(self, key: str) -> bool:
        return not self.readable.has(key)

    def raw(self, key: str) -> str:
        """What stands in a cell, unread."""
        cell = self.readable.cell(self.row, self.readable.kind.column(key))
        return "" if cell is None else cell.text.strip()

    @property
    def is_example(self) -> bool:
        """A row of the template that shows how to fill one."""
        return is_example(self.row)

    def answer(self, key: str, outcome: Outcome, messages: list[Message]) -> RowAnswer:
        return RowAnswer(self.readable.name, self.row.number, key, outcome, messages)

    def message(self, key: str, code: str, params) -> Message:
        """Something said about the cell of a column."""
        column = self.readable.kind.column(key)
        cell = self.readable.cell(self.row, column)
        return Message(
            code,
            dict(params),
            sheet=self.readable.name,
            row=self.row.number,
            cell=cell.ref if cell else "",
            column=self.readable.heading(key),
            found=cell.text if cell else "",
        )
