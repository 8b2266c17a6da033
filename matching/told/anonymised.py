"""Who fits a company, told without telling who it is: the only way from a match to a page of a business user.

Everything that such a page shows of the other side is in a `Partner`; models of the other side stay in here. What is
told, and where it becomes coarse, is written down in docs/anonymity.md.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from companies.enums import FactKind
from companies.models import Capacity, Need
from corridor.enums import Country
from matching.enums import MatchState, Side
from matching.models import Match
from matching.texts.amounts import Amount, band, exactly
from matching.told.counting import Crowds, Hidden
from matching.told.crowds import Closeness

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


def fits(matches: Iterable[tuple[Match, Side]], own: Collection[int], on: date) -> list[Fit]:
    """Matches as one of their sides may know them. A constant number of queries, however many there are.

    Args:
        matches: what `Match.objects.told_to` finds for the reader, loaded by `with_sides`, each with the reader's side.
        own: the companies of those who read; they are nobody among whom a partner could hide.
        on: the day on which the crowd is counted.
    """
    rows = list(matches)
    crowds = Crowds([hidden(match, OTHER[own_side]) for match, own_side in rows], own, on)
    return [fit(match, own_side, crowds) for match, own_side in rows]


def listing_of(match: Match, side: Side) -> Capacity | Need:
    return match.capacity if side == Side.SELLER else match.need


def hidden(match: Match, side: Side) -> Hidden:
    """A side of a match, as it hides in a crowd."""
    listing = listing_of(match, side)
    return Hidden(side, match.capacity.commodity, listing.company_id, listing.pk)


def fit(match: Match, own_side: Side, crowds: Crowds) -> Fit:
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


def partner(match: Match, side: Side, crowds: Crowds) -> Partner:
    listing, goods = listing_of(match, side), match.capacity.commodity
    company, close = listing.company, crowds.closeness(hidden(match, side))
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
