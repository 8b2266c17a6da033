"""The matching engine: columnar facts in, codes and numbers out. See docs/matching.md.

No Django, no database, no clock: the same facts always give the same bytes.
"""

from matching.engine.division import Limits
from matching.engine.market import Capacities, Lanes, Market, Needs
from matching.engine.rules import RULE_CODES
from matching.engine.score import COMPONENTS, ScoreTable
from matching.engine.shards import components, joined, take
from matching.engine.solution import NearMiss, Solution
from matching.engine.solver import solve

ENGINE_VERSION = "4"  # of the programme: changes when the same rules are computed otherwise
RULES_VERSION = "2"  # of the rules: changes when an answer, a component or a near miss may come out otherwise

__all__ = [
    "COMPONENTS",
    "ENGINE_VERSION",
    "RULES_VERSION",
    "RULE_CODES",
    "Capacities",
    "Lanes",
    "Limits",
    "Market",
    "NearMiss",
    "Needs",
    "ScoreTable",
    "Solution",
    "components",
    "joined",
    "solve",
    "take",
]
