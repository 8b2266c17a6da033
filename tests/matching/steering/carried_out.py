"""Runs carried out as the worker does, over a book in which two suppliers could fill one need."""

from decimal import Decimal

from matching import services
from matching.enums import RunKind
from matching.models import Match, PlanFlow, Run
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, capacity, need, open_corridor


def carry_out(kind: RunKind = RunKind.OFFICIAL) -> Run:
    run = services.start_run(kind=kind, as_of=AS_OF)
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    services.close_run(run.pk)
    run.refresh_from_db()
    return run


def two_suppliers() -> tuple[Match, Match]:
    """100 t are wanted; the cheap supplier can bring them all, and so can the dear one."""
    open_corridor()
    goods = CommodityFactory()
    need(goods)
    cheap, dear = capacity(goods), capacity(goods, price_amount=Decimal(850))
    carry_out()
    return Match.objects.get(capacity=cheap), Match.objects.get(capacity=dear)


def given(run: Run) -> dict[int, int]:
    """What the plan of a run gives each match, in kilograms."""
    return dict(PlanFlow.objects.filter(run=run).values_list("match_id", "quantity_kg"))
