"""The picture of a whole plan, by goods: goods left, where they are loaded in the middle, where they go right.

The goods of which most tonnes move stand alone, and so do the busiest places; what is left stands together as others.
Heights are tonnes; in words tonnes stand with one kind of goods only, and pairs with places.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import figures
from commodities.models import Commodity
from commodities.texts import short_name
from corridor.flows import way_to
from corridor.models import Place
from matching.models import PlanFlow
from matching.plan_page.figures import GoodsMoved
from matching.plan_page.sankey import Node, Picture, Strand, add, in_pairs, laid_out, short

MOST_GOODS = 9
MOST_HUBS, MOST_ENDS = 4, 8
OTHERS = 0  # the key of what stands together


@dataclass(frozen=True)
class Moving:
    """Kilograms of one kind of goods between two places; of the others together no goods are named."""

    commodity: int
    place: int
    destination: int
    origin: str
    country: str
    kg: int
    pairs: int


def moving(flows: QuerySet[PlanFlow], chosen: Sequence[GoodsMoved]) -> list[Moving]:
    """What moves between which places, for goods that stand alone and for all others. Two queries."""
    named = {one.commodity for one in chosen}
    ways = {(one.commodity, one.origin, one.destination) for one in chosen}
    by = ("capacity__place", "need__destination", "capacity__origin_country", "need__destination__country")
    sums = {"kg": Sum("quantity_kg"), "pairs": Count("pk")}
    rows = flows.order_by()
    alone = rows.filter(capacity__commodity__in=named).values_list("capacity__commodity", *by).annotate(**sums)
    others = rows.exclude(capacity__commodity__in=named).values_list(*by).annotate(**sums)
    found = [Moving(*row) for row in alone] + [Moving(OTHERS, *row) for row in others]
    # The same goods may move the other way too, and little of them.
    return [
        one if (one.commodity, one.origin, one.country) in ways else replace(one, commodity=OTHERS) for one in found
    ]


def picture_of(parts: Iterable[Moving], chosen: Sequence[GoodsMoved], others: int) -> Picture | None:
    """The whole plan in one picture. `others`: how many kinds of goods stand together. Two queries, for names."""
    parts = list(parts)
    if not parts:
        return None
    goods = Commodity.objects.in_bulk({one.commodity for one in chosen})
    hubs, ends = busiest(parts, "place", MOST_HUBS), busiest(parts, "destination", MOST_ENDS)
    places = Place.objects.in_bulk(hubs | ends)
    lefts, middles, rights, strands = {}, {}, {}, {}
    for part in parts:
        left = (part.commodity, part.origin, part.country) if part.commodity else OTHERS
        hub = part.place if part.place in hubs else OTHERS
        end = part.destination if part.destination in ends else OTHERS
        for nodes, key in ((lefts, left), (middles, hub), (rights, end)):
            add(nodes.setdefault(key, Node(key, "", is_others=key == OTHERS)), part.kg, part.pairs)
        way = (left, hub, end, way_to(part.country))
        strands[way] = strands.get(way, 0) + part.kg
    for node in lefts.values():
        name_goods(node, goods, others)
    for nodes in (middles, rights):
        for node in nodes.values():
            node.name = short(places[node.key].name_without_remark) if node.key else _("Other places")
            node.detail = in_pairs(node.pairs)
    told = [
        Strand(left, hub, end, kg, goes, title_of(lefts[left].name, middles[hub].name, rights[end].name, kg, left))
        for (left, hub, end, goes), kg in strands.items()
    ]
    return laid_out(lefts, middles, rights, told)


def busiest(parts: Iterable[Moving], end: str, most: int) -> set[int]:
    """The places through which most moves; all of them, where no more than one would stand for the others."""
    found = Counter()
    for part in parts:
        found[getattr(part, end)] += part.kg
    if len(found) <= most + 1:
        return set(found)
    return {key for key, _kg in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:most]}


def name_goods(node: Node, goods: dict[int, Commodity], others: int) -> None:
    if node.key == OTHERS:
        node.name, node.detail = _("Other goods"), in_kinds(others)
    else:
        node.name = short(short_name(goods[node.key[0]].name))
        node.detail = figures.measured(figures.tonnes(node.kg), _("t"))


def in_kinds(kinds: int) -> str:
    return ngettext("%(number)s kind", "%(number)s kinds", kinds) % {"number": figures.decimal(kinds)}


def title_of(goods: str, place: str, end: str, kg: int, left: object) -> str:
    """A ribbon in one sentence, for who hovers over it; of other goods no tonnes, for they are of many kinds."""
    if left == OTHERS:
        return _("%(goods)s from %(place)s to %(end)s") % {"goods": goods, "place": place, "end": end}
    told = {"tonnes": figures.tonnes(kg), "goods": goods, "place": place, "end": end}
    return _("%(tonnes)s t of %(goods)s from %(place)s to %(end)s") % told
