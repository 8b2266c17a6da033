"""`find_commodity`: what somebody's words may be called in the catalogue, with a score, or that we are not sure."""

from dataclasses import dataclass

from commodities.enums import FoundKind
from commodities.finding.lookup import entries_with, known_words
from commodities.finding.query import read_query
from commodities.finding.ranking import Ranked, rank
from commodities.finding.subheadings import with_subheadings
from commodities.finding.terms import WEIGHT, Term, terms_of
from commodities.models import Commodity, CommodityGroup

SURE = 0.6  # a score from which the first suggestion is one
CERTAIN = 0.7  # how well a word has to fit that a text about goods has at least one of
POSSIBLE = 0.35  # below, it is not suggested at all


@dataclass(frozen=True)
class Suggestion:
    """One thing that may be meant. `words` are the typed words that led to it."""

    kind: str
    code: str
    name: str
    hs_code: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    suggestions: tuple[Suggestion, ...]
    is_sure: bool


def find_commodity(text: str, limit: int = 5) -> Found:
    """Suggest goods, groups and HS codes for a text in Indonesian, English, Russian or Kazakh.

    Not sure means: ask the person. No suggestion at all means: this names no goods that we know of.
    """
    query = read_query(text)
    terms = terms_of(query.words, known_words(query.words)) if query.words else []
    by_words = [one for one in ranked_for(terms) if one.score >= POSSIBLE] if _is_about_goods(terms) else []
    best = with_subheadings(_with_codes(query.codes, by_words), limit)
    names = _names(best)
    suggestions = tuple(
        Suggestion(
            kind=one.kind,
            code=one.code,
            name=names[one.kind == FoundKind.GROUP, one.code],
            hs_code=one.hs_code,
            score=round(one.score, 3),
            words=one.words,
        )
        for one in best
    )
    return Found(suggestions, bool(best) and best[0].score >= SURE)


def _is_about_goods(terms: list[Term]) -> bool:
    """Whether words are known for certain that name goods, not only their packing, and more of them than of others."""
    certain = sum(
        term.weight
        for term in terms
        if any(meaning.quality >= CERTAIN and WEIGHT[meaning.kind] == 1 for meaning in term.meanings)
    )
    return certain > sum(term.weight for term in terms if term.is_aside)


def _with_codes(codes: tuple[str, ...], found: list[Ranked]) -> list[Ranked]:
    """An HS code that was typed is what is meant, where there is one like it."""
    nodes = Commodity.objects.in_bulk(codes, field_name="code") if codes else {}
    typed = [Ranked(nodes[code].kind, code, code, 1.0, (code,)) for code in codes if code in nodes]
    return typed + [one for one in found if one.code not in nodes]


def ranked_for(terms: list[Term]) -> list[Ranked]:
    rarity = {
        concept: rarity
        for term in terms
        for meaning in term.meanings
        for concept, rarity in zip(meaning.concepts, meaning.rarities, strict=True)
    }
    return rank(terms, entries_with(rarity), rarity) if rarity else []


def _names(found: list[Ranked]) -> dict[tuple[bool, str], str]:
    """What the found are called in the reader's language, where there is a name in it."""
    groups = [one.code for one in found if one.kind == FoundKind.GROUP]
    codes = [one.code for one in found if one.kind != FoundKind.GROUP]
    names = {(False, node.code): node.name for node in Commodity.objects.filter(code__in=codes)}
    if groups:
        names |= {(True, group.code): group.name for group in CommodityGroup.objects.filter(code__in=groups)}
    return names
