"""What the newest plan moves, both ways: by sector, by pair of places, and what it is worth as far as is known.

Read once for the map, the table behind it, the funnel and the books of both countries. Kilograms are those of pairs
that hold now; the plan itself is the newest official run's. USD are of two kinds that are never mixed: at the asking
price, where the seller hands the goods over, and landed, at the point and on the basis of each need.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from commodities.enums import Sector
from corridor.enums import Country
from corridor.flows import Flow, way_to
from matching.models import ListedMatch
from matching.tallies import Tallies

KG_PER_T = 1000
USD = DecimalField(max_digits=30, decimal_places=4)
ASK = Cast(KeyTextTransform("ask_usd_per_t", KeyTransform("price", "result__facts")), USD)


@dataclass
class Worth:
    """Pairs and kilograms of a plan with their USD; what has no price is counted, never taken for nothing."""

    pairs: int = 0
    kg: int = 0
    landed_low: Decimal = Decimal(0)
    landed_high: Decimal = Decimal(0)
    without_landed: int = 0  # pairs
    asked: Decimal = Decimal(0)
    without_asked: int = 0  # pairs

    def add(self, other: "Worth") -> None:
        for name in Worth.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def has_landed(self) -> bool:
        return self.pairs > self.without_landed

    @property
    def has_asked(self) -> bool:
        return self.pairs > self.without_asked


@dataclass
class SectorFlow(Worth):
    """Goods of one sector in one direction."""

    origin: str = ""
    destination: str = ""
    sector: str = ""

    @property
    def label(self) -> str:
        return str(Sector(self.sector).label) if self.sector in Sector.values else ""

    @property
    def query(self) -> str:
        """The rows behind it in the list of matches."""
        return f"?plan=in&direction={self.origin}-{self.destination}&sector={self.sector}"


@dataclass
class Direction(Worth):
    """All goods in one direction."""

    origin: str = ""
    destination: str = ""
    sectors: list[SectorFlow] = field(default_factory=list)

    @property
    def way(self) -> str:
        return way_to(self.destination)

    @property
    def country(self) -> str:
        """Where the goods go."""
        return str(Country(self.destination).label) if self.destination in Country.values else self.destination

    @property
    def query(self) -> str:
        return f"?plan=in&direction={self.origin}-{self.destination}"


@dataclass(frozen=True)
class Plan:
    """What the newest plan moves."""

    directions: list[Direction]
    flows: list[tuple[str, Flow]]  # each with its sector
    by_state: dict[str, Worth]  # what people decided of the pairs

    @property
    def pairs(self) -> int:
        return sum(direction.pairs for direction in self.directions)

    @property
    def largest_kg(self) -> int:
        """The whole of the bars: what moves most in one direction and sector."""
        return max((one.kg for direction in self.directions for one in direction.sectors), default=0)

    @property
    def whole(self) -> Worth:
        """All pairs together; their kilograms are of many goods and no headline."""
        found = Worth()
        for direction in self.directions:
            found.add(direction)
        return found

    def worth_of(self, *states: str) -> Worth:
        """The pairs of which people decided so."""
        found = Worth()
        for state in states:
            found.add(self.by_state.get(state, Worth()))
        return found

    def flows_of(self, sector: str) -> list[Flow]:
        """Those of one sector; of all, where none is named."""
        return [flow for of, flow in self.flows if not sector or of == sector]


def worth_columns() -> dict:
    """What a group of listed matches is worth, as columns of one query."""
    priced = Q(result__landed_low_usd_per_t__isnull=False, result__landed_high_usd_per_t__isnull=False)
    return {
        "pairs": Count("pk"),
        "kg": Sum("planned_kg", default=0),
        "landed_low": Sum(F("planned_kg") * F("result__landed_low_usd_per_t"), filter=priced, output_field=USD),
        "landed_high": Sum(F("planned_kg") * F("result__landed_high_usd_per_t"), filter=priced, output_field=USD),
        "without_landed": Count("pk", filter=~priced),
        "asked": Sum(F("planned_kg") * ASK, output_field=USD),
        "without_asked": Count("pk") - Count(ASK),
    }


def worth_of(row: dict) -> Worth:
    """The columns of `worth_columns`, USD for kilograms."""
    usd = {name: (row[name] or Decimal(0)) / KG_PER_T for name in ("landed_low", "landed_high", "asked")}
    return Worth(**{name: row[name] for name in ("pairs", "kg", "without_landed", "without_asked")}, **usd)


def planned(user) -> QuerySet[ListedMatch]:
    """The pairs of the newest plan that hold, as `plan=in` of the list of matches keeps them."""
    rows = ListedMatch.objects.visible_to(user).of_today()
    return rows.filter(is_current=True, planned_kg__gt=0)


def plan_of_today(user, tallies: Tallies) -> Plan:
    """One query, however many pairs there are; what it answered is remembered until the list of matches changes."""
    return plan_from(tallies.remembered(planned(user), "worth", lambda: list(planned_by_way(user))))


def planned_by_way(user) -> QuerySet:
    """What the newest plan moves and what it is worth, by direction, sector, state and places."""
    ends = ("capacity__place__code", "capacity__place__country", "exporter__place__code", "exporter__place__country")
    by = ("origin_country", "destination_country", "sector", "state", *ends, "need__destination__code")
    return planned(user).order_by().values(*by).annotate(**worth_columns())


def plan_from(rows: Iterable[dict]) -> Plan:
    directions: dict[tuple[str, str], Direction] = {}
    sectors: dict[tuple[str, str, str], SectorFlow] = {}
    states: dict[str, Worth] = {}
    flows = []
    for row in rows:
        origin, destination, sector = row["origin_country"], row["destination_country"], row["sector"]
        worth = worth_of(row)
        one = directions.setdefault((origin, destination), Direction(origin=origin, destination=destination))
        key = (origin, destination, sector)
        if key not in sectors:
            sectors[key] = SectorFlow(origin=origin, destination=destination, sector=sector)
            one.sectors.append(sectors[key])
        one.add(worth)
        states.setdefault(row["state"], Worth()).add(worth)
        sectors[key].add(worth)
        flow = Flow(start_of(row), row["need__destination__code"], way_to(destination), worth.kg)
        flows.append((sector, flow))
    found = [directions[key] for key in sorted(directions)]
    for direction in found:
        direction.sectors.sort(key=lambda one: (-one.kg, one.sector))
    return Plan(found, flows, states)


def start_of(row: dict) -> str:
    """Where goods start: at the place of the capacity, or where that lies abroad at the place of the seller."""
    for side in ("capacity", "exporter"):
        if row[f"{side}__place__country"] == row["origin_country"]:
            return row[f"{side}__place__code"]
    return ""
