"""From a pair that fits to an agreement: how many pairs stand on each rung, and where their rows are.

Each rung holds what stands there or further on. Tonnes and USD are what the newest plan gives the pairs of a rung:
what all pairs could move is never added up, for they compete for the same goods.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.figures import AtLeast
from matching.enums import MatchState
from matching.figures.worth import Plan, Worth
from matching.models import ListedMatch
from matching.tallies import Tallies


@dataclass(frozen=True)
class Rung:
    """One step of the way, with its evidence: the rows of the list of matches that `query` asks for."""

    label: Promise
    query: str
    pairs: int | None  # None: nothing records it yet
    worth: Worth

    @property
    def unplanned(self) -> int:
        """How many of its pairs the plan gives nothing; at least so many, where its pairs are counted no further."""
        left = (self.pairs or 0) - self.worth.pairs
        return AtLeast(max(left, 0)) if isinstance(self.pairs, AtLeast) else left

    @property
    def is_counted(self) -> bool:
        """Whether its pairs are counted to the last: else nothing can be measured by it."""
        return self.pairs is not None and not isinstance(self.pairs, AtLeast)


def funnel(user, plan: Plan, tallies: Tallies) -> list[Rung]:
    """Three queries beside that of the plan, each counting as far as the list it leads to."""
    listed = ListedMatch.objects.visible_to(user).of_today()
    holding = tallies.number(listed.filter(failed_rules=[]))
    shortlisted = tallies.number(listed.filter(state__in=[MatchState.SHORTLISTED, MatchState.PROPOSED]))
    proposed = tallies.number(listed.filter(state=MatchState.PROPOSED))
    further = plan.worth_of(MatchState.SHORTLISTED, MatchState.PROPOSED)
    return [
        Rung(_("fit: no rule stands in the way"), "?obstacle=none", holding, plan.whole),
        Rung(_("in the newest plan"), "?plan=in", plan.pairs, plan.whole),
        Rung(_("shortlisted"), "?state=shortlisted&state=proposed", shortlisted, further),
        Rung(_("proposed to both sides"), "?state=proposed", proposed, plan.worth_of(MatchState.PROPOSED)),
        Rung(_("agreed"), "", None, Worth()),
    ]
