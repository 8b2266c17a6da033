"""Logs: one JSON object a line, with the request number, without secrets and people's data.

docs/operations.md names the fields. `LOG_FORMAT=line` writes the same for a person at a terminal.
"""

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from tradematch import request_ids
from tradematch.redaction import clean

ACCESS = "tradematch.access"
NUMBERS_OF_ROWS = ("run_id", "shard_id")  # of a task's arguments; others may be people's data
# JSON leaves them as they are, and many programs take them for the end of a line.
LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}

_task: ContextVar[dict[str, object] | None] = ContextVar("task", default=None)
# A worker's process does one task at a time, and threads that a task starts (its heartbeat) speak for it.
_of_process: dict[str, object] = {}


@contextmanager
def task_lines(task: object, task_id: str, arguments: Mapping[str, object]) -> Iterator[None]:
    """Every line of this process tells of which task it is, and of the request that led to it.

    A task that the clock started gets a number of its own.
    """
    facts = {name: arguments[name] for name in NUMBERS_OF_ROWS if name in arguments}
    facts = {"task": task.name, "task_id": task_id, **facts}
    number, before = request_ids.current(), _of_process.copy()
    request_ids.adopt(task.request.get(request_ids.MESSAGE_HEADER) or number or request_ids.new())
    undo = _task.set(facts)
    _of_process.clear()
    _of_process.update(facts, request_id=request_ids.current())
    try:
        yield
    finally:
        _task.reset(undo)
        _of_process.clear()
        _of_process.update(before)
        request_ids.adopt(number)


def circumstances() -> dict[str, object]:
    """Request number, task and run of whatever is going on here."""
    facts = {"request_id": request_ids.current(), **(_task.get() or {})}
    return {name: value for name, value in (_of_process | {k: v for k, v in facts.items() if v}).items() if value}


def message_of(record: logging.LogRecord) -> str:
    try:
        return clean(record.getMessage())
    except Exception:  # the wrong number of arguments is no reason to lose the line
        return clean(f"{record.msg} {record.args!r}")


class JsonFormatter(logging.Formatter):
    """One line a record; whatever breaks a line is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            **circumstances(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["traceback"] = clean(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=lambda value: clean(str(value))).translate(LINE_ENDS)


class LineFormatter(logging.Formatter):
    """For a developer's terminal: the same facts, read by eye."""

    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        facts = circumstances() | getattr(record, "fields", {})
        told = " ".join(f"{name}={value}" for name, value in facts.items())
        text = f"{self.formatTime(record)} {record.levelname} {record.name}: {message_of(record)} {told}".rstrip()
        if record.exc_info and record.exc_info[0]:
            text += "\n" + clean(self.formatException(record.exc_info))
        return text


FORMATTERS = {"json": JsonFormatter, "line": LineFormatter}


def configuration(form: str, level: str | int) -> dict:
    """For `logging.config.dictConfig`: everything to stderr, in one form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"ours": {"()": FORMATTERS[form]}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ours"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django would write errors a second time, and mail them to whoever ADMINS names.
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            ACCESS: {"level": "INFO"},
        },
    }
