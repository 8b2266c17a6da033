"""A company name taken apart: what tells this company from others, by sound, without legal forms and ornament."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from companies.finding import words
from companies.finding.letters import SHOWS_AGE, doubled_in, is_cyrillic, modern_sound_of, sound_of

QUOTES = re.compile("[\"'`´«»„“”‘’‹›<>]")
INITIALS = re.compile(r"\b(?:\w\.\s?){2,}(?:\w\b)?")
BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
WORD = re.compile(r"[^\W_]+|[&+]")
FORMER = re.compile(rf"\s(?:{'|'.join(map(re.escape, words.FORMERLY))})[\s.:]+", re.IGNORECASE)
NUMBER_SIGN = re.compile(r"\b(?:no|n)\.?\s*(?=\d)")  # № becomes No
LONGEST = 250
SHORTEST_ASKED = 2
MOST_ASKED = 6


@dataclass(frozen=True)
class Word:
    """One word of a name that counts."""

    sound: str
    is_cyrillic: bool = False
    modern_sound: str = ""  # of a word in old Indonesian spelling
    doubled: str = ""  # letters written twice, which the sound has once

    @property
    def is_number(self) -> bool:
        return self.sound.isdigit()


@dataclass(frozen=True)
class FoldedName:
    """What is left of a name. `is_person`: somebody trades under their own name."""

    words: tuple[Word, ...]
    is_person: bool = False

    @property
    def sounds(self) -> tuple[str, ...]:
        return tuple(word.sound for word in self.words)

    @property
    def joined(self) -> str:
        """All of it in one; a number stays apart from the next: 1 and 1 are not 11."""
        return "".join(f"{word.sound}." if word.is_number else word.sound for word in self.words)

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(word.sound for word in self.words if word.is_number)


@lru_cache(maxsize=60_000)
def readings(name: str) -> tuple[FoldedName, ...]:
    """Everything the company may be called by one written name: in brackets and after "formerly" stands another."""
    name = name[:LONGEST]
    spans = [" ".join(filter(None, found.groups())) for found in BRACKETS.finditer(name)]
    outside = BRACKETS.sub(" ", name)
    found = [folded(part) for part in FORMER.split(f" {outside}")]
    for inside in map(folded, spans):
        tells_apart = inside.numbers or any(sound in words.PLACES for sound in inside.sounds)
        if tells_apart:
            found = [FoldedName(one.words + inside.words, one.is_person) for one in found]
        else:
            found.append(inside)
    filled = tuple(dict.fromkeys(one for one in found if one.words))
    return filled or tuple(one for one in (folded(name, keep_forms=True),) if one.words)


def folded(name: str, *, keep_forms: bool = False) -> FoldedName:
    """A name without brackets, taken apart."""
    parts = _parts(name)
    is_person = False
    if not keep_forms:
        parts, is_person = _without_forms(parts, may_begin_with_form=_begins_with_capital_form(name))
    kept = [words.AND if part in words.CONNECTIVES else part for part in parts if part not in words.ORNAMENTS]
    return FoldedName(tuple(_shortened(_numbered(kept))), is_person)


def ways_to_ask(name: str) -> tuple[str, ...]:
    """How to search for a name among all: as written, with short words for long ones and the reverse, and in one."""
    ways: list[str] = []
    for part in FORMER.split(f" {BRACKETS.sub(' ', name[:LONGEST])}"):
        parts, _is_person = _without_forms(_parts(part), may_begin_with_form=_begins_with_capital_form(part))
        counted = folded(part).words
        ways.append(" ".join(parts))
        # By sound only where that says more than the letters, which the database sounds out itself.
        if any(word.modern_sound for word in counted) or {word.sound for word in counted} - set(map(sound_of, parts)):
            said = [word.modern_sound or word.sound for word in counted if word.sound != words.AND]
            ways.append(" ".join(said).lower())
        if any(word.sound in words.LONG_PHRASES for word in counted):
            ways.append(" ".join(words.LONG_PHRASES.get(word.sound, word.sound) for word in counted).lower())
        ways.append("".join(parts))
    return tuple(dict.fromkeys(way for way in ways if len(way) >= SHORTEST_ASKED))[:MOST_ASKED]


def _parts(name: str) -> list[str]:
    """The words as written, in small letters. Letters with dots between them are one word: P.T., S.L.K."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    plain = NUMBER_SIGN.sub(" ", plain)
    return WORD.findall(INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", QUOTES.sub(" ", plain)))


def _begins_with_capital_form(name: str) -> bool:
    """АҚ «Жезқазған Мыс», but not Ақ Бидай, nor АҚ БИДАЙ."""
    return name.lstrip()[:2] in ("АҚ", "АК") and not name.isupper()


def _without_forms(parts: list[str], *, may_begin_with_form: bool) -> tuple[list[str], bool]:
    """The words that are no legal form, and whether the form is one of a person who trades."""
    is_person = False
    left = parts
    for phrase in words.LEGAL_PHRASES:
        size = len(phrase)
        for start in range(len(left) - size, -1, -1):
            if tuple(left[start : start + size]) == phrase:
                is_person = is_person or phrase in words.PERSON_PHRASES
                left = left[:start] + left[start + size :]
    is_person = is_person or any(part in words.PERSON_FORMS for part in left)
    left = [part for part in left if part not in words.LEGAL_WORDS]
    if len(left) == len(parts) and len(left) > 1:
        if left[-1] in words.LEGAL_OR_WHITE:
            left = left[:-1]
        elif left[0] in words.LEGAL_OR_WHITE and may_begin_with_form:
            left = left[1:]
    return left, is_person


def _numbered(parts: list[str]) -> list[Word]:
    """The words by sound, with Roman numbers as digits: a single letter is one only at the end."""
    found = []
    is_old = any(SHOWS_AGE.search(part) for part in parts)
    for place, part in enumerate(parts):
        is_last = place == len(parts) - 1 and place > 0
        if part.isdecimal():
            found.append(Word(str(int(part))))
        elif part in words.ROMAN:
            found.append(Word(str(words.ROMAN[part])))
        elif is_last and part in words.ROMAN_LETTERS:
            found.append(Word(str(words.ROMAN_LETTERS[part])))
        else:
            for piece in re.findall(r"\d+|\D+", part):
                sound = str(int(piece)) if piece.isdecimal() else sound_of(piece)
                if sound:
                    sound = words.SOUNDS_LIKE_AND.get(sound, sound)
                    modern = modern_sound_of(piece) if is_old else ""
                    found.append(Word(sound, is_cyrillic(piece), modern, doubled_in(piece)))
    return found


def _shortened(found: list[Word]) -> list[Word]:
    """With one form for what is written short or long: Kalimantan Timur and Kaltim, Corporation and Corp."""
    single = [replace(word, sound=words.SHORTENED.get(word.sound, word.sound)) for word in found]
    short: list[Word] = []
    place = 0
    while place < len(single):
        for size in range(words.LONGEST_PHRASE, 1, -1):
            if phrase := words.SHORT_PHRASES.get(tuple(word.sound for word in single[place : place + size])):
                short.append(Word(phrase))
                place += size
                break
        else:
            short.append(single[place])
            place += 1
    return short
