"""Who fits one listing, for those who act for its company: what is told right after it was saved, and ever after."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils import timezone

from companies.enums import CompanyStatus
from companies.listing_states import ListingState, state_of
from companies.models import Capacity, Company, Need, NeedCommodity
from matching import texts
from matching.enums import Side
from matching.models import Match, Run
from matching.names import reader_names
from matching.services.refreshing import refresh_of
from matching.texts.expected import YOU
from matching.told import partners
from matching.told.anonymised import Fit
from matching.told.counting import Node, accepted_by, node_of
from matching.told.partners import OwnListing, Viewpoint, viewpoint_of
from matching.told_facts import facts_of

MODELS = {"need": (Side.BUYER, Need), "capacity": (Side.SELLER, Capacity)}


@dataclass(frozen=True)
class Why:
    """A partner with the reasons, as the own side may know them."""

    fit: Fit
    reasons: list[texts.Reason]


@dataclass(frozen=True)
class Asked:
    """A question that partners will have, because the listing does not say it, and how many of them."""

    text: str
    partners: int


@dataclass(frozen=True)
class ListingFits:
    """One listing with who fits it, how far the look for partners is, and what would bring more of them."""

    own: OwnListing
    run: Run | None  # the newest look for the partners of this listing alone
    whys: list[Why] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    others_trade_it: bool = True  # whether anybody else's open listing is of these goods

    @property
    def listing(self):
        return self.own.listing

    @property
    def is_looking(self) -> bool:
        return self.run is not None and not self.run.is_over and self.takes_part

    @property
    def percent(self) -> int:
        """How far the look for partners is; not in listings, for their number tells how many others there are."""
        return 100 * self.run.done // self.run.total if self.run and self.run.total else 0

    @property
    def takes_part(self) -> bool:
        """Whether the listing is in the book: open, not expired, and of a company that trades."""
        return self.is_open and self.listing.company.status == CompanyStatus.ACTIVE

    @property
    def state(self) -> ListingState:
        return state_of(self.listing, timezone.localdate())

    @property
    def is_open(self) -> bool:
        return self.state in (ListingState.OPEN, ListingState.EXPIRING)


def found_for(user, kind: str, pk: int) -> tuple[Viewpoint, Need | Capacity] | None:
    """A listing of a company that a person acts for, and from where they look; None where there is none."""
    listing = MODELS[kind][1].objects.filter(company__in=Company.objects.acted_for_by(user), pk=pk).first()
    if listing is None:
        return None
    viewpoint = viewpoint_of(user, None) or viewpoint_of(user, listing.company_id)
    return (viewpoint, listing) if viewpoint else None


def listing_fits(viewpoint: Viewpoint, kind: str, listing: Need | Capacity, most: int, on: date) -> ListingFits:
    """The best partners of one listing with their reasons. A constant number of queries."""
    side = MODELS[kind][0]
    run = refresh_of(listing)  # asked first: a look that ends just now is asked for once more, and not shown half
    (own,) = partners.own_listings(viewpoint, [(side, listing.pk)], 1, most, on)
    whys, asked = reasons_and_questions(own)
    return ListingFits(
        own=own,
        run=run,
        whys=whys,
        asked=asked,
        others_trade_it=bool(own.fits or own.advice or own.may_change) or is_traded_by_others(viewpoint, listing, on),
    )


def reasons_and_questions(own: OwnListing) -> tuple[list[Why], list[Asked]]:
    """Why each partner fits, and what several of them will ask because this listing does not say it."""
    found = Match.objects.filter(pk__in=[fit.pk for fit in own.fits]).select_related("latest")
    latest = {match.pk: match.latest for match in found}
    told = facts_of(latest.values())
    names, whys, asking = reader_names(), [], defaultdict(set)
    for fit in own.fits:
        verdicts, facts = latest[fit.pk].verdicts, told[latest[fit.pk].pk]
        rules = [rule for rule in texts.RULE_NAMES if rule in verdicts]
        whys.append(Why(fit, [texts.reason(rule, verdicts[rule], own.side, facts.get(rule), names) for rule in rules]))
        for rule in rules:
            if verdicts[rule] == 0:
                for question in texts.expected_questions(rule, own.side, facts.get(rule), names):
                    if question.to == YOU:
                        asking[question.text].add(fit.pk)
    asked = [Asked(text, len(matches)) for text, matches in asking.items()]
    return whys, sorted(asked, key=lambda one: (-one.partners, one.text))


def is_traded_by_others(viewpoint: Viewpoint, listing: Need | Capacity, on: date) -> bool:
    """Whether the book of the day holds another company's listing of these goods, whatever its terms."""
    if isinstance(listing, Need):
        offers = Capacity.objects.in_book(on).exclude(company__in=viewpoint.acted_for)
        return offers.filter(meets("commodity__", accepted_by([listing.pk])[listing.pk])).exists()
    wanted = Need.objects.in_book(on).exclude(company__in=viewpoint.acted_for)
    goods = [node_of(listing.commodity)]
    accepted = NeedCommodity.objects.filter(meets("commodity__", goods) | meets("group__members__", goods))
    return wanted.filter(pk__in=accepted.values("need")).exists()


def meets(field: str, nodes: list[Node]) -> Q:
    """Goods at, above or below some nodes of the tree."""
    found = Q(pk__in=[])
    for lo, hi in nodes:
        found |= Q((f"{field}tree_lo__lt", hi), (f"{field}tree_hi__gt", lo))
    return found
