"""What may stop a backup, a restore or an erasure, in a sentence for whoever typed it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError


class KeepingError(Exception):
    """Nothing was changed; the words say what can be done about it."""


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """What a command shows instead of a traceback."""
    try:
        yield
    except KeepingError as told:
        raise CommandError(f"{told}") from None
    except ValidationError as told:
        raise CommandError(" ".join(told.messages)) from None
    except DatabaseError as fault:
        raise CommandError(f"The database refused: {last_line(str(fault))}") from fault
    except OSError as fault:
        where = f"{fault.filename}: " if fault.filename else ""
        raise CommandError(f"{where}{fault.strerror or fault}") from fault


def last_line(text: str) -> str:
    """The last line that says something; what stands before it is how the programme got there."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"
