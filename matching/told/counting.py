"""Among how many each partner can hide: who in the book of the day answers to what it answers to.

How closely a partner of such a crowd may be described is decided in `crowds.py`; what is told with it, in
`anonymised.py`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from django.db.models import Q, QuerySet

from commodities.models import Commodity, CommodityGroupMember
from companies.enums import CompanyKind
from companies.models import Capacity, Company, Need, NeedCommodity
from corridor.models import Region
from matching.enums import Side
from matching.told.areas import AREAS, area_of
from matching.told.crowds import Closeness, Home, closeness, have_enough_alike

OF_COMPANY = ("", "__country", "__region", "__kind")  # what a crowd is made of
ACCEPTED = (
    *("commodity__tree_lo", "commodity__tree_hi"),
    *("group__members__tree_lo", "group__members__tree_hi"),
)
# Listings of a side, whatever their goods, that are read before all are (of needs so many by goods, and by groups):
# among these there mostly are enough of each region.
READ_FIRST = 2000

Node = tuple[int, int]  # where goods begin and end in the tree
Crowd = tuple[Side, Node]  # who offers some goods, or buys them


class Hidden(NamedTuple):
    """The other side of a match: by which of its listings it is met, and for which goods of the capacity."""

    side: Side
    goods: Commodity
    company: int
    listing: int


class Crowds:
    """Among how many each partner can hide, for all matches of a page at once: at most fourteen queries.

    A seller hides among all who offer its goods, or something below them. A buyer hides among all who buy the same
    good: of each good within the reader's goods that its need accepts, and it is told as the least close of these
    crowds allows. So a heading tells no more of a buyer than each good below it: to narrow a capacity afterwards, and
    to see who is left, tells nothing new.

    Where there are thousands of listings only some are read at first, and those of the partners; then all of those
    crowds in which a partner has not enough alike. How many are read at first is a bound on all goods of a side
    together: on a page of many goods a crowd of tens may be read in part as well. What is told is the same.
    """

    def __init__(self, partners: Collection[Hidden], own: Collection[int], on: date):
        self.own, self.on = own, on
        self.companies = {one.company for one in partners}
        self.regions = Region.objects.in_bulk()
        goods = {one.goods for one in partners}
        self.headings = {
            node.code: node for node in Commodity.objects.filter(code__in={one.hs_code[:4] for one in goods})
        }
        self.nodes = nodes_met(goods)
        buyers = [one for one in partners if one.side == Side.BUYER]
        self.members = members_of_groups(self.nodes if buyers else {})
        hiding = {one: [(Side.SELLER, node_of(one.goods))] for one in partners if one.side == Side.SELLER}
        hiding |= self._crowds_of_buyers(buyers)
        close = self._closeness_in(hiding)
        self.close = {
            one: min((close[crowd].get(one.company, Closeness.HEADING) for crowd in crowds), default=Closeness.HEADING)
            for one, crowds in hiding.items()
        }

    def closeness(self, one: Hidden) -> Closeness:
        """How closely a partner may be described; who is none, or answers to no description at all, least."""
        return self.close.get(one, Closeness.HEADING)

    def home(self, country: str, region: int | None, kind: str) -> Home:
        top, is_example = self._top(region), kind == CompanyKind.EXAMPLE
        if top is None:
            return Home(country, is_example=is_example)
        return Home(country, area_of(top.country, top.national_code), top.code, is_example)

    def place(self, company: Company, close: Closeness) -> str:
        top = self._top(company.region_id)
        if top is None or close < Closeness.AREA:
            return ""
        if close == Closeness.REGION:
            return top.name
        return str(AREAS[area_of(top.country, top.national_code)])

    def heading(self, goods: Commodity) -> Commodity | None:
        """The HS heading of goods, or the goods where the tree has none above them."""
        return self.headings.get(goods.hs_code[:4])

    def _top(self, region: int | None) -> Region | None:
        """The province or oblast in which a smaller region lies."""
        found = self.regions.get(region)
        while found and found.parent_id:
            found = self.regions[found.parent_id]
        return found

    # --- which crowds

    def _crowds_of_buyers(self, buyers: Collection[Hidden]) -> dict[Hidden, list[Crowd]]:
        """Those who buy each good that a need accepts of the goods of a capacity; none where it accepts them no more.

        Only goods with nothing below them: whoever accepts what lies above buys these too. So a buyer is told no more
        closely of goods than of any below them, nor are the others in whose crowd it hides.
        """
        accepted, goods = accepted_by({one.listing for one in buyers}), lowest(self.nodes.values())
        within = {
            one.goods: [node for node in goods if one.goods.tree_lo <= node[0] < one.goods.tree_hi] for one in buyers
        }
        return {
            one: [
                (Side.BUYER, node)
                for node in within[one.goods]
                if any(are_nested(node, other) for other in accepted[one.listing])
            ]
            for one in buyers
        }

    # --- how closely

    def _closeness_in(self, hiding: Mapping[Hidden, Iterable[Crowd]]) -> dict[Crowd, dict[int, Closeness]]:
        """Of each crowd the companies that hide in it. Of all others too little may have been read."""
        partners: dict[Crowd, set[int]] = defaultdict(set)
        for one, crowds in hiding.items():
            for crowd in crowds:
                partners[crowd].add(one.company)
        homes, cut = self._homes(partners.keys(), READ_FIRST)
        # All of a partner is read, so that one that is not there is in no crowd, however many more are read.
        lacking = {
            crowd
            for crowd, companies in partners.items()
            if crowd[0] in cut and not have_enough_alike(homes[crowd], companies & homes[crowd].keys())
        }
        homes |= self._homes(lacking, None)[0]
        return {
            crowd: {company: close for company, close in closeness(homes[crowd]).items() if company in companies}
            for crowd, companies in partners.items()
        }

    def _homes(self, crowds: Collection[Crowd], most: int | None) -> tuple[dict[Crowd, dict[int, Home]], set[Side]]:
        """The companies of each crowd, with their homes; and of which sides there are more than were read."""
        homes: dict[Crowd, dict[int, Home]] = {}
        cut: set[Side] = set()
        for side, read in ((Side.SELLER, self._sellers), (Side.BUYER, self._buyers)):
            nodes = {node for of, node in crowds if of == side}
            rows, is_cut = read(nodes, most)
            found = self._by_node(rows)
            for node in nodes:
                companies = homes[side, node] = {}
                for other, trading in found.items():
                    if are_nested(other, node):
                        companies.update(trading)
            if is_cut:
                cut.add(side)
        return homes, cut

    def _by_node(self, rows: Iterable[tuple]) -> dict[Node, dict[int, Home]]:
        """The companies that trade each node, each with its home: many rows share one."""
        found, homes = defaultdict(dict), {}
        for company, *facts, lo, hi in rows:
            key = tuple(facts)
            if key not in homes:
                homes[key] = self.home(*key)
            found[lo, hi][company] = homes[key]
        return found

    # --- what is read

    def _sellers(self, wanted: Collection[Node], most: int | None) -> tuple[Iterable[tuple], bool]:
        """Company, its home and the node of what is open for sale within these; and whether there is more."""
        within = [pk for pk, (lo, _hi) in self.nodes.items() if any(first <= lo < end for first, end in wanted)]
        rows = Capacity.objects.in_book(self.on).filter(commodity__in=within).exclude(company__in=self.own).order_by()
        offered, is_cut = self._read(rows, "company", "commodity", most)
        first = {pk: self.nodes[pk][0] for pk in within}
        return [(*company, first[pk], first[pk] + 1) for *company, pk in offered], is_cut

    def _buyers(self, wanted: Collection[Node], most: int | None) -> tuple[Iterable[tuple], bool]:
        """The same of what is wanted: goods, HS codes and members of groups that meet these."""

        def meets(node: Node) -> bool:
            return any(are_nested(node, other) for other in wanted)

        needs = Need.objects.in_book(self.on).exclude(company__in=self.own)
        rows = NeedCommodity.objects.filter(need__in=needs).order_by()
        goods = rows.filter(commodity__in=[pk for pk, node in self.nodes.items() if meets(node)])
        groups = rows.filter(group__in=[pk for pk, nodes in self.members.items() if any(map(meets, nodes))])
        by_goods, are_goods_cut = self._read(goods, "need__company", "commodity", most)
        by_group, are_groups_cut = self._read(groups, "need__company", "group", most)
        found = {(*company, *self.nodes[pk]) for *company, pk in by_goods}
        found |= {(*company, *node) for *company, pk in by_group for node in self.members[pk]}
        return found, are_goods_cut or are_groups_cut

    def _read(self, rows: QuerySet, company: str, node: str, most: int | None) -> tuple[list[tuple], bool]:
        """Companies with their homes and what they trade: all, or those of so many listings and of the partners."""
        rows = rows.values_list(*(f"{company}{name}" for name in OF_COMPANY), node)
        if most is None:
            return list(rows.distinct()), False
        first = list(rows[:most])
        if len(first) < most:
            return first, False
        return first + list(rows.filter(**{f"{company}__in": self.companies}).distinct()), True


# --- the tree


def nodes_met(wanted: Iterable[Commodity]) -> dict[int, Node]:
    """Everything in the tree that meets some goods, with its place there.

    Listings are then asked for by these: of what two nodes may have in common the database expects far too much, and
    would read the whole book.
    """
    meets = Q(pk__in=[])
    for goods in wanted:
        meets |= Q(tree_lo__lt=goods.tree_hi, tree_hi__gt=goods.tree_lo)
    return {pk: (lo, hi) for pk, lo, hi in Commodity.objects.filter(meets).values_list("pk", "tree_lo", "tree_hi")}


def members_of_groups(nodes: Mapping[int, Node]) -> dict[int, set[Node]]:
    """The groups that hold some of these, each with those that it holds."""
    found: dict[int, set[Node]] = defaultdict(set)
    rows = CommodityGroupMember.objects.filter(commodity__in=list(nodes))
    for group, pk in rows.values_list("group", "commodity"):
        found[group].add(nodes[pk])
    return found


def accepted_by(needs: Collection[int]) -> dict[int, list[Node]]:
    """Where the goods that each need accepts lie in the tree, groups expanded. One query."""
    found: dict[int, list[Node]] = defaultdict(list)
    for need, *ends in NeedCommodity.objects.filter(need__in=needs).order_by().values_list("need", *ACCEPTED):
        found[need] += [(lo, hi) for lo, hi in (ends[:2], ends[2:]) if lo is not None]
    return found


def lowest(nodes: Iterable[Node]) -> list[Node]:
    """Those of some nodes that have no other one below them."""
    ordered = sorted(set(nodes))  # from left to right, so that what lies below a node comes right after it
    after = zip_longest(ordered, ordered[1:])
    return [node for node, following in after if following is None or following[0] >= node[1]]


def node_of(goods: Commodity) -> Node:
    return goods.tree_lo, goods.tree_hi


def are_nested(node: Node, other: Node) -> bool:
    return node[0] < other[1] and other[0] < node[1]
