"""Companies as a dossier tells them, read once: what is kept of each, what it wants and offers, who fits it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Sum, When

from companies.enums import ListingStatus
from companies.models import Capacity, Certificate, Company, Need
from matching.enums import Side
from matching.models import Match, MatchResult, NearMiss, PlanLine, Run
from matching.one_match.grounds import told_page

MOST_MATCHES = 20
MOST_NEAR_MISSES = 20
SIDES = (
    *("match__need__company__region", "match__need__company__place", "match__need__destination"),
    *("match__capacity__company__region", "match__capacity__company__place", "match__capacity__commodity", "run"),
)
GOODS = ("accepted__commodity", "accepted__group")


@dataclass(frozen=True)
class Share:
    """What the plan of the newest official run moves of a company's listings on one side."""

    side: Side
    quantity_kg: int
    planned_kg: int


@dataclass(frozen=True)
class Known:
    """One company, and all of it that a reader may see."""

    company: Company
    certificates: tuple[Certificate, ...]
    needs: tuple[Need, ...]
    capacities: tuple[Capacity, ...]
    matches: tuple[MatchResult, ...]  # the best ones
    match_count: int
    near_misses: tuple[NearMiss, ...]  # those with the least effort
    near_miss_count: int
    shares: tuple[Share, ...]

    @property
    def is_public_only(self) -> bool:
        """Taken from public sources: nobody of it has claimed its profile, so it states nothing here itself."""
        return self.company.is_directory

    def side_of(self, pair: Match | NearMiss) -> Side:
        return Side.BUYER if pair.need.company_id == self.company.pk else Side.SELLER

    def partner_in(self, pair: Match | NearMiss) -> Company:
        return pair.capacity.company if self.side_of(pair) == Side.BUYER else pair.need.company


def companies_in_order(keys: Iterable[int], user) -> list[Company]:
    """Those of the companies that a person may see, as they were asked for."""
    keys = list(dict.fromkeys(keys))
    visible = Company.objects.visible_to(user).select_related("region", "place")
    found = visible.prefetch_related("facts__checked_by").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def known_of(company: Company, user, run: Run | None) -> Known:
    ours = Q(need__company=company) | Q(capacity__company=company)
    matches = Match.objects.visible_to(user).current().filter(ours, latest__isnull=False)
    misses = NearMiss.objects.visible_to(user).current().filter(ours)
    results = MatchResult.objects.filter(pk__in=matches.values("latest")).select_related(*SIDES)
    needs = Need.objects.visible_to(user).filter(company=company)
    capacities = Capacity.objects.visible_to(user).filter(company=company)
    return Known(
        company=company,
        certificates=tuple(company.certificates.select_related("kind", "capacity")),
        needs=tuple(open_first(needs.select_related("destination", "named_place").prefetch_related(*GOODS))),
        capacities=tuple(open_first(capacities.select_related("commodity", "place"))),
        matches=tuple(told_page(results.order_by("-score_ppm", "match")[:MOST_MATCHES])),
        match_count=matches.count(),
        near_misses=tuple(
            misses.select_related(
                *("need__company__region", "need__company__place"),
                *("capacity__company__region", "capacity__company__place", "capacity__commodity"),
            ).order_by("effort", "-score_ppm", "pk")[:MOST_NEAR_MISSES]
        ),
        near_miss_count=misses.count(),
        shares=shares_of(company, user, run),
    )


def open_first(listings: QuerySet) -> QuerySet:
    """All listings of a company, the open ones first, the latest change above."""
    return listings.order_by(Case(When(status=ListingStatus.OPEN, then=0), default=1), "-changed_at", "-pk")


def shares_of(company: Company, user, run: Run | None) -> tuple[Share, ...]:
    if run is None:
        return ()
    found = []
    for side, listing in ((Side.BUYER, "need"), (Side.SELLER, "capacity")):
        lines = PlanLine.objects.visible_to(user).filter((f"{listing}__company", company), run=run)
        sums = lines.aggregate(all=Sum("quantity_kg"), planned=Sum("planned_kg"))
        if sums["all"]:
            found.append(Share(side, sums["all"], sums["planned"]))
    return tuple(found)
