"""A whole run in the database: a made book is written, matched, divided and stored, and taken away again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from matching import services
from matching.benchmarks.measuring import Cost, measured_here
from matching.enums import RunState
from matching.models import Run
from matching.services.made_book import Wanted, make_book, remove_book


@dataclass(frozen=True)
class WholeRun:
    """What each step took, one after the other in this process; its memory is what it adds to the peak."""

    needs: int
    capacities: int
    steps: dict[str, Cost]
    counts: dict
    timings: dict  # what the run itself tells of its steps, by the clock

    @property
    def wall_s(self) -> float:
        return sum(cost.wall_s for cost in self.steps.values())

    @property
    def peak_mb(self) -> float:
        return max(cost.peak_mb for cost in self.steps.values())


def whole_run(size: int, *, seed: int, as_of: date, tell: Callable[[str], None]) -> WholeRun:
    """An official run of so many needs and capacities beside what examples there are.

    Raises ValidationError where real listings are in the book, or a run is under way.
    """
    make_book(Wanted(size, size, seed, 0.3, as_of), tell=tell)
    try:
        run = services.start_run(as_of=as_of)
        steps = {}
        for name, work in (("cut", cut), ("match and divide", solve), ("store", services.close_run)):
            steps[name] = measured_here(partial(work, run.pk))
            tell(f"{name}: {steps[name].wall_s:.1f} s")
        run.refresh_from_db()
        if run.state != RunState.FINISHED:
            raise RuntimeError(f"the run ended as {run.state}: {run.reason}")
        return WholeRun(size, size, steps, run.counts, run.timings)
    finally:
        remove_book(tell)


def cut(run_id: int) -> None:
    services.cut_book(run_id)


def solve(run_id: int) -> None:
    for shard in services.next_steps(Run.objects.get(pk=run_id)).shards:
        services.carry_out_shard(shard)
