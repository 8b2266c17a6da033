"""How well the commodity finder does on a labelled set: by language, and by what its rules were tuned on or not."""

import csv
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from commodities.enums import FoundKind, NodeKind
from commodities.finding.finder import Found, Suggestion, find_commodity
from commodities.models import Commodity

HALVES = ("tuned", "held_out")
LANGUAGES = ("en", "id", "ru", "kk")
GROUP_PREFIX = "group:"
SHOWN = 5


@dataclass(frozen=True)
class Question:
    """What somebody might type, and the codes that answer it; none where it names no goods."""

    half: str
    language: str
    query: str
    right: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What was found, at which place the first right one stands (0: nowhere among those shown), and in how long."""

    question: Question
    found: Found
    place: int
    seconds: float


@dataclass(frozen=True)
class Tally:
    """The answers to a part of the questions, counted."""

    goods: int
    first: int
    in_five: int
    sure: int
    sure_and_first: int
    sure_and_in_five: int
    nonsense: int
    refused: int
    not_sure: int


def read_questions(path: Path) -> list[Question]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Question(row["half"], row["language"], row["query"], tuple(filter(None, row["right"].split(";"))))
            for row in csv.DictReader(lines)
        ]


def ask(questions: Iterable[Question]) -> list[Answer]:
    goods = dict(Commodity.objects.filter(kind=NodeKind.COMMODITY).values_list("code", "hs_code"))
    answers = []
    for question in questions:
        started = time.perf_counter()
        found = find_commodity(question.query, limit=SHOWN)
        seconds = time.perf_counter() - started
        hits = (at for at, one in enumerate(found.suggestions, start=1) if _is_right(one, question.right, goods))
        answers.append(Answer(question, found, next(hits, 0), seconds))
    return answers


def _is_right(suggestion: Suggestion, right: tuple[str, ...], goods: dict[str, str]) -> bool:
    """A good answers by itself or through its subheading; HS digits through anything at or below them."""
    for code in right:
        if code.startswith(GROUP_PREFIX):
            if suggestion.kind == FoundKind.GROUP and suggestion.code == code.removeprefix(GROUP_PREFIX):
                return True
        elif suggestion.kind == FoundKind.GROUP:
            continue
        elif code in goods:
            if suggestion.code in (code, goods[code]):
                return True
        elif suggestion.hs_code.startswith(code):
            return True
    return False


def tally(answers: Iterable[Answer]) -> Tally:
    answers = list(answers)
    goods = [answer for answer in answers if answer.question.right]
    nonsense = [answer for answer in answers if not answer.question.right]
    sure = [answer for answer in goods if answer.found.is_sure]
    return Tally(
        goods=len(goods),
        first=sum(answer.place == 1 for answer in goods),
        in_five=sum(answer.place > 0 for answer in goods),
        sure=len(sure),
        sure_and_first=sum(answer.place == 1 for answer in sure),
        sure_and_in_five=sum(answer.place > 0 for answer in sure),
        nonsense=len(nonsense),
        refused=sum(not answer.found.suggestions for answer in nonsense),
        not_sure=sum(not answer.found.is_sure for answer in nonsense),
    )


def percentile(answers: Iterable[Answer], part: float) -> float:
    """Milliseconds within which a part of the answers came."""
    seconds = sorted(answer.seconds for answer in answers)
    return 1000 * seconds[min(len(seconds) - 1, int(len(seconds) * part))] if seconds else 0.0


def worst(answers: Iterable[Answer], count: int = 10) -> list[Answer]:
    """The answers that mislead most: wrong and sure, then wrong, then right but not first."""
    wrong = [answer for answer in answers if bool(answer.question.right) != (answer.place == 1)]
    wrong = [answer for answer in wrong if answer.question.right or answer.found.suggestions]
    return sorted(wrong, key=_harm, reverse=True)[:count]


def _harm(answer: Answer) -> tuple:
    best = answer.found.suggestions[0].score if answer.found.suggestions else 0.0
    return answer.place == 0, answer.found.is_sure, answer.place, best
