"""What the typed words may mean: each stretch of the text with its meanings, from sure to likely."""

from dataclasses import dataclass, replace

from commodities.enums import WordKind
from commodities.finding.folding import is_cyrillic, key
from commodities.finding.lookup import Dictionary, Known
from commodities.finding.query import Word, beginnings, halves, phrases, written_together
from commodities.finding.stems import LANGUAGES_OF_SCRIPT, possible_stems
from commodities.finding.wording import mass

IN_LATIN = 0.95  # a Russian or Kazakh word in Latin letters
IN_CYRILLIC = 0.65  # an English or Indonesian word in Cyrillic ones
OTHER_LANGUAGE = 0.7  # what is left of a meaning in a language that the rest of the text is not in
SAYS_NOTHING = {WordKind.TALK, WordKind.ASIDE}
# How much it matters that what was found has a word of a kind.
WEIGHT = {WordKind.ENGLISH: 1.0, WordKind.CODE: 1.0, WordKind.MEASURE: 1.0, WordKind.PACKING: 0.3}
ASIDE_WEIGHT = 1.25  # of a word about other matters: as much as the rarest word of goods
SHORTEST_TRANSLITERATED = 5  # letters: shorter ones are too often words of both scripts
SHORTEST_TOGETHER = 6  # letters of two words written as one
ANY_LANGUAGE = frozenset(("en", "id", "ru", "kk"))


@dataclass(frozen=True)
class Meaning:
    """Something a stretch of text may mean, and how well that fits how it is written, up to 1."""

    concepts: tuple[str, ...]
    language: str
    quality: float
    rarities: tuple[float, ...]
    kind: str


@dataclass(frozen=True)
class Term:
    """A stretch of the text. Without meanings it is a word we do not know."""

    words: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    is_aside: bool = False  # about other matters than goods

    @property
    def weight(self) -> float:
        """How much it matters that an entry has it."""
        if self.is_aside:
            return ASIDE_WEIGHT
        if not self.meanings:
            return 0.5
        return max(WEIGHT[meaning.kind] * max(map(mass, meaning.rarities)) for meaning in self.meanings)


def terms_of(words: tuple[Word, ...], dictionary: Dictionary) -> list[Term]:
    """The terms of a text, without its small talk and what says nothing; phrases go before words."""
    terms, start = [], 0
    while start < len(words):
        length, meanings = _phrase(words, start, dictionary)
        if not length:
            length, meanings = 1, _single(words[start], dictionary)
        typed = words[start : start + length]
        goods = (
            () if _is_figure(meanings, typed[-1]) else tuple(one for one in meanings if one.kind not in SAYS_NOTHING)
        )
        is_aside = any(meaning.kind == WordKind.ASIDE for meaning in meanings)
        if goods or is_aside or (not meanings and typed[0].says_something):
            terms.append(Term(tuple(word.plain for word in typed), goods, is_aside and not goods))
        start += length
    return _in_its_language(terms)


def _is_figure(meanings: list[Meaning], last: Word) -> bool:
    """Gluten 25 tells how good the wheat is, not that gluten is wanted."""
    return last.is_measured and any(meaning.kind == WordKind.MEASURE for meaning in meanings)


def _phrase(words: tuple[Word, ...], start: int, dictionary: Dictionary) -> tuple[int, list[Meaning]]:
    for length, phrase, language in phrases(words, start):
        known = [row for row in dictionary.by_key.get(phrase, ()) if row.language == language]
        if known:
            return length, [_meaning(row, 1.0) for row in known]
    together = written_together(words, start)
    pair = words[start : start + 2]
    if len(together) >= SHORTEST_TOGETHER and not any(_is_talk(word, dictionary) for word in pair):
        known = dictionary.by_key.get(together, [])
        return (2, [_meaning(row, 1.0) for row in known]) if known else (0, [])
    return 0, []


def _is_talk(word: Word, dictionary: Dictionary) -> bool:
    return any(row.kind in SAYS_NOTHING for row in _exact(word.plain, dictionary))


def _single(word: Word, dictionary: Dictionary) -> list[Meaning]:
    if word.is_babble:
        return []
    if grade := dictionary.by_key.get(word.grade, []):
        return _best_of_each([_meaning(row, 1.0) for row in grade])
    exact = [_meaning(row, 1.0) for row in _exact(word.plain, dictionary)]
    exact = _without_small_talk(exact, word)
    if exact and exact[0].kind in SAYS_NOTHING:
        return exact
    if len(word.plain) >= SHORTEST_TRANSLITERATED or not exact:
        exact += [
            _in_script(_meaning(row, 1.0), word)
            for stem in word.stems
            for row in _of_other_script(stem, word, dictionary)
        ]
    if exact or word.has_digit:
        return _best_of_each(exact or [_meaning(row, 0.9) for row in _exact(word.letters, dictionary)])
    return _best_of_each(_halves(word, dictionary)) or _near(word, dictionary)


