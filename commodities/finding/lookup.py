"""The two queries of a search: which of the typed words are known, and which entries have what they mean."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from commodities.finding.folding import key
from commodities.finding.query import Word, beginnings, halves, phrases, written_together
from commodities.finding.stems import possible_stems

LEAST_ALIKE = 0.35  # similarity of trigrams below which two words are not slips of each other
SLIPS_LOOKED_AT = 12
SHORTEST_SLIP = 4  # letters: in shorter words every slip is another word


@dataclass(frozen=True)
class Known:
    """A row of `FinderWord`."""

    key: str
    language: str
    concepts: tuple[str, ...]
    rarities: tuple[float, ...]
    kind: str


@dataclass(frozen=True)
class Entry:
    """A row of `FinderEntry`."""

    kind: str
    code: str
    hs_code: str
    is_title: bool
    is_name: bool
    concepts: frozenset[str]
    mass: float


@dataclass(frozen=True)
class Dictionary:
    """The known words that were asked for: by key, and by the word they may be a slip or a short form of."""

    by_key: dict[str, list[Known]]
    alike: dict[str, list[Known]]


KNOWN_WORDS = """
    SELECT '', key, language, concepts, rarities, kind FROM commodities_finderword WHERE key = ANY(%(keys)s::varchar[])
    UNION ALL
    SELECT asked.key, near.key, near.language, near.concepts, near.rarities, near.kind
    FROM unnest(%(slips)s::varchar[]) AS asked(key) CROSS JOIN LATERAL (
        SELECT * FROM commodities_finderword
        WHERE key %% asked.key AND similarity(key, asked.key) >= %(alike)s
        ORDER BY similarity(key, asked.key) DESC LIMIT %(most)s
    ) AS near
    UNION ALL
    SELECT asked.key, longer.key, longer.language, longer.concepts, longer.rarities, longer.kind
    FROM unnest(%(short_forms)s::varchar[]) AS asked(key) CROSS JOIN LATERAL (
        SELECT * FROM commodities_finderword
        WHERE key LIKE asked.key || '%%' AND position(' ' in key) = 0
        ORDER BY length(key) LIMIT %(most)s
    ) AS longer
"""


def known_words(words: tuple[Word, ...]) -> Dictionary:
    """Everything that the typed words, their phrases, beginnings and halves may be."""
    keys = {one for word in words for one in word.stems}
    keys |= {phrase for start in range(len(words)) for _, phrase, _ in phrases(words, start)}
    keys |= {written_together(words, start) for start in range(len(words))}
    keys |= {word.grade for word in words if word.grade}
    keys |= {key(word.letters) for word in words if word.letters}
    keys |= {beginning for word in words for beginning in beginnings(word)}
    keys |= {one for word in words for pair in halves(word) for half in pair for one in possible_stems(half)}
    whole = {key(word.plain): word for word in words if not word.has_digit and not word.is_babble}
    by_key, alike = defaultdict(list), defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            KNOWN_WORDS,
            {
                "keys": list(keys),
                "slips": [one for one in whole if len(one) >= SHORTEST_SLIP],
                "short_forms": [one for one, word in whole.items() if word.is_cut_short],
                "alike": LEAST_ALIKE,
                "most": SLIPS_LOOKED_AT,
            },
        )
        for asked, one, language, concepts, rarities, kind in cursor.fetchall():
            known = Known(one, language, tuple(concepts), tuple(rarities), kind)
            if asked:
                alike[asked].append(known)
            else:
                by_key[one].append(known)
    return Dictionary(by_key, alike)


def entries_with(concepts: Collection[str]) -> list[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, code, hs_code, is_title, is_name, concepts, mass FROM commodities_finderentry"
            " WHERE concepts && %s::varchar[]",
            [list(concepts)],
        )
        return [
            Entry(kind, code, hs_code, is_title, is_name, frozenset(of_entry), mass)
            for kind, code, hs_code, is_title, is_name, of_entry, mass in cursor.fetchall()
        ]
