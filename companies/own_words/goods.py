"""What is left when all facts are taken out: the words for the goods."""

import re

from companies.own_words.scanning import TAKEN, Text
from companies.own_words.vocabulary import FILLERS

BARE = "()[]{}.,;:!?\"'«»„“”-–—/*@=+&|~<>"


def goods_of(text: Text) -> str:
    """The words as they were written, without those at the edge of a gap that only joined a fact to the rest."""
    kept = "".join("\n" if now == TAKEN else then for now, then in zip(text.left, text.written, strict=True))
    chunks = (_trimmed(chunk) for part in kept.split("\n") for chunk in re.split(r"[,;]\s+|\.\s+|\s{3,}", part))
    return " ".join(chunk for chunk in chunks if chunk)


def _trimmed(chunk: str) -> str:
    words = chunk.split()
    while words and _is_filler(words[0]):
        words.pop(0)
    while words and _is_filler(words[-1]):
        words.pop()
    if not words:
        return ""
    # A bracket that opens inside stays with the one that closes it.
    return re.sub(r"^[\s.,;:!?@=|~-]+|[\s.,;:!?@=|~-]+$", "", " ".join(words))


def _is_filler(word: str) -> bool:
    plain = word.lower().strip(BARE)
    return not plain or plain in FILLERS
