"""The plan: how scarce capacity is divided among the needs. See docs/plan.md."""

from matching.engine.plan.make import make_plan
from matching.engine.plan.problem import REASONS, SENSES, Budget, Plan, PlanProblem

__all__ = ["REASONS", "SENSES", "Budget", "Plan", "PlanProblem", "make_plan"]
