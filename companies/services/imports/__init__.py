"""A book that comes in on a page: sent, read by a worker, confirmed, written by a worker, undone where it was wrong."""

from companies.services.imports.sending import (
    AT_WORK,
    confirm_book,
    drop_book,
    forget_files,
    is_refused_in_part,
    number_to_write,
    send_book,
    undo_book,
    version_of,
)
from companies.services.imports.working import TOO_LONG, carry_out, note_failure, sweep

__all__ = [
    "AT_WORK",
    "TOO_LONG",
    "carry_out",
    "confirm_book",
    "drop_book",
    "forget_files",
    "is_refused_in_part",
    "note_failure",
    "number_to_write",
    "send_book",
    "sweep",
    "undo_book",
    "version_of",
]
