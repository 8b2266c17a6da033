import errno

import pytest

from launcher.commands import main
from launcher.failures import Failure, failure_from, last_line, last_lines


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full: free some space in /data, then start again; what was done so far is kept."),
        (
            errno.EACCES,
            "This user may not use /data: start TradeMatch as the user who owns it, "
            "or keep its data elsewhere with --data DIR.",
        ),
        (errno.EROFS, "/data cannot be written to: copy TradeMatch to a folder of your own and start it there."),
    ],
)
def test_an_error_of_the_system_becomes_a_sentence_with_the_remedy(number, sentence):
    assert str(failure_from(OSError(number, "as the system says it", "/data"))) == sentence


def test_last_lines_shows_the_end_of_a_log_without_blank_lines(tmp_path):
    log = tmp_path / "log"
    log.write_text("one\ntwo\n\nthree\n\n")

    assert last_lines(log, 2) == "\n    two\n    three"
    assert last_lines(tmp_path / "none") == ""


def test_ends_of_our_own_logs_are_shown_as_sentences(tmp_path):
    log = tmp_path / "log"
    lines = [
        '{"time": "2026-11-25T09:46:40.500+00:00", "level": "INFO", "message": "Listening"}',
        '{"level": "ERROR", "message": "Worker failed to boot", "traceback": "Traceback:\\n  line\\nValueError: port"}',
        '{"no message": 1}',
        "7",
    ]
    log.write_text("\n".join(lines) + "\n")

    assert last_lines(log) == (
        '\n    Listening\n    Worker failed to boot ValueError: port\n    {"no message": 1}\n    7'
    )
    log.write_text(f"{lines[0]}\n")
    assert last_line(log) == "(Listening)"


def test_main_says_a_failure_in_one_sentence(monkeypatch, capsys):
    def fail(*arguments):
        raise Failure("Ports 80 to 90 are all taken: choose another one with --port N.")

    monkeypatch.delenv("TM_DEBUG", raising=False)
    monkeypatch.setattr("launcher.stopping.listen", lambda: None)
    monkeypatch.setattr("launcher.commands._carry_out", fail)

    assert main([]) == 1
    assert capsys.readouterr() == ("", "Ports 80 to 90 are all taken: choose another one with --port N.\n")


def test_main_does_not_show_a_traceback_for_what_it_did_not_expect(monkeypatch, capsys):
    def fail(*arguments):
        raise KeyError("port")

    monkeypatch.delenv("TM_DEBUG", raising=False)
    monkeypatch.setattr("launcher.stopping.listen", lambda: None)
    monkeypatch.setattr("launcher.commands._carry_out", fail)

    assert main([]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Something happened that should not (KeyError: 'port'): start again with TM_DEBUG=1")
    assert told.count("\n") == 1


def test_main_shows_everything_to_whoever_asks_for_it(monkeypatch):
    def fail(*arguments):
        raise KeyError("port")

    monkeypatch.setenv("TM_DEBUG", "1")
    monkeypatch.setattr("launcher.stopping.listen", lambda: None)
    monkeypatch.setattr("launcher.commands._carry_out", fail)

    with pytest.raises(KeyError):
        main([])
