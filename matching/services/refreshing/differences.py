"""What a refresh writes: pairs that have come out otherwise than they stand, and no others."""

from collections.abc import Iterator, Sequence
from datetime import date
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
from matching.services.refreshing.parts import Otherwise, Pair, Part, Stands
from matching.services.results import RANKS, Latest, batches, keep_matches, lock_existing, pair_of, without_pair
from matching.services.solved import landed, near_miss_rows, not_negative, pair_rows

SAID = (
    *("score_ppm", "could_reach_ppm", "movable_kg", "planned_kg"),
    *("days_low", "days_high", "landed_low_usd_per_t", "landed_high_usd_per_t"),
)
# What facts rest on beside both listings, by the names of the run.
GROUNDS = ("as_of", "corridor_version", "rules_version", "engine_version", "weights_id")
OF_A_MISS = ("need_id", "capacity_id", "rule", "side", "change", "effort", "score_ppm")

Solved = list[tuple[Market, engine.Solution]]


def standing_pairs(touches: Q, grounds: tuple) -> Stands:
    """One query. What people decided upon is looked at again, current or not. `grounds` are those of the refresh."""
    stands = Stands({}, {}, {}, set())
    rows = Match.objects.filter(touches).filter(Q(is_current=True) | ~Q(state=MatchState.NEW)).order_by()
    names = [*(f"run__{name}" for name in GROUNDS), *RANKS, *SAID, "verdicts"]
    columns = ["need", "capacity", "pk", "is_current", *(f"latest__{name}" for name in names)]
    for need, capacity, pk, is_current, *found, verdicts in rows.values_list(*columns):
        pair = need, capacity
        if verdicts is not None:
            rests_on, ranks, said = found[: len(GROUNDS)], found[len(GROUNDS) :][: len(RANKS)], found[-len(SAID) :]
            stands.said[pair] = (is_current, *said, tuple(verdicts.get(rule) for rule in RULE_CODES))
            stands.ranks[pair] = tuple(ranks)
            if tuple(rests_on) == grounds:
                stands.same_grounds.add(pair)
        if is_current:
            stands.current[pair] = pk
    return stands


def grounds_of(run: Run, as_of: date, corridor_version: str) -> tuple:
    """What a refresh rests on, its day and corridor given."""
    return (as_of, corridor_version, *(getattr(run, name) for name in GROUNDS[2:]))


def found_of(pairs: PairTable, planned_kg: dict[Pair, int]) -> Iterator[tuple[Pair, tuple, tuple]]:
    """The same of what was found, pair by pair: what is compared of it, and its ranks."""
    score, reach = pairs.score_ppm.tolist(), pairs.could_reach_ppm.tolist()
    verdicts = pairs.verdicts.tolist()
    for i, pair in enumerate(zip(pairs.need_id.tolist(), pairs.capacity_id.tolist(), strict=True)):
        yield (
            pair,
            (
                min(verdicts[i]) >= 0,
                score[i],
                reach[i],
                not_negative(pairs.movable_kg[i]),
                planned_kg.get(pair, 0),
                not_negative(pairs.days_low[i]),
                not_negative(pairs.days_high[i]),
                *landed(pairs, i),
                tuple(verdicts[i]),
            ),
            (int(pairs.rank_for_need[i]) or None, int(pairs.rank_for_capacity[i]) or None),
        )


def otherwise(part: Part, stands: Stands, tables: Sequence[PairTable]) -> Otherwise:
    """What was found, held against what stands."""
    found = Otherwise(stands, [], [], [])
    gone = dict(stands.current)
    for pairs in tables:
        told, moved = part.of_edited(pairs.need_id, pairs.capacity_id), np.zeros(len(pairs), bool)
        may_be_others = part.may_be_others(pairs.need_id, pairs.capacity_id)
        for i, (pair, said, ranks) in enumerate(found_of(pairs, part.planned_kg)):
            gone.pop(pair, None)
            if stands.said.get(pair) == said and stands.ranks[pair] == ranks:
                continue
            may_copy = pair in stands.current and pair in stands.same_grounds and not may_be_others[i]
            moved[i] = may_copy and stands.said.get(pair) == said
            told[i] |= not moved[i]
        found.told.append(told)
        found.moved.append(moved)
    found.gone.extend(gone.values())
    return found


