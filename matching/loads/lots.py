"""What the plan of a run ships, month by month of each flow: where it is loaded, in what, and by which day."""

import hashlib
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from commodities.enums import NodeKind
from commodities.models import Commodity
from companies.enums import Period
from corridor.classes import class_name
from corridor.engine.landed import DEPARTURE
from corridor.legs import legs_on
from corridor.models import LegEquipment, Place, TransportClassEquipment
from matching.enums import RunKind
from matching.models import ListedMatch, MatchResult, PlanFlow, Run

BOX = "box"  # what Equipment.unit_kind calls a container


@dataclass(frozen=True)
class Lot:
    """Kilograms that the plan ships from one capacity to one need in a month."""

    flow: int
    need: int
    capacity: int
    month: date
    kg: int
    commodity: int
    place: str  # where the goods are loaded; empty: not known
    destination: str
    country: str  # that they go to
    lot_kg: int | None
    unit_kg: int | None  # what the seller says it loads into one container
    first: int | None  # days on which it can be loaded; None: not known
    last: int | None


COLUMNS = (
    *("pk", "match_id", "need_id", "capacity_id", "months", "capacity__commodity_id", "capacity__lot_kg"),
    *("capacity__lot_multiple_kg", "capacity__net_kg_per_transport_unit", "capacity__incoterm"),
    *("capacity__place__code", "capacity__place__country", "capacity__origin_country"),
    *("capacity__company__place__code", "capacity__company__place__country", "capacity__available_from"),
    *("capacity__available_until", "capacity__lead_days", "need__window_until", "need__period"),
    *("need__destination__code", "need__destination__country"),
)


def lots_of(run: Run, flows: QuerySet[PlanFlow]) -> list[Lot]:
    """The lots of flows of a run's plan. Two queries, however large the plan."""
    days = days_of(run, flows)
    lots = []
    for values in flows.order_by("pk").values_list(*COLUMNS).iterator(chunk_size=5000):
        row = dict(zip(COLUMNS, values, strict=True))
        for ship, deliver, kg in row["months"]:
            shipped = {"ship_month": date.fromisoformat(ship), "deliver_month": date.fromisoformat(deliver)}
            lots.append(lot_of(row | shipped | {"quantity_kg": kg}, run.as_of, days))
    return sorted(lots, key=lambda lot: (lot.month, lot.flow))


def days_of(run: Run, flows: QuerySet[PlanFlow]) -> dict[int, tuple]:
    """How long each pair is under way. A what-if keeps no results: of it, as the list of matches knows the pairs."""
    if run.kind == RunKind.WHAT_IF:
        rows = ListedMatch.objects.filter(match__in=flows.order_by().values("match"))
        found = rows.values_list("match_id", "result__days_low", "result__days_high")
    else:
        rows = MatchResult.objects.filter(run=run, planned_kg__gt=0)
        found = rows.values_list("match_id", "days_low", "days_high")
    return {match: (low, high) for match, low, high in found}


def lot_of(row: dict, as_of: date, days: dict[int, tuple]) -> Lot:
    seller = {name.removeprefix("capacity__"): value for name, value in row.items()}
    buyer = {name.removeprefix("need__"): value for name, value in row.items()}
    first, last = loading_days(seller, buyer, as_of, *days.get(row["match_id"], (None, None)))
    return Lot(
        flow=row["pk"],
        need=row["need_id"],
        capacity=row["capacity_id"],
        month=row["ship_month"],
        kg=row["quantity_kg"],
        commodity=seller["commodity_id"],
        place=loading_place(seller),
        destination=buyer["destination__code"],
        country=buyer["destination__country"],
        lot_kg=seller["lot_multiple_kg"] or seller["lot_kg"],
        unit_kg=seller["net_kg_per_transport_unit"],
        first=first,
        last=last,
    )


def loading_place(seller: dict) -> str:
    """Where the seller hands the goods over; where the price holds the way, the place nearest to the seller's site."""
    is_at_origin = seller["place__country"] == seller["origin_country"]
    if seller["incoterm"] in DEPARTURE or (not seller["incoterm"] and is_at_origin):
        return seller["place__code"]
    is_at_home = seller["company__place__country"] == seller["origin_country"]
    return (seller["company__place__code"] or "") if is_at_home else ""


