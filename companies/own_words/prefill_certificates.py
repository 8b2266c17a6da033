"""Certificates that a text names: those it asks for, or those it says are held."""

import re
from collections.abc import Mapping

from companies.own_words.prefill_facts import Filled, Option

CALLED = {
    "haccp": r"haccp|хассп",
    "ispo": r"ispo",
    "rspo": r"rspo",
    "iscc": r"iscc",
    "msc": r"msc",
    "asc": r"asc",
    "fsc": r"fsc",
    "pefc": r"pefc",
    "svlk": r"svlk",
    "brcgs": r"brc(?:gs)?",
    "ifs_food": r"ifs(?: food)?",
    "fssc_22000": r"fssc(?: ?22000)?",
    "iso_9001": r"(?:iso|исо) ?9001",
    "iso_14001": r"(?:iso|исо) ?14001",
    "iso_22000": r"(?<!fs)(?:iso|исо) ?22000",
    "iso_45001": r"(?:iso|исо) ?45001",
    "gmp_plus": r"gmp\+",
    "kosher": r"kosher|кошер\w*",
    "organic": r"organic|organik|органическ\w+|органик\w*",
    "rainforest_alliance": r"rainforest alliance",
    "dolphin_safe": r"dolphin[- ]safe",
    "halal_bpjph": r"bpjph",
}
HALAL = re.compile(r"(?<!\w)(?:halal|халал\w*|халяль\w*|адал)(?!\w)(?!\s*\(?bpjph)", re.IGNORECASE)
OF_HALAL = ("halal_bpjph", "halal_other")
PATTERNS = {code: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) for code, pattern in CALLED.items()}


def fill_certificates(filled: Filled, kinds: Mapping[str, tuple[str, str]]) -> None:
    """Tick the kinds that the words name; `kinds` are the value and the name of each by its code.

    "Halal" alone may be that of Indonesia or that of another body: asked, as one does not stand for the other.
    """
    found, words = [], []
    for code, pattern in PATTERNS.items():
        if code in kinds and (hit := pattern.search(filled.goods)):
            found.append(kinds[code][0])
            words.append(hit[0])
    halal = HALAL.search(filled.goods)
    both = [kinds[code] for code in OF_HALAL if code in kinds]
    if halal and both and "halal_bpjph" not in {code for code in kinds if kinds[code][0] in found}:
        options = [Option(name, {"certificates": [*found, value]}) for value, name in both]
        filled.put_or_ask("certificates", ", ".join([*words, halal[0]]), options)
    elif found:
        filled.put({"certificates": found}, ", ".join(words))
