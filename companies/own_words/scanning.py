"""A text being read: what was taken out of it, and the pieces that all readers share (numbers, units)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product

from accounts.reading.numbers import parse_number
from accounts.reading.refusals import Refusal
from companies.own_words import vocabulary as words
from companies.own_words.facts import Fact

TAKEN = "\x01"  # stands for each letter that a fact was read from: no word, no blank, no number
HIDDEN = "\x02"  # for letters that are part of the goods and must not be read as anything else
LONGEST = 2000
SAME_LENGTH = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\t\r\n", " "),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u2019\u2018\u02bc\u2032`", "'"),
        "ё": "е",
        "\x00": " ",
        TAKEN: " ",
        HIDDEN: " ",
    }
)

# 40, 1.290, 40 000, 1'500, 1,5. Which of several readings is meant is asked of accounts.reading.
NUMBER = r"(?:[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?(?![\d.,]*\d)|\d+(?:[.,']\d+)*)"
FREE_NUMBER = rf"(?<![\w.,'/]){NUMBER}"
SPOKEN = "|".join(sorted(map(re.escape, words.SPOKEN_NUMBERS), key=len, reverse=True))
THOUSANDS = "|".join(words.MULTIPLES)
UNIT = "|".join(f"(?:{pattern})" for pattern in words.UNITS.values())
MASS_UNIT = "|".join(f"(?:{words.UNITS[unit]})" for unit in ("t", "kg", "quintal"))
UNIT_PATTERNS = {unit: re.compile(pattern) for unit, pattern in words.UNITS.items()}
MULTIPLE_PATTERNS = {re.compile(pattern): times for pattern, times in words.MULTIPLES.items()}


SIZE = re.compile(r"(?<![\w.,/])\d{1,3}/\d{1,3}(?![\w/]|\s*(?:%|\())")


class Text:
    """The words of a person. Facts are taken out of it one kind after the other, the surest first.

    `written` and `left` are the same letter by letter: as typed, and small with what was taken already blotted out.
    """

    def __init__(self, written: str):
        seen = written[:LONGEST].translate(SAME_LENGTH)
        # Of many blanks one: patterns that may skip blanks would try all ways to share them.
        self._places = [place for place, letter in enumerate(seen) if letter != " " or seen[place - 1 : place] != " "]
        self.written = "".join(written[place] for place in self._places)
        lowered = (letter.lower() if len(letter.lower()) == 1 else letter for letter in self.written)
        self.left = "".join(lowered).translate(SAME_LENGTH)
        self.facts: list[Fact] = []

    def find(self, pattern: re.Pattern) -> Iterator[re.Match]:
        """Each place where a pattern still stands. What was taken meanwhile is not found again."""
        start = 0
        while found := pattern.search(self.left, start):
            yield found
            start = max(found.end(), start + 1)

    def take(self, kind: str, values: tuple, start: int, end: int) -> Fact:
        """Read a fact from these letters: one value, or several of which the person has to choose."""
        while start < end and self.left[start] in " ,;:":
            start += 1
        while end > start and self.left[end - 1] in " ,;:":
            end -= 1
        first, last = self._places[start], self._places[end - 1] + 1
        is_clear = len(values) == 1
        fact = Fact(kind, values[0] if is_clear else None, first, last, () if is_clear else tuple(values))
        self.facts.append(fact)
        self._cover(start, end, TAKEN)
        return fact

    def retell(self, fact: Fact, kind: str) -> None:
        """The same letters, read as something else after all."""
        self.facts[self.facts.index(fact)] = replace(fact, kind=kind)

    def hide_sizes(self) -> None:
        """31/40, 16/20: sizes of shrimp and the like are part of the goods, no number and no day."""
        for found in self.find(SIZE):
            self._cover(*found.span(), HIDDEN)

    def give_back(self, start: int, end: int) -> None:
        """Letters of a fact that may be part of the goods all the same."""
        self.left = self.left[:start] + self.written[start:end].lower() + self.left[end:]

    def drop(self, start: int, end: int) -> None:
        """Letters that belong to a fact and say nothing more."""
        self._cover(start, end, TAKEN)

    def _cover(self, start: int, end: int, letter: str) -> None:
        self.left = self.left[:start] + letter * (end - start) + self.left[end:]


def readings_of(number: str, multiple: str | None = None, most: Decimal | None = None) -> tuple[Decimal, ...]:
    """Every number that the letters can mean, the larger one first; nothing where they are none."""
    times = next((by for found, by in MULTIPLE_PATTERNS.items() if found.fullmatch(multiple)), 1) if multiple else 1
    if number in words.SPOKEN_NUMBERS:
        return (Decimal(words.SPOKEN_NUMBERS[number] * times),)
    try:
        found = (parse_number(number, most=most),)
    except Refusal as refusal:
        if not refusal.code.endswith("two_readings"):
            return ()
        found = tuple(Decimal(refusal.params[which]) for which in ("one", "two"))
    return tuple(_plain(one * times) for one in found)


def _plain(number: Decimal) -> Decimal:
    """40 and not 40.0."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def ranges_of(low: str, high: str | None, multiple: str | None = None, most: Decimal | None = None) -> list[tuple]:
    """Every (number, other end) that the letters can mean. A range that runs backwards is none."""
    lows = readings_of(low, multiple, most)
    if not high:
        return [(one, None) for one in lows]
    highs = readings_of(high, multiple, most)
    # Whoever writes 1.500-2.000 writes both ends in one way.
    both = zip(lows, highs, strict=True) if len(lows) == len(highs) else product(lows, highs)
    return [(one, two) for one, two in both if one < two]


def unit_of(written: str) -> str:
    return next(unit for unit, pattern in UNIT_PATTERNS.items() if pattern.fullmatch(written))
