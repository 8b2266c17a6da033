from matching.models.comparisons import Comparison
from matching.models.differences import RunDifference
from matching.models.matches import Allocation, Decision, Match, MatchResult, NearMiss
from matching.models.runs import Run, RunShard, Weights

__all__ = [
    "Allocation",
    "Comparison",
    "Decision",
    "Match",
    "MatchResult",
    "NearMiss",
    "Run",
    "RunDifference",
    "RunShard",
    "Weights",
]
