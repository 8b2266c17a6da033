"""`python3 run.py test tests/permissions --print-matrix` prints the table with what everybody was answered."""

from tests.permissions.table import ACTORS, TABLE

ANSWERED: dict[tuple[str, str], list[str]] = {}
WIDTH = 11


def pytest_addoption(parser) -> None:
    parser.addoption("--print-matrix", action="store_true", help="print who is answered what on every address")


def pytest_terminal_summary(terminalreporter, config) -> None:
    if not config.getoption("--print-matrix"):
        return
    write = terminalreporter.write_line
    head = max(len(f"{row.method.upper()} {row.name}") for row in TABLE) + 2
    terminalreporter.section("who may what")
    write(" " * head + "".join(actor.ljust(WIDTH) for actor in ACTORS))
    right = wrong = untried = 0
    for row in TABLE:
        terminalreporter.write(f"{row.method.upper()} {row.name}".ljust(head))
        answers = ANSWERED.get((row.name, row.method))
        for number, written in enumerate(row.answers):
            found = answers[number] if answers else None
            is_right = found == written
            right, wrong, untried = right + is_right, wrong + (found not in (None, written)), untried + (found is None)
            text = written if is_right else f"{written}?" if found is None else f"{found}!={written}"
            terminalreporter.write(text.ljust(WIDTH), green=is_right, red=not is_right and found is not None)
        write("")
    total = f"{len(TABLE)} rows x {len(ACTORS)} people = {len(TABLE) * len(ACTORS)} answers: {right} as written"
    write(f"{total}, {wrong} otherwise, {untried} not tried", green=not wrong and not untried, red=bool(wrong))
