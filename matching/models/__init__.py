from matching.models.comparisons import Comparison
from matching.models.differences import RunDifference
from matching.models.listed import ListedChange, ListedDoubt, ListedMatch
from matching.models.matches import Allocation, Decision, DecisionBatch, Match, MatchResult, NearMiss
from matching.models.plans import PlanChange, PlanFlow, PlanLine
from matching.models.runs import Run, RunShard, Weights
from matching.models.steering import PlanInstruction

__all__ = [
    "Allocation",
    "Comparison",
    "Decision",
    "DecisionBatch",
    "ListedChange",
    "ListedDoubt",
    "ListedMatch",
    "Match",
    "MatchResult",
    "NearMiss",
    "PlanChange",
    "PlanFlow",
    "PlanInstruction",
    "PlanLine",
    "Run",
    "RunDifference",
    "RunShard",
    "Weights",
]
