"""What the shards found, and how it becomes matches that keep their identity and their decisions over runs."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
from django.db import connection

from companies.models import Capacity, Need
from matching import engine
from matching.engine.market import Market
from matching.models import Allocation, Match, MatchResult, NearMiss, Run
from matching.services.facts import Facts

BATCH = 2000
COUNTED = ("pairs", "candidates", "listed", "near_misses", "needs_with_candidate", "capacities_with_candidate")


class PlanOverflowError(ValueError):
    """A plan that gives away more of a listing than there is."""


@dataclass
class Found:
    """The results of all shards of a run, ready to be written."""

    pairs: list[dict] = field(default_factory=list)
    allocations: list[dict] = field(default_factory=list)
    near_misses: list[dict] = field(default_factory=list)
    counts: dict = field(default_factory=dict)


def gather(run: Run) -> Found:
    """Read the shards' results and check that no plan gives away what is not there."""
    found = Found()
    totals = dict.fromkeys(COUNTED, 0)
    value = bound = 0
    for market, solution in solved_shards(run):
        check_plan(market, solution)
        found.pairs += pair_rows(market, solution, run.as_of)
        found.allocations += allocation_rows(solution)
        found.near_misses += near_miss_rows(solution)
        for name in COUNTED:
            totals[name] += solution.counts[name]
        value, bound = value + solution.plan_value, bound + solution.plan_bound
    found.counts = totals | {
        "matches": sum(is_current(row) for row in found.pairs),
        "planned_pairs": len({(row["need_id"], row["capacity_id"]) for row in found.allocations}),
        # Whole numbers of any size, which JSON readers elsewhere would round.
        "plan_value": str(value),
        "plan_bound": str(bound),
    }
    return found


def solved_shards(run: Run) -> Iterator[tuple[Market, engine.Solution]]:
    for market, result in run.shards.order_by("number").values_list("market", "result").iterator(chunk_size=10):
        yield Market.from_bytes(bytes(market)), engine.Solution.from_bytes(bytes(result))


def check_plan(market: Market, solution: engine.Solution) -> None:
    """Refuse a plan that moves more in a month than is offered or wanted in it. The last guard before it is saved."""
    allocations = solution.allocations
    for side, listings, owner, month in (
        ("capacity", market.capacities, allocations.capacity_id, allocations.ship_month),
        ("need", market.needs, allocations.need_id, allocations.deliver_month),
    ):
        left_kg = dict.fromkeys(listings.id.tolist(), 0)
        slots = defaultdict(int)
        for row, first, kg in zip(listings.slot_of, listings.slot_first, listings.slot_kg, strict=True):
            listing = int(listings.id[row])
            left_kg[listing] += int(kg)
            slots[listing, month_number(date.fromordinal(int(first)))] += int(kg)
        is_monthly = np.bincount(listings.slot_of, minlength=len(listings.id)) > 1
        monthly = set(listings.id[is_monthly].tolist())
        taken, taken_in = defaultdict(int), defaultdict(int)
        for listing, in_month, kg in zip(owner.tolist(), month.tolist(), allocations.kg.tolist(), strict=True):
            taken[listing] += kg
            taken_in[listing, in_month] += kg
        for listing, kg in taken.items():
            if kg > left_kg[listing]:
                raise PlanOverflowError(f"{side} {listing}: {kg} kg of {left_kg[listing]} kg")
        for (listing, in_month), kg in taken_in.items():
            if listing in monthly and kg > slots[listing, in_month]:
                raise PlanOverflowError(f"{side} {listing}, month {in_month}: {kg} kg of {slots[listing, in_month]} kg")


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def pair_rows(market: Market, solution: engine.Solution, as_of: date) -> list[dict]:
    """One row a pair: what MatchResult keeps, in the order of (need, capacity)."""
    pairs = solution.pairs
    facts = Facts(market, as_of, pairs.need_id, pairs.capacity_id)
    score_ppm, could_reach_ppm = pairs.score_ppm.tolist(), pairs.could_reach_ppm.tolist()
    rows = []
    for i in range(len(pairs)):
        verdicts = dict(zip(engine.RULE_CODES, pairs.verdicts[i].tolist(), strict=True))
        components = dict(zip(engine.COMPONENTS, pairs.components[i].tolist(), strict=True))
        rows.append(
            {
                "need_id": int(pairs.need_id[i]),
                "capacity_id": int(pairs.capacity_id[i]),
                "score_ppm": score_ppm[i],
                "could_reach_ppm": could_reach_ppm[i],
                "components": {name: known(value, 6) for name, value in components.items()},
                "verdicts": verdicts,
                "facts": facts.of_pair(i),
                "rank_for_need": int(pairs.rank_for_need[i]) or None,
                "rank_for_capacity": int(pairs.rank_for_capacity[i]) or None,
                "movable_kg": not_negative(pairs.movable_kg[i]),
                "planned_kg": int(pairs.planned_kg[i]),
                "landed_low_usd_per_t": money(pairs.landed_low[i]),
                "landed_high_usd_per_t": money(pairs.landed_high[i]),
                "days_low": not_negative(pairs.days_low[i]),
                "days_high": not_negative(pairs.days_high[i]),
                "known_rules": sum(verdict != 0 for verdict in verdicts.values()),
                "failed_rules": [rule for rule, verdict in verdicts.items() if verdict < 0],
            }
        )
    return rows


