"""Who fits a company, told without telling who it is: the only way from a match to a page of a business user.

Everything that such a page shows of the other side is in a `Partner`; models of the other side stay in here. What is
told, and where it becomes coarse, is written down in docs/anonymity.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from commodities.models import Commodity, CommodityGroupMember
from companies.enums import CompanyKind, FactKind
from companies.models import Capacity, Company, Need, NeedCommodity
from corridor.enums import Country
from corridor.models import Region
from matching.enums import MatchState, Side
from matching.models import Match
from matching.texts.amounts import Amount, band, exactly
from matching.told.areas import AREAS, area_of
from matching.told.crowds import Closeness, Home, closeness, have_enough_alike

PPM_PER_POINT = 10_000
POINT_STEP = 5
PPM_PER_STEP = PPM_PER_POINT * POINT_STEP
OTHER = {Side.BUYER: Side.SELLER, Side.SELLER: Side.BUYER}
SIDES = ("capacity__company", "capacity__commodity", "need__company", "latest")
LISTS = ("need__company__facts", "capacity__company__facts")


@dataclass(frozen=True)
class Partner:
    """What a company is told of the other side of a match. Nothing else of it leaves this module."""

    side: Side
    country: Country
    place: str  # a province or oblast, or a larger area; empty where fewer than three would answer to it
    goods: str  # the goods; where even the country is too narrow, their HS heading
    hs_code: str
    quantity: Amount
    smallest: Amount | None  # lot of a seller, smallest share of a buyer; only where quantities are told exactly
    checks: tuple[FactKind, ...]  # what somebody checked; empty too where only "checked" is told
    is_checked: bool
    is_wide: bool  # told more widely than by its region, for fewer than three would answer to that
    is_example: bool

    @property
    def is_seller(self) -> bool:
        return self.side == Side.SELLER

    @property
    def where(self) -> str:
        return f"{self.place}, {self.country.label}" if self.place else str(self.country.label)


@dataclass(frozen=True)
class Fit:
    """A match as one of its sides may know it."""

    pk: int
    partner: Partner
    points: int  # of 100, rounded down to 5
    known_rules: int
    movable: Amount | None  # None: not known
    is_proposed: bool
    own_side: Side
    failed_rules: tuple[str, ...] = ()  # a match that fails a rule is told to nobody

    @property
    def score_ppm(self) -> int:
        """The points as the parts of a page read a score: no closer than they are told."""
        return self.points * PPM_PER_POINT


def with_sides(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Everything a `Fit` is made of."""
    return matches.filter(latest__isnull=False).select_related(*SIDES).prefetch_related(*LISTS)


def fits(matches: Iterable[tuple[Match, Side]], own: set[int], on: date) -> list[Fit]:
    """Matches as one of their sides may know them. A constant number of queries, however many there are.

    Args:
        matches: each of `Match.objects.told_to(own)`, loaded by `with_sides`, with the side that reads it.
        own: the companies on whose behalf somebody reads; they are nobody among whom a partner could hide.
        on: the day on which the crowd is counted.
    """
    rows = list(matches)
    crowds = Crowds([_answer(match, OTHER[own_side]) for match, own_side in rows], own, on)
    return [fit(match, own_side, crowds) for match, own_side in rows]


def _answer(match: Match, side: Side) -> tuple[Side, Commodity, int]:
    """What the other side of a match answers to, and which company it is."""
    listing = match.capacity if side == Side.SELLER else match.need
    return side, match.capacity.commodity, listing.company_id


def fit(match: Match, own_side: Side, crowds: "Crowds") -> Fit:
    result = match.latest
    return Fit(
        pk=match.pk,
        partner=partner(match, OTHER[own_side], crowds),
        points=result.score_ppm // PPM_PER_STEP * POINT_STEP,
        known_rules=result.known_rules,
        movable=None if result.movable_kg is None else band(result.movable_kg),
        is_proposed=match.state == MatchState.PROPOSED,
        own_side=own_side,
    )


def partner(match: Match, side: Side, crowds: "Crowds") -> Partner:
    listing = match.capacity if side == Side.SELLER else match.need
    company, goods = listing.company, match.capacity.commodity
    close = crowds.closeness(side, goods, company)
    is_exact = close == Closeness.REGION
    smallest_kg = listing.lot_kg if side == Side.SELLER else listing.smallest_share_kg
    checks = tuple(FactKind(fact.kind) for fact in company.facts.all())
    heading = crowds.heading(goods) if close == Closeness.HEADING else None
    amount = exactly if is_exact else band
    return Partner(
        side=side,
        country=Country(company.country),
        place=crowds.place(company, close),
        goods=heading.name if heading else goods.name,
        hs_code=heading.hs_code if heading else goods.hs_code,
        quantity=amount(listing.quantity_kg, is_monthly=listing.is_monthly),
        smallest=exactly(smallest_kg) if is_exact and smallest_kg else None,
        checks=checks if close > Closeness.HEADING else (),
        is_checked=bool(checks),
        is_wide=not is_exact,
        is_example=company.is_example,
    )


OF_COMPANY = ("", "__country", "__region", "__kind")  # what a crowd is made of
Answer = tuple[Side, int]  # which side, and goods: what companies are asked for to be one of a crowd
SOME = 2000  # listings of some goods; among so many there mostly are enough of each region


