"""What can be done with runs and matches, by noun: one module each."""

from matching.services.batches import MOST_AT_ONCE, Decided, TakenBack, decide_many, too_many_at_once, undo_batch
from matching.services.comparisons import (
    carry_out_comparison,
    start_comparison,
)
from matching.services.decisions import decide, number_of
from matching.services.differences import KINDS
from matching.services.heartbeat import Work
from matching.services.plan_pruning import prune_plans
from matching.services.plans import PlanOverflowError
from matching.services.promoting import promote_weights, refuse_what_cannot_be_promoted
from matching.services.proposing import propose_pair, refusal_of_listing, refusal_of_pair, shares_goods
from matching.services.refreshing import (
    ask_for_refresh,
    ask_for_refresh_of_books,
    ask_for_refresh_of_partners,
    refresh_of,
)
from matching.services.refreshing.asking import next_waiting
from matching.services.refreshing.pruning import prune_refreshes
from matching.services.refreshing.snapshots import is_snapshot_due, make_snapshot
from matching.services.refreshing.snapshots import open_beforehand as open_snapshot_beforehand
from matching.services.refreshing.work import carry_out_refresh
from matching.services.reports import by_names, run_report
from matching.services.run_differences.pairs import KINDS as KINDS_OF_CHANGE
from matching.services.run_differences.report import difference_report
from matching.services.run_differences.work import (
    ask_for_difference,
    carry_out_difference,
    comparable,
    refuse_what_cannot_be_compared,
)
from matching.services.runs import (
    MOST_ATTEMPTS,
    Steps,
    close_run,
    cut_book,
    fail_run,
    next_steps,
    note_error,
    note_published,
    start_run,
    sweep,
)
from matching.services.shards import carry_out_shard, fail_shard_too_long, note_shard_error
from matching.services.what_if_runs import start_what_if
from matching.services.what_ifs import score_table

__all__ = [
    "KINDS",
    "KINDS_OF_CHANGE",
    "MOST_ATTEMPTS",
    "MOST_AT_ONCE",
    "Decided",
    "PlanOverflowError",
    "Steps",
    "TakenBack",
    "Work",
    "ask_for_difference",
    "ask_for_refresh",
    "ask_for_refresh_of_books",
    "ask_for_refresh_of_partners",
    "by_names",
    "carry_out_comparison",
    "carry_out_difference",
    "carry_out_refresh",
    "carry_out_shard",
    "close_run",
    "comparable",
    "cut_book",
    "decide",
    "decide_many",
    "difference_report",
    "fail_run",
    "fail_shard_too_long",
    "is_snapshot_due",
    "make_snapshot",
    "next_steps",
    "next_waiting",
    "note_error",
    "note_published",
    "note_shard_error",
    "number_of",
    "open_snapshot_beforehand",
    "promote_weights",
    "propose_pair",
    "prune_plans",
    "prune_refreshes",
    "refresh_of",
    "refusal_of_listing",
    "refusal_of_pair",
    "refuse_what_cannot_be_compared",
    "refuse_what_cannot_be_promoted",
    "run_report",
    "score_table",
    "shares_goods",
    "start_comparison",
    "start_run",
    "start_what_if",
    "sweep",
    "too_many_at_once",
    "undo_batch",
]
