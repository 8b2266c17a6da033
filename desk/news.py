"""What is new in the sectors that a person follows: counts that are the rows behind their links."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.functional import Promise

from accounts.lists.moments import as_written
from commodities.enums import Sector
from matching.enums import RestsOn
from matching.lists import listed_results, with_sides
from matching.models import MatchResult
from matching.one_match.grounds import told_page
from matching.tables.filters import MatchFilter


@dataclass(frozen=True)
class SectorNews:
    """One followed sector: how many matches it has, how many of them are new, and where each are listed."""

    label: Promise
    matches: int
    new: int
    query: str
    new_query: str


@dataclass(frozen=True)
class News:
    """New matches of the followed sectors since a moment; all of them where there is no earlier visit."""

    count: int
    rows: list[MatchResult]
    query: str
    sectors: list[SectorNews]
    rests_on_examples: bool

    @property
    def largest(self) -> int:
        """How many matches the largest sector has: the whole of the bars."""
        return max((sector.matches for sector in self.sectors), default=0)


def news(user, sectors: Iterable[str], since: datetime | None, shown: int) -> News:
    """What the matches of some sectors (of all, where none is named) hold that was not there at a moment."""
    followed = list(sectors)
    filters = match_filter(user, query_of(followed, since))
    rows = told_page(with_sides(filters.sorted()[:shown]))
    counts = match_filter(user, query_of([], None)).counts("sector", "sector")
    new = match_filter(user, query_of([], since)).counts("sector", "sector")
    return News(
        count=filters.qs.count(),
        rows=rows,
        query=query_of(followed, since),
        sectors=[
            SectorNews(
                label=sector.label,
                matches=counts.get(sector.value, 0),
                new=new.get(sector.value, 0),
                query=query_of([sector.value], None),
                new_query=query_of([sector.value], since),
            )
            for sector in Sector
            if sector.value in followed or (not followed and counts.get(sector.value))
        ],
        rests_on_examples=any(row.cost_rests_on == RestsOn.EXAMPLE for row in rows),
    )


def query_of(sectors: Iterable[str], since: datetime | None) -> str:
    """What the address of the list of matches, and of its export, says for sectors and a moment."""
    query = QueryDict(mutable=True)
    query.setlist("sector", list(sectors))
    if since:
        query["new_since"] = as_written(since)
    return f"?{query.urlencode()}" if query.urlencode() else ""


def match_filter(user, query: str) -> MatchFilter:
    """The list of matches as an address of ours shows it."""
    filters = MatchFilter(QueryDict(query.removeprefix("?")), queryset=listed_results(user))
    filters.form.full_clean()
    return filters
