"""All that a finished run found, read back from its shards, for `match --json`."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal

from companies.models import Capacity, Need
from matching.figures.moves import PlannedPair, moved, usd_of
from matching.models import Run
from matching.services.results import pair_of, summarize
from matching.services.solved import allocation_rows, is_found, near_miss_rows, pair_rows, solved_shards
from matching.services.what_ifs import weights_of


def run_report(run: Run, *, need_id: int | None = None, capacity_id: int | None = None) -> dict:
    """The same book, corridor, weights, versions and day give the same report.

    It holds no run, no clock and no duration, and nothing that only a decision brought in. A need or a capacity narrows
    the rows; the counts and the plan are those of the whole run.
    """
    pairs, allocations, near_misses = [], [], []
    for market, solution in solved_shards(run):
        found = is_found(solution.pairs).tolist()
        rows = zip(pair_rows(market, solution, run.as_of), found, strict=True)
        pairs += [row for row, is_listed in rows if is_listed]
        allocations += allocation_rows(solution)
        near_misses += near_miss_rows(solution)
    names = Names([*pairs, *near_misses])

    def wanted(rows: list[dict]) -> list[dict]:
        return sorted(
            (
                names.instead_of_ids(row)
                for row in rows
                if need_id in (None, row["need_id"]) and capacity_id in (None, row["capacity_id"])
            ),
            key=by_names,
        )

    return {
        "as_of": run.as_of.isoformat(),
        "weights": weights_of(run),
        "rules_version": run.rules_version,
        "engine_version": run.engine_version,
        "corridor_version": run.corridor_version,
        "input_hash": run.input_hash,
        "counts": {name: run.counts[name] for name in ("needs", "capacities", "shards")} | summarize(run).counts,
        "plan": plan_of(pairs),
        "matches": wanted(pairs),
        "allocations": wanted(allocations),
        "near_misses": wanted(near_misses),
    }


def plan_of(pairs: list[dict]) -> dict:
    """What the plan moves: kilograms and USD of each commodity, and the USD of all of them."""
    planned = [row for row in pairs if row["planned_kg"]]
    codes = dict(
        Capacity.objects.filter(pk__in={row["capacity_id"] for row in planned}).values_list("pk", "commodity__code")
    )
    rows = moved(planned_pair(row, codes.get(row["capacity_id"], "")) for row in planned)  # "": deleted since
    low, high = usd_of(rows)
    return {
        "commodities": [{name: plain(value) for name, value in asdict(row).items()} for row in rows],
        "usd_low": plain(low),
        "usd_high": plain(high),
    }


def planned_pair(row: dict, commodity: str) -> PlannedPair:
    ask = row["facts"]["price"]["ask_usd_per_t"]
    return PlannedPair(
        commodity=commodity,
        kg=row["planned_kg"],
        landed_low=row["landed_low_usd_per_t"],
        landed_high=row["landed_high_usd_per_t"],
        ask=None if ask is None else Decimal(str(ask)),
    )


class Names:
    """By which names people know the listings of a report: the company's code and its own reference."""

    def __init__(self, rows: list[dict]):
        self.needs = self._names(Need, {row["need_id"] for row in rows})
        self.capacities = self._names(Capacity, {row["capacity_id"] for row in rows})

    @staticmethod
    def _names(listings, ids: set[int]) -> dict[int, dict]:
        found = listings.objects.filter(pk__in=ids).values_list("pk", "company__code", "reference")
        return {pk: {"id": pk, "company": company, "reference": reference} for pk, company, reference in found}

    def instead_of_ids(self, row: dict) -> dict:
        need, capacity = pair_of(row)
        sides = {
            "need": self.needs.get(need, {"id": need}),  # deleted since
            "capacity": self.capacities.get(capacity, {"id": capacity}),
        }
        facts = {name: value for name, value in row.items() if name not in ("need_id", "capacity_id")}
        return sides | {name: plain(value) for name, value in facts.items()}


def by_names(row: dict) -> tuple:
    sides = [row[side].get(name, "") for side in ("need", "capacity") for name in ("company", "reference")]
    return *sides, row["need"]["id"], row["capacity"]["id"], row.get("ship_month", ""), row.get("deliver_month", "")


def plain(value):
    """Days and sums of money as JSON writes them."""
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
