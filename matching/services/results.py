"""How what the shards found becomes matches that keep their identity and their decisions over runs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from django.db import connection

from companies.models import Capacity, Need
from matching.engine.book import Book
from matching.enums import RunKind
from matching.models import ListedMatch, Match, MatchResult, NearMiss, Run
from matching.services.plans import PlanShare, PlanTotals, check_plan
from matching.services.saving import hold_saving
from matching.services.solved import facts_of_pairs, is_found, solved_shard, solved_shards
from matching.services.staging import FEW, Staging, lock_rows

BATCH = 2000
FACTS_KEPT = 5000  # pairs of a shard that keep their facts in full; those of larger ones are read in the shard
COUNTED = ("pairs", "candidates", "near_misses", "needs_with_candidate", "capacities_with_candidate")

RANKS = ("rank_for_need", "rank_for_capacity")

Pair = tuple[int, int]


@dataclass
class Summary:
    """What a run found, counted, and the listings that its rows speak of."""

    counts: dict = field(default_factory=dict)
    needs: set[int] = field(default_factory=set)
    capacities: set[int] = field(default_factory=set)


def summarize(run: Run) -> Summary:
    """Count what the shards found and check that no plan gives away what is not there.

    What people decided changes no count: pairs that are told of for that reason alone are left out.
    """
    summary, plan, share = Summary(), PlanTotals(), PlanShare()
    counts = dict.fromkeys((*COUNTED, "listed", "matches", "planned_pairs"), 0)
    for market, solution in solved_shards(run):
        check_plan(market, solution)
        plan.add(solution)
        share.add(market, solution)
        for name in COUNTED:
            counts[name] += solution.counts[name]
        pairs = solution.pairs
        found = is_found(pairs)
        counts["listed"] += int(found.sum())
        counts["matches"] += int((found & (pairs.verdicts >= 0).all(axis=1)).sum())
        counts["planned_pairs"] += int((pairs.planned_kg > 0).sum())
        summary.needs.update(np.unique(pairs.need_id).tolist(), (miss.need_id for miss in solution.near_misses))
        capacities = np.unique(pairs.capacity_id).tolist()
        summary.capacities.update(capacities, (miss.capacity_id for miss in solution.near_misses))
    summary.counts = counts | plan.counts() | share.counts()
    return summary


def save(run: Run, summary: Summary) -> dict:
    """Write matches, results, allocations and near misses. To be called inside the transaction that ends the run.

    A match keeps its row for ever, and with it what people decided. What was not found again stays, but is not current.
    Shards are read and written one after the other, so that memory holds one at a time.
    """
    if run.kind == RunKind.WHAT_IF:
        raise ValueError("a what-if writes nothing that is official")
    hold_saving()
    needs = lock_rows(Need._meta.db_table, summary.needs)
    capacities = lock_rows(Capacity._meta.db_table, summary.capacities)
    NearMiss.objects.filter(is_current=True).update(is_current=False)
    staging = Staging(run, needs, capacities)
    n_pairs = 0
    for shard_id in run.shards.order_by("number").values_list("pk", flat=True):
        market, solution = solved_shard(shard_id)
        book, pairs = Book(market, run.as_of.toordinal()), solution.pairs
        facts = facts_of_pairs(book, pairs) if len(pairs) <= FACTS_KEPT else None
        staging.bring_pairs(book, pairs, shard_id, facts)
        staging.bring_plan(solution.allocations)
        staging.bring_near_misses(solution.near_misses)
        n_pairs += len(pairs)
    if n_pairs > FEW:
        look_at_the_tables()
    staging.let_others_go()
    return {"new_matches": staging.n_new}


def look_at_the_tables() -> None:
    """Let the database learn how many rows there are now: until it does, it plans as for a few.

    The lists of people, and before them what lets the other matches go: beside tables that it takes for empty it would
    hold every match against every result of the run.
    """
    tables = (Match, MatchResult, ListedMatch, NearMiss)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(model._meta.db_table for model in tables))


def batches(rows: Iterable[dict]) -> Iterator[list[dict]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def pair_of(row: dict) -> Pair:
    return row["need_id"], row["capacity_id"]


def lock_existing(listings, ids: set[int]) -> set[int]:
    """Keep listings from being changed or deleted until the results are saved, in the order of their keys."""
    locked = listings.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    return set(locked.values_list("pk", flat=True))


def keep_matches(run: Run, pairs: list[dict]) -> tuple[dict[Pair, int], int]:
    """The match of every pair, made where there is none yet; and how many were made."""
    wanted = {pair_of(row) for row in pairs}
    kept = existing_matches(wanted)
    missing = sorted(wanted - kept.keys())
    Match.objects.bulk_create(
        (Match(need_id=need, capacity_id=capacity, first_run=run) for need, capacity in missing),
        ignore_conflicts=True,  # the refresh of a listing may have made it meanwhile
    )
    return (existing_matches(wanted) if missing else kept), len(missing)


def existing_matches(wanted: set[Pair]) -> dict[Pair, int]:
    # Neither in an order nor by a cursor of the server: for that it would read the whole table by its keys.
    rows = Match.objects.filter(need_id__in={need for need, _capacity in wanted}).order_by()
    found = rows.values_list("need_id", "capacity_id", "pk")
    return {(need, capacity): pk for need, capacity, pk in found if (need, capacity) in wanted}


def without_pair(row: dict) -> dict:
    return {name: value for name, value in row.items() if name not in ("need_id", "capacity_id")}


class Latest:
    """Points matches to what a refresh found of them; those that fail now are not current."""

    def __init__(self):
        self.match, self.result, self.is_current = [], [], []

    def add(self, kept: list[MatchResult]) -> None:
        self.match += [result.match_id for result in kept]
        self.result += [result.pk for result in kept]
        # A pair that people decided upon is looked at again although it may not trade any more.
        self.is_current += [not result.failed_rules for result in kept]

    def add_moved(self, run: Run, matches: Sequence[tuple[int, int, int]]) -> None:
        """Current matches of which nothing is otherwise but their ranks: for the need, for the capacity, 0: none."""
        if not matches:
            return  # triggers would look for nothing
        with connection.cursor() as cursor:
            cursor.execute(_MOVED, [run.pk, *map(list, zip(*matches, strict=True))])
            moved = cursor.fetchall()
        self.match += [match for match, _result in moved]
        self.result += [result for _match, result in moved]
        self.is_current += [True] * len(moved)

    def point(self) -> None:
        """To what this run found, and no others."""
        with connection.cursor() as cursor:
            # By keys that are at hand: the planner knows nothing yet of rows that this transaction has written.
            cursor.execute(
                "UPDATE matching_match SET latest_id = found.result, is_current = found.is_current"
                " FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[]) AS found (match, result, is_current)"
                " WHERE id = found.match",
                [self.match, self.result, self.is_current],
            )


_AS_BEFORE = [
    field.column for field in MatchResult._meta.concrete_fields if field.name not in ("id", "run", "match", *RANKS)
]
_MOVED = (
    "INSERT INTO matching_matchresult (run_id, match_id, rank_for_need, rank_for_capacity, "  # noqa: S608 - names of our own
    + ", ".join(_AS_BEFORE)
    + ") SELECT %s, one.id, nullif(moved.for_need, 0), nullif(moved.for_capacity, 0), "
    + ", ".join(f"before.{name}" for name in _AS_BEFORE)
    + " FROM unnest(%s::bigint[], %s::smallint[], %s::smallint[]) AS moved (match, for_need, for_capacity)"
    " JOIN matching_match one ON one.id = moved.match JOIN matching_matchresult before ON before.id = one.latest_id"
    " RETURNING match_id, id"
)
