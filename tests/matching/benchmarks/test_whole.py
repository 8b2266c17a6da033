"""What a whole run took, in words: each step at least, the same rows stored plainly, and the limit that follows."""

from matching.benchmarks.reports import whole
from matching.benchmarks.whole import WholeRun
from matching.benchmarks.workers import Spent, Worked


def step(processes: int, wall_s: float, pieces: list[float], server_s: float) -> Worked:
    return Worked(processes, wall_s, [Spent(wall_s=cpu_s, cpu_s=cpu_s) for cpu_s in pieces], server_s, peak_mb=700)


def told(plain_server_s: float = 60.0) -> str:
    steps = {
        "cut": step(1, 10, [8], 2),
        "match and divide": step(2, 150, [100, 100, 84], 0),  # the heaviest piece is less than half of all
        "store": step(1, 200, [30], 150),
    }
    return whole(
        WholeRun(100_000, 100_000, steps, 360.0, {"pairs": 7}, {"results": 7}, step(1, 70, [1], plain_server_s))
    )


def test_limit_is_what_comes_before_at_least_and_plain_storing():
    said = told()

    assert "*store* takes 3.0 times as many CPU s" in said
    assert "store plainly would take 222.0 s. The run\ntook 1.6 times that." in said
    assert "| 100k x 100k, everything stored | 90 s on two cores, 1.5 GB | - | 360 s, 700 MB | no |" in said


def test_times_of_a_server_whose_seconds_cannot_be_seen_are_not_told():
    assert "*store* takes - times as many CPU s" in told(plain_server_s=0.0)
