"""Containers of a plan, place by place and month by month.

What was reckoned is remembered for ten minutes, as long as the list of matches is the same and nobody else is hidden.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum

from accounts.permissions import may_see_every_company
from commodities.models import Commodity
from companies.models import Company
from corridor.lanes import HUB
from corridor.models import Place
from matching.loads.lots import Kit, Kits, Lot, last_of, lots_of, places_of
from matching.loads.packing import Box, Packed, Piece, pack, pieces_of
from matching.loads.shared import SharedBox, shared_boxes
from matching.models import PlanFlow, Run
from matching.plan_page.filters import flowing
from matching.tallies import Tallies

# "A direct call needs about 100 boxes a week to live": the line SITC in 2018, as docs/pooling.md tells.
CALL_BOXES_A_WEEK = 100
CALL_SOURCE = "SITC, 2018"
DRAWN = 12  # containers drawn of a row
ROWS_SHOWN = 12  # goods of a month
SHARED_SHOWN = 3  # shared containers of a row
NEEDS_SHOWN = 10
PLACES_SHOWN = 10
WEEK = 7
KEPT_S = 600

Several = tuple[list["SeveralSuppliers"], int]  # those that are shown, and how many there are
Reckoned = tuple[dict[tuple, "Row"], list["Loose"], Several, dict[str, Place]]


@dataclass
class Row:
    """Goods of one kind that leave a place in a month in one kind of container."""

    commodity: Commodity
    kit: Kit
    country: str  # where they go
    lots: list[Lot] = field(default_factory=list)
    packed: list[Packed] = field(default_factory=list)
    alone: int = 0  # how many containers there would be if no pair shared any
    shared: list[SharedBox] = field(default_factory=list)  # in words: no more than are shown

    @cached_property
    def kg(self) -> int:
        return sum(lot.kg for lot in self.lots)

    @cached_property
    def boxes(self) -> int:
        return sum(one.count for one in self.packed)

    @cached_property
    def at_least(self) -> int:
        return sum(one.at_least for one in self.packed)

    @property
    def teu(self) -> int:
        return self.boxes * self.kit.teu

    @cached_property
    def kg_a_box(self) -> int:
        """To a tenth of a tonne."""
        return round(self.kg / self.boxes, -2)

    @cached_property
    def limits_kg(self) -> tuple[int, int]:
        """What one container holds, from - to: sellers pack the same goods differently."""
        limits = [self.kit.limit_kg(lot) for lot in self.lots]
        return min(limits), max(limits)

    @cached_property
    def filled(self) -> Decimal:
        """The share of all containers that is used."""
        return sum(Decimal(one.filled) / one.parts for one in self.packed) / self.boxes

    @cached_property
    def suppliers(self) -> int:
        return len({lot.capacity for lot in self.lots})

    @cached_property
    def shared_boxes(self) -> list[Box]:
        return [box for one in self.packed for box in one.boxes if box.is_shared]

    @cached_property
    def shared_count(self) -> int:
        return len(self.shared_boxes)

    @property
    def more_shared(self) -> int:
        return self.shared_count - len(self.shared)

    @property
    def saved(self) -> int:
        """How many containers fewer there are than if no pair shared any."""
        return self.alone - self.boxes

    @cached_property
    def cut_off(self) -> date | None:
        """The day by which the first container has to leave; None: not known of each of them."""
        days = [box.last for one in self.packed for box in (*one.boxes, *(box for _count, box in one.alike))]
        return None if None in days else date.fromordinal(min(days))

    @cached_property
    def drawn(self) -> list[str]:
        """How full the first containers are, in hundredths, as SVG writes it; the fullest first."""
        parts = []
        for one in self.packed:
            boxes = [*one.boxes, *(box for count, box in one.alike for _one in range(min(count, DRAWN)))]
            parts += [Decimal(one.parts - box.room) / one.parts for box in boxes]
        return [f"{100 * share:.0f}" for share in sorted(parts, reverse=True)[:DRAWN]]

    @property
    def not_drawn(self) -> int:
        return max(0, self.boxes - DRAWN)

    def __getstate__(self) -> dict:
        """Its figures, and of what they were reckoned from no more than is shown: so it is remembered."""
        for name in FIGURES:
            getattr(self, name)
        shown = self.shared_boxes[:SHARED_SHOWN]
        inside = {piece.owner for box in shown for piece in box.pieces}
        lots = [lot for lot in self.lots if lot.flow in inside]
        return self.__dict__ | {"shared_boxes": shown, "lots": lots, "packed": [], "shared": []}


FIGURES = [name for name, figure in vars(Row).items() if isinstance(figure, cached_property)]


class Containers:
    """Figures of several rows together. Kilograms of different goods are not added up; containers are."""

    rows: list[Row]

    @property
    def boxes(self) -> int:
        return sum(row.boxes for row in self.rows)

    @property
    def teu(self) -> int:
        return sum(row.teu for row in self.rows)

    @property
    def saved(self) -> int:
        return sum(row.saved for row in self.rows)

    @property
    def shared(self) -> int:
        return sum(row.shared_count for row in self.rows)

    @property
    def filled(self) -> Decimal:
        return sum(row.filled * row.boxes for row in self.rows) / self.boxes


@dataclass
class Month(Containers):
    """What leaves a place in one month."""

    month: date
    rows: list[Row]

    @property
    def shown(self) -> list[Row]:
        return self.rows[:ROWS_SHOWN]

    @property
    def not_shown(self) -> int:
        return len(self.rows) - len(self.shown)

    @property
    def a_week(self) -> Decimal:
        return Decimal(self.boxes) * WEEK / last_of(self.month).day

    @property
    def missing_a_week(self) -> Decimal:
        """What is missing for a call of a ship's own; nothing less than none."""
        return max(Decimal(0), CALL_BOXES_A_WEEK - self.a_week)


@dataclass
class Loading(Containers):
    """What leaves one place, by month."""

    place: Place
    months: list[Month]

    @property
    def rows(self) -> list[Row]:
        return [row for month in self.months for row in month.rows]

    @property
    def fullest(self) -> Month:
        return max(self.months, key=lambda month: (month.boxes, -month.month.toordinal()))


@dataclass(frozen=True)
class Loose:
    """Goods of the plan that no container is reckoned for: what is known to carry them, if anything."""

    commodity: Commodity
    kg: int
    equipment: object | None


@dataclass(frozen=True)
class SeveralSuppliers:
    """A need that the plan fills from several suppliers."""

    need: object
    commodity: Commodity
    suppliers: int
    kg: int


@dataclass
class Loads:
    """What the plan of one run would load."""

    run: Run
    hub: Loading | None
    others: list[Loading]
    loose: list[Loose]
    kits: list[Kit]
    several: list[SeveralSuppliers]
    several_count: int
    call_boxes: int = CALL_BOXES_A_WEEK
    call_source: str = CALL_SOURCE

    @property
    def others_shown(self) -> list[Loading]:
        return self.others[:PLACES_SHOWN]

    @property
    def loose_shown(self) -> list[Loose]:
        return self.loose[:PLACES_SHOWN]

    @property
    def elsewhere_more(self) -> int:
        return len(self.others) + len(self.loose) - len(self.others_shown) - len(self.loose_shown)

    @property
    def several_more(self) -> int:
        return self.several_count - len(self.several)

    @property
    def is_empty(self) -> bool:
        return not (self.hub or self.others or self.loose)


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
    change = Tallies().change()
    if change[0] is None:  # nothing tells this database from another
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
