"""Why one match does not score higher, and who else could stand in the place of either side."""

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from companies.enums import FactKind
from companies.models import Company
from matching.models import Match, MatchResult
from matching.services.what_ifs import weights_of
from matching.texts import COMPONENT_NAMES, Names
from matching.why_not.lost import Checks, Lost, lost_points

MOST_ALTERNATIVES = 5
TOLD_PPM = 5_000  # half a point: parts that differ by less are alike


def why_not_higher(match: Match, result: MatchResult, facts: dict, names: Names) -> list[Lost]:
    """What each part loses, by what the run found; both companies come with what is checked of them."""
    unchecked = Checks(unchecked_of(match.need.company), unchecked_of(match.capacity.company))
    return lost_points(weights_of(result.run), result.components, facts, names, unchecked)


def unchecked_of(company: Company) -> tuple[str, ...]:
    checked = {fact.kind for fact in company.facts.all()}
    return tuple(str(kind.label) for kind in FactKind if kind not in checked)


@dataclass(frozen=True)
class Alternative:
    """Another candidate of one side, with the parts of the score in which it does better or worse than this pair."""

    match: Match
    rank: int | None
    apart_ppm: int  # how much more it scores; less than 0: less
    better: list[str]
    worse: list[str]

    less_ppm = property(lambda self: -self.apart_ppm)


def alternatives_for(match: Match, matches: QuerySet[Match], side: str) -> list[Alternative]:
    """The best other candidates of the need ("need") or of the capacity, by rank. One query, however many there are."""
    rank = f"rank_for_{side}"
    others = matches.current().filter(Q((side, getattr(match, f"{side}_id"))), latest__isnull=False)
    others = others.exclude(pk=match.pk).select_related(
        *("latest__run__weights", "need__company__place", "need__company__region", "need__destination"),
        *("capacity__company__place", "capacity__company__region", "capacity__commodity"),
    )
    others = others.order_by(F(f"latest__{rank}").asc(nulls_last=True), "-latest__score_ppm", "pk")
    return [compared(match.latest, other, rank) for other in others[:MOST_ALTERNATIVES]]


def compared(own: MatchResult, other: Match, rank: str) -> Alternative:
    """By the points that each part brings. A part that is not known brings none."""
    ours, theirs = points_of(own), points_of(other.latest)
    apart = {component: theirs[component] - ours[component] for component in ours}
    ordered = sorted(apart, key=lambda component: -abs(apart[component]))
    return Alternative(
        match=other,
        rank=getattr(other.latest, rank),
        apart_ppm=other.latest.score_ppm - own.score_ppm,
        better=[str(COMPONENT_NAMES[one]) for one in ordered if apart[one] >= TOLD_PPM],
        worse=[str(COMPONENT_NAMES[one]) for one in ordered if apart[one] <= -TOLD_PPM],
    )


def points_of(result: MatchResult) -> dict[str, float]:
    weights = weights_of(result.run)
    return {component: weights[component] * (result.components[component] or 0) * 1_000_000 for component in weights}
