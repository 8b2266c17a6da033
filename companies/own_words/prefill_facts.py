"""What the form of a need or a capacity begins with: a value at its field, a question, or words it has no field for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from companies.own_words.facts import Fact, OwnWords, Share


@dataclass(frozen=True)
class Source:
    """The words that a field was filled from, and the calculation between the two where there is one."""

    words: str
    remark: str = ""


@dataclass(frozen=True)
class Option:
    """One of the things that words can mean: in words of the reader, and as the values of the fields."""

    label: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """Words that can be read in several ways. The person chooses, or fills in the field `at` by hand."""

    at: str
    words: str
    options: tuple[Option, ...]
    remark: str = ""


@dataclass
class Filled:
    """The beginning of a form. `goods` are the words left for the commodity finder, `shares` wait for the goods."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # names of places that are in no list
    shares: list[tuple[Share, str]] = field(default_factory=list)
    goods: str = ""
    says_other_side: str = ""

    def put(self, values: Mapping[str, Any], words: str, remark: str = "") -> bool:
        """Fill in fields from some words; what is filled in already stays, and the words are then only kept."""
        if any(name in self.values for name in values):
            self.kept.append(words)
            return False
        self.values |= values
        for name in values:
            self.sources[name] = Source(words, remark)
        return True

    def ask(self, at: str, words: str, options: list[Option], remark: str = "") -> None:
        """A question, once for each field."""
        if at in self.values or any(question.at == at for question in self.questions):
            self.kept.append(words)
            return
        self.questions.append(Question(at, words, tuple(options), remark))

    def put_or_ask(self, at: str, words: str, options: list[Option], remark: str = "") -> None:
        """One option is the answer; of several the person chooses."""
        if len(options) == 1:
            self.put(options[0].values, words, remark or "")
        elif options:
            self.ask(at, words, options, remark)


class Spoken:
    """The facts of a text by their kind, each with its words as they were written."""

    def __init__(self, text: str, words: OwnWords):
        self.text, self._words = text, words

    def words_of(self, *facts: Fact) -> str:
        return "; ".join(" ".join(self.text[fact.start : fact.end].split()) for fact in facts)

    def of(self, *kinds: str) -> list[Fact]:
        return [fact for fact in self._words.facts if fact.kind in kinds]


def readings(fact: Fact) -> tuple:
    """Everything that a fact can mean; one thing where it is clear."""
    return fact.alternatives if fact.is_question else (fact.value,)
