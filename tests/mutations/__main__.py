"""Runs every mutant against its tests, each in a process of its own, and writes what told into docs/security.md."""

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REPORT = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- mutants: begin -->", "<!-- mutants: end -->"
TIME_LIMIT_S = 300


@dataclass(frozen=True)
class Outcome:
    mutant: str
    target: str
    killed_by: str  # empty: nobody told
    seconds: float


def run(name: str, tests: tuple[str, ...]) -> tuple[str, float]:
    """The first test that fails, and how long it took to find. A test that hangs has told too."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--reuse-db", "-p", "no:cacheprovider", "--tb=no", *tests]
    try:
        done = subprocess.run(
            [*command, *(["--mutant", name] if name else [])],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {TIME_LIMIT_S} s", time.monotonic() - begun
    told = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    if done.returncode not in (0, 1) or (done.returncode and not told):
        sys.exit(f"{name or 'without a mutant'}: the tests did not run.\n{done.stdout[-3000:]}{done.stderr[-2000:]}")
    return (told[0].rpartition("/")[2] if told else ""), time.monotonic() - begun


def table(outcomes: list[Outcome]) -> str:
    killed = sum(bool(outcome.killed_by) for outcome in outcomes)
    lines = [
        f"{killed} of {len(outcomes)} weakened guards were told by a test.",
        "",
        "| guard, weakened | where | told by | seconds |",
        "| --- | --- | --- | --- |",
    ]
    for outcome in outcomes:
        told = f"`{outcome.killed_by}`" if outcome.killed_by else "**nobody**"
        lines.append(f"| {outcome.mutant} | `{outcome.target}` | {told} | {outcome.seconds:.0f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="mutants to run; all of them where none is named")
    parser.add_argument("--no-report", action="store_true", help="only print")
    asked = parser.parse_args()
    from tests.mutations.mutants import MUTANTS

    chosen = [mutant for mutant in MUTANTS if not asked.names or mutant.name in asked.names]
    every_test = tuple(dict.fromkeys(test for mutant in chosen for test in mutant.tests))
    failing, seconds = run("", every_test)
    if failing:
        sys.exit(f"{failing} fails without any mutant; nothing can be told from it.")
    sys.stdout.write(f"{len(every_test)} groups of tests pass without a mutant ({seconds:.0f} s)\n")
    outcomes = []
    for mutant in chosen:
        killed_by, seconds = run(mutant.name, mutant.tests)
        outcomes.append(Outcome(mutant.name, mutant.target, killed_by, seconds))
        sys.stdout.write(f"{'told' if killed_by else 'NOBODY TOLD':12}{mutant.name}: {killed_by} ({seconds:.0f} s)\n")
        sys.stdout.flush()
    if not asked.no_report and not asked.names:
        text = REPORT.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        tail = rest.split(END)[1]
        REPORT.write_text(f"{head}{BEGIN}\n{table(outcomes)}\n{END}{tail}", encoding="utf-8")
    if not all(outcome.killed_by for outcome in outcomes):
        sys.exit(1)


if __name__ == "__main__":
    main()
