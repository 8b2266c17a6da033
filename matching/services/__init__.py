"""What can be done with runs and matches, by noun: one module each."""

from matching.services.decisions import decide, number_of
from matching.services.heartbeat import Work
from matching.services.plans import PlanOverflowError
from matching.services.reports import by_names, run_report
from matching.services.runs import (
    MOST_ATTEMPTS,
    Steps,
    close_run,
    cut_book,
    fail_run,
    next_steps,
    note_error,
    note_published,
    score_table,
    start_run,
    sweep,
)
from matching.services.shards import carry_out_shard, fail_shard_too_long, note_shard_error

__all__ = [
    "MOST_ATTEMPTS",
    "PlanOverflowError",
    "Steps",
    "Work",
    "by_names",
    "carry_out_shard",
    "close_run",
    "cut_book",
    "decide",
    "fail_run",
    "fail_shard_too_long",
    "next_steps",
    "note_error",
    "note_published",
    "note_shard_error",
    "number_of",
    "run_report",
    "score_table",
    "start_run",
    "sweep",
]
