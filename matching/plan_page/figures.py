"""The plan in a few figures; each that has a link counts the rows behind it.

Kilograms of different goods are never added up for a reader: what the whole plan moves is told in pairs, kinds of goods
and USD, and in tonnes only where all of it is of one kind.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, DecimalField, F, FilteredRelation, Q, QuerySet, Sum

from matching.models import PlanFlow, PlanLine, Run
from matching.queries import PPM_KG_PER_T, plan_worth

KG_PER_T = 1000
USD = DecimalField(max_digits=30, decimal_places=4)


@dataclass(frozen=True)
class GoodsMoved:
    """What a plan moves of one kind of goods in one direction, and what that is worth as far as it is known."""

    commodity: int
    origin: str
    destination: str
    kg: int
    pairs: int
    usd_low: Decimal
    usd_high: Decimal
    unpriced: int  # pairs whose landed cost is not known


@dataclass(frozen=True)
class PlanFigures:
    goods: tuple[GoodsMoved, ...]  # the most kilograms first
    wanted_kg: int
    unmet_kg: int
    needs: int
    unmet_needs: int
    unused_kg: int
    capacities: int
    unused_capacities: int
    kinds: int  # of goods, that lines or flows are of

    @property
    def flows(self) -> int:
        return sum(one.pairs for one in self.goods)

    @property
    def planned_kg(self) -> int:
        """Of all goods: for shares of a picture, and for readers only where all of it is of one kind."""
        return sum(one.kg for one in self.goods)

    @property
    def kinds_moved(self) -> int:
        return len({one.commodity for one in self.goods})

    @property
    def is_of_one_kind(self) -> bool:
        """Whether kilograms may be added up."""
        return self.kinds == 1

    @property
    def usd_low(self) -> Decimal:
        return sum((one.usd_low for one in self.goods), Decimal(0))

    @property
    def usd_high(self) -> Decimal:
        return sum((one.usd_high for one in self.goods), Decimal(0))

    @property
    def unpriced(self) -> int:
        return sum(one.unpriced for one in self.goods)

    @property
    def met_percent(self) -> Decimal | None:
        """Which share of what is wanted the plan brings; not known where nothing is wanted."""
        return Decimal(100 * self.planned_kg) / self.wanted_kg if self.wanted_kg else None


def figures_of(
    run: Run | None, lines: QuerySet[PlanLine], flows: QuerySet[PlanFlow], kilograms: str = "quantity_kg"
) -> PlanFigures:
    """Three queries, however large the plan; `kilograms` names what counts of each flow."""
    needs, capacities, left = Q(need__isnull=False), Q(capacity__isnull=False), Q(left_kg__gt=0)
    found = lines.order_by().aggregate(
        wanted_kg=Sum("quantity_kg", filter=needs, default=0),
        unmet_kg=Sum("left_kg", filter=needs, default=0),
        needs=Count("pk", filter=needs),
        unmet_needs=Count("pk", filter=needs & left),
        unused_kg=Sum("left_kg", filter=capacities, default=0),
        capacities=Count("pk", filter=capacities),
        unused_capacities=Count("pk", filter=capacities & left),
    )
    # Of the flows, not of the needs: a need's line also holds what a company supplies that is hidden by now.
    goods = goods_moved(run, flows, kilograms)
    kinds = set(lines.order_by().values_list("commodity", flat=True).distinct()) | {one.commodity for one in goods}
    return PlanFigures(goods=tuple(goods), kinds=len(kinds), **found)


def goods_moved(run: Run | None, flows: QuerySet[PlanFlow], kilograms: str) -> list[GoodsMoved]:
    """What flows move, by goods and direction. One query."""
    of_run = FilteredRelation("match__results", condition=Q(match__results__run=run and run.pk))
    priced = Q(of_run__landed_low_usd_per_t__isnull=False, of_run__landed_high_usd_per_t__isnull=False)
    by = ("capacity__commodity", "capacity__origin_country", "need__destination__country")
    worth = {
        f"usd_{end}": Sum(F(kilograms) * F(f"of_run__landed_{end}_usd_per_t"), filter=priced, output_field=USD)
        for end in ("low", "high")
    }
    rows = (
        flows.order_by()
        .alias(of_run=of_run)
        .values_list(*by)
        .annotate(kg=Sum(kilograms), pairs=Count("pk"), **worth, unpriced=Count("pk", filter=~priced))
    )
    found = [
        GoodsMoved(*key, kg, pairs, in_usd(low), in_usd(high), without) for *key, kg, pairs, low, high, without in rows
    ]
    return sorted(found, key=lambda one: (-one.kg, one.commodity, one.origin, one.destination))


def in_usd(kg_by_usd_a_t: Decimal | None) -> Decimal:
    return (kg_by_usd_a_t or Decimal(0)) / KG_PER_T


@dataclass(frozen=True)
class Quality:
    """How good the plan is, of all goods and both directions: beside the best there can be, and beside greedy."""

    value: Decimal  # in tonnes at full score
    bound: Decimal
    short_percent: Decimal  # of the bound: the plan misses at most so much; 0 exactly where it is the best
    greedy: Decimal | None  # None: not measured in this run

    @property
    def over_greedy_percent(self) -> Decimal | None:
        """How much more the plan is worth than taking the best pair first."""
        if not self.greedy:
            return None
        return 100 * (self.value - self.greedy) / self.greedy


def quality_of(run: Run) -> Quality | None:
    """None for a run that kept no plan."""
    worth = plan_worth(run)
    if worth is None:
        return None
    value, bound = worth
    greedy = run.counts.get("greedy_value")
    missed = 0
    if value != bound:  # rounded up, so that it stays proven
        missed = -(-1_000_000 * (bound - value) // abs(bound or value))
    return Quality(
        value=Decimal(value) / PPM_KG_PER_T,
        bound=Decimal(bound) / PPM_KG_PER_T,
        short_percent=Decimal(missed) / 10_000,
        greedy=None if greedy is None else Decimal(greedy) / PPM_KG_PER_T,
    )
