"""What somebody typed, cut into words worth looking up. Numbers, sizes, grades and addresses are not."""

import re
from dataclasses import dataclass
from itertools import islice

from commodities.finding.folding import is_cyrillic, key, plain
from commodities.finding.stems import possible_stems, stem
from commodities.finding.wording import LONGEST_PHRASE, has_letters, words_of

LONGEST_QUERY = 400  # characters
MOST_WORDS = 24
ADDRESS = re.compile(r"\S+@\S+|\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
# 0306.17, 7202 60 000 0, 15119020; a heading alone only where somebody says that it is one.
CODE = re.compile(r"(?<![\d.,/-])(\d{4}[ .]?\d\d(?:[ .]?\d{2,3}(?:[ .]?\d{1,2})?)?)(?![ ]?[\d.,/%-])")
HEADING = re.compile(
    r"(?:\b(?:hs|hts|code|kod|kode|pos|тн\s?вэд|код|тарифн\w*)\b[\s:.№]*)+(\d{4})\b(?![ .,]?\d)", re.IGNORECASE
)
ONLY_A_CODE = re.compile(r"[\d .]{4,16}")
CUT_SHORT = re.compile(r"([^\W\d_]{3,})\.(?!\w)")
NUMBER_AND_LETTERS = re.compile(r"([^\W\d_]*)\d[\w]*")
QUANTITY = re.compile(r"\d+(?!d$)[^\W\d_]{1,3}")  # 25kg, 40ton; not 3d
OF_MASS = {"kg", "кг", "g", "gr", "г", "гр", "t", "т", "mt", "ton", "tons", "tonnes", "тонн", "тонна", "lb", "l", "л"}
LIMITS = {"max", "min", "maks", "макс", "мин", "не", "менее", "более"}
ALONE = 3  # letters below which an unknown word says nothing


@dataclass(frozen=True)
class Word:
    """A word as it was typed, plain, and how it may be filed."""

    plain: str
    is_cut_short: bool = False
    is_counted: bool = False  # a number stands before it: 100 hp
    number: str = ""  # that stands behind it: SIR 20
    is_measured: bool = False  # by that number: gluten 25, but not gluten 25 kg

    @property
    def has_digit(self) -> bool:
        return any(letter.isdigit() for letter in self.plain)

    @property
    def says_something(self) -> bool:
        """Whether not knowing it is a sign that we do not know what is meant."""
        return not self.has_digit and len(self.plain) > ALONE

    @property
    def grade(self) -> str:
        """With its number: SIR 20, FeSi 75."""
        return key(self.plain + self.number) if self.number and not self.has_digit else ""

    @property
    def letters(self) -> str:
        """The letters a grade begins with: FeSi of FeSi75."""
        begins = NUMBER_AND_LETTERS.fullmatch(self.plain)
        return begins.group(1) if begins and len(begins.group(1)) >= ALONE else ""

    @property
    def is_babble(self) -> bool:
        """One letter again and again is no word."""
        return len(key(self.plain)) * 2 < len(self.plain)

    @property
    def stems(self) -> dict[str, frozenset[str]]:
        return possible_stems(self.plain)


@dataclass(frozen=True)
class Query:
    words: tuple[Word, ...]
    codes: tuple[str, ...]


def read_query(text: str) -> Query:
    """Take a text apart; what cannot be a word or a code of goods is left out."""
    text = ADDRESS.sub(" ", text[:LONGEST_QUERY])
    codes = tuple(dict.fromkeys(_codes(text)))
    for pattern in (HEADING, CODE):
        text = pattern.sub(" ", text) if codes else text
    cut_short = {match.group(1) for match in CUT_SHORT.finditer(plain(text))}
    pieces = words_of(text)
    words = (
        _word(pieces, at, is_cut_short=piece in cut_short)
        for at, piece in enumerate(pieces)
        if has_letters(piece) and not QUANTITY.fullmatch(piece)
    )
    return Query(tuple(islice(words, MOST_WORDS)), codes)


def _word(pieces: list[str], at: int, *, is_cut_short: bool) -> Word:
    number, unit = _number_after(pieces, at)
    return Word(
        pieces[at],
        is_cut_short=is_cut_short,
        is_counted=at > 0 and pieces[at - 1][0].isdigit(),
        number=number,
        is_measured=number.isdigit() and unit not in OF_MASS,
    )


def _number_after(pieces: list[str], at: int) -> tuple[str, str]:
    """The number behind a word, and what stands behind that."""
    behind = [piece for piece in pieces[at + 1 : at + 5] if piece not in LIMITS]
    if not behind or not behind[0][0].isdigit():
        return "", ""
    return behind[0], next((piece for piece in behind[1:] if not piece.isdigit()), "")  # 12,5 are two pieces


def _codes(text: str) -> list[str]:
    found = [re.sub(r"\D", "", match.group(1))[:6] for match in CODE.finditer(text)]
    found += [match.group(1) for match in HEADING.finditer(text)]
    bare = re.sub(r"\D", "", text)
    if not found and ONLY_A_CODE.fullmatch(text.strip()) and len(bare) == 4:
        found.append(bare)
    return found


def phrases(words: tuple[Word, ...], start: int) -> list[tuple[int, str, str]]:
    """The phrases of two words and more that begin at a word, the longest first: length, key, language."""
    found = []
    for length in range(min(LONGEST_PHRASE, len(words) - start), 1, -1):
        part = [word.plain for word in words[start : start + length]]
        for language in ("ru", "kk") if any(map(is_cyrillic, part)) else ("en", "id"):
            found.append((length, " ".join(stem(word, language) for word in part), language))
    return found


def written_together(words: tuple[Word, ...], start: int) -> str:
    """The key of two words as one: био дизель, ferro nickel."""
    return key("".join(word.plain for word in words[start : start + 2])) if start + 1 < len(words) else ""


def beginnings(word: Word) -> list[str]:
    """What a known word may be that this one goes on from: the ending of a case, a word typed in Latin letters."""
    whole = key(word.plain)
    return [whole[:length] for length in range(len(whole) - 1, max(3, len(whole) - 5), -1)]


def halves(word: Word) -> list[tuple[str, str]]:
    """The two words that one may be written of: fishmeal."""
    text = word.plain
    if word.has_digit or len(text) < 7:
        return []
    return [(text[:cut], text[cut:]) for cut in range(3, len(text) - 2)]