def _without_small_talk(exact: list[Meaning], word: Word) -> list[Meaning]:
    """Small talk is none where another language has a trade word for it: hp is a phone, but not behind a number."""
    nothing = [meaning for meaning in exact if meaning.kind in SAYS_NOTHING]
    if not nothing or word.is_counted:
        return nothing or exact
    own = {one for stem in word.stems for one in (stem, *(f"{language}:{stem}" for language in ANY_LANGUAGE))}
    named = [meaning for meaning in exact if meaning not in nothing and not own.issuperset(meaning.concepts)]
    return named or nothing


def _of_other_script(stem: str, word: Word, dictionary: Dictionary) -> list[Known]:
    """Bidai is a splint in Indonesian, and wheat in Kazakh as a phone without its letters writes it."""
    native = LANGUAGES_OF_SCRIPT[is_cyrillic(word.plain)]
    return [
        row for row in dictionary.by_key.get(stem, ()) if row.language not in native and row.kind not in SAYS_NOTHING
    ]


def _in_script(meaning: Meaning, word: Word) -> Meaning:
    """Less likely where the word is not written in the letters of its language."""
    cyrillic = is_cyrillic(word.plain)
    if meaning.language in LANGUAGES_OF_SCRIPT[cyrillic]:
        return meaning
    return replace(meaning, quality=meaning.quality * (IN_CYRILLIC if cyrillic else IN_LATIN))


def _halves(word: Word, dictionary: Dictionary) -> list[Meaning]:
    """Fishmeal is fish and meal, where both are words of one language."""
    for first, second in halves(word):
        for one in _exact(first, dictionary):
            for other in _exact(second, dictionary):
                if one.language == other.language and not {one.kind, other.kind} & SAYS_NOTHING:
                    concepts, rarities = one.concepts + other.concepts, one.rarities + other.rarities
                    return [Meaning(concepts, one.language, 0.95, rarities, WordKind.ENGLISH)]
    return []


def _exact(text: str, dictionary: Dictionary) -> list[Known]:
    return [
        row
        for stem, languages in possible_stems(text).items()
        for row in dictionary.by_key.get(stem, ())
        if row.language in languages
    ]


def _near(word: Word, dictionary: Dictionary) -> list[Meaning]:
    """Words that this one is a slip, a short form or a longer form of; only the nearest."""
    typed = key(word.plain)
    found = []
    for dropped, beginning in enumerate(beginnings(word), start=1):
        # Latin letters hide the endings of Russian and Kazakh; in their own letters they are gone by now.
        whole = 0.86 if is_cyrillic(word.plain) else 0.95
        quality = whole - 0.06 * dropped if len(beginning) > 4 else 0.8 - 0.1 * dropped
        found += [_meaning(row, quality) for row in dictionary.by_key.get(beginning, ())]
    for row in dictionary.alike.get(typed, ()):
        if word.is_cut_short and row.key.startswith(typed):
            found.append(_meaning(row, 0.9))
        elif quality := _slip_quality(typed, row.key):
            found.append(_meaning(row, quality))
    found = [_in_script(meaning, word) for meaning in found]
    best = max((meaning.quality for meaning in found), default=0)
    return _best_of_each([meaning for meaning in found if meaning.quality > best - 0.08])


def _slip_quality(typed: str, known: str) -> float:
    """How likely one key is a slip of another; 0 where they are too far apart."""
    # A longer form of the known word is no slip: its ending is compared as far as the known word goes, too.
    distance = edits(typed, known)
    allowed = 1 if len(typed) < 6 else 2 if len(typed) < 10 else 3
    if distance > allowed or typed[0] != known[0]:
        return 0.0
    return 0.95 - 1.4 * distance / max(len(typed), len(known))


def edits(one: str, other: str) -> int:
    """Letters to put in, take out, change or swap to make one word of another."""
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        two_before, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _meaning(row: Known, quality: float) -> Meaning:
    return Meaning(row.concepts, row.language, quality, row.rarities, row.kind)


def _best_of_each(meanings: list[Meaning]) -> list[Meaning]:
    best: dict[tuple[str, tuple[str, ...]], Meaning] = {}
    for meaning in meanings:
        place = (meaning.language, meaning.concepts)
        if place not in best or best[place].quality < meaning.quality:
            best[place] = meaning
    return list(best.values())


def _in_its_language(terms: list[Term]) -> list[Term]:
    """Semen is cement in Indonesian: the language that knows most of the text is the one it is read in."""
    told = {
        language: sum(
            max((meaning.quality for meaning in term.meanings if meaning.language == language), default=0)
            for term in terms
        )
        for language in ANY_LANGUAGE
    }
    most = max(told.values(), default=0) or 1
    return [
        replace(
            term,
            meanings=tuple(
                replace(
                    meaning,
                    quality=meaning.quality * (OTHER_LANGUAGE + (1 - OTHER_LANGUAGE) * told[meaning.language] / most),
                )
                for meaning in term.meanings
            ),
        )
        for term in terms
    ]
