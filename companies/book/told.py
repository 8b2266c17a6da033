"""What is said of a book, kept as plain JSON in codes and said in words when it is read, in the reader's language."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from companies.book.answer import Message

DAY = "day:"  # how a day is told from a text
LONGEST = 300  # letters of a fact that an answer repeats


def kept_form(messages: Iterable[Message]) -> list[dict]:
    return [_message(message) for message in messages]


def from_kept(told: list[dict]) -> list[Message]:
    return [
        Message(
            one["code"],
            {name: _read(fact) for name, fact in one.get("params", {}).items()},
            one.get("sheet", ""),
            one.get("row"),
            one.get("cell", ""),
            one.get("column", ""),
            one.get("found", ""),
        )
        for one in told
    ]


def _message(message: Message) -> dict:
    data = {
        "code": message.code,
        "params": {name: _plain(fact) for name, fact in message.params.items()},
        "sheet": message.sheet,
        "row": message.row,
        "cell": message.cell,
        "column": message.column,
        "found": message.found,
    }
    return {name: fact for name, fact in data.items() if fact not in ("", None, {})}


def _plain(fact):
    if isinstance(fact, date):
        return f"{DAY}{fact.isoformat()}"
    if isinstance(fact, (list, tuple)):
        return [_plain(one) for one in fact]
    if isinstance(fact, dict):
        return {str(name): _plain(one) for name, one in fact.items()}
    if isinstance(fact, (bool, int)) or fact is None:
        return fact
    if isinstance(fact, Decimal):
        return f"{fact:f}"
    text = str(fact).replace("\x00", "\ufffd")
    if text.startswith(DAY):  # somebody typed it
        text = f" {text}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _read(fact):
    if isinstance(fact, str) and fact.startswith(DAY):
        return date.fromisoformat(fact.removeprefix(DAY))
    if isinstance(fact, list):
        return [_read(one) for one in fact]
    return fact
