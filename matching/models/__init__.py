from matching.models.comparisons import Comparison
from matching.models.differences import RunDifference
from matching.models.matches import Allocation, Decision, DecisionBatch, Match, MatchResult, NearMiss
from matching.models.runs import Run, RunShard, Weights
from matching.models.steering import PlanInstruction

__all__ = [
    "Allocation",
    "Comparison",
    "Decision",
    "DecisionBatch",
    "Match",
    "MatchResult",
    "NearMiss",
    "PlanInstruction",
    "Run",
    "RunDifference",
    "RunShard",
    "Weights",
]
