"""Pairs that were kept by the numbers of their listings, as somebody sees them today."""

from collections.abc import Collection
from dataclasses import dataclass

from companies.models import Capacity, Need
from matching.models import Match


@dataclass(frozen=True)
class PairsSeen:
    """The listings as they are now, and the match of two of them where there is one. Those one may not see are none."""

    needs: dict[int, Need]
    capacities: dict[int, Capacity]
    matches: dict[tuple[int, int], Match]

    @classmethod
    def of(cls, rows: Collection[dict], user) -> "PairsSeen":
        """Of rows with `need` and `capacity`. A fixed number of queries."""
        needs = Need.objects.visible_to(user).select_related("company__region", "company__place", "destination")
        capacities = Capacity.objects.visible_to(user).select_related("company__region", "company__place", "commodity")
        need_of = needs.in_bulk({row["need"] for row in rows})
        capacity_of = capacities.in_bulk({row["capacity"] for row in rows})
        matches = Match.objects.visible_to(user).filter(need__in=need_of, capacity__in=capacity_of)
        return cls(need_of, capacity_of, {(match.need_id, match.capacity_id): match for match in matches})

    def has(self, row: dict) -> bool:
        return row["need"] in self.needs and row["capacity"] in self.capacities

    def pair(self, row: dict) -> tuple[Need, Capacity, Match | None]:
        need, capacity = row["need"], row["capacity"]
        return self.needs[need], self.capacities[capacity], self.matches.get((need, capacity))
