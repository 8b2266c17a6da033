"""Which known words come close to one that is not known: shared three-letter pieces, as pg_trgm counts them."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from companies.book.words import folded

ENOUGH = 0.3
# A look costs hundredths of a second: a book of nothing but unknown words must not take minutes.
LONGEST_LOOKED_UP = 200
MOST_LOOKED_UP = 300


def _pieces(text: str) -> set[str]:
    return {
        f"  {word} "[start : start + 3]
        for word in folded(text).replace("-", " ").split()
        for start in range(len(word) + 1)
    }


class NearWords:
    """Known words, each with what it stands for, searched by likeness."""

    def __init__(self, words: Iterable[tuple[str, str]]):
        self._words = [(word, stands_for, _pieces(word)) for word, stands_for in words]
        self._by_piece: dict[str, list[int]] = defaultdict(list)
        for number, (_word, _stands_for, pieces) in enumerate(self._words):
            for piece in pieces:
                self._by_piece[piece].append(number)
        self._found: dict[str, list[str]] = {}

    def near(self, text: str, most: int = 3) -> list[str]:
        """What the nearest words stand for, best first, each once; the same text is looked up once.

        Nothing is near to a text longer than any name, nor to what comes after very many unknown ones.
        """
        if text not in self._found:
            if len(text) > LONGEST_LOOKED_UP or len(self._found) >= MOST_LOOKED_UP:
                return []
            self._found[text] = self._search(text, most)
        return self._found[text]

    def _search(self, text: str, most: int) -> list[str]:
        pieces = _pieces(text)
        shared = Counter(number for piece in pieces for number in self._by_piece.get(piece, ()))
        likeness = []
        for number, count in shared.items():
            word, stands_for, own = self._words[number]
            score = count / len(pieces | own)
            if score >= ENOUGH:
                likeness.append((-score, word, stands_for))
        found: list[str] = []
        for _score, word, stands_for in sorted(likeness):
            shown = stands_for if folded(word) == folded(stands_for) else f"{stands_for} ({word})"
            if stands_for not in (one.partition(" (")[0] for one in found):
                found.append(shown)
            if len(found) == most:
                break
        return found
