import io
import re

from launcher import console
from launcher.console import Console


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_step_is_told_with_its_time_when_it_is_done():
    paper = io.StringIO()

    with Console(paper).step("Making the database"):
        pass

    assert re.fullmatch(r"Making the database: \d+\.\d s\n", paper.getvalue())


def test_a_slow_step_says_how_far_it_is(monkeypatch):
    monkeypatch.setattr(console, "FIRST_REPORT_S", 0.01)
    monkeypatch.setattr(console, "REPORT_EVERY_S", 0.01)
    paper = io.StringIO()
    asked = iter(["(1 of 3)", "(2 of 3)"])

    with Console(paper).step("Installing", how_far=lambda: next(asked, "(3 of 3)")):
        while "(3 of 3)" not in paper.getvalue():
            pass

    lines = paper.getvalue().splitlines()
    assert [re.sub(r"\d+(\.\d)? s", "N s", line) for line in lines[:3]] == [
        "Installing ... N s (1 of 3)",
        "Installing ... N s (2 of 3)",
        "Installing ... N s (3 of 3)",
    ]


def test_a_terminal_shows_one_line_that_is_replaced():
    terminal = Terminal()

    with Console(terminal).step("Installing"):
        while "..." not in terminal.getvalue():
            pass

    shown = terminal.getvalue()
    assert "\n" not in shown[: shown.index("Installing: ")]
    assert shown.endswith(" s\n")


def test_a_reader_who_has_gone_does_not_stop_the_work():
    class Gone(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    speaker = Console(Gone())
    speaker.say("one")
    speaker.say("two")

    assert speaker.stream.name == "/dev/null"


def test_a_terminal_without_unicode_gets_something_readable():
    paper = io.TextIOWrapper(io.BytesIO(), encoding="ascii")

    Console(paper).say("Көкшетау 8000")

    paper.flush()
    assert paper.buffer.getvalue() == b"???????? 8000\n"
