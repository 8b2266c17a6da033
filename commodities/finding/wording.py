"""Cutting text into words, and words into concepts: one way for titles, names, trade words and what people type."""

import re
from collections.abc import Iterable, Sequence

from commodities.finding.folding import in_one_script, plain
from commodities.finding.stems import stem

# Short forms with a stroke are one word: с/м, х/к, б/у, w/r.
SHORT_FORM = re.compile(r"\b([^\W\d_]{1,2})\s?/\s?([^\W\d_]{1,2})\b")
WORD = re.compile(r"[^\W_]+")
LONGEST_PHRASE = 4  # words

Meanings = dict[tuple[str, str], list[tuple[str, ...]]]


def words_of(text: str) -> list[str]:
    """The plain words of a text; numbers and words with digits in them are words too."""
    joined = SHORT_FORM.sub(r"\1\2", plain(text).replace("'", "").replace("’", ""))
    return [in_one_script(word) for word in WORD.findall(joined)]


def has_letters(word: str) -> bool:
    return any(letter.isalpha() for letter in word)


def phrase_key(words: Iterable[str], language: str) -> str:
    return " ".join(stem(word, language) for word in words)


def concepts_of(text: str, language: str, meanings: Meanings) -> list[str]:
    """What a text of the catalogue speaks of: the longest phrases with a meaning first, then the words that are left.

    A word without a meaning in English stands for itself: in English as it is, else with its language before it.
    """
    words = [word for word in words_of(text) if has_letters(word)]
    found: dict[str, None] = {}
    start = 0
    while start < len(words):
        length, concepts = _longest_meaning(words[start : start + LONGEST_PHRASE], language, meanings)
        found |= dict.fromkeys(concepts)
        if language == "en" and length == 1 and concepts:
            found[own_concept(words[start], "en")] = None  # diesel is petroleum, and what drives an engine
        start += length
    return list(found)


def _longest_meaning(words: Sequence[str], language: str, meanings: Meanings) -> tuple[int, list[str]]:
    for length in range(len(words), 0, -1):
        known = meanings.get((language, phrase_key(words[:length], language)))
        if known is not None:
            return length, [concept for concepts in known for concept in concepts]
    return 1, [own_concept(words[0], language)]


def mass(rarity: float) -> float:
    """How much a concept of some rarity counts: even the commonest word is one more that is said."""
    return 0.25 + rarity


def own_concept(word: str, language: str) -> str:
    key = stem(word, language)
    return key if language == "en" else f"{language}:{key}"
