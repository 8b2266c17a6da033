"""The picture of the largest flows of a plan: capacities left, where the goods are loaded, needs right.

`goods.py` draws a whole plan in the same columns. Lengths are numbers of an SVG. Heights are true to scale, but for
ends that are larger than what is planned of the same listing: these are cut off, and drawn as cut off. A ribbon keeps
its pair through the middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from accounts import figures
from corridor.flows import way_to
from matching.models import PlanFlow, PlanLine

MOST = 12  # flows drawn one by one
WIDE, LEFT, MIDDLE, RIGHT = 1160, 326, 528, 730  # of the picture; left edges of the three columns
BAR, HUB_BAR = 16, 28
FLOWS_TALL = 300  # what all flows together take
LEAST = 3  # of a bar, so that it is seen
PITCH = 46  # between the labels of neighbours
OVER_HUB = 44  # above a place of loading, for its label
GAP = 14
TOP = 44
LONGEST, LONGEST_DETAIL = 34, 20  # letters of a name, of goods or a place, in the picture; the table has all of them
LONGEST_BESIDE_REST = 14  # of a place that stands before three figures


@dataclass
class Node:
    """A listing, or a place of loading, with what goes through it; `rest` is what the plan leaves of it."""

    key: object
    name: str
    detail: str = ""
    kg: int = 0  # of the flows that are drawn
    pairs: int = 0  # likewise
    planned_kg: int = 0  # of all its flows
    whole_kg: int = 0
    rest_kg: int = 0
    order: float = 0
    x: float = 0
    y: float = 0
    tall: float = 0
    rest_tall: float = 0
    is_cut: bool = False
    is_others: bool = False  # stands for what has no place of its own: last of its column
    used: dict[str, float] = field(default_factory=lambda: {"in": 0.0, "out": 0.0})

    @property
    def middle(self) -> float:
        return self.y + self.tall / 2

    @property
    def end(self) -> float:
        return self.y + self.tall

    @property
    def whole_tall(self) -> float:
        return self.tall + self.rest_tall


@dataclass(frozen=True)
class Ribbon:
    path: str
    goes: str  # "west" to Kazakhstan, "east" to Indonesia
    title: str


@dataclass(frozen=True)
class Strand:
    """Kilograms from a node of the left column through one of the middle to one of the right, by their keys."""

    left: object
    middle: object
    right: object
    kg: int
    goes: str
    title: str


@dataclass(frozen=True)
class Picture:
    capacities: list[Node]  # or whatever stands left
    hubs: list[Node]
    needs: list[Node]  # or whatever stands right
    ribbons: list[Ribbon]
    tall: float
    others: int = 0  # flows that are not drawn

    wide = WIDE
    left, middle, right = LEFT, MIDDLE, RIGHT
    bar, hub_bar = BAR, HUB_BAR


def short(name: str, longest: int = LONGEST) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def picture_of(
    flows: Sequence[PlanFlow], lines: dict[tuple[str, int], PlanLine], total: int, titles: Sequence[str]
) -> Picture | None:
    """The flows that are to be drawn, largest first. `lines`: what becomes of their listings; `titles`: in words."""
    if not flows:
        return None
    capacities, hubs, needs = {}, {}, {}
    for flow in flows:
        for nodes, side, listing in ((capacities, "capacity", flow.capacity), (needs, "need", flow.need)):
            node = nodes.setdefault(listing.pk, Node(listing.pk, short(listing.company_name)))
            node.kg += flow.quantity_kg
            line = lines.get((side, listing.pk))
            told = (line.planned_kg, line.quantity_kg, line.left_kg) if line else (node.kg, node.kg, 0)
            node.planned_kg, node.whole_kg, node.rest_kg = told
            if side == "capacity":
                node.detail = short(listing.goods_name, LONGEST_DETAIL)
            else:
                node.detail = short(listing.place_name, LONGEST_BESIDE_REST if node.rest_kg else LONGEST_DETAIL)
        place = flow.capacity.place
        add(hubs.setdefault(place.pk, Node(place.pk, short(place.name))), flow.quantity_kg)
    for hub in hubs.values():
        hub.detail = in_pairs(hub.pairs)
    strands = [
        Strand(flow.capacity_id, flow.capacity.place_id, flow.need_id, flow.quantity_kg, goes_to(flow), title)
        for flow, title in zip(flows, titles, strict=True)
    ]
    return laid_out(capacities, hubs, needs, strands, total - len(flows))


def in_pairs(pairs: int) -> str:
    """What goes through a place: of many kinds of goods, so no tonnes."""
    return ngettext("%(number)s pair", "%(number)s pairs", pairs) % {"number": figures.decimal(pairs)}


def add(node: Node, kg: int, pairs: int = 1) -> None:
    """More that goes through a node all of whose flows are drawn."""
    node.kg += kg
    node.pairs += pairs
    node.planned_kg = node.whole_kg = node.kg


def goes_to(flow: PlanFlow) -> str:
    return way_to(flow.need.destination.country)


def laid_out(
    lefts: dict[object, Node],
    middles: dict[object, Node],
    rights: dict[object, Node],
    strands: Sequence[Strand],
    others: int = 0,
) -> Picture:
    """Three columns of nodes, by their keys, and the ribbons between them, true to scale."""
    scale = FLOWS_TALL / sum(strand.kg for strand in strands)
    middle = sorted(middles.values(), key=lambda node: (node.is_others, -node.kg))
    hub_row = {node.key: row for row, node in enumerate(middle)}
    for strand in strands:
        lefts[strand.left].order = hub_row[strand.middle]
    left = sorted(lefts.values(), key=lambda node: (node.is_others, node.order, node.detail, -node.kg))
    left_row = {node.key: row for row, node in enumerate(left)}
    for node in rights.values():
        rows = [left_row[strand.left] for strand in strands if strand.right == node.key]
        node.order = sum(rows) / len(rows)
    right = sorted(rights.values(), key=lambda node: (node.is_others, node.order, -node.kg))
    for column, x in ((left, LEFT), (middle, MIDDLE), (right, RIGHT)):
        for node in column:
            node.x, node.tall = x, max(LEAST, node.planned_kg * scale)
            rest = node.rest_kg * scale
            node.is_cut = rest > max(node.tall, PITCH / 2)
            node.rest_tall = max(LEAST, min(rest, max(node.tall, PITCH / 2))) if rest else 0
    talls = [stacked(left), stacked(middle, OVER_HUB), stacked(right)]
    tall = max(talls)
    for column, own in zip((left, middle, right), talls, strict=True):
        for node in column:
            node.y += TOP + (tall - own) / 2
    drawn = sorted(strands, key=lambda strand: (left_row[strand.left], rights[strand.right].y))
    ribbons = [
        ribbon(strand, lefts[strand.left], middles[strand.middle], rights[strand.right], scale) for strand in drawn
    ]
    return Picture(left, middle, right, ribbons, TOP + tall + 12, others)


def stacked(column: list[Node], over: float = 0) -> float:
    """Lay a column out from its top, with room for the label of each beside or over it; how tall it is."""
    y = 0.0
    for node in column:
        node.y = y + over
        y += over + node.whole_tall + GAP if over else max(node.whole_tall + GAP, PITCH)
    return y


def ribbon(strand: Strand, left: Node, hub: Node, right: Node, scale: float) -> Ribbon:
    thick = strand.kg * scale
    starts = [left.y + left.used["out"], hub.y + hub.used["in"]]
    left.used["out"] += thick
    hub.used["in"] += thick
    # The same ribbon leaves the middle where it came in: a pair can be followed through it.
    ends = [starts[1], right.y + right.used["in"]]
    right.used["in"] += thick
    parts = (
        band(LEFT + BAR, starts[0], MIDDLE, starts[1], thick),
        band(MIDDLE + HUB_BAR, ends[0], RIGHT, ends[1], thick),
    )
    return Ribbon(" ".join(parts), strand.goes, strand.title)


def band(x1: float, y1: float, x2: float, y2: float, thick: float) -> str:
    """A band of one thickness that leaves and arrives level."""
    half = (x1 + x2) / 2
    there = f"M{x1:.1f} {y1:.2f}C{half:.1f} {y1:.2f} {half:.1f} {y2:.2f} {x2:.1f} {y2:.2f}"
    back = (
        f"L{x2:.1f} {y2 + thick:.2f}C{half:.1f} {y2 + thick:.2f} {half:.1f} {y1 + thick:.2f} {x1:.1f} {y1 + thick:.2f}Z"
    )
    return there + back
