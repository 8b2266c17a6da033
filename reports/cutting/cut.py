"""What every subject of a report does: answer an order, within one snapshot, as a document and rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from matching.models import Run
from reports.document import Column, Document, Row
from reports.orders import Order


class Put(Protocol):
    """Where rows go: into the pieces of a report, or, for a preview, no further than the first few.

    `keeps`: what is put is kept. A preview keeps nothing, so nobody's looking at contact persons could be kept either:
    it counts them and shows none.
    """

    keeps: bool

    def put(self, table: str, rows: Iterable[Row]) -> int: ...

    def copied(self, table: str, query: str, parameters: Iterable = ()) -> int: ...


@dataclass(frozen=True)
class Cut:
    document: Document
    run: Run | None  # on which its figures rest
    contacts_of: tuple[int, ...] = ()  # companies whose contact persons are in it, by key


@dataclass(frozen=True)
class SubjectCut:
    """One subject: what may be asked of it, and how it is answered.

    Args:
        columns: all that it has, in their order; empty where nobody chooses.
        check: raises ValidationError in words where an order cannot be answered for a user.
        cut: answers an order for a user; whatever it asks of the database is asked within one snapshot.
        groupings: by what its rows can be grouped.
    """

    columns: tuple[Column, ...]
    check: Callable[[Order, object], None]
    cut: Callable[[Order, object, Put], Cut]
    groupings: tuple[str, ...] = ("",)
