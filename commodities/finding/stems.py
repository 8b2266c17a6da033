"""What is left of a word without its endings, by rules of thumb for each language.

PostgreSQL has Snowball stemmers for English, Russian and Indonesian, none for Kazakh, and its Indonesian one takes
`kirim` and `pengiriman` apart. A stem here need not be a root: it must only be the same for the forms of one word.
"""

import re
from functools import lru_cache

from commodities.finding.folding import as_russian, is_cyrillic, is_kazakh, key

SHORTEST = 3  # letters that a stem keeps at least

ENGLISH_HOUSE = re.compile(r"[sxzh]e$")  # as houses lost it, so does house
ENGLISH = (
    (re.compile(r"(?:ies|ied)$"), "y"),
    (re.compile(r"(?<=[sxzh])es$"), ""),
    (re.compile(r"(?<=[^su])s$"), ""),
)
RUSSIAN = re.compile(
    r"(?:иями|ями|ами|ией|иям|ием|иях|ях|ах|ов|ев|ей|ой|ий|ый|ая|яя|ое|ее|ие|ые|ого|его|ому|ему|ыми|ими|ым|им|ом|ем"
    r"|ую|юю|ых|их|ою|ею|ам|ям|ия|ья|ию|ью|ии|а|я|о|е|и|ы|у|ю|ь|й)$"
)
# Endings, and how many letters they leave. Without the accusative: асшаяны is a shrimp of some kind more often than
# a shrimp that something is done to.
KAZAKH = (
    (re.compile(r"(?:нан|нен|дан|ден|тан|тен|мен|бен|пен)$"), 4),
    (re.compile(r"(?:нын|нин|дын|дин|тын|тин|га|ге|да|де|та|те)$"), 4),
    (re.compile(r"(?:сы|си|ы|и)$"), 3),
    (re.compile(r"(?:лар|лер|дар|дер|тар|тер)$"), 3),
)
INDONESIAN_BEFORE = re.compile(r"^(?:meng|meny|mem|men|me|ber|ter|di|peng|peny|pem|pen)(?=[a-z]{4})")
INDONESIAN_AFTER = re.compile(r"(?:nya|kan|an|lah)$")


def english(word: str) -> str:
    for ending, instead in ENGLISH:
        shorter = ending.sub(instead, word)
        if shorter != word and len(shorter) >= SHORTEST:
            word = shorter
            break
    return word[:-1] if ENGLISH_HOUSE.search(word) and len(word) > SHORTEST else word


def russian(word: str) -> str:
    word = as_russian(word)
    shorter = RUSSIAN.sub("", word)
    return shorter if len(shorter) >= SHORTEST else word


def kazakh(word: str) -> str:
    """Kazakh puts endings one after another: case, whose it is, many."""
    word = as_russian(word)
    for endings, left in KAZAKH:
        shorter = endings.sub("", word)
        word = shorter if len(shorter) >= left else word
    return word


def indonesian(word: str) -> str:
    shorter = INDONESIAN_BEFORE.sub("", word)
    shorter = INDONESIAN_AFTER.sub("", shorter) if len(shorter) > SHORTEST + 3 else shorter
    return shorter if len(shorter) > SHORTEST else word


LANGUAGES_OF_SCRIPT = {False: ("en", "id"), True: ("ru", "kk")}  # by whether it is Cyrillic
OF_LANGUAGE = {"en": english, "id": indonesian, "ru": russian, "kk": kazakh}


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The key under which a plain word of a language is filed."""
    latin_language = language in ("en", "id")
    if is_cyrillic(word) == latin_language:
        return key(word)  # "NPI" in a Russian sentence
    return key(OF_LANGUAGE[language](word))


@lru_cache(maxsize=50_000)
def possible_stems(word: str) -> dict[str, frozenset[str]]:
    """The keys a word of no known language may be filed under, each with the languages that file it so."""
    languages = ("kk",) if is_kazakh(word) else LANGUAGES_OF_SCRIPT[is_cyrillic(word)]
    found: dict[str, set[str]] = {key(word): set(languages)}
    for language in languages:
        found.setdefault(stem(word, language), set()).add(language)
    return {one: frozenset(many) for one, many in found.items()}
