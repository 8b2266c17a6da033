"""One JSON object a line, whatever is written; with what is needed to find it again."""

import json
import logging
import sys
from types import SimpleNamespace

import pytest

from tradematch import logs, request_ids


def record(message: str, *arguments, error: BaseException | None = None, **extra) -> logging.LogRecord:
    facts = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("a.logger", logging.WARNING, "path", 1, message, arguments, facts)
    made.created = 1_795_600_000.5
    made.__dict__.update(extra)
    return made


def written(made: logging.LogRecord) -> dict:
    line = logs.JsonFormatter().format(made)
    assert line.splitlines() == [line]
    return json.loads(line)


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_line_is_an_object_with_the_moment_in_utc():
    assert written(record("run %s: cut", 17)) == {
        "time": "2026-11-25T09:46:40.500+00:00",
        "level": "WARNING",
        "logger": "a.logger",
        "message": "run 17: cut",
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1b[2K", "\x00", "\x1c"])
def test_what_breaks_a_line_elsewhere_does_not_break_it_here(end):
    forged = f'harmless{end}{{"level": "INFO", "message": "forged"}}'

    assert written(record("%s", forged))["message"] == forged


def test_lone_surrogates_can_be_written(capfd):
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logs.JsonFormatter())

    handler.handle(record("%s", "\ud800"))

    assert json.loads(capfd.readouterr().err)["level"] == "WARNING"


def test_error_is_told_in_two_fields_and_cleaned():
    line = written(record("failed", error=raised(ValueError("budi@example.go.id\nhas 870412300123"))))

    assert line["exception"] == "ValueError"
    assert line["traceback"].splitlines()[0] == "Traceback (most recent call last):"
    assert line["traceback"].splitlines()[-2:] == ["ValueError: [e-mail]", "has [number]"]


def test_line_with_the_wrong_number_of_arguments_is_kept():
    assert written(record("%s and %s", "budi@example.go.id"))["message"] == "%s and %s ('[e-mail]',)"


def test_fields_of_a_line_stand_beside_its_message():
    assert written(record("asked", fields={"status": 200, "ms": 7}))["status"] == 200


@pytest.fixture
def queued():
    def make(name: str, number: str | None) -> SimpleNamespace:
        return SimpleNamespace(name=name, request={request_ids.MESSAGE_HEADER: number} if number else {})

    return make


def test_lines_of_a_task_carry_its_name_its_run_and_the_number_of_the_request(queued):
    arguments = {"run_id": 17, "email": "budi@example.go.id"}
    with logs.task_lines(queued("matching.tasks.close_run", "ABCDE-FGHJK"), "0d5e", arguments):
        line = written(record("saved"))
        with logs.task_lines(queued("notices.tasks.tell", None), "1f2a", {}):
            inner = written(record("told"))

    told = {name: line[name] for name in ("request_id", "task", "task_id", "run_id")}
    assert told == {
        "request_id": "ABCDE-FGHJK",
        "task": "matching.tasks.close_run",
        "task_id": "0d5e",
        "run_id": 17,
    }
    assert (inner["request_id"], inner["task"]) == ("ABCDE-FGHJK", "notices.tasks.tell")
    assert "task" not in written(record("idle"))
    assert request_ids.current() == ""


def test_threads_that_a_task_starts_speak_for_it(queued):
    from concurrent.futures import ThreadPoolExecutor

    with logs.task_lines(queued("matching.tasks.close_run", "ABCDE-FGHJK"), "0d5e", {}), ThreadPoolExecutor() as pool:
        line = pool.submit(written, record("no heartbeat this time")).result()

    assert (line["request_id"], line["task_id"]) == ("ABCDE-FGHJK", "0d5e")


def test_a_task_of_the_clock_gets_a_number_of_its_own(queued):
    with logs.task_lines(queued("matching.tasks.sweep_runs", None), "0d5e", {}):
        assert request_ids.FROM_PROXY.fullmatch(written(record("swept"))["request_id"])


def test_form_for_a_terminal_is_cleaned_too():
    line = logs.LineFormatter().format(record("from %s", "budi@example.go.id", fields={"status": 200}))

    assert line.endswith(" WARNING a.logger: from [e-mail] status=200")
