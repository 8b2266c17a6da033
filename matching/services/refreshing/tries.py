"""How often making a snapshot was tried in vain, and how long the next try waits.

A disk that is full stays full. Without a pause each ended refresh, and the sweeper every minute, would read and index
the whole book again. A try is noted before it begins: one that kills its worker counts too.
"""

import json
import logging
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from matching.services.refreshing import store

log = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


@dataclass(frozen=True)
class Tries:
    """Of one official run's snapshot, since the last that succeeded."""

    run: int = 0
    count: int = 0
    began_at: str = ""  # the last one, ISO
    has_failed: bool = False  # this one, or one before it; nobody waits for it any more

    def may_begin(self, run: int, now: datetime) -> bool:
        """The first try of a run waits for nothing: much may be better since the run before."""
        if self.run != run or not self.count:
            return True
        return now >= parse_datetime(self.began_at) + PAUSES[min(self.count, len(PAUSES)) - 1]


def noted() -> Tries:
    try:
        return Tries(**json.loads((store.folder() / store.TRIES).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Tries()


@contextmanager
def trying(run: int):
    """Note a try, and what becomes of it. Raises OSError where not even that can be written."""
    before = noted()
    count = before.count + 1 if before.run == run else 1
    now = Tries(run, count, timezone.now().isoformat(), has_failed=before.count > 0)
    _note(now)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            _note(Tries(**asdict(now) | {"has_failed": True}))
        raise
    with suppress(OSError):
        (store.folder() / store.TRIES).unlink(missing_ok=True)


def _note(tries: Tries) -> None:
    store.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    (store.folder() / store.TRIES).write_text(json.dumps(asdict(tries)), encoding="utf-8")
