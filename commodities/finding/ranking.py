"""How well each code, good and group answers what was asked."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commodities.enums import FoundKind
from commodities.finding.lookup import Entry
from commodities.finding.terms import WEIGHT, Meaning, Term
from commodities.finding.wording import mass

# How much of a word counts that stands in ...
OWN_NAME = 1.0
OWN_TITLE = 0.9
OF_PARENT = 0.55  # the heading of a subheading, the subheading of a good
OF_CHAPTER = 0.25
OF_GOOD = 0.85  # a subheading through a good below it
NAME_COUNTS = 0.35  # what a name that was asked for whole is worth, whatever else was asked
BYNAME = 0.99  # what a trade word is worth beside the name in the catalogue
EXACT_COUNTS = 0.3  # the part of a score that an entry earns by saying nothing else
# Between equal answers the more telling goes first.
ORDER = [FoundKind.COMMODITY, FoundKind.GROUP, FoundKind.SUBHEADING, FoundKind.HEADING, FoundKind.CHAPTER]

LOOKED_AT = 250  # places that are weighed in full

Place = tuple[str, str]  # kind, code


@dataclass(frozen=True)
class Ranked:
    kind: str
    code: str
    hs_code: str
    score: float
    words: tuple[str, ...]


def rank(terms: list[Term], entries: Iterable[Entry], rarity: Mapping[str, float]) -> list[Ranked]:
    """The answers from best to worst; scores are from 0 to 1."""
    of_place: dict[Place, list[Entry]] = defaultdict(list)
    for entry in entries:
        of_place[entry.kind, entry.code].append(entry)
    has = {place: _own_concepts(found) for place, found in of_place.items()}
    _give_to_subheadings(has, of_place)
    answers = []
    for place in _likeliest(has, terms, rarity):
        hs_code = of_place[place][0].hs_code if place in of_place else place[1]
        answers.append(
            _answer(place, hs_code, terms, _with_inherited(place, hs_code, has), of_place.get(place, []), rarity)
        )
    return sorted(answers, key=lambda one: (-round(one.score, 3), ORDER.index(one.kind), one.code))


def _likeliest(has: dict[Place, dict[str, float]], terms: list[Term], rarity: Mapping[str, float]) -> list[Place]:
    """The places worth a closer look: those that have most of the concepts that were asked for."""
    worth = {
        concept: mass(rarity[concept]) * WEIGHT[meaning.kind] / len(meaning.concepts)
        for term in terms
        for meaning in term.meanings
        for concept in meaning.concepts
    }
    told = {place: sum(worth.get(concept, 0.0) * part for concept, part in own.items()) for place, own in has.items()}
    return heapq.nlargest(LOOKED_AT, told, key=told.__getitem__)


def _own_concepts(entries: list[Entry]) -> dict[str, float]:
    has: dict[str, float] = {}
    for entry in entries:
        worth = OWN_TITLE if entry.is_title else OWN_NAME
        for concept in entry.concepts:
            has[concept] = max(has.get(concept, 0.0), worth)
    return has


def _give_to_subheadings(has: dict[Place, dict[str, float]], of_place: dict[Place, list[Entry]]) -> None:
    """What a good is called, its subheading answers to as well."""
    for (kind, code), concepts in list(has.items()):
        if kind == FoundKind.COMMODITY:
            below = has.setdefault((FoundKind.SUBHEADING, of_place[kind, code][0].hs_code), {})
            for concept, worth in concepts.items():
                below[concept] = max(below.get(concept, 0.0), worth * OF_GOOD)


def _with_inherited(place: Place, hs_code: str, has: dict[Place, dict[str, float]]) -> dict[str, float]:
    kind, _ = place
    above: list[tuple[Place, float]] = []
    if kind == FoundKind.COMMODITY:
        above.append(((FoundKind.SUBHEADING, hs_code), OF_PARENT))
    if kind in (FoundKind.COMMODITY, FoundKind.SUBHEADING):
        above.append(((FoundKind.HEADING, hs_code[:4]), OF_PARENT))
    if kind not in (FoundKind.CHAPTER, FoundKind.GROUP):
        above.append(((FoundKind.CHAPTER, hs_code[:2]), OF_CHAPTER))
    got = dict(has[place])
    for parent, part in above:
        for concept, worth in has.get(parent, {}).items():
            got[concept] = max(got.get(concept, 0.0), worth * part)
    return got


def _answer(
    place: Place,
    hs_code: str,
    terms: list[Term],
    has: dict[str, float],
    entries: list[Entry],
    rarity: Mapping[str, float],
) -> Ranked:
    asked = matched = 0.0
    words: list[str] = []
    meant: dict[str, float] = {}  # concepts, with how well they fit how they are written
    for term in terms:
        asked += term.weight
        best, meaning = max(
            ((_share(meaning, has, rarity), meaning) for meaning in term.meanings),
            key=lambda pair: pair[0],
            default=(0.0, None),
        )
        if meaning and best:
            matched += term.weight * best
            words += term.words
            meant |= {concept: max(meaning.quality, meant.get(concept, 0.0)) for concept in meaning.concepts}
    covered = matched / asked if asked else 0.0
    return Ranked(*place, hs_code, _score(covered, meant, entries, rarity), tuple(words))


def _score(covered: float, meant: dict[str, float], entries: list[Entry], rarity: Mapping[str, float]) -> float:
    """From 0 to 1: how much of what was asked is answered, and how much of the answer was asked.

    Who types more than a name ("robusta lampung grade 4 dried") still means what the name says: so a name that was
    asked for whole counts by itself.
    """
    exact = called = 0.0
    for entry in entries:
        got = sum(mass(rarity.get(concept, 1.0)) * meant.get(concept, 0.0) for concept in entry.concepts)
        part = got / entry.mass if entry.mass else 0.0
        part *= 1.0 if entry.is_name else BYNAME
        exact = max(exact, part)
        called = max(called, 0.0 if entry.is_title else part)
    by_parts = covered * (1 - EXACT_COUNTS + EXACT_COUNTS * exact)
    by_name = called**2 * (NAME_COUNTS + (1 - NAME_COUNTS) * covered)
    return max(by_parts, by_name)


def _share(meaning: Meaning, has: dict[str, float], rarity: Mapping[str, float]) -> float:
    whole = sum(mass(rarity.get(concept, 1.0)) for concept in meaning.concepts)
    got = sum(mass(rarity.get(concept, 1.0)) * has.get(concept, 0.0) for concept in meaning.concepts)
    return meaning.quality * got / whole if whole else 0.0
