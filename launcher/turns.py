"""All tests in two turns: first, on every processor, what minds nobody; then what kills servers or goes by the clock.

So nothing that is taken by the clock competes with anything. `tests/side_by_side.py` says which is which.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.console import Console

# With such arguments alone all tests are run, and only then is it worth starting more than one process. Each takes up
# to a gigabyte, its browser included.
STILL_EVERYTHING = ("--require-browser", "--durations", "-q", "-v", "-x")
MOST_PROCESSES = 4
TESTS_FAILED = 1  # what pytest answers then; anything higher says that it did not get through


@dataclass(frozen=True)
class Turn:
    """One call of pytest."""

    words: str
    arguments: list[str]


def turns(arguments: Sequence[str], processors: int) -> list[Turn]:
    """For all tests at once on several processors, two; for a few, or where somebody looks on, one."""
    processes = min(processors, MOST_PROCESSES)
    if processes == 1 or not all(argument.startswith(STILL_EVERYTHING) for argument in arguments):
        return [Turn("", [*arguments])]
    return [
        Turn("Side by side", ["-n", str(processes), "--dist", "loadfile", "--apart", "never", *arguments]),
        Turn("Apart, one after the other", ["--apart", "only", *arguments]),
    ]


def take(planned: Sequence[Turn], run: Callable[[list[str]], int], *, folder: Path, console: Console) -> int:
    """Take the turns, sum up what came of them, and hand the first code on that is no success.

    The second is taken although tests of the first failed, unless `-x` says stop or pytest did not get through.
    """
    if len(planned) == 1:
        return run(planned[0].arguments)
    codes, outcomes = [], []
    for number, turn in enumerate(planned):
        told = folder / f"told-{number}.json"
        console.say(f"\n{turn.words}")
        codes.append(run([*turn.arguments, "--tell", str(told)]))
        outcomes.append(json.loads(told.read_text(encoding="utf-8")) if told.exists() else {})
        if codes[-1] > TESTS_FAILED or (codes[-1] and "-x" in turn.arguments):
            break
    console.say(summary([turn.words for turn in planned], outcomes))
    return next(filter(None, codes), 0)


def summary(words: Sequence[str], outcomes: Sequence[dict]) -> str:
    """What failed, how each turn went, and all of it in the last line."""
    lines = [name for outcome in outcomes for name in outcome.get("names", [])]
    for number, name in enumerate(words):
        lines.append(f"{name}: {counted([outcomes[number]]) if number < len(outcomes) else 'not taken'}")
    return "\n".join(["", *lines, f"All in all: {counted(outcomes)}"])


def counted(outcomes: Sequence[dict]) -> str:
    counts = Counter()
    for outcome in outcomes:
        counts.update(outcome.get("counts", {}))
    seconds = round(sum(outcome.get("seconds", 0) for outcome in outcomes))
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()) if count) or "no test was run"
    return f"{told} in {seconds // 60} min {seconds % 60} s"
