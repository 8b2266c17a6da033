"""What a refresh writes: pairs that have come out otherwise than they stand, and no others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from django.db.models import Q

from companies.models import Capacity, Need
from matching import engine
from matching.engine import RULE_CODES
from matching.engine.market import Market
from matching.engine.solution import PairTable
from matching.enums import MatchState, RunKind
from matching.models import ListedDoubt, Match, MatchResult, NearMiss, Run
from matching.services.refreshing.parts import Pair, Part
from matching.services.results import Latest, batches, keep_matches, lock_existing, pair_of, without_pair
from matching.services.solved import money, near_miss_rows, not_negative, pair_rows

COMPARED = (
    *("score_ppm", "could_reach_ppm", "rank_for_need", "rank_for_capacity", "movable_kg", "planned_kg"),
    *("days_low", "days_high", "landed_low_usd_per_t", "landed_high_usd_per_t"),
)
OF_A_MISS = ("need_id", "capacity_id", "rule", "side", "change", "effort", "score_ppm")

Solved = list[tuple[Market, engine.Solution]]


@dataclass
class Stands:
    """What stands until now of the pairs that a part of the book can touch."""

    pairs: dict[Pair, tuple] = field(default_factory=dict)  # what is compared of each
    current: dict[Pair, int] = field(default_factory=dict)  # its match, where it is current
    misses: list[NearMiss] = field(default_factory=list)


def standing(part: Part) -> Stands:
    """Three queries. What people decided upon is looked at again, current or not."""
    stands = Stands()
    rows = Match.objects.filter(part.touches()).filter(Q(is_current=True) | ~Q(state=MatchState.NEW)).order_by()
    columns = [f"latest__{name}" for name in (*COMPARED, "verdicts")]
    for need, capacity, pk, is_current, *compared, verdicts in rows.values_list(
        "need", "capacity", "pk", "is_current", *columns
    ):
        if verdicts is not None:
            stands.pairs[need, capacity] = (is_current, *compared, tuple(verdicts.get(rule) for rule in RULE_CODES))
        if is_current:
            stands.current[need, capacity] = pk
    misses = NearMiss.objects.filter(part.touches_misses(), is_current=True).select_related("run").order_by("pk")
    stands.misses = list(misses)
    return stands


def compared_of(pairs: PairTable, planned_kg: dict[Pair, int]) -> Iterator[tuple[Pair, tuple]]:
    """The same of what was found, pair by pair."""
    score, reach = pairs.score_ppm.tolist(), pairs.could_reach_ppm.tolist()
    verdicts = pairs.verdicts.tolist()
    for i, pair in enumerate(zip(pairs.need_id.tolist(), pairs.capacity_id.tolist(), strict=True)):
        yield (
            pair,
            (
                min(verdicts[i]) >= 0,
                score[i],
                reach[i],
                int(pairs.rank_for_need[i]) or None,
                int(pairs.rank_for_capacity[i]) or None,
                not_negative(pairs.movable_kg[i]),
                planned_kg.get(pair, 0),
                not_negative(pairs.days_low[i]),
                not_negative(pairs.days_high[i]),
                money(pairs.landed_low[i]),
                money(pairs.landed_high[i]),
                tuple(verdicts[i]),
            ),
        )


def save_differences(run: Run, part: Part, solved: Solved) -> dict:
    """Bring the matches and near misses of the part to what was found; how many rows that took.

    To be called inside the transaction that ends the refresh. Every pair of an edited listing is written, for its facts
    may be others although no figure is; of the rest what came out otherwise: who moved up or down, in or out.
    """
    stands = standing(part)
    gone, changed = dict(stands.current), []
    for market, solution in solved:
        pairs = solution.pairs
        is_changed = part.of_edited(pairs.need_id, pairs.capacity_id)
        for i, (pair, compared) in enumerate(compared_of(pairs, part.planned_kg)):
            gone.pop(pair, None)
            is_changed[i] |= stands.pairs.get(pair) != compared
        changed.append((market, solution, np.flatnonzero(is_changed)))
    new_misses, old_misses = changed_misses(stands.misses, solved)
    needs, capacities = listings_of(changed, new_misses)
    there = lock_existing(Need, needs), lock_existing(Capacity, capacities)

    def is_there(row: dict) -> bool:
        """A listing without any match yet may have been deleted since the book was read."""
        return row["need_id"] in there[0] and row["capacity_id"] in there[1]

    latest, n_new, newly_listed = Latest(), 0, set()
    rows = chain.from_iterable(pair_rows(market, solution, run.as_of, some) for market, solution, some in changed)
    for batch in batches(filter(is_there, rows)):
        matches, made = keep_matches(run, batch)
        n_new += made
        newly_listed.update(row["need_id"] for row in batch if pair_of(row) not in stands.pairs)
        latest.add(
            MatchResult.objects.bulk_create(
                MatchResult(
                    run=run,
                    match_id=matches[pair_of(row)],
                    **without_pair(row) | {"planned_kg": part.planned_kg.get(pair_of(row), 0)},
                )
                for row in batch
            )
        )
    latest.point()
    doubt(newly_listed)
    Match.objects.filter(pk__in=gone.values()).update(is_current=False)
    replace_misses(run, old_misses, list(filter(is_there, new_misses)))
    return {
        "new_matches": n_new,
        "written": len(latest.match),
        "left": len(gone),
    }


def doubt(needs: set[int]) -> None:
    """Look once more at rows of the list that are new.

    Who suspends or hides their company at this moment does not see them yet, and so can neither bring them up to it
    nor doubt them.
    """
    ListedDoubt.objects.bulk_create(
        ListedDoubt(source=ListedDoubt.Source.NEED, source_id=need) for need in sorted(needs)
    )


def listings_of(changed, new_misses: list[dict]) -> tuple[set[int], set[int]]:
    needs = {row["need_id"] for row in new_misses}
    capacities = {row["capacity_id"] for row in new_misses}
    for _market, solution, some in changed:
        needs.update(solution.pairs.need_id[some].tolist())
        capacities.update(solution.pairs.capacity_id[some].tolist())
    return needs, capacities


def changed_misses(stand: list[NearMiss], solved: Solved) -> tuple[list[dict], list[NearMiss]]:
    """Near misses that are new or otherwise, and those that hold no more."""
    found = {
        (row["need_id"], row["capacity_id"]): row for _market, solution in solved for row in near_miss_rows(solution)
    }
    old = []
    for miss in stand:
        row = {name: getattr(miss, name) for name in OF_A_MISS}
        pair = miss.need_id, miss.capacity_id
        if found.get(pair) == row:
            del found[pair]
        else:
            old.append(miss)
    return list(found.values()), old


def replace_misses(run: Run, old: list[NearMiss], new: list[dict]) -> None:
    """What an official run found stays as its record; of refreshes only what holds is kept."""
    official = [miss.pk for miss in old if miss.run.kind == RunKind.OFFICIAL]
    NearMiss.objects.filter(pk__in=official).update(is_current=False)
    NearMiss.objects.filter(pk__in=[miss.pk for miss in old if miss.run.kind != RunKind.OFFICIAL]).delete()
    NearMiss.objects.bulk_create((NearMiss(run=run, is_current=True, **row) for row in new), batch_size=2000)
