"""What today asks for: counts and short lists across companies and matches."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from companies.enums import CompanyStatus
from companies.models import Capacity, Company, Need
from matching.enums import RestsOn
from matching.filters import MatchFilter
from matching.grounds import told_page
from matching.lists import listed_results, with_sides
from matching.models import Match, NearMiss, Run

# New matches worth reading first, in the words of the list's own filter, so that figure and list are the same rows.
STRONG = "state=new&obstacle=none&unknown=none&unknown=few&at_least_points=70"
SHOWN = 3


def strong_matches(user) -> dict:
    """New matches with a high score and little unknown: how many, and the best few."""
    filters = MatchFilter(QueryDict(STRONG), queryset=listed_results(user))
    filters.form.full_clean()
    rows = told_page(with_sides(filters.sorted())[:SHOWN])
    return {
        "count": filters.qs.count(),
        "rows": rows,
        "query": f"?{STRONG}",
        "rests_on_examples": any(row.cost_rests_on == RestsOn.EXAMPLE for row in rows),
    }


def unmet_needs(user, on: date) -> QuerySet[Need]:
    """Open needs for which no pair may trade at all."""
    met = Match.objects.current().filter(need=OuterRef("pk"))
    return Need.objects.visible_to(user).in_book(on).filter(~Exists(met))


def unused_capacities(user, on: date) -> QuerySet[Capacity]:
    """Open capacities for which no pair may trade at all."""
    used = Match.objects.current().filter(capacity=OuterRef("pk"))
    return Capacity.objects.visible_to(user).in_book(on).filter(~Exists(used))


def need_rows(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Everything a row of needs shows."""
    return needs.select_related("company__region", "company__place", "destination").prefetch_related(
        "accepted__commodity", "accepted__group"
    )


def capacity_rows(capacities: QuerySet[Capacity]) -> QuerySet[Capacity]:
    """Everything a row of capacities shows."""
    return capacities.select_related("company__region", "company__place", "commodity", "place")


def near_misses_by_rule(run: Run | None) -> list[dict]:
    """How many pairs of the newest run fail at each rule alone, the most frequent first."""
    rows = NearMiss.objects.filter(run=run).values("rule").annotate(count=Count("pk"))
    return list(rows.order_by("-count", "rule"))


def waiting_companies(user) -> QuerySet[Company]:
    """Companies that have asked to be verified, the longest waiting first."""
    return Company.objects.visible_to(user).filter(status=CompanyStatus.SUBMITTED).order_by("changed_at")


def with_candidates(listings: QuerySet) -> QuerySet:
    """Own listings with how many partners may fit today: a number, no names."""
    return listings.annotate(candidates=Count("matches", filter=Q(matches__is_current=True)))
