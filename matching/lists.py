"""What the lists of matches and near misses are made of, before anything is filtered: who may see which rows."""

from django.db.models import F, Q, QuerySet

from accounts.permissions import may_see_every_company
from matching.enums import MatchState
from matching.models import Match, MatchResult, NearMiss, Run
from matching.models.matches import trading


def listed_results(user) -> QuerySet[MatchResult]:
    """The newest result of each match that is current, or that people decided upon whatever became of it since.

    Nothing for business users: a result names both sides. What they are told is made in `matching/anonymised.py`.
    """
    if not may_see_every_company(user):
        return MatchResult.objects.none()
    return every_listed_result().filter(match__in=Match.objects.visible_to(user))


def every_listed_result() -> QuerySet[MatchResult]:
    """The same for whoever sits at the terminal of the machine."""
    is_listed = Q(match__is_current=True) & trading("match__") | ~Q(match__state=MatchState.NEW)
    return MatchResult.objects.filter(is_listed, match__latest=F("pk"))


def every_result_of(run: Run) -> QuerySet[MatchResult]:
    """What one run found, for whoever sits at the terminal of the machine."""
    return MatchResult.objects.filter(run=run)


def with_sides(results: QuerySet[MatchResult]) -> QuerySet[MatchResult]:
    """Everything a row shows, in one query."""
    return results.select_related(
        "run",
        "match__first_run",
        "match__need__company__region",
        "match__need__company__place",
        "match__need__destination",
        "match__capacity__company__region",
        "match__capacity__company__place",
        "match__capacity__commodity",
        "match__capacity__place",
    )


def newest_run(user) -> Run | None:
    """The newest finished official run, on which every page rests but for what refreshes found since."""
    return Run.objects.visible_to(user).official().finished().first()


def newest_official_run() -> Run | None:
    """The same for pages of a company, which tell of a run no more than when it read the book."""
    return Run.objects.official().finished().first()


def newest_near_misses(user) -> QuerySet[NearMiss]:
    """The near misses of now whose companies trade today. Nothing for business users: a row names both sides."""
    if not may_see_every_company(user):
        return NearMiss.objects.none()
    return NearMiss.objects.visible_to(user).current()


def near_miss_sides(misses: QuerySet[NearMiss]) -> QuerySet[NearMiss]:
    """Everything a row of near misses shows."""
    return misses.select_related(
        "run",
        "need__company__region",
        "need__company__place",
        "need__destination",
        "capacity__company__region",
        "capacity__company__place",
        "capacity__commodity",
        "capacity__place",
    )
