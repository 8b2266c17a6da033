"""What can be asked about runs and matches, answered as plain data for pages, commands and exports."""

from decimal import Decimal

from django.db.models import Case, DecimalField, F, Q, QuerySet, Sum, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from commodities.models import Commodity
from matching import engine
from matching.enums import ShardState
from matching.figures.moves import CENT, KG_PER_T, Moved, usd_of
from matching.models import MatchResult, Run
from matching.plan_page.kept import KeptSums

PPM_KG_PER_T = 1_000_000 * 1000  # the plan is worth millionths of the score x kilograms
USD = DecimalField(max_digits=30, decimal_places=4)


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


def score_rows(result: MatchResult) -> list[dict]:
    """The score as a sum: each component with its weight, its value and the points it brings; None: not known."""
    weights = result.run.options.get("weights", result.run.weights.values)
    rows = []
    for component in engine.COMPONENTS:
        value = result.components[component]
        points = None if value is None else weights[component] * value
        rows.append({"component": component, "weight": weights[component], "value": value, "points": points})
    return rows


def plan_worth(run: Run) -> tuple[int, int] | None:
    """Value and bound of a run's plan, in millionths x kilograms; None for a run without a plan of its own."""
    if "plan_value" not in run.counts:
        return None
    return int(run.counts["plan_value"]), int(run.counts["plan_bound"])


def plan_proven(run: Run) -> dict | None:
    """Value and bound of a run's plan in score x tonnes, and how much more a better plan could bring, as a share.

    None for a run without a plan of its own. The share is rounded up to a tenth of a percent, so that it stays proven;
    None where there is no value to measure it by.
    """
    worth = plan_worth(run)
    if worth is None:
        return None
    value, bound = worth
    more = None
    if value > 0 or value == bound:
        more = Decimal(-(-1000 * (bound - value) // value) if value else 0) / 1000
    return {"value": Decimal(value) / PPM_KG_PER_T, "bound": Decimal(bound) / PPM_KG_PER_T, "more": more}


def plan_moves(run: Run) -> list[tuple[Commodity, Moved]]:
    """What the plan of an official run moves: one row a commodity. Three queries, however large the plan."""
    planned = MatchResult.objects.filter(run=run, planned_kg__gt=0)
    rows = KeptSums(run).of(planned, "moved", lambda: moved_by_goods(planned))
    commodities = {found.code: found for found in Commodity.objects.filter(code__in=[row.commodity for row in rows])}
    return [(commodities[row.commodity], row) for row in rows]


def moved_by_goods(planned: QuerySet[MatchResult]) -> list[Moved]:
    """As `figures.moves.moved` says it of pairs, added up by the database: `tests/matching/test_what_a_plan_moves.py`
    holds them equal."""
    priced = Q(landed_low_usd_per_t__isnull=False, landed_high_usd_per_t__isnull=False)
    at_ask, unpriced = ~priced & Q(ask__isnull=False), ~priced & Q(ask=None)
    kg = F("planned_kg")
    usd = {
        f"usd_{end}": Sum(
            Case(When(priced, then=kg * F(f"landed_{end}_usd_per_t")), default=kg * F("ask"), output_field=USD),
            default=Decimal(0),
            output_field=USD,
        )
        for end in ("low", "high")
    }
    found = (
        planned.order_by("match__capacity__commodity__code")
        .annotate(ask=Cast(KT("facts__price__ask_usd_per_t"), USD))
        .values_list("match__capacity__commodity__code")
        .annotate(
            kg=Sum("planned_kg"),
            kg_at_ask=Sum("planned_kg", filter=at_ask, default=0),
            kg_without_price=Sum("planned_kg", filter=unpriced, default=0),
            **usd,
        )
    )
    return [Moved(*row, in_usd(low), in_usd(high)) for *row, low, high in found]


def in_usd(kg_by_usd_a_t: Decimal) -> Decimal:
    return (kg_by_usd_a_t / KG_PER_T).quantize(CENT)


def plan_of(run: Run) -> dict | None:
    """What is proven of a run's plan, what it moves (the most worth first) and for how much; None without a plan."""
    proven = plan_proven(run)
    if proven is None:
        return None
    rows = sorted(plan_moves(run), key=lambda row: (-row[1].usd_high, -row[1].kg))
    usd_low, usd_high = usd_of(row for _commodity, row in rows)
    return {"proven": proven, "rows": rows, "usd_low": usd_low, "usd_high": usd_high}
