"""What is read of one pair for its brief: once whatever the language, and as far as it has to be said in each."""

from collections.abc import Iterable
from dataclasses import dataclass

from corridor.law import Paper
from matching import texts
from matching.models import Decision, Match, MatchResult
from matching.one_match import explained
from matching.one_match.holdings import WHY, Holding
from matching.one_match.journeys import journey_of
from matching.one_match.landed import told
from matching.one_match.waterfall import Told

DECISIONS_SHOWN = 3


@dataclass(frozen=True)
class Found:
    """What is read once of a pair, whatever the language: its way there is searched a single time."""

    match: Match
    result: MatchResult
    travel: explained.Travel
    decisions: tuple[Decision, ...]
    planned_kg: int
    cost_differs: bool  # since the run

    @property
    def is_example(self) -> bool:
        companies = (self.match.need.company, self.match.capacity.company)
        return any(company.is_example for company in companies) or self.travel.told.is_example


@dataclass(frozen=True)
class InWords:
    """The same as far as it has to be said anew in each language."""

    found: Found
    names: texts.Names
    landed: Told
    papers: tuple[Paper, ...]
    holdings: tuple[Holding, ...]

    @property
    def verdicts(self) -> list[tuple[str, texts.Verdict]]:
        return explained.verdicts_of(self.found.match, self.found.result, self.names)

    @property
    def missing(self) -> list[Holding]:
        return [holding for holding in self.holdings if holding.is_missing]


def landed_in_words(found: Found) -> Told:
    travel = found.travel
    return told(travel.pair, travel.found[travel.taken], travel.ways, travel.names)


def journey_in_words(found: Found):
    travel = found.travel
    return journey_of(travel.pair, travel.found, travel.taken, not travel.journey.has_changed, travel.names)


def sorted_holdings(holdings: Iterable[Holding]) -> tuple[Holding, ...]:
    """In one order in every language: by what they are for and their codes, not by their names."""
    order = list(WHY)
    return tuple(sorted(holdings, key=lambda one: (not one.is_missing, order.index(one.why), str(one.side), one.kind)))