class Crowds:
    """Among how many each partner can hide, for all matches of a page at once: at most fourteen queries.

    Of goods that tens of thousands trade only some listings are read at first, and those of the partners. Where a
    partner has not enough alike among these, all are read.
    """

    def __init__(self, wanted: Collection[tuple[Side, Commodity, int]], own: set[int], on: date):
        self.own, self.on = own, on
        partners: dict[Answer, set[int]] = defaultdict(set)
        for side, commodity, company in wanted:
            partners[side, commodity.pk].add(company)
        self.companies = {company for some in partners.values() for company in some}
        self.answers = {(side, commodity.pk): commodity for side, commodity, _company in wanted}
        self.regions = Region.objects.in_bulk()
        headings = {commodity.hs_code[:4] for commodity in self.answers.values()}
        self.headings = {node.code: node for node in Commodity.objects.filter(code__in=headings)}
        self.places = places_met(self.answers.values())
        self.is_whole, self.is_cut = False, False
        homes = self._homes()
        if self.is_cut and not all(have_enough_alike(homes[answer], some) for answer, some in partners.items()):
            self.is_whole = True
            homes = self._homes()
        self.close: dict[Answer, dict[int, Closeness]] = {answer: closeness(of) for answer, of in homes.items()}

    def closeness(self, side: Side, goods: Commodity, company: Company) -> Closeness:
        """How closely a partner may be described; one that answers to no description at all, least."""
        return self.close[side, goods.pk].get(company.pk, Closeness.HEADING)

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

    def _homes(self) -> dict[Answer, dict[int, Home]]:
        """Of the companies that were read, those of each crowd."""
        goods = {side: [goods for (asked, _pk), goods in self.answers.items() if asked == side] for side in Side}
        found = {
            Side.SELLER: self._by_place(self._sellers(goods[Side.SELLER])),
            Side.BUYER: self._by_place(self._buyers(goods[Side.BUYER])),
        }
        homes: dict[Answer, dict[int, Home]] = {answer: {} for answer in self.answers}
        for (side, pk), commodity in self.answers.items():
            for place, companies in found[side].items():
                if are_nested(place, commodity):
                    homes[side, pk] |= companies
        return homes

    def _by_place(self, rows: Iterable[tuple]) -> dict[tuple[int, int], dict[int, Home]]:
        """The companies that answer to each place of the tree, each with its home: many rows share a place."""
        found, homes = defaultdict(dict), {}
        for company, *facts, lo, hi in rows:
            key = tuple(facts)
            if key not in homes:
                homes[key] = self.home(*key)
            found[lo, hi][company] = homes[key]
        return found

    def _sellers(self, wanted: list[Commodity]) -> Iterator[tuple]:
        """Company, its home and the place in the tree of everything open for sale within these goods."""
        within = [
            pk for pk, (lo, _hi) in self.places.items() if any(goods.tree_lo <= lo < goods.tree_hi for goods in wanted)
        ]
        rows = Capacity.objects.in_book(self.on).filter(commodity__in=within).exclude(company__in=self.own).order_by()
        for *company, pk in self._read(rows, "company", "commodity"):
            lo, _hi = self.places[pk]
            yield *company, lo, lo + 1

    def _buyers(self, wanted: list[Commodity]) -> set[tuple]:
        """The same of everything open that is wanted: goods, HS codes and members of groups that meet those goods."""
        meets = {pk for pk, place in self.places.items() if any(are_nested(place, goods) for goods in wanted)}
        needs = Need.objects.in_book(self.on).exclude(company__in=self.own)
        rows = NeedCommodity.objects.filter(need__in=needs).order_by()
        asked = self._read(rows.filter(commodity__in=meets), "need__company", "commodity")
        found = {(*company, *self.places[pk]) for *company, pk in asked}
        members = defaultdict(set)
        for group, pk in CommodityGroupMember.objects.filter(commodity__in=meets).values_list("group", "commodity"):
            members[group].add(self.places[pk])
        asked = self._read(rows.filter(group__in=list(members)), "need__company", "group")
        return found | {(*company, *place) for *company, group in asked for place in members[group]}

    def _read(self, rows: QuerySet, company: str, node: str) -> list[tuple]:
        """Companies with their homes and the goods they trade: all, or those of some listings and of the partners."""
        rows = rows.values_list(*(f"{company}{name}" for name in OF_COMPANY), node)
        if self.is_whole:
            return list(rows.distinct())
        some = list(rows[:SOME])
        if len(some) < SOME:
            return some
        self.is_cut = True
        return some + list(rows.filter(**{f"{company}__in": self.companies}).distinct())


def places_met(wanted: Iterable[Commodity]) -> dict[int, tuple[int, int]]:
    """Everything in the tree that meets some goods, with its place there.

    Listings are then asked for by these: of what two places may have in common the database expects far too much, and
    would read the whole book.
    """
    meets = Q(pk__in=[])
    for goods in wanted:
        meets |= Q(tree_lo__lt=goods.tree_hi, tree_hi__gt=goods.tree_lo)
    return {pk: (lo, hi) for pk, lo, hi in Commodity.objects.filter(meets).values_list("pk", "tree_lo", "tree_hi")}


def are_nested(place: tuple[int, int], goods: Commodity) -> bool:
    return place[0] < goods.tree_hi and goods.tree_lo < place[1]
