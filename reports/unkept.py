"""What is frozen for a file that is handed over at once: its rows lie in a file without a name while it is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils import timezone, translation

from reports.cutting.cut import Cut, Put
from reports.enums import Office
from reports.frozen import Frozen
from reports.pieces import Pieces
from reports.services.snapshots import one_moment_of


@contextmanager
def frozen_once(cut_of: Callable[[Put], Cut], watch: Callable[[int], None] | None = None) -> Iterator[Frozen]:
    """A cut of one moment, which no report keeps: it has no number, and nobody can ask for it later.

    Args:
        watch: is told of each number of rows that was taken, and may raise to end it.
    """
    pieces = Pieces(watch=watch)
    try:
        with translation.override(None), one_moment_of(read_only=True):
            cut_at = timezone.now()
            document = cut_of(pieces).document
        yield Frozen(
            document=document,
            number="",
            cut_at=cut_at,
            data_sha256=pieces.digest(document),
            office=Office.BOTH,
            recipient="",
            verify_at="",
            rows=pieces.rows_waiting,
        )
    finally:
        pieces.close()
