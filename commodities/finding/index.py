"""What the commodity finder searches: words and entries, made from the catalogue whenever `load_reference` ran."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from io import StringIO
from pathlib import Path

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, transaction

from commodities.enums import FoundKind, NodeKind, WordKind
from commodities.finding import folding, stems, titles, wording
from commodities.finding.stems import stem
from commodities.finding.titles import what_is_meant
from commodities.finding.wording import Meanings, concepts_of, has_letters, mass, phrase_key, words_of
from commodities.models import Commodity, CommodityGroup, CommodityWord, FinderEntry, FinderIndex, FinderWord

LANGUAGES = ("en", "id", "ru", "kk")
SAYS_NOTHING = (WordKind.TALK, WordKind.ASIDE)
GROUP_PREFIX = "group:"
A_COGNATE = 5  # letters from which a word that looks English in another language is taken for it


@dataclass(frozen=True)
class Text:
    """A text of the catalogue, and what it is a text of."""

    kind: str
    code: str
    hs_code: str
    language: str
    text: str
    is_title: bool
    is_name: bool


@dataclass(frozen=True)
class TradeWords:
    kind: str
    means: str
    language: str
    words: tuple[str, ...]


@dataclass
class Index:
    """Rows of `FinderWord` and `FinderEntry`, in the order of their columns."""

    words: list[tuple] = field(default_factory=list)
    entries: list[tuple] = field(default_factory=list)


@transaction.atomic
def index_catalogue() -> None:
    """Make the words and entries anew, unless they were made of what the catalogue says now."""
    texts, trade = tuple(catalogue_texts()), tuple(trade_words())
    fingerprint = _fingerprint(texts, trade)
    if FinderIndex.objects.filter(fingerprint=fingerprint).exists():
        return
    made = make_index(texts, trade)
    _replace(FinderWord, ("key", "language", "concepts", "rarities", "kind"), made.words)
    _replace(FinderEntry, ("kind", "code", "hs_code", "is_title", "is_name", "text", "concepts", "mass"), made.entries)
    FinderIndex.objects.all().delete()
    FinderIndex.objects.create(fingerprint=fingerprint)


def _fingerprint(texts: tuple["Text", ...], trade: tuple["TradeWords", ...]) -> str:
    """Of the catalogue and of the rules by which it is read: either may change."""
    rules = "".join(Path(module.__file__).read_text("utf-8") for module in (folding, stems, titles, wording))
    return sha256(repr((texts, trade, rules, Path(__file__).read_text("utf-8"))).encode()).hexdigest()


def catalogue_texts() -> Iterator[Text]:
    """Every name, synonym and title there is, in every language there is."""
    columns = ("kind", "code", "hs_code", *(f"name_{language}" for language in LANGUAGES), "synonyms")
    for kind, code, hs_code, *names, synonyms in Commodity.objects.order_by("pk").values_list(*columns):
        is_title = kind != NodeKind.COMMODITY
        yield from _texts(kind, code, hs_code, names, synonyms, is_title=is_title)
    for code, *names, synonyms in CommodityGroup.objects.order_by("pk").values_list("code", *columns[3:]):
        yield from _texts(FoundKind.GROUP, code, "", names, synonyms, is_title=False)


def _texts(kind, code, hs_code, names, synonyms, *, is_title: bool) -> Iterator[Text]:
    for language, name in zip(LANGUAGES, names, strict=True):
        if name:
            yield Text(kind, code, hs_code, language, name, is_title, is_name=not is_title)
        for synonym in synonyms.get(language, ()):
            yield Text(kind, code, hs_code, language, synonym, is_title=False, is_name=False)


def trade_words() -> Iterator[TradeWords]:
    for kind, means, words in CommodityWord.objects.order_by("pk").values_list("kind", "means", "words"):
        for language in LANGUAGES:
            if words.get(language):
                yield TradeWords(kind, means, language, tuple(words[language]))


@lru_cache(maxsize=2)
def make_index(texts: tuple[Text, ...], trade: tuple[TradeWords, ...]) -> Index:
    """The index of a catalogue. The same catalogue, as tests load it time and again, is worked through once."""
    texts = (*texts, *_texts_of_trade_words(trade, {text.code: text for text in texts}))
    english = {
        stem(word, "en") for text in texts if text.language == "en" for word in words_of(text.text) if has_letters(word)
    }
    meanings = _meanings(trade)
    filed = [(text, _concepts(text, meanings, english)) for text in texts]
    rarity = _rarities(filed)
    return Index(
        words=_word_rows(filed, trade, meanings, rarity, english),
        entries=[
            (
                text.kind,
                text.code,
                text.hs_code,
                text.is_title,
                text.is_name,
                text.text,
                concepts,
                sum(mass(rarity[concept]) for concept in concepts),
            )
            for text, concepts in filed
            if concepts
        ],
    )


def _texts_of_trade_words(trade: Iterable[TradeWords], known: dict[str, Text]) -> Iterator[Text]:
    for row in trade:
        if row.kind == WordKind.CODE:
            code = row.means.removeprefix(GROUP_PREFIX)
            if code in known:
                named = known[code]
                for word in row.words:
                    yield Text(named.kind, code, named.hs_code, row.language, word, is_title=False, is_name=False)


def _meanings(trade: Iterable[TradeWords]) -> Meanings:
    """The phrases that mean words of the English nomenclature, and the small talk, which means nothing."""
    meanings: Meanings = defaultdict(list)
    for row in trade:
        for phrase in row.words:
            place = (row.language, phrase_key(words_of(phrase), row.language))
            if row.kind == WordKind.ENGLISH:
                concepts = tuple(dict.fromkeys(stem(word, "en") for word in words_of(row.means)))
                meanings[place].append(concepts)
            elif row.kind in SAYS_NOTHING:
                meanings[place].append(())
    return dict(meanings)


def _concepts(text: Text, meanings: Meanings, english: set[str]) -> list[str]:
    said = what_is_meant(text.text) if text.is_title else text.text
    concepts = concepts_of(said, text.language, meanings)
    return list(dict.fromkeys(_as_english(concept, english) for concept in concepts))


def _as_english(concept: str, english: set[str]) -> str:
    """Glycerin and глицерин are one word."""
    key = concept.partition(":")[2]
    return key if len(key) >= A_COGNATE and key in english else concept


def _rarities(filed: Iterable[tuple[Text, list[str]]]) -> dict[str, float]:
    """How much a concept tells: nothing where every heading has it, most where one has."""
    headings: dict[str, set[str]] = defaultdict(set)
    for text, concepts in filed:
        for concept in concepts:
            headings[concept].add(text.hs_code[:4] or text.code)
    most = math.log(1300)
    return {concept: max(0.02, 1 - math.log(len(where)) / most) for concept, where in headings.items()}


def _word_rows(filed, trade, meanings: Meanings, rarity: dict[str, float], english: set[str]) -> list[tuple]:
    says_little = {
        (row.language, phrase_key(words_of(phrase), row.language)): row.kind
        for row in trade
        if row.kind not in (WordKind.CODE, WordKind.ENGLISH)
        for phrase in row.words
    }
    known: dict[tuple[str, str, tuple[str, ...]], None] = {}
    for (language, key), choices in meanings.items():
        for concepts in choices:
            known[key, language, concepts] = None
    for text, _ in filed:
        for word in words_of(text.text):
            place = (text.language, stem(word, text.language))
            if (
                has_letters(word)
                and () not in meanings.get(place, ())
                and (text.language == "en" or place not in meanings)
            ):
                concept = place[1] if text.language == "en" else f"{text.language}:{place[1]}"
                known[place[1], text.language, (_as_english(concept, english),)] = None
    for language, key in says_little:
        if (language, key) not in meanings:
            known.setdefault((key, language, (key if language == "en" else f"{language}:{key}",)), None)
    rows = []
    for key, language, concepts in known:
        told = [rarity.get(concept, 0.0) for concept in concepts]
        kind = says_little.get((language, key), WordKind.ENGLISH)
        if any(told) or (language, key) in says_little or not concepts:
            rows.append((key, language, list(concepts), told, kind.value if hasattr(kind, "value") else kind))
    return rows


def _replace(model, columns: tuple[str, ...], rows: list[tuple]) -> None:
    """COPY: the index is made of twenty thousand rows, and whoever loads waits for it."""
    model.objects.all().delete()
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f'COPY "{table}" ({", ".join(columns)}) FROM STDIN', StringIO("".join(map(_copy_line, rows)))
        )
        # What is new waits in a list that every search reads from end to end, until somebody tidies up.
        for index in model._meta.indexes:
            if isinstance(index, GinIndex):
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index.name])
        cursor.execute(f'ANALYZE "{table}"')


def _copy_line(row: tuple) -> str:
    return "\t".join(map(_copy_cell, row)) + "\n"


def _copy_cell(value) -> str:
    if isinstance(value, list) and value and isinstance(value[0], float):
        return "{" + ",".join(map(str, value)) + "}"
    if isinstance(value, list):
        return _escaped(
            "{" + ",".join('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in value) + "}"
        )
    return _escaped(str(value))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
