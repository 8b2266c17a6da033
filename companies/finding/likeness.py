"""How likely two written names are one company: 1 for the same, and below `THRESHOLD` for another.

A name is compared word by word. A word that sounds the same is the same; letters that people write differently when
they carry a name into another script cost little; one slip of the pen is forgiven in a long word, never at its end
(Иванов and Иванова are two people) and never in a short one (coal and coil are two goods). A number, a place, a word
more or another order make another company.
"""

from dataclasses import dataclass

from companies.finding.folding import FoldedName, Word, readings

THRESHOLD = 0.9
SAME, OTHER_SPELLING, SLIP = "same_name", "other_spelling", "slip_of_the_pen"
NEAR = "near_name"

ANOTHER = 9.0  # a cost that no name survives
SLIP_COST = 0.07
SHADE_COST = 0.05
# What is taken for a slip: a letter left out, added or swapped in a word of so many sounds; a letter replaced.
LEAST_FOR_SWAP = 7
LEAST_FOR_SLIP = 9
LEAST_FOR_VOWEL = 9
LEAST_FOR_REPLACED = 11
LEAST_IN_ONE, MOST_APART = 8, 2
VOWELS = frozenset("aeiou")

# Between scripts: letters of one for a sound that the other writes in several ways.
SHADES = {
    frozenset(pair): cost
    for pair, cost in (
        *(("ck", 0.1), ("cQ", 0.1), ("cs", 0.2), ("cC", 0.2), ("hk", 0.3), ("ae", 0.4), ("ie", 0.3), ("uv", 0.2)),
        *(
            ("Cz", 0.3),
            ("Jz", 0.3),
            ("sz", 0.2),
            ("hg", 0.4),
            ("ou", 0.4),
            ("Ji", 0.3),
            ("SQ", 0.5),
            ("Cs", 0.3),
            ("gJ", 0.4),
        ),
    )
}
# Within one script only what has two spellings there.
SHADES_WITHIN = {frozenset("ck"): 0.1, frozenset("hk"): 0.5}
SILENT = {"i": 0.3, "h": 0.3, "e": 0.5}
MOST_SHADES = 0.65


@dataclass(frozen=True)
class Likeness:
    """How alike two names are, and why it is thought so."""

    score: float
    why: str


def likeness(left: str, right: str) -> Likeness:
    """The best of all readings of both names."""
    found = [compared(one, two) for one in readings(left) for two in readings(right)]
    return max(found, key=lambda one: one.score, default=Likeness(0.0, NEAR))


def compared(left: FoldedName, right: FoldedName) -> Likeness:
    if left.joined == right.joined and not _is_doubled_otherwise(left, right):
        return Likeness(1.0, SAME)
    is_person = left.is_person or right.is_person
    if is_person and sorted(left.sounds) == sorted(right.sounds):
        return Likeness(0.97, SAME)
    if left.numbers == right.numbers and len(left.words) == len(right.words):
        costs = [_word_cost(*pair, is_person=is_person) for pair in zip(left.words, right.words, strict=True)]
        slips, shades = sum(slip for slip, _shade in costs), sum(shade for _slip, shade in costs)
        if slips <= 1:
            score = 1 - SLIP_COST * slips - SHADE_COST * min(shades, 1.0)
            return Likeness(round(score, 3), SLIP if slips else OTHER_SPELLING)
    elif left.numbers == right.numbers and abs(len(left.joined) - len(right.joined)) <= MOST_APART:
        # Parted by blanks here and not there: then as one word, in which no slip is forgiven.
        slips, shades = _word_cost(_in_one(left), _in_one(right), is_person=True)
        if not slips and min(len(left.joined), len(right.joined)) >= LEAST_IN_ONE:
            return Likeness(round(1 - SHADE_COST * min(shades, 1.0), 3), OTHER_SPELLING)
    return Likeness(_near(left, right), NEAR)


def _is_doubled_otherwise(left: FoldedName, right: FoldedName) -> bool:
    return left.sounds == right.sounds and any(map(_are_doubled_otherwise, left.words, right.words))


def _are_doubled_otherwise(left: Word, right: Word) -> bool:
    """Copper is not cooper: each has a letter twice that the other has not. Left out on one side it was forgotten."""
    one, two = set(left.doubled), set(right.doubled)
    return left.is_cyrillic == right.is_cyrillic and not (one <= two or two <= one)


def _in_one(name: FoldedName) -> Word:
    return Word(name.joined, any(word.is_cyrillic for word in name.words))


def _word_cost(left: Word, right: Word, *, is_person: bool) -> tuple[float, float]:
    """(slips of the pen, shades of spelling) between two words; a number of slips above one for different words."""
    one, two = left.sound, right.sound
    if one == two:
        return (ANOTHER, 0) if _are_doubled_otherwise(left, right) else (0, 0)
    if left.is_number or right.is_number:
        return ANOTHER, 0
    is_of_age = bool(left.modern_sound or right.modern_sound)
    if is_of_age and (left.modern_sound or one) == (right.modern_sound or two):
        return 0, 0.1
    crosses = left.is_cyrillic != right.is_cyrillic
    shades = _distance(one, two, SHADES if crosses else SHADES_WITHIN, SILENT if crosses else {})
    if shades <= (MOST_SHADES if min(len(one), len(two)) > 3 else 0.3):
        return 0, shades
    return (1, 0) if not is_person and _is_slip(one, two) else (ANOTHER, 0)


def _is_slip(one: str, two: str) -> bool:
    """One letter is left out, swapped with its neighbour or replaced: inside a word that the rest of it tells."""
    short, long = sorted((one, two), key=len)
    if len(long) < LEAST_FOR_SWAP or len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    end = 0
    while end < len(short) - start and short[-1 - end] == long[-1 - end]:
        end += 1
    if not start or not end:
        return False
    rest_of_short, rest_of_long = short[start : len(short) - end], long[start : len(long) - end]
    if not rest_of_short:
        return len(rest_of_long) == 1 and len(long) >= LEAST_FOR_SLIP
    if len(rest_of_short) == 2 and rest_of_short == rest_of_long[::-1]:
        return True
    if len(rest_of_short) == len(rest_of_long) == 1:
        are_vowels = rest_of_short in VOWELS and rest_of_long in VOWELS
        return len(long) >= (LEAST_FOR_VOWEL if are_vowels else LEAST_FOR_REPLACED)
    return False


def _distance(one: str, two: str, shades: dict, silent: dict) -> float:
    """The cheapest way from one sound to the other, where some letters cost less than a whole one."""
    before = [0.0]
    for letter in two:
        before.append(before[-1] + silent.get(letter, 1.0))
    for letter in one:
        gone = silent.get(letter, 1.0)
        now = [before[0] + gone]
        for place, other in enumerate(two, 1):
            replaced = 0.0 if letter == other else shades.get(frozenset((letter, other)), 1.0)
            now.append(min(before[place] + gone, now[-1] + silent.get(other, 1.0), before[place - 1] + replaced))
        before = now
    return before[-1]


def _near(left: FoldedName, right: FoldedName) -> float:
    """How near two different names are, always below the threshold: the share of words they have in common."""
    ours, theirs = set(left.sounds), set(right.sounds)
    return round(0.8 * len(ours & theirs) / len(ours | theirs), 3) if ours | theirs else 0.0
