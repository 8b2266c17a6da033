"""Properties of the goods that a text states, once it is known which goods: FFA 0.1 %, IV 56, 31/40, IQF."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from accounts import figures
from commodities.enums import SpecRule
from commodities.models import Parameter
from companies.own_words.facts import Share
from companies.own_words.prefill_facts import Filled, Option
from companies.own_words.scanning import NUMBER, ranges_of
from companies.own_words.shares import IS_MOST, NO_LESS, NO_MORE

# What traders call a property that the catalogue calls by its whole name.
ALSO_CALLED = {
    "ffa": ("alb", "сжк", "бмқ", "кислотность"),
    "protein": ("белок", "белка", "протеин", "протеина", "ақуыз", "ақуызы"),
    "protein_db": ("protein", "белок", "белка", "протеин", "протеина", "ақуыз", "ақуызы"),
    "gluten": ("клейковина", "клейковины", "дәнмаңыз", "клейковинасы"),
    "moisture": ("влажность", "влаги", "ылғалдылық", "ылғалдылығы", "air"),
    "cloud_point": ("cp",),
    "test_weight": ("натура", "tw"),
    "falling_number": ("fn", "чп"),
    "glazing": ("glaze", "glazing", "glasir", "глазурь", "глазури", "мұз"),
    "ash": ("зольность", "зола", "күл"),
    "purity": ("чистота", "тазалық"),
    "sulphur": ("ts", "сера"),
    "fixed_carbon": ("fc",),
}
BARE = re.compile(r"[\s,;:/()]+")
BOUND = re.compile(rf"{NO_MORE}|{NO_LESS}|[<>≤≥]=?")
SHORTEST_NUMBER = 3  # digits of a listed value that can be meant where nothing names the property


def fill_parameters(filled: Filled, uses: Iterable) -> None:
    """Fill in the properties named with a figure or by a listed value; ask whose a share is that names none."""
    uses, text = list(uses), filled.goods
    left = []
    for number, (share, words) in enumerate(filled.shares):
        matching = _called(share.of, uses)
        if len(matching) == 1:
            _put_range(filled, matching[0], share, words)
        else:
            left.append((number, share, words, matching))
    for use in uses:
        if use.is_range:
            _read_figure(filled, text, use)
        elif use.values:
            _read_values(filled, text, use)
    for number, share, words, matching in left:
        candidates = matching or [use for use in uses if use.is_range and use.unit == "%"]
        _ask_whose(filled, f"share{number}", share, words, candidates)


def _called(word: str, uses: list) -> list:
    """The properties that a word may name: by their key first, else by any of their names."""
    plain = word.lower()
    ranges = [use for use in uses if use.is_range and use.unit == "%"]
    exactly = [use for use in ranges if plain == use.parameter.key]
    return exactly or [use for use in ranges if plain and plain in aliases(use.parameter)]


def aliases(parameter: Parameter) -> tuple[str, ...]:
    names = (parameter.name_en, parameter.name_id, parameter.name_ru, parameter.name_kk)
    return _aliases(parameter.key, names)


@lru_cache(maxsize=1000)
def _aliases(key: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The key, each name without its remark, and what its remark abbreviates: FFA, IV, Ni."""
    found = {key.lower(), *ALSO_CALLED.get(key, ())}
    for name in filter(None, names):
        plain, _sign, remark = name.partition("(")
        found.add(plain.strip(" ,").lower())
        found.update(part.lower() for part in BARE.split(remark) if part.isalpha() and part.isupper())
        found.update(part.lower() for part in BARE.split(remark) if re.fullmatch(r"[A-Z][a-z]", part))
    return tuple(sorted(filter(None, found), key=lambda one: (-len(one), one)))


