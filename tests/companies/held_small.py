"""What a file that would grow large may cost: time of this processor, whatever else the machine does, and memory."""

import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 10  # read whole, a bomb takes thirty


@contextmanager
def held_small(*, megabytes: int = 100) -> Iterator[None]:
    """What a file unpacks to is not counted twice."""
    tracemalloc.start()
    started = time.process_time()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert time.process_time() - started < SECONDS
    assert peak < megabytes * 1_000_000
