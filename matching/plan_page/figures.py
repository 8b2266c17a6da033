"""The plan in a few figures; each is the sum of the rows behind its link."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from matching.models import PlanFlow, PlanLine, Run
from matching.queries import PPM_KG_PER_T, plan_worth


@dataclass(frozen=True)
class PlanFigures:
    """Kilograms of all goods together: how much is to be carried, and nothing of what it is worth."""

    planned_kg: int
    wanted_kg: int
    unmet_kg: int
    unmet_needs: int
    unused_kg: int
    unused_capacities: int
    flows: int

    @property
    def met_percent(self) -> Decimal | None:
        """Which share of what is wanted the plan brings; not known where nothing is wanted."""
        return Decimal(100 * self.planned_kg) / self.wanted_kg if self.wanted_kg else None


def figures_of(lines: QuerySet[PlanLine], flows: QuerySet[PlanFlow]) -> PlanFigures:
    needs, capacities = Q(need__isnull=False), Q(capacity__isnull=False)
    found = lines.aggregate(
        wanted_kg=Sum("quantity_kg", filter=needs, default=0),
        unmet_kg=Sum("left_kg", filter=needs, default=0),
        unmet_needs=Count("pk", filter=needs & Q(left_kg__gt=0)),
        unused_kg=Sum("left_kg", filter=capacities, default=0),
        unused_capacities=Count("pk", filter=capacities & Q(left_kg__gt=0)),
    )
    # Of the flows, not of the needs: a need's line also holds what a company supplies that is hidden by now.
    moved = flows.aggregate(planned_kg=Sum("quantity_kg", default=0), flows=Count("pk"))
    return PlanFigures(**found, **moved)


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
