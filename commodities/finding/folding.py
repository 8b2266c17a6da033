"""One way of writing for four languages: what a word looks like when case, script and spelling habits are taken away.

`мұздатылған`, `муздатылган` and `muzdatylgan` fold to one key; so do `феррохром`, `ferrokhrom` and nearly `ferrochrom`.
"""

import re
import unicodedata
from functools import lru_cache

KAZAKH_AS_RUSSIAN = str.maketrans("әғқңөұүһіё", "агкноуухие")
LOOKS_LATIN = str.maketrans("aceopxyk", "асеорхук")  # Latin letters that pass for Cyrillic ones in a Cyrillic word
LOOKS_CYRILLIC = str.maketrans("асеорхукв", "aceopxykb")
IN_LATIN = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхцыэ", "abvgdeziiklmnoprstufhcie", strict=True)),
        "ж": "zh",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ъ": "",
        "ь": "",
        "ю": "iu",
        "я": "ia",
    }
)
# Ways of writing one sound in Latin letters. The longer come first.
HABITS = [
    ("shch", "sh"),
    ("sch", "sh"),
    ("kh", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("ts", "c"),
    ("tz", "c"),
    ("x", "ks"),
    ("q", "k"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
    ("ii", "i"),
]
DOUBLED = re.compile(r"([a-z])\1+")
HARD_C = re.compile(r"c(?![eihk])")  # cocoa, carbon, ferrochrome keep their sound; acid and cement keep their letter
VOWEL = re.compile(r"[aeiu]")
CYRILLIC = re.compile(r"[а-яё]")
KAZAKH = re.compile(r"[әғқңөұүһі]")


def plain(text: str) -> str:
    """Lower case, one form for each letter, no accents but those that make another letter."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    parts = unicodedata.normalize("NFKD", text.replace("й", "\ue000"))
    kept = "".join(letter for letter in parts if not unicodedata.combining(letter)).replace("\ue000", "й")
    return kept.replace("ı", "i").replace("ø", "o")


def is_cyrillic(word: str) -> bool:
    return bool(CYRILLIC.search(word) or KAZAKH.search(word))


@lru_cache(maxsize=100_000)
def in_one_script(word: str) -> str:
    """A word with letters of both scripts in it, as the script most of it is in: `cахар`, `СРО`."""
    if word.isascii():
        return word
    cyrillic = sum(is_cyrillic(letter) for letter in word)
    latin = sum(letter.isascii() and letter.isalpha() for letter in word)
    if not cyrillic or not latin:
        return word
    return word.translate(LOOKS_LATIN if cyrillic >= latin else LOOKS_CYRILLIC)


def is_kazakh(word: str) -> bool:
    """Whether it has letters that Russian has not."""
    return bool(KAZAKH.search(word))


def as_russian(word: str) -> str:
    """A plain Cyrillic word in the Russian alphabet, without ё: what a keyboard without Kazakh letters gives."""
    return word.translate(KAZAKH_AS_RUSSIAN)


@lru_cache(maxsize=100_000)
def key(word: str) -> str:
    """The key of a plain word or stem, in Latin letters."""
    # айына (a month) is not айна (a mirror)
    latin = as_russian(word).replace("йы", "йе").translate(IN_LATIN)
    for written, kept in HABITS:
        latin = latin.replace(written, kept)
    if VOWEL.search(latin):  # CPO and PCS are spelt, not spoken
        latin = HARD_C.sub("k", latin)
    return DOUBLED.sub(r"\1", latin)
