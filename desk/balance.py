"""What is wanted, what is offered and what the newest plan gives, side by side for each kind of goods.

Kilograms are counted over all months of a listing's window. Goods stand under what the need names first, be it a
commodity, an HS code or a group. What is offered counts for every row that would accept it: rows overlap, and are
never added up.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, ExpressionWrapper, F, IntegerField, Sum, Value, When
from django.db.models.functions import ExtractMonth, ExtractYear

from commodities.models import Commodity, CommodityGroup
from companies.enums import Period
from companies.models import Capacity, Need, NeedCommodity
from corridor.models import Corridor
from matching.models import Allocation, Run

WHOLE = 1_000_000


@dataclass
class Balance:
    """Goods that somebody in one country asks for, or that nobody there asks for although they are offered."""

    node: Commodity | CommodityGroup
    origin: str
    destination: str
    wanted_kg: int = 0
    offered_kg: int = 0
    planned_kg: int = 0

    @property
    def covered_ppm(self) -> int:
        """The share of what is wanted that the plan gives, in millionths."""
        return min(WHOLE, self.planned_kg * WHOLE // self.wanted_kg) if self.wanted_kg else 0

    @property
    def covered_share(self) -> float:
        return self.covered_ppm / WHOLE

    @property
    def open_ppm(self) -> int:
        return WHOLE - self.covered_ppm if self.wanted_kg else 0


@dataclass(frozen=True)
class Offer:
    commodity: Commodity
    origin: str
    kg: int


def times(first: str, last: str) -> Case:
    """How often the quantity of a listing comes: once, or in each month of its window."""
    months = ExpressionWrapper(
        (ExtractYear(last) - ExtractYear(first)) * 12 + ExtractMonth(last) - ExtractMonth(first) + 1,
        output_field=IntegerField(),
    )
    return Case(When(period=Period.MONTHLY, then=months), default=Value(1))


def balances(user, on: date, run: Run | None) -> list[Balance]:
    """One row for each kind of goods and country, the least covered first; then offers that nobody asks for."""
    offers, origins = offers_on(user, on), origin_of()
    rows, asked_for = [], set()
    for node, intervals, destination, wanted_kg, planned_kg in wants_on(user, on, run):
        suiting = [
            offer
            for offer in offers
            if offer.origin != destination and any(lo <= offer.commodity.tree_lo < hi for lo, hi in intervals)
        ]
        asked_for.update(suiting)
        rows.append(
            Balance(
                node,
                origins.get(destination, ""),
                destination,
                wanted_kg=wanted_kg,
                offered_kg=sum(offer.kg for offer in suiting),
                planned_kg=planned_kg,
            )
        )
    rows.sort(key=lambda row: (row.covered_ppm, -row.wanted_kg, row.node.code, row.destination))
    destinations = {origin: destination for destination, origin in origins.items()}
    rows += [
        Balance(offer.commodity, offer.origin, destinations.get(offer.origin, ""), offered_kg=offer.kg)
        for offer in offers
        if offer not in asked_for
    ]
    return rows


def wants_on(user, on: date, run: Run | None) -> list[tuple]:
    """Goods, their places in the tree, the country, kilograms wanted and kilograms planned."""
    needs = Need.objects.visible_to(user).in_book(on)
    kg = dict(needs.values_list("pk", F("quantity_kg") * times("window_from", "window_until")))
    planned = dict(
        Allocation.objects.filter(run=run, match__need__in=kg)
        .order_by()
        .values_list("match__need")
        .annotate(kg=Sum("quantity_kg"))
    )
    totals: dict[tuple, list] = {}
    principal = NeedCommodity.objects.filter(need__in=kg, position=0).order_by("need")
    for need, commodity, group, country in principal.values_list(
        "need", "commodity", "group", "need__company__country"
    ):
        total = totals.setdefault((commodity, group, country), [0, 0])
        total[0] += kg[need]
        total[1] += planned.get(need, 0)
    commodities = Commodity.objects.in_bulk({commodity for commodity, _group, _country in totals if commodity})
    groups = CommodityGroup.objects.prefetch_related("members").in_bulk(
        {group for _commodity, group, _country in totals if group}
    )
    found = []
    for (commodity, group, country), (wanted_kg, planned_kg) in totals.items():
        node = commodities[commodity] if commodity else groups[group]
        members = [node] if commodity else node.members.all()
        found.append((node, [(m.tree_lo, m.tree_hi) for m in members], country, wanted_kg, planned_kg))
    return found


def offers_on(user, on: date) -> list[Offer]:
    """Kilograms offered of each commodity from each country."""
    rows = (
        Capacity.objects.visible_to(user)
        .in_book(on)
        .order_by("commodity__tree_lo", "origin_country")
        .values_list("commodity", "origin_country")
        .annotate(kg=Sum(F("quantity_kg") * times("available_from", "available_until")))
    )
    commodities = Commodity.objects.in_bulk({commodity for commodity, _origin, _kg in rows})
    return [Offer(commodities[commodity], origin, kg) for commodity, origin, kg in rows]


def origin_of() -> dict[str, str]:
    """Where the goods of each buying country come from: the corridor that leads there."""
    return dict(Corridor.objects.filter(is_enabled=True).values_list("destination", "origin"))
