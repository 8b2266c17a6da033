"""Containers of a plan, place by place and month by month.

What was reckoned is remembered for ten minutes, as long as the list of matches is the same and nobody else is hidden.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum

from accounts.lists.remembering import Memory
from accounts.permissions import may_see_every_company
from commodities.models import Commodity
from companies.models import Company
from corridor.lanes import HUB
from corridor.models import Place
from matching.loads.containers import SHARED_SHOWN, Loading, Loads, Loose, Month, Row, SeveralSuppliers
from matching.loads.lots import Kit, Kits, Lot, lots_of, places_of
from matching.loads.packing import Piece, pack, pieces_of
from matching.loads.shared import shared_boxes
from matching.models import ListedChange, PlanFlow, Run
from matching.plan_page.filters import flowing

NEEDS_SHOWN = 10
KEPT_S = 600

Several = tuple[list[SeveralSuppliers], int]  # those that are shown, and how many there are
Reckoned = tuple[dict[tuple, Row], list[Loose], Several, dict[str, Place]]


def loads_of(run: Run, user, direction: str = "") -> Loads | None:
    """What a finished run's plan would load, for those who may see every company; None for others.

    Of the goods that go one way only, where a direction is named. Fourteen queries at most, however large the plan.
    """
    if not may_see_every_company(user):
        return None
    flows = PlanFlow.objects.visible_to(user).filter(run=run)
    if direction:
        flows = flows.filter(flowing(direction))
    rows, loose, (several, several_count), places = remembered(run, flows, direction)
    loadings = [loading_of(places[code], some) for code, some in by_place(rows).items()]
    loadings.sort(key=lambda one: (-one.boxes, one.place.code))
    hub = next((one for one in loadings if one.place.code == HUB), None)
    shown = [row for month in hub.months for row in month.shown] if hub else []
    needs = shared_boxes(shown, SHARED_SHOWN, places, {one.need for one in several})
    return Loads(
        run=run,
        hub=hub,
        others=[one for one in loadings if one is not hub],
        loose=loose,
        kits=kits_used(shown),
        several=[replace(one, need=needs[one.need]) for one in several],
        several_count=several_count,
    )


def remembered(run: Run, flows: QuerySet[PlanFlow], direction: str) -> Reckoned:
    """The rows of containers, reckoned anew where the list of matches or what may be seen of the plan has changed."""
    change = Memory().last(ListedChange)
    if not change:  # nothing tells this database from another
        return reckoned(run, flows)
    seen = flows.aggregate(flows=Count("pk"), kg=Sum("quantity_kg"))
    hidden = sorted(Company.objects.filter(is_hidden=True).values_list("pk", flat=True))
    said = repr((run.pk, direction, change, seen, hidden))
    key = f"loads-{hashlib.sha256(said.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = reckoned(run, flows)
        cache.set(key, found, KEPT_S)
    return found


def reckoned(run: Run, flows: QuerySet[PlanFlow]) -> Reckoned:
    lots = lots_of(run, flows)
    goods = Commodity.objects.in_bulk({lot.commodity for lot in lots})
    rows, loose = rows_of(lots, goods, Kits(run.as_of))
    several = several_suppliers(lots, goods)
    return rows, loose, (several[:NEEDS_SHOWN], len(several)), places_of(lots)


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
    return Loading(
        place,
        [
            Month(month, sorted(rows, key=lambda row: (-row.boxes, row.commodity.code, row.country)))
            for month, rows in sorted(months.items())
        ],
    )


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
