"""What a process of a worker holds for itself alone: by that it is ended once it holds too much.

Pages of a file that it has mapped, such as those of a snapshot, are shared, and the system takes them back when it
needs them. Celery would count them, and end a process after each refresh of a large book; and it would count the most
that was ever held, not what is held after the task.
"""

from pathlib import Path

import billiard.pool

STATUS = Path("/proc/self/status")
counted_by_celery = billiard.pool.mem_rss


def own_kb() -> int:
    """kB; where the system does not tell them apart, what Celery counts."""
    try:
        lines = STATUS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    own = [int(line.split()[1]) for line in lines if line.startswith(("RssAnon:", "VmSwap:"))]
    return sum(own) or counted_by_celery()


def count_own_memory_alone(**_more) -> None:
    billiard.pool.mem_rss = own_kb
