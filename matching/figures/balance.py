"""What is wanted, what is offered and what the newest plan gives, side by side for each kind of goods.

Kilograms are counted over all months of a listing's window. Goods stand under what the need names first, be it a
commodity, an HS code or a group. What is offered counts for every row that would accept it: rows overlap, and are
never added up.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, ExpressionWrapper, F, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import ExtractMonth, ExtractYear

from accounts.lists.attaching import attach
from accounts.lists.remembering import Memory
from commodities.models import Commodity, CommodityGroup
from companies.enums import Period
from companies.models import BookChange, Capacity, Need, NeedCommodity
from corridor.models import Corridor
from matching.models import Allocation, ListedChange, Run
from matching.models.matches import trading

WHOLE = 1_000_000


@dataclass
class Balance:
    """Goods of one corridor: what is asked for at its end, or offered at its start though nobody asks for it."""

    commodity_id: int | None  # or a group
    group_id: int | None
    origin: str
    destination: str
    wanted_kg: int = 0
    offered_kg: int = 0
    planned_kg: int = 0
    commodity: Commodity | None = None  # see `with_goods`
    group: CommodityGroup | None = None

    @property
    def node(self) -> Commodity | CommodityGroup:
        return self.commodity or self.group

    @property
    def figures(self) -> tuple:
        """The row without its goods, as it is remembered."""
        goods = (self.commodity_id, self.group_id)
        return (*goods, self.origin, self.destination, self.wanted_kg, self.offered_kg, self.planned_kg)

    @property
    def covered_ppm(self) -> int:
        """The share of what is wanted that the plan gives, in millionths."""
        return min(WHOLE, self.planned_kg * WHOLE // self.wanted_kg) if self.wanted_kg else 0

    @property
    def covered_share(self) -> float:
        return self.covered_ppm / WHOLE

    @property
    def open_kg(self) -> int:
        return max(0, self.wanted_kg - self.planned_kg)

    @property
    def open_ppm(self) -> int:
        return WHOLE - self.covered_ppm if self.wanted_kg else 0


def most_telling(rows: list[Balance], count: int) -> list[Balance]:
    """The largest open ones; a third of the place is kept for goods of which the plan covers a part."""
    covered = [place for place, row in enumerate(rows) if row.planned_kg][: count // 3]
    others = [place for place in range(count + len(covered)) if place not in covered][: count - len(covered)]
    return [rows[place] for place in sorted(covered + others) if place < len(rows)]


@dataclass
class Want:
    """Goods that needs in one country name first."""

    node: Commodity | CommodityGroup
    intervals: list[tuple[int, int]]  # their places in the tree
    destination: str
    kg: int = 0
    planned_kg: dict[str, int] = field(default_factory=dict)  # country of origin -> kilograms

    def accepts(self, commodity: Commodity) -> bool:
        return any(lo <= commodity.tree_lo < hi for lo, hi in self.intervals)


@dataclass(frozen=True)
class Offer:
    commodity: Commodity
    origin: str
    kg: int


def kilograms(first: str, last: str, listing: str = "") -> Sum:
    """All that listings ask for or offer: once, or in each month of their window. `listing` leads there: "need__"."""
    first, last = f"{listing}{first}", f"{listing}{last}"
    months = ExpressionWrapper(
        (ExtractYear(last) - ExtractYear(first)) * 12 + ExtractMonth(last) - ExtractMonth(first) + 1,
        output_field=IntegerField(),
    )
    times = Case(When(**{f"{listing}period": Period.MONTHLY}, then=months), default=Value(1))
    return Sum(F(f"{listing}quantity_kg") * times)


def balances(user, on: date, run: Run | None) -> list[Balance]:
    """One row for each kind of goods and corridor, the most tonnes open first; then offers that nobody asks for."""
    return with_goods(balance_figures(user, on, run, Memory()))


def with_goods(rows: list[Balance]) -> list[Balance]:
    """The rows with their goods as a page names them. Two queries."""
    attach(Commodity, (), (rows, "commodity"))
    attach(CommodityGroup, (), (rows, "group"))
    return rows


def balance_figures(user, on: date, run: Run | None, memory: Memory) -> list[Balance]:
    """The rows of `balances` without their goods, put side by side once until the book or the matches change."""
    corridors = open_corridors()
    what = ("balances", run and run.pk, tuple(corridors))

    def figures() -> list[tuple]:
        return [row.figures for row in side_by_side(user, on, run, corridors, memory)]

    needs = Need.objects.visible_to(user).in_book(on)
    return [Balance(*row) for row in memory.remembered((BookChange, ListedChange), needs, what, figures)]


def side_by_side(user, on: date, run: Run | None, corridors: list[tuple[str, str]], memory: Memory) -> list[Balance]:
    """Each kind of goods that is wanted beside what is offered of it, then what nobody asks for."""
    offers = offers_on(user, on, memory)
    rows, asked_for = [], set()
    for want in wants_on(user, on, run, memory):
        origins = [origin for origin, destination in corridors if destination == want.destination]
        for origin in origins or [""]:
            suiting = [offer for offer in offers if offer.origin == origin and want.accepts(offer.commodity)]
            asked_for.update(suiting)
            rows.append(
                balance_of(
                    want.node,
                    origin,
                    want.destination,
                    wanted_kg=want.kg,
                    offered_kg=sum(offer.kg for offer in suiting),
                    planned_kg=want.planned_kg.get(origin, 0),
                )
            )
    rows.sort(key=lambda row: (-row.open_kg, row.node.code, row.origin, row.destination))
    for offer in offers:
        if offer not in asked_for:
            ways = [destination for origin, destination in corridors if origin == offer.origin]
            rows += [balance_of(offer.commodity, offer.origin, to, offered_kg=offer.kg) for to in ways or [""]]
    return rows


def balance_of(node: Commodity | CommodityGroup, *ends: str, **figures: int) -> Balance:
    keys = (node.pk, None) if isinstance(node, Commodity) else (None, node.pk)
    goods = {"commodity" if isinstance(node, Commodity) else "group": node}
    return Balance(*keys, *ends, **figures, **goods)


def wants_on(user, on: date, run: Run | None, memory: Memory) -> list[Want]:
    """What is wanted in each country, and how much of it the plan brings from where: a row for goods, not for needs."""
    needs = Need.objects.visible_to(user).in_book(on)
    first = (
        NeedCommodity.objects.filter(need__in=needs.values("pk"), position=0)
        .order_by("commodity__tree_lo", "group__code", "need__destination__country")
        .values_list("commodity", "group", "need__destination__country")
        .annotate(kg=kilograms("window_from", "window_until", "need__"))
    )
    rows = memory.remembered((BookChange,), needs, "wants", lambda: list(first))
    commodities = Commodity.objects.in_bulk({commodity for commodity, _group, _country, _kg in rows if commodity})
    groups = CommodityGroup.objects.prefetch_related("members").in_bulk(
        {group for _commodity, group, _country, _kg in rows if group}
    )
    planned = planned_kg(run, needs)
    wants = []
    for commodity, group, country, kg in rows:
        node = commodities[commodity] if commodity else groups[group]
        members = [node] if commodity else node.members.all()
        intervals = [(member.tree_lo, member.tree_hi) for member in members]
        wants.append(Want(node, intervals, country, kg, planned.get((commodity, group, country), {})))
    return wants


def planned_kg(run: Run | None, needs: QuerySet[Need]) -> dict[tuple, dict[str, int]]:
    """Goods and country -> country of origin -> kilograms that a plan brings from companies that trade today."""
    accepted = "match__need__accepted__"
    rows = (
        Allocation.objects.filter(
            trading("match__"), (f"{accepted}position", 0), run=run, match__need__in=needs.values("pk")
        )
        .order_by()
        .values_list(
            f"{accepted}commodity",
            f"{accepted}group",
            "match__need__destination__country",
            "match__capacity__origin_country",
        )
        .annotate(kg=Sum("quantity_kg"))
    )
    found: dict[tuple, dict[str, int]] = {}
    for commodity, group, country, origin, kg in rows:
        found.setdefault((commodity, group, country), {})[origin] = kg
    return found


def offers_on(user, on: date, memory: Memory) -> list[Offer]:
    """Kilograms offered of each commodity from each country."""
    capacities = Capacity.objects.visible_to(user).in_book(on)
    summed = (
        capacities.order_by("commodity__tree_lo", "origin_country")
        .values_list("commodity", "origin_country")
        .annotate(kg=kilograms("available_from", "available_until"))
    )
    rows = memory.remembered((BookChange,), capacities, "offers", lambda: list(summed))
    commodities = Commodity.objects.in_bulk({commodity for commodity, _origin, _kg in rows})
    return [Offer(commodities[commodity], origin, kg) for commodity, origin, kg in rows]


def open_corridors() -> list[tuple[str, str]]:
    """From which country to which goods may go here."""
    return list(Corridor.objects.filter(is_enabled=True).values_list("origin", "destination"))