def allocation_rows(solution: engine.Solution) -> list[dict]:
    given = solution.allocations
    columns = (given.need_id, given.capacity_id, given.ship_month, given.deliver_month, given.kg)
    return [
        {
            "need_id": need,
            "capacity_id": capacity,
            "ship_month": first_day(ship),
            "deliver_month": first_day(deliver),
            "quantity_kg": kg,
        }
        for need, capacity, ship, deliver, kg in sorted(zip(*(column.tolist() for column in columns), strict=True))
    ]


def near_miss_rows(solution: engine.Solution) -> list[dict]:
    names = ("need_id", "capacity_id", "rule", "side", "change", "effort", "score_ppm")
    return [{name: getattr(miss, name) for name in names} for miss in solution.near_misses]


def known(value: float, digits: int) -> float | None:
    return None if np.isnan(value) else round(float(value), digits)


def not_negative(value: int) -> int | None:
    return None if value < 0 else int(value)


def money(value: float) -> Decimal | None:
    return None if np.isnan(value) else Decimal(repr(float(value))).quantize(Decimal("0.01"))


def is_current(row: dict) -> bool:
    """A pair that may trade. One that people decided upon is looked at again although it may not any more."""
    return not row["failed_rules"]


def save(run: Run, found: Found) -> dict:
    """Write matches, results, allocations and near misses. To be called inside the transaction that ends the run.

    A match keeps its row for ever, and with it what people decided. What was not found again stays, but is not current.
    """
    rows = [*found.pairs, *found.near_misses]
    needs = lock_existing(Need, {row["need_id"] for row in rows})
    capacities = lock_existing(Capacity, {row["capacity_id"] for row in rows})

    def still_there(rows: list[dict]) -> list[dict]:
        """A listing without any match yet may have been deleted since the book was cut."""
        return [row for row in rows if row["need_id"] in needs and row["capacity_id"] in capacities]

    pairs, allocations = still_there(found.pairs), still_there(found.allocations)
    matches, new = keep_matches(run, pairs)
    kept = MatchResult.objects.bulk_create(
        (
            MatchResult(run=run, match_id=matches[row["need_id"], row["capacity_id"]], **without_pair(row))
            for row in pairs
        ),
        batch_size=BATCH,
    )
    Allocation.objects.bulk_create(
        (
            Allocation(run=run, match_id=matches[row["need_id"], row["capacity_id"]], **without_pair(row))
            for row in allocations
        ),
        batch_size=BATCH,
    )
    NearMiss.objects.bulk_create((NearMiss(run=run, **row) for row in still_there(found.near_misses)), batch_size=BATCH)
    show_latest(kept)
    return {"new_matches": new}


def lock_existing(listings, ids: set[int]) -> set[int]:
    """Keep listings from being changed or deleted until the results are saved, in the order of their keys."""
    locked = listings.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    return set(locked.values_list("pk", flat=True))


def keep_matches(run: Run, pairs: list[dict]) -> tuple[dict[tuple[int, int], int], int]:
    """The match of every pair, made where there is none yet; and how many were made."""
    wanted = {(row["need_id"], row["capacity_id"]) for row in pairs}
    kept = existing_matches(wanted)
    missing = sorted(wanted - kept.keys())
    Match.objects.bulk_create(
        (Match(need_id=need, capacity_id=capacity, first_run=run) for need, capacity in missing),
        batch_size=BATCH,
        ignore_conflicts=True,  # the refresh of a listing may have made it meanwhile
    )
    return (existing_matches(wanted) if missing else kept), len(missing)


def existing_matches(wanted: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    rows = Match.objects.filter(need_id__in={need for need, _capacity in wanted}).values_list(
        "need_id", "capacity_id", "pk"
    )
    return {(need, capacity): pk for need, capacity, pk in rows.iterator() if (need, capacity) in wanted}


def without_pair(row: dict) -> dict:
    return {name: value for name, value in row.items() if name not in ("need_id", "capacity_id")}


def show_latest(kept: list[MatchResult]) -> None:
    """Point matches to what this run found of them; those it did not find, or that fail now, are not current."""
    columns = (
        [result.match_id for result in kept],
        [result.pk for result in kept],
        [not result.failed_rules for result in kept],
    )
    with connection.cursor() as cursor:
        # By keys that are at hand: the planner knows nothing yet of rows that this transaction has written.
        cursor.execute(
            "UPDATE matching_match SET latest_id = found.result, is_current = found.is_current"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[]) AS found (match, result, is_current)"
            " WHERE id = found.match",
            columns,
        )
        cursor.execute(
            "UPDATE matching_match SET is_current = false WHERE is_current"
            " AND NOT EXISTS (SELECT FROM unnest(%s::bigint[]) AS found (match) WHERE found.match = id)",
            columns[:1],
        )
