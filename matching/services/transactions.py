"""Transactions that outlive a deadlock and a restarted database."""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

T = TypeVar("T")

log = logging.getLogger(__name__)

ROLLED_BACK = {"40001", "40P01"}  # serialization failure, deadlock: the same work may succeed at once
LOCKED = (
    "55P03"  # somebody holds the rows for longer than we wait at a time: as with a server that restarts, be patient
)
GONE = ("08", "57P")  # connection lost, server shutting down or starting
PAUSES_S = (0.2, 0.5, 1, 2, 4, 8)  # a restarted server takes a few seconds
THINKING_S = 900  # as long as a task may take at most


def in_transaction(work: Callable[..., T], *arguments, **named) -> T:
    """Do the work in one transaction; all of it again when the database took it back or went away.

    The work must be harmless to repeat: when the connection breaks on commit, nobody knows whether it was kept.
    Inside somebody else's transaction the work is done once, for only the whole of that could be repeated.
    """
    if connection.in_atomic_block:
        return work(*arguments, **named)
    rollbacks = 0
    for pause_s in [*PAUSES_S, None]:
        connection.close_if_unusable_or_obsolete()
        try:
            with transaction.atomic():
                return work(*arguments, **named)
        except (OperationalError, InterfaceError) as error:
            code = getattr(error.__cause__, "pgcode", None)
            rollbacks += code in ROLLED_BACK
            if pause_s is None or rollbacks > 3 or not (code in ROLLED_BACK or code == LOCKED or is_gone(code)):
                raise
            log.warning("%s: %s, once more", work.__name__, type(error).__name__)
            if is_gone(code):
                connection.close()
        time.sleep(pause_s * random.uniform(0.5, 1))  # noqa: S311 - jitter, not a secret
    raise AssertionError("the last pass returns or raises")


def is_gone(code: str | None) -> bool:
    return code is None or code.startswith(GONE)


def allow_thinking() -> None:
    """Let the transaction that is open now be silent for as long as a step may take.

    Elsewhere the server ends one after half a minute, for it may be held by a program that stopped. A large book takes
    longer to work out between two statements; should its process die, the connection goes with it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [f"{THINKING_S}s"])
