"""What stands in the database: whose lists hold whom, and which near misses are kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, F, Func, IntegerField, Max, QuerySet

from accounts.lists.among import among
from matching.engine.effort import MOST_PER_LISTING
from matching.engine.fast.live.now import Standing as StandingLists
from matching.engine.fast.near.edits import End, Kept
from matching.engine.score import PPM
from matching.models import Match, NearMiss
from matching.services.results import RANKS

SIDES = ("need", "capacity")
# Whichever near miss comes last in the order in which they are kept has the greatest of these.
EFFORT_AND_SCORE = Func(
    F("effort"), -F("score_ppm"), template="ARRAY[%(expressions)s]", output_field=ArrayField(IntegerField())
)


class StandingRanks(StandingLists):
    """The lists as they stand in the database."""

    def holders(self, side: int, ids: Collection[int]) -> Iterable[int]:
        ranked = {f"{SIDES[side]}__in": ids, f"latest__{RANKS[1 - side]}__isnull": False}
        return Match.objects.filter(is_current=True, **ranked).values_list(SIDES[1 - side], flat=True)


class StandingMisses(Kept):
    """The near misses as they stand in the database."""

    def partners(self, side: int, ids: Sequence[int]) -> Mapping[int, Collection[int]]:
        found: dict[int, list[int]] = {}
        for id, other in self._of(side, ids).values_list(SIDES[side], SIDES[1 - side]):
            found.setdefault(id, []).append(other)
        return found

    def ends(self, side: int, ids: Sequence[int]) -> Mapping[int, End]:
        rows = self._of(side, ids).values(SIDES[side]).annotate(kept=Count("pk"), end=Max(EFFORT_AND_SCORE))
        full = rows.filter(kept=MOST_PER_LISTING).values_list(SIDES[side], "end")
        # What is kept of a score is rounded: a millionth more is on the safe side.
        return {id: (effort, (minus_ppm + 1) / PPM) for id, (effort, minus_ppm) in full}

    def _of(self, side: int, ids: Sequence[int]) -> QuerySet[NearMiss]:
        """Of some listings, which may be thousands."""
        return among(NearMiss.objects.filter(is_current=True).order_by(), ids, of=f"{SIDES[side]}__id")
