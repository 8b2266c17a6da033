"""Which questions of a pair are worth a meeting's time: those whose answers open most of the score."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import TypeVar

from matching.models import MatchResult
from matching.services.what_ifs import weights_of
from matching.texts import ExpectedQuestion, Question

MOST_QUESTIONS = 3
TO_STAFF = ("staff", "city")
Asked = TypeVar("Asked", Question, ExpectedQuestion)
# The parts of the score that stay without points as long as a rule has no answer.
OPENED_BY = {
    "parameters": ("quality",),
    "certificates": ("certificates",),
    "law": ("certificates",),
    "time": ("time", "quantity", "logistics"),
    "price": ("price",),
}


def telling_questions(questions: Iterable[Asked], result: MatchResult, most: int = MOST_QUESTIONS) -> list[Asked]:
    """The first question of each rule, by how many points its answer may open; then the second ones, and so on.

    Questions to staff are left to staff: nobody at the table can answer them.
    """
    by_rule: dict[str, list[Asked]] = {}
    seen = set()
    for question in questions:
        if question.to not in TO_STAFF and question.text not in seen:
            by_rule.setdefault(question.rule, []).append(question)
            seen.add(question.text)
    in_order = sorted(by_rule, key=lambda rule: -opened(rule, result))
    rounds = zip_longest(*(by_rule[rule] for rule in in_order))
    return [question for some in rounds for question in some if question][:most]


def opened(rule: str, result: MatchResult) -> float:
    """The share of the score that is not known now and hangs on the answer of a rule."""
    weights = weights_of(result.run)
    return sum(weights[part] for part in OPENED_BY.get(rule, ()) if result.components[part] is None)
