"""Says a BookAnswer in words, in the language that is active now; or as plain data, the same bytes every time."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.book.answer import BookAnswer, Message, Outcome, RowAnswer
from companies.texts import sentence


def message_text(message: Message) -> str:
    """One message with the cell it speaks of and what was found there."""
    said = sentence(message.code, message.params)
    where = [part for part in (message.cell, message.column) if part]
    found = f" = “{message.found}”" if message.found else ""
    return f"{' '.join(where)}{found}: {said}" if where else said


def sheet_message_text(message: Message) -> str:
    """A message that stands outside the rows: with its sheet, or its file."""
    where = message.sheet or message.params.get("file", "")
    if message.row and not message.cell:
        row = _("row")
        where = f"{where} {row} {message.row}".strip()
    said = message_text(message)
    return f"{where}: {said}" if where else said


def row_text(row: RowAnswer) -> str:
    head = f"{row.sheet} {row.row} {row.key}".rstrip()
    return f"{head}: {row.outcome.label}"


def answer_lines(answer: BookAnswer) -> Iterator[str]:
    """The whole answer, line by line: what concerns files and sheets, each row, the sums, what was done."""
    refused, note = _("Refused"), _("Note")  # outside the f-strings: the extractor does not look into them
    yield from (f"{refused}: {sheet_message_text(message)}" for message in answer.refusals)
    yield from (f"{note}: {sheet_message_text(message)}" for message in answer.notes)
    for row in answer.rows:
        yield row_text(row)
        yield from (f"    {message_text(message)}" for message in row.messages)
    counts = answer.counts
    yield ", ".join(f"{Outcome(outcome).label}: {number}" for outcome, number in counts.items() if number)
    yield conclusion(answer)


def conclusion(answer: BookAnswer) -> str:
    """What was done with the book, in one sentence."""
    refused = answer.counts[Outcome.REFUSED]
    if answer.is_trial:
        return _("This was a trial: nothing was written.")
    if answer.is_written and answer.is_refused_in_part:
        return ngettext(
            "The good rows were written; %(refused)s row was left out.",
            "The good rows were written; %(refused)s rows were left out.",
            refused,
        ) % {"refused": refused}
    if answer.is_written:
        return _("All rows are in the book.")
    return _("Nothing was written. Correct the rows above and send the file again, or take the good rows alone.")


def answer_data(answer: BookAnswer) -> dict:
    """The answer as plain data for programs; it holds no clock time and no number of the database."""
    return {
        "files": answer.files,
        "trial": answer.is_trial,
        "written": answer.is_written,
        "counts": answer.counts,
        "conclusion": conclusion(answer),
        "refusals": [_message_data(message) for message in answer.refusals],
        "notes": [_message_data(message) for message in answer.notes],
        "rows": [
            {
                "sheet": row.sheet,
                "row": row.row,
                "key": row.key,
                "outcome": row.outcome.value,
                "messages": [_message_data(message) for message in row.messages],
            }
            for row in answer.rows
        ],
    }


def _message_data(message: Message) -> dict:
    data = {
        "code": message.code,
        "params": {name: _plain(value) for name, value in sorted(message.params.items())},
        "sheet": message.sheet,
        "row": message.row,
        "cell": message.cell,
        "column": message.column,
        "found": message.found,
        "text": message_text(message),
    }
    return {name: value for name, value in data.items() if value not in ("", None)}


def _plain(value):
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if isinstance(value, (str, int, dict)) else str(value)