def loading_days(
    seller: dict, buyer: dict, as_of: date, days_low: int | None, days_high: int | None
) -> tuple[int | None, int | None]:
    """The first and the last day of the month on which goods can leave and still arrive in time, as day numbers.

    The way is taken at its longest, as the plan takes it; at less where only less fits. Without known days nothing
    is known.
    """
    if days_high is None or days_low is None:
        return None, None
    month, delivery = seller["ship_month"], seller["deliver_month"]
    ready = as_of + timedelta(days=seller["lead_days"] or 0)
    first = max(month, seller["available_from"], ready)
    arrive = buyer["window_until"]
    if buyer["period"] == Period.MONTHLY:
        arrive = min(arrive, last_of(delivery))
    latest = min(last_of(month), seller["available_until"])
    transit = min(days_high, (arrive - first).days)
    if transit < days_low or first > latest:
        return None, None
    return first.toordinal(), min(latest, arrive - timedelta(days=transit)).toordinal()


def last_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


# --- what they are loaded into


@dataclass(frozen=True)
class Kit:
    """The equipment that is reckoned with for goods of a class at a place, and what it holds."""

    row: TransportClassEquipment

    @property
    def equipment(self):
        return self.row.equipment

    @property
    def most_kg(self) -> int:
        """No container is loaded with more."""
        return self.equipment.payload_kg or self.row.net_load_kg

    @property
    def is_box(self) -> bool:
        return self.equipment.unit_kind == BOX

    @property
    def class_name(self) -> str:
        return class_name(self.row.transport_class)

    @property
    def teu(self) -> int:
        """Twenty-foot units; the first letter of the code of ISO 6346 tells the length."""
        return 2 if self.equipment.iso_6346.startswith("4") else 1

    def limit_kg(self, lot: Lot) -> int:
        """What one container holds as this seller packs it; where nothing is said, as the class usually does."""
        if lot.unit_kg and lot.unit_kg <= self.most_kg:
            return lot.unit_kg
        return min(self.row.net_load_kg, self.most_kg)


class Kits:
    """Which equipment comes for goods: of those that the class prefers, the first that leaves the place."""

    def __init__(self, on: date):
        self.of_class: dict[str, list[TransportClassEquipment]] = defaultdict(list)
        rows = TransportClassEquipment.objects.filter(only_some_goods=False).select_related("equipment")
        for row in rows.order_by("preference"):
            self.of_class[row.transport_class].append(row)
        self.leaving = leaving_equipment(on)

    @property
    def digest(self) -> str:
        """Tells other kits apart: of legs that were closed, or of other equipment for a class."""
        rows = [row for of_class in self.of_class.values() for row in of_class]
        facts = [(row.pk, row.net_load_kg, row.equipment.payload_kg, row.equipment.unit_kind) for row in rows]
        said = repr((sorted(facts), sorted((place, sorted(some)) for place, some in self.leaving.items())))
        return hashlib.sha256(said.encode()).hexdigest()

    def for_goods(self, commodity: Commodity, place: str) -> Kit | None:
        """None where nothing is known that carries them: the goods are a whole heading, or their class is not known."""
        if commodity.kind != NodeKind.COMMODITY:
            return None
        rows = self.of_class[commodity.transport_class]
        leaving = self.leaving.get(place)
        chosen = [row for row in rows if leaving is None or row.equipment_id in leaving]
        boxes = [row for row in chosen if row.equipment.unit_kind == BOX]
        return next((Kit(row) for row in (*boxes, *chosen)), None)


def leaving_equipment(on: date) -> dict[str, set[int]]:
    """Place -> the equipment that passes an open leg out of it. Two queries."""
    passing: dict[str, set[int]] = defaultdict(set)
    legs = legs_on(on).filter(is_open=True).values_list("pk", "origin__code", "destination__code", "is_bidirectional")
    ends = {pk: (origin, destination) if both else (origin,) for pk, origin, destination, both in legs}
    for leg, equipment in LegEquipment.objects.values_list("leg_id", "equipment_id"):
        for place in ends.get(leg, ()):
            passing[place].add(equipment)
    return passing


def places_of(lots: Iterable[Lot]) -> dict[str, Place]:
    codes = {lot.place for lot in lots} | {lot.destination for lot in lots}
    return {place.code: place for place in Place.objects.filter(code__in=codes)}
