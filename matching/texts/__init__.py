"""The engine's codes and numbers as sentences, in the language of whoever reads. Pages, reports and commands use it.

The engine knows certificates and parameters by their code; `Names` says how they are called. Everything here is a plain
function of what a run stored: nothing is looked up in the database.
"""

from matching.texts.advice import Advice, Opened, advice, partners_that_may_change
from matching.texts.amounts import Amount
from matching.texts.expected import ExpectedQuestion, expected_questions
from matching.texts.failures import failure
from matching.texts.names import ANSWER_NAMES, COMPONENT_NAMES, RULE_NAMES, SIDE_NAMES, Names
from matching.texts.near_misses import CHANGE_NAMES, EFFORT_NAMES, NearMissText, near_miss
from matching.texts.questions import Question, about_paper, questions
from matching.texts.reasons import Reason, reason
from matching.texts.verdicts import Line, Verdict, explain

__all__ = [
    "ANSWER_NAMES",
    "CHANGE_NAMES",
    "COMPONENT_NAMES",
    "EFFORT_NAMES",
    "RULE_NAMES",
    "SIDE_NAMES",
    "Advice",
    "Amount",
    "ExpectedQuestion",
    "Line",
    "Names",
    "NearMissText",
    "Opened",
    "Question",
    "Reason",
    "Verdict",
    "about_paper",
    "advice",
    "expected_questions",
    "explain",
    "failure",
    "near_miss",
    "partners_that_may_change",
    "questions",
    "reason",
]
