"""What the page of a plan is made of, so far as it grows with the plan: worked out once, by a worker or by a page."""

from dataclasses import dataclass, replace

from django.db.models import QuerySet

from commodities.models import Commodity, CommodityGroup
from matching import loads
from matching.models import PlanFlow, PlanLine, Run
from matching.plan_page import goods
from matching.plan_page.figures import PlanFigures, figures_of
from matching.plan_page.filters import FlowFilter, flowing, going, of_goods
from matching.plan_page.kept import KeptSums


@dataclass(frozen=True)
class PlanRows:
    """The rows of a run's plan that a reader asks for, and what was summed of them."""

    run: Run
    lines: QuerySet[PlanLine]
    flows: QuerySet[PlanFlow]
    sums: KeptSums

    @classmethod
    def of(cls, run: Run, direction: str = "") -> "PlanRows":
        lines, flows = PlanLine.objects.seen().filter(run=run), PlanFlow.objects.seen().filter(run=run)
        if direction:
            lines, flows = lines.filter(going(direction)), flows.filter(flowing(direction))
        return cls(run, lines, flows, KeptSums(run))

    def of_goods(self, node: Commodity | CommodityGroup) -> "PlanRows":
        lines = self.lines.filter(of_goods(node, "commodity"))
        return replace(self, lines=lines, flows=self.flows.filter(of_goods(node, FlowFilter.goods)))

    def figures(self) -> PlanFigures:
        return self.sums.of(self.flows, "figures", lambda: figures_of(self.run, self.lines, self.flows))

    def moving(self, figures: PlanFigures) -> list[goods.Moving]:
        """The parts of the picture by goods."""
        shown = figures.goods[: goods.MOST_GOODS]
        asked = "goods", tuple((one.commodity, one.origin, one.destination) for one in shown)
        return self.sums.of(self.flows, asked, lambda: goods.moving(self.flows, shown))


def make_ready(run: Run, direction: str = "") -> None:
    """Work out and remember what the page will ask for."""
    rows = PlanRows.of(run, direction)
    rows.moving(rows.figures())
    loads.remembered(run, direction)
