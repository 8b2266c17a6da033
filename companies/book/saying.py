"""Says what was kept of a book in the reader's language. What another version has kept, and this one does not know,
is shown by its code."""

from dataclasses import dataclass

from companies.book.answer import Message
from companies.book.told import from_kept
from companies.texts import sentence


@dataclass(frozen=True)
class Said:
    """One thing said: where, what was found there, and the sentence."""

    where: str
    column: str
    found: str
    text: str


def said(message: Message) -> str:
    try:
        return sentence(message.code, message.params)
    except (KeyError, TypeError, ValueError):
        return message.code


def said_of(told: list[dict]) -> list[Said]:
    """What is said of a row, a sheet or a file."""
    return [Said(one.cell, one.column, one.found, said(one)) for one in from_kept(told)]


def said_of_book(told: list[dict], *, refusals: bool) -> list[str]:
    """What is said of the file and its sheets: what refuses them, or what is only worth knowing."""
    chosen = [one for one in told if bool(one.get("is_refusal")) == refusals]
    return [_with_place(message) for message in from_kept(chosen)]


def _with_place(message: Message) -> str:
    place = " ".join(part for part in (message.sheet, message.cell) if part)
    return f"{place}: {said(message)}" if place else said(message)
