"""The partners of a company's own listings, for those who act for it: own facts, and what is told of others."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts.permissions import may_see_every_company
from companies.enums import CompanyStatus
from companies.models import Capacity, Company, Need
from companies.services.asking import people_of
from matching import texts
from matching.enums import RunKind, Side
from matching.models import Match, NearMiss, Run
from matching.names import reader_names
from matching.readings import unread_of
from matching.told.anonymised import PPM_PER_STEP, Fit, fits, with_sides
from matching.told_facts import facts_of

Own = Need | Capacity
OWN_FIELD = {Side.BUYER: "need", Side.SELLER: "capacity"}


@dataclass(frozen=True)
class Viewpoint:
    """On whose behalf somebody looks: the companies a person acts for, or the one that city staff stands in for."""

    companies: tuple[Company, ...]
    acted_for: frozenset[int]  # all that the person acts for, whichever one is looked from
    not_a_crowd: frozenset[int]  # and all that their colleagues act for: nobody can hide among them
    query: str = ""  # keeps the company in the addresses of the pages
    is_stand_in: bool = False

    @property
    def own(self) -> set[int]:
        return {company.pk for company in self.companies}

    @property
    def not_active(self) -> list[Company]:
        """Those of whom nobody else is told now."""
        return [company for company in self.companies if company.status != CompanyStatus.ACTIVE]

    def matches(self) -> QuerySet[Match]:
        return Match.objects.told_to(self.own)


def viewpoint_of(user, company: int | None) -> Viewpoint | None:
    """What a person may look from; None where there is nothing. Staff must say for which company they stand in."""
    if company is None:
        if may_see_every_company(user):
            return None
        return viewpoint_from(Company.objects.acted_for_by(user))
    found = tuple(Company.objects.acted_for_by(user).filter(pk=company))
    if not found:
        return None
    seen = viewpoint_from(Company.objects.acted_for_by(user))
    return replace(seen, companies=found, query=f"?company={company}", is_stand_in=may_see_every_company(user))


def viewpoint_from(companies: Iterable[Company]) -> Viewpoint:
    """From all the companies that a person acts for at once; or from one of them, for whoever acts for it."""
    found = tuple(companies)
    acted_for = frozenset(company.pk for company in found)
    return Viewpoint(found, acted_for, acted_for | acted_for_beside(found))


def acted_for_beside(companies: Iterable[Company]) -> frozenset[int]:
    """What the people of some companies are members of: what one of them knows, or is told, the others may hear."""
    return frozenset(Company.objects.filter(memberships__user__in=people_of(*companies)).values_list("pk", flat=True))


@dataclass(frozen=True)
class OwnListing:
    """One of one's own needs or capacities, and who fits it."""

    listing: Own
    side: Side
    fits: list[Fit]
    count: int  # how many fit, shown or not
    advice: list[texts.Advice]
    may_change: int  # partners that would fit after a change on their side
    is_newer: bool  # than what the newest run, or a refresh since, has read

    @property
    def kind(self) -> str:
        return OWN_FIELD[self.side]

    @property
    def key(self) -> str:
        return f"{self.kind}={self.listing.pk}"

    @property
    def goods(self) -> str:
        if self.side == Side.SELLER:
            return self.listing.commodity.name
        return ", ".join(accepted.name for accepted in self.listing.accepted.all())


Key = tuple[Side, int]


def own_keys(viewpoint: Viewpoint) -> list[Key]:
    """The open listings of one's companies: what one needs, then what one offers, the newest first."""
    keys = []
    for side, listings in ((Side.BUYER, Need), (Side.SELLER, Capacity)):
        mine = listings.objects.open_on(timezone.localdate()).filter(company__in=viewpoint.own).order_by("-pk")
        keys += [(side, pk) for pk in mine.values_list("pk", flat=True)]
    return keys


def own_listings(viewpoint: Viewpoint, keys: list[Key], first: int, last: int, on: date) -> list[OwnListing]:
    """Some of one's own listings, each with its best partners from the `first` to the `last`, and with advice."""
    listings = load(keys)
    unread = unread_of(listings.values())
    rows = [(match, side) for side in OWN_FIELD for match in best(viewpoint, side, keys, first, last)]
    told, counts = defaultdict(list), {}
    for (match, side), fit in zip(rows, fits(rows, viewpoint.not_a_crowd, on), strict=True):
        key = side, getattr(match, f"{OWN_FIELD[side]}_id")
        told[key].append(fit)
        counts[key] = match.of_listing
    misses, names = near_misses(viewpoint, keys), reader_names()
    return [
        OwnListing(
            listing=listings[key],
            side=key[0],
            fits=told[key],
            count=counts.get(key, 0),
            advice=texts.advice(misses[key], key[0], names),
            may_change=texts.partners_that_may_change(misses[key], key[0]),
            is_newer=listings[key] in unread,
        )
        for key in keys
    ]


