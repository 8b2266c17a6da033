"""What may stop a backup, a restore or an erasure, in a sentence for whoever typed it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
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
    except (DatabaseError, psycopg2.Error) as fault:
        raise CommandError(f"The database refused: {first_line(str(fault))}") from fault
    except OSError as fault:
        where = f"{fault.filename}: " if fault.filename else ""
        raise CommandError(f"{where}{fault.strerror or fault}") from fault


def first_line(text: str) -> str:
    """What PostgreSQL says itself; where in its statement it stopped comes after it."""
    return next(iter(_lines(text)), "no reason was given")


def last_line(text: str) -> str:
    """What a tool says at its end; what stands before it is how it got there."""
    return next(reversed(_lines(text)), "no reason was given")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