def _put_range(filled: Filled, use, share: Share, words: str) -> None:
    """A figure without "at least" or "at most" is the bound that is usual for the property, and is told as that."""
    low, high, remark = share.low, share.high, ""
    is_most = use.rule == SpecRule.MAX or use.parameter.key == "glazing"  # nobody asks for more ice
    if low is not None and low == high and is_most:
        low, remark = None, _("taken as the most there may be")
    elif low is not None and low == high and use.rule == SpecRule.MIN:
        high, remark = None, _("taken as the least there may be")
    values = {name: end for name, end in zip(use.names, (low, high), strict=True) if end is not None}
    filled.put(values, words, remark)


def _read_figure(filled: Filled, text: str, use) -> None:
    """IV 56, IV 50-55, GAR min 4200: the name of a property with a figure behind it, and no percent sign."""
    if any(name in filled.values for name in use.names):
        return
    pattern = "|".join(re.escape(alias) for alias in aliases(use.parameter) if len(alias) > 1)
    found = re.search(
        rf"(?<!\w)(?:{pattern})\s*[:=]?\s*(?P<bound>{BOUND.pattern})?\s*"
        rf"(?P<low>(?<![\d.,])-?{NUMBER})(?:\s*[-–]\s*(?P<high>{NUMBER}))?(?P<after>\s*(?:min|max|maks|мин|макс)\w*)?(?![\w/])",
        text.lower(),
    )
    if not found or found["low"].startswith("-"):
        return
    readings = ranges_of(found["low"], found["high"])
    if len(readings) != 1:
        return
    low, high = readings[0]
    bound = f"{found['bound'] or ''}{found['after'] or ''}".strip()
    is_most = bool(bound and (IS_MOST.search(bound) or bound[0] in "<≤"))
    if bound and high is None:
        low, high = (None, low) if is_most else (low, None)
    elif high is None:
        high = low
    _put_range(filled, use, Share("", low, high), text[found.start() : found.end()].strip())


def _read_values(filled: Filled, text: str, use) -> None:
    """31/40, IQF, 304L: values that the catalogue lists for the property, written as such."""
    found, words = [], []
    for value in use.values:
        if hit := _value_in(text, value, use.parameter):
            found.append(value)
            words.append(hit)
    if found:
        filled.put({use.names[0]: found}, ", ".join(words))


def _value_in(text: str, value: str, parameter: Parameter) -> str:
    spaced = re.escape(value.lower()).replace(r"\-", r"[- ]")
    pattern = rf"(?<![\w/.,-]){spaced}(?![\w/%-]|[.,]\d)"
    if re.fullmatch(r"[\d.]+", value) and (len(value) < SHORTEST_NUMBER or "." in value):
        names = "|".join(re.escape(alias) for alias in aliases(parameter))
        pattern = rf"(?<!\w)(?:{names}|grade|mutu|сорт)\s*[:=]?\s*{pattern}"
    hit = re.search(pattern, text.lower())
    return text[hit.start() : hit.end()] if hit else ""


def _ask_whose(filled: Filled, at: str, share: Share, words: str, uses: list) -> None:
    """NPI 10-12 %: a share of what? The properties it may be of, to choose from."""
    options = []
    for use in uses[:5]:
        values = {name: end for name, end in zip(use.names, _ends(share, use), strict=True) if end is not None}
        if not any(name in filled.values for name in values):
            options.append(Option(f"{use.parameter.name}: {_shown(values, use)}", values))
    if options:
        filled.ask(at, words, [*options, Option(_("something else"), {})])
    else:
        filled.kept.append(words)


def _ends(share: Share, use) -> Iterator[Decimal | None]:
    is_one = share.low is not None and share.low == share.high
    yield None if is_one and use.rule == SpecRule.MAX else share.low
    yield None if is_one and use.rule == SpecRule.MIN else share.high


def _shown(values: dict, use) -> str:
    low, high = (values.get(name) for name in use.names)
    if low is None:
        return _("at most %(figure)s") % {"figure": figures.measured(figures.shortest(high), "%")}
    if high is None:
        return _("at least %(figure)s") % {"figure": figures.measured(figures.shortest(low), "%")}
    return figures.measured(figures.span(figures.shortest(low), figures.shortest(high)), "%")
