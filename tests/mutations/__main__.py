"""Runs every mutant against its tests, and writes into docs/security.md which test told."""

import argparse
import json
import subprocess
import sys
import tempfile
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


def pytest_run(*arguments: str, seconds: int) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "pytest", "-q", "--reuse-db", "-p", "no:cacheprovider", "--tb=short", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds)


def together(mutants: list) -> list[dict]:
    """All that can be weakened while the programme runs, in one process: setting up costs more than the tests."""
    tests = dict.fromkeys(test.partition("::")[0] for mutant in mutants for test in mutant.tests)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "told"
        report.touch()
        done = pytest_run(*tests, "--mutants", str(report), seconds=TIME_LIMIT_S * 10)
        if "fails without any mutant" in done.stdout + done.stderr or done.returncode not in (0, 1, 5):
            sys.exit(f"{done.stdout[-5000:]}{done.stderr[-3000:]}")
        return [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]


def alone(mutant) -> dict:
    """One in a process of its own. A test that hangs has told too."""
    begun = time.monotonic()
    try:
        done = pytest_run("-x", *mutant.tests, "--mutant", mutant.name, seconds=TIME_LIMIT_S)
    except subprocess.TimeoutExpired:
        return {"name": mutant.name, "killed_by": "no answer", "seconds": TIME_LIMIT_S}
    told = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    if done.returncode not in (0, 1) or (done.returncode and not told):
        sys.exit(f"{mutant.name}: the tests did not run.\n{done.stdout[-3000:]}{done.stderr[-2000:]}")
    return {"name": mutant.name, "killed_by": told[0] if told else "", "seconds": time.monotonic() - begun}


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
        lines.append(f"| {outcome.mutant} | `{outcome.target}` | {told} | {outcome.seconds:.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="mutants to run, each alone; all of them where none is named")
    asked = parser.parse_args()
    from tests.mutations.mutants import MUTANTS

    if asked.names:
        told = [alone(mutant) for mutant in MUTANTS if mutant.name in asked.names]
    else:
        told = together([mutant for mutant in MUTANTS if not mutant.is_read_once])
        told += [alone(mutant) for mutant in MUTANTS if mutant.is_read_once]
    by_name = {found["name"]: found for found in told}
    chosen = [mutant for mutant in MUTANTS if mutant.name in by_name]
    outcomes = [Outcome(mutant.name, mutant.target, **told_of(by_name[mutant.name])) for mutant in chosen]
    for outcome in outcomes:
        sys.stdout.write(f"{'told' if outcome.killed_by else 'NOBODY TOLD':12}{outcome.mutant}: {outcome.killed_by}\n")
    if not asked.names:
        write_report(outcomes)
        if missing := {mutant.name for mutant in MUTANTS} - set(by_name):
            sys.exit(f"Not run: {', '.join(sorted(missing))}")
    if not all(outcome.killed_by for outcome in outcomes):
        sys.exit(1)


def told_of(found: dict) -> dict:
    return {"killed_by": found["killed_by"].rpartition("/")[2], "seconds": found["seconds"]}


def write_report(outcomes: list[Outcome]) -> None:
    text = REPORT.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    REPORT.write_text(f"{head}{BEGIN}\n{table(outcomes)}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
