"""Containers of a plan, place by place and month by month.

What was reckoned is remembered with the sums of the plan (`matching.plan_page.kept`). Of a large plan a worker reckons
it when the run has ended, for it takes seconds.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.core.cache import cache
from django.db.models import QuerySet

from accounts.permissions import may_see_every_company
from commodities.models import Commodity
from corridor.lanes import HUB
from corridor.models import Place
from matching.loads.containers import (
    FEW_SHOWN,
    ROWS_IN_ALL,
    ROWS_SHOWN,
    SHARED_SHOWN,
    Loading,
    Loads,
    Loose,
    Month,
    Row,
    SeveralSuppliers,
    Sums,
)
from matching.loads.lots import Kit, Kits, Lot, lots_of, places_of
from matching.loads.packing import Piece, pack, pieces_of
from matching.loads.shared import shared_boxes
from matching.models import PlanFlow, Run
from matching.plan_page.filters import flowing
from matching.plan_page.kept import KEPT_S, KeptSums

NEEDS_SHOWN = 10
FLOWS_AT_ONCE = 3_000  # of a plan with more the page waits for a worker


@dataclass(frozen=True)
class Reckoned:
    """What is remembered of the loads of a plan: figures, and of the rows those that are shown."""

    loadings: list[Loading]
    loose: list[Loose]
    several: list[SeveralSuppliers]
    several_count: int
    places: dict[str, Place]


def loads_of(run: Run, user, direction: str = "", *, at_once: bool = True, is_whole: bool = True) -> Loads | None:
    """What a finished run's plan would load, for those who may see every company; None for others.

    Of the goods that go one way only, where a direction is named. Fifteen queries at most, however large the plan.
    Unless `at_once`, the loads of a large plan that nobody has reckoned yet are not reckoned now: `is_waiting` then.
    Unless `is_whole`, months after the first at the hub come without their rows.
    """
    if not may_see_every_company(user):
        return None
    found = remembered(run, direction, at_once=at_once)
    if found is None:
        return Loads(run, None, [], [], [], [], 0, is_waiting=True)
    at_hub = next((one for one in found.loadings if one.place.code == HUB), None)
    hub = at_hub if is_whole or at_hub is None else at_hub.with_rows_of_its_first_month()
    shown = hub.rows if hub else []
    needs = shared_boxes(shown, SHARED_SHOWN, found.places, {one.need for one in found.several})
    return Loads(
        run=run,
        hub=hub,
        others=[one for one in found.loadings if one is not at_hub],
        loose=found.loose,
        kits=kits_used(at_hub.rows if at_hub else []),
        several=[replace(one, need=needs[one.need]) for one in found.several if one.need in needs],
        several_count=found.several_count,
    )


def remembered(run: Run, direction: str, *, at_once: bool = True) -> Reckoned | None:
    """Reckoned anew where something else is seen of the plan, or other equipment leaves a place."""
    kits = Kits(run.as_of)
    key = KeptSums(run).key(("loads", direction, kits.digest))
    found = cache.get(key)
    if found is None and (at_once or not is_large(run)):
        flows = PlanFlow.objects.seen().filter(run=run)
        found = reckoned(run, flows.filter(flowing(direction)) if direction else flows, kits)
        cache.set(key, found, KEPT_S)
    return found


def is_large(run: Run) -> bool:
    return run.plan_flows.order_by().values("pk")[: FLOWS_AT_ONCE + 1].count() > FLOWS_AT_ONCE


def reckoned(run: Run, flows: QuerySet[PlanFlow], kits: Kits) -> Reckoned:
    lots = lots_of(run, flows)
    goods = Commodity.objects.in_bulk({lot.commodity for lot in lots})
    rows, loose = rows_of(lots, goods, kits)
    several, places = several_suppliers(lots, goods), places_of(lots)
    loadings = [loading_of(places[code], some) for code, some in by_place(rows).items()]
    loadings.sort(key=lambda one: (-one.boxes, one.place.code))
    return Reckoned(loadings, loose, several[:NEEDS_SHOWN], len(several), places)


def rows_of(lots: Iterable[Lot], goods: dict[int, Commodity], kits: Kits) -> tuple[dict[tuple, Row], list[Loose]]:
    """Rows of containers by place and month; and what is in none."""
    rows: dict[tuple, Row] = {}
    loose: dict[tuple, int] = defaultdict(int)
    known: dict[tuple[int, str], Kit | None] = {}
    for lot in lots:
        key = (lot.commodity, lot.place)
        if key not in known:
            known[key] = kits.for_goods(goods[lot.commodity], lot.place) if lot.place else None
        kit = known[key]
        if kit is None or not kit.is_box:
            loose[lot.commodity, kit and kit.equipment] += lot.kg
            continue
        at = (lot.place, lot.month, lot.commodity, lot.country)
        rows.setdefault(at, Row(goods[lot.commodity], kit, lot.country)).lots.append(lot)
    for row in rows.values():
        groups = together(row)
        row.packed = [pack(pieces) for pieces in groups]
        row.alone = sum(pack(pieces).count for group in groups for pieces in by_owner(group))
    found = [Loose(goods[pk], kg, equipment) for (pk, equipment), kg in loose.items()]
    return rows, sorted(found, key=lambda one: (-one.kg, one.commodity.code))


def together(row: Row) -> list[list[Piece]]:
    """Pieces that may share a container: of one kind of goods; of a liquid, those of one buyer.

    A tank is emptied at one place and what is in it is mixed: nobody can divide it again.
    """
    groups: dict[int, list[Piece]] = defaultdict(list)
    for lot in row.lots:
        of = lot.need if row.kit.equipment.is_liquid else 0
        groups[of] += pieces_of(lot.flow, lot.kg, row.kit.limit_kg(lot), lot.lot_kg, lot.first, lot.last)
    return [groups[of] for of in sorted(groups)]


def by_owner(pieces: Iterable[Piece]) -> Iterable[list[Piece]]:
    owned: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        owned[piece.owner].append(piece)
    return owned.values()


def by_place(rows: dict[tuple, Row]) -> dict[str, dict[date, list[Row]]]:
    found: dict[str, dict[date, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for (place, month, _commodity, _country), row in rows.items():
        found[place][month].append(row)
    return found


def loading_of(place: Place, months: dict[date, list[Row]]) -> Loading:
    """Rows are kept of the hub alone, for no others are shown, and of each month no more than are."""
    found = []
    is_much = sum(min(len(rows), ROWS_SHOWN) for rows in months.values()) > ROWS_IN_ALL
    for month, rows in sorted(months.items()):
        most = FEW_SHOWN if is_much and found else ROWS_SHOWN
        largest = sorted(rows, key=lambda row: (-row.boxes, row.commodity.code, row.country))
        found.append(Month(month, largest[:most] if place.code == HUB else [], Sums.of(rows), len(rows)))
    return Loading(place, found)


def kits_used(rows: Iterable[Row]) -> list[Kit]:
    found = {row.kit.row.pk: row.kit for row in rows}
    return sorted(found.values(), key=lambda kit: (kit.equipment.code, kit.row.transport_class))


def suppliers_of_needs(lots: Iterable[Lot]) -> dict[tuple[int, int], dict[int, int]]:
    """Need and goods -> what each capacity brings, in kilograms."""
    found: dict[tuple[int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for lot in lots:
        found[lot.need, lot.commodity][lot.capacity] += lot.kg
    return found


def several_suppliers(lots: Iterable[Lot], goods: dict[int, Commodity]) -> list[SeveralSuppliers]:
    """The needs that several suppliers fill, the most tonnes first."""
    found = [
        SeveralSuppliers(need, goods[commodity], len(suppliers), sum(suppliers.values()))
        for (need, commodity), suppliers in suppliers_of_needs(lots).items()
        if len(suppliers) > 1
    ]
    return sorted(found, key=lambda one: (-one.kg, one.need, one.commodity.code))
