"""What can be asked about runs and matches, answered as plain data for pages, commands and exports."""

from datetime import date
from decimal import Decimal

from companies.models import Capacity, Need
from matching import engine
from matching.enums import ShardState
from matching.models import Match, MatchResult, Run
from matching.services import results


def run_progress(run: Run) -> dict:
    """How far a run is: listings done and in all, shards done and in all, share from 0 to 1 (None: not cut yet)."""
    states = list(run.shards.values_list("state", flat=True))
    share = None
    if run.book_cut_at is not None:
        share = run.done / run.total if run.total else 1.0
    return {
        "state": run.state,
        "done": run.done,
        "total": run.total,
        "share": share,
        "shards_done": states.count(ShardState.DONE),
        "shards": len(states),
    }


def match_facts(match: Match) -> dict[str, dict]:
    """Rule -> its verdict and the facts it compared, as the latest run found them; empty before the first one."""
    return result_facts(match.latest) if match.latest else {}


def result_facts(result: MatchResult) -> dict[str, dict]:
    return {
        rule: {"verdict": result.verdicts[rule], "facts": result.facts.get(rule)}
        for rule in engine.RULE_CODES
        if rule in result.verdicts
    }


def score_rows(result: MatchResult) -> list[dict]:
    """The score as a sum: each component with its weight, its value and the points it brings; None: not known."""
    weights = result.run.options.get("weights", result.run.weights.values)
    rows = []
    for component in engine.COMPONENTS:
        value = result.components[component]
        points = None if value is None else weights[component] * value
        rows.append({"component": component, "weight": weights[component], "value": value, "points": points})
    return rows


def run_report(run: Run, *, need_id: int | None = None, capacity_id: int | None = None) -> dict:
    """All that a finished run found, read from its shards, for `match --json`.

    The same book, corridor, weights, versions and day give the same report: it holds no run, no clock and no duration.
    """
    found = results.gather(run)
    names = Names(found)

    def wanted(rows: list[dict]) -> list[dict]:
        return [
            names.instead_of_ids(row)
            for row in rows
            if need_id in (None, row["need_id"]) and capacity_id in (None, row["capacity_id"])
        ]

    return {
        "as_of": run.as_of.isoformat(),
        "weights": run.options.get("weights", run.weights.values),
        "rules_version": run.rules_version,
        "engine_version": run.engine_version,
        "corridor_version": run.corridor_version,
        "input_hash": run.input_hash,
        "counts": {name: run.counts[name] for name in ("needs", "capacities", "shards")} | found.counts,
        "matches": sorted(wanted(found.pairs), key=by_names),
        "allocations": sorted(wanted(found.allocations), key=by_names),
        "near_misses": sorted(wanted(found.near_misses), key=by_names),
    }


class Names:
    """By which names people know the listings of a report: the company's code and its own reference."""

    def __init__(self, found: results.Found):
        rows = [*found.pairs, *found.allocations, *found.near_misses]
        self.needs = self._names(Need, {row["need_id"] for row in rows})
        self.capacities = self._names(Capacity, {row["capacity_id"] for row in rows})

    @staticmethod
    def _names(listings, ids: set[int]) -> dict[int, dict]:
        found = listings.objects.filter(pk__in=ids).values_list("pk", "company__code", "reference")
        return {pk: {"id": pk, "company": company, "reference": reference} for pk, company, reference in found}

    def instead_of_ids(self, row: dict) -> dict:
        need, capacity = row["need_id"], row["capacity_id"]
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