def load(keys: Iterable[Key]) -> dict[Key, Own]:
    pks = {side: [pk for of, pk in keys if of == side] for side in OWN_FIELD}
    needs = Need.objects.select_related("company").prefetch_related("accepted__commodity", "accepted__group")
    capacities = Capacity.objects.select_related("company", "commodity")
    found = {(Side.BUYER, need.pk): need for need in needs.filter(pk__in=pks[Side.BUYER])}
    return found | {(Side.SELLER, offer.pk): offer for offer in capacities.filter(pk__in=pks[Side.SELLER])}


def best(viewpoint: Viewpoint, side: Side, keys: Iterable[Key], first: int, last: int) -> QuerySet[Match]:
    """The best partners of each listing, and of how many.

    Equals are those that are told the same points: in the order of their numbers, which says nothing of their scores.
    """
    field = OWN_FIELD[side]
    wanted = Q((f"{field}__in", [pk for of, pk in keys if of == side]), (f"{field}__company__in", viewpoint.own))
    order = [(F("latest__score_ppm") / PPM_PER_STEP).desc(), F("pk").asc()]
    ranked = with_sides(viewpoint.matches().filter(wanted)).annotate(
        place=Window(RowNumber(), partition_by=[F(field)], order_by=order),
        of_listing=Window(Count("pk"), partition_by=[F(field)]),
    )
    return ranked.filter(place__gte=first, place__lte=last).order_by(field, "place")


def near_misses(viewpoint: Viewpoint, keys: Iterable[Key]) -> dict[Key, list[texts.Opened]]:
    """What is known now of one's listings that one change would open.

    Not between companies of the same people: there is nothing to find out, and two among whom one is their own do not
    hide the other's price.
    """
    mine, found = set(keys), defaultdict(list)
    rows = NearMiss.objects.told_to(viewpoint.own).filter(
        Q(need__in=[pk for side, pk in mine if side == Side.BUYER])
        | Q(capacity__in=[pk for side, pk in mine if side == Side.SELLER]),
    )
    names = ("need", "capacity", "capacity__company", "need__company", "rule", "side", "change")
    for need, capacity, seller, buyer, *told in rows.order_by("pk").values_list(*names):
        for key, partner in (((Side.BUYER, need), seller), ((Side.SELLER, capacity), buyer)):
            if key in mine and partner not in viewpoint.not_a_crowd:
                found[key].append(texts.Opened(partner, *told))
    return found


def is_run_under_way() -> bool:
    """An official run, or a refresh: what is newer than what is shown may be read in a while."""
    return Run.objects.exclude(kind=RunKind.WHAT_IF).unfinished().exists()


# --- one partner


@dataclass(frozen=True)
class OneFit:
    """One partner, the own listing that it fits, why, and what there is to ask."""

    listing: OwnListing
    fit: Fit
    reasons: list[texts.Reason]
    questions: list[texts.ExpectedQuestion]


def one_fit(viewpoint: Viewpoint, pk: int, on: date) -> OneFit | None:
    """A match as one's own side may know it; None where there is none that one is told of."""
    match = with_sides(viewpoint.matches()).filter(pk=pk).first()
    if match is None:
        return None
    side = Side.BUYER if match.need.company_id in viewpoint.own else Side.SELLER
    key = side, getattr(match, f"{OWN_FIELD[side]}_id")
    listing, (fit,) = load([key])[key], fits([(match, side)], viewpoint.not_a_crowd, on)
    own = OwnListing(listing, side, [fit], 1, [], 0, is_newer=listing in unread_of([listing]))
    verdicts, facts, names = match.latest.verdicts, facts_of([match.latest])[match.latest_id], reader_names()
    rules = [rule for rule in texts.RULE_NAMES if rule in verdicts]
    return OneFit(
        listing=own,
        fit=fit,
        reasons=[texts.reason(rule, verdicts[rule], side, facts.get(rule), names) for rule in rules],
        questions=[
            question
            for rule in rules
            if verdicts[rule] == 0
            for question in texts.expected_questions(rule, side, facts.get(rule), names)
        ],
    )