def save_differences(run: Run, part: Part, solved: Solved) -> dict:
    """Bring the matches and near misses of the part to what was found; how many rows that took.

    To be called inside the transaction that ends the refresh. Every pair of an edited listing is written, for its facts
    may be others although no figure is; of the rest what came out otherwise: who moved up or down, in or out.
    """
    tables = [solution.pairs for _market, solution in solved]
    changed = part.otherwise
    if changed is None:
        grounds = grounds_of(run, run.as_of, part.book.corridor_version)
        changed = otherwise(part, standing_pairs(part.touches(), grounds), tables)
    new_misses, old_misses = changed_misses(standing_misses(part), solved)
    needs, capacities = listings_of(tables, changed, new_misses)
    there = lock_existing(Need, needs), lock_existing(Capacity, capacities)

    def is_there(row: dict) -> bool:
        """A listing without any match yet may have been deleted since the book was read."""
        return row["need_id"] in there[0] and row["capacity_id"] in there[1]

    def is_listed(pair: Pair) -> bool:
        return pair in changed.stands.current and pair in changed.stands.said

    latest, n_new, newly_listed = Latest(), 0, set()
    rows = chain.from_iterable(
        pair_rows(market, solution, run.as_of, np.flatnonzero(told))
        for (market, solution), told in zip(solved, changed.told, strict=True)
    )
    for batch in batches(filter(is_there, rows)):
        matches, made = keep_matches(run, batch)
        n_new += made
        newly_listed.update(row["need_id"] for row in batch if not is_listed(pair_of(row)))
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
    latest.add_moved(run, moved_matches(tables, changed))
    latest.point()
    doubt(newly_listed)
    Match.objects.filter(pk__in=changed.gone).update(is_current=False)
    replace_misses(run, old_misses, list(filter(is_there, new_misses)))
    return {
        "new_matches": n_new,
        "written": len(latest.match),
        "left": len(changed.gone),
    }


def standing_misses(part: Part) -> list[NearMiss]:
    """The near misses that stand until now in the part."""
    return list(NearMiss.objects.filter(part.touches_misses(), is_current=True).select_related("run").order_by("pk"))


def moved_matches(tables: Sequence[PairTable], changed: Otherwise) -> list[tuple[int, int, int]]:
    """Matches whose ranks alone are otherwise, with these: for the need, for the capacity; 0: in no list."""
    found = []
    for pairs, moved in zip(tables, changed.moved, strict=True):
        columns = pairs.need_id, pairs.capacity_id, pairs.rank_for_need, pairs.rank_for_capacity
        for need, capacity, *ranks in zip(*(column[moved].tolist() for column in columns), strict=True):
            found.append((changed.stands.current[need, capacity], *ranks))
    return found


def doubt(needs: set[int]) -> None:
    """Look once more at rows of the list that are new.

    Who suspends or hides their company at this moment does not see them yet, and so can neither bring them up to it
    nor doubt them.
    """
    ListedDoubt.objects.bulk_create(
        ListedDoubt(source=ListedDoubt.Source.NEED, source_id=need) for need in sorted(needs)
    )


def listings_of(tables: Sequence[PairTable], changed: Otherwise, new_misses: list[dict]) -> tuple[set[int], set[int]]:
    """The listings of all that is written, to be held."""
    needs = {row["need_id"] for row in new_misses}
    capacities = {row["capacity_id"] for row in new_misses}
    for pairs, told, moved in zip(tables, changed.told, changed.moved, strict=True):
        needs.update(pairs.need_id[told | moved].tolist())
        capacities.update(pairs.capacity_id[told | moved].tolist())
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
