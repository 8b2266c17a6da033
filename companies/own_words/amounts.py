"""Reads how much: quantities with their units, packs, smallest shipments, periods and prices."""

import re

from companies.own_words import vocabulary as words
from companies.own_words.facts import Price, Quantity
from companies.own_words.scanning import (
    FREE_NUMBER,
    MASS_UNIT,
    NUMBER,
    SPOKEN,
    THOUSANDS,
    UNIT,
    Text,
    ranges_of,
    unit_of,
)

ANY_NUMBER = rf"(?:{FREE_NUMBER}|(?<!\w)(?:{SPOKEN})(?!\w))"
AMOUNT = (
    rf"(?P<low>{ANY_NUMBER})(?:{words.RANGE}(?P<high>{NUMBER}))?\s*(?:(?P<times>{THOUSANDS})(?!\w)\s*)?"
    rf"(?P<unit>{UNIT})(?!\w)(?P<case>-?(?:н[ае]|ға|ге|дан|ден|тан|тен|ы|і)(?!\w))?"
)
AROUND = r"(?:(?<!\w)(?:от|dari|from|between|около|sekitar|about|approx\.?|до|по|up to|hingga|шамамен|~)\s*)?"
QUANTITY = re.compile(rf"{AROUND}{AMOUNT}")
# От 40 т до 60 т, 40 тоннадан 60 тоннаға дейін: the unit is said twice.
BETWEEN = re.compile(
    rf"(?:(?<!\w)(?:от|from|dari|between|antara)\s+)?(?P<low>{FREE_NUMBER})\s*(?P<unit>{UNIT})(?!\w)\s*"
    rf"(?:-|до|to|and|dan|sampai|hingga|s/d|(?<=дан)|(?<=ден)|(?<=тан)|(?<=тен))\s*(?P<high>{NUMBER})\s*"
    rf"(?P<again>{UNIT})(?!\w)(?:\s*дейін)?"
)

# Words that have a number of their own behind them.
MEASURED = re.compile(
    r"(?<!\w)(?:iv|cp|gar|nar|sizes?|ukuran|размер\w*|калибр\w*|no|№|type|тип|өлшемі|mesh|меш)\.?\s*$"
)

SMALLEST = (
    r"(?<!\w)(?:moq|min(?:imal|imum)?\.?(?:\s*(?:order|pesanan|lot|quantity|qty))?|мин(?:имум|имальн\w*)?\.?\s*(?:парти\w+|заказ\w*|"
    r"лот\w*|объем\w*)?|партия от|парти(?:и|ями) по|не менее|lots? of|lot|per (?:pengiriman|shipment)|at least|"
    r"ең аз\w*|кемінде)"
)
NAMES_LOT = re.compile(r"moq|order|pesanan|lot|лот|парти|заказ|pengiriman|shipment")
LOT = re.compile(rf"(?P<word>{SMALLEST})\s*[:=]?\s*(?:от |dari |of )?{AMOUNT}")

BOX = re.compile(
    rf"(?P<low>{ANY_NUMBER})\s*(?:[xх×*]\s*)?(?:(?:fcl|{words.UNITS['container']})\s*)?[xх×*]?\s*(?P<size>20|40)(?!\d)\s*-?\s*"
    rf"(?:'|''|ft|feet|foot|kaki|фут\w*|фт)?\s*(?:hc|hq|rf|dry|reefer|реф\w*)?\s*(?:{words.UNITS['container']}|box(?:es)?)?(?!\w)"
)
TEU = re.compile(rf"(?P<low>{ANY_NUMBER})\s*(?:teus?|дфэ)(?!\w)")
BOX_TOLD = re.compile(r"fcl|cont|kont|peti|конт|'|ft|f(?:ee|oo)t|kaki|фут|box|hc|hq|reefer|реф")

# 50 kg bags, karung 50 kg, мешки по 25 кг, 25 kg lik qap
PACKED_UNIT = rf"{MASS_UNIT}|(?:{words.UNITS['l']})"
_PACKED = rf"(?P<amount>{FREE_NUMBER})\s*-?\s*(?P<unit>{PACKED_UNIT})(?!\w)"
PACKS_AFTER = re.compile(
    rf"(?:(?:in|dalam|в)\s+)?(?:@\s*)?{_PACKED}(?:-?(?:лық|лик|лік|дық|дік))?\s*(?:/\s*|per\s+|a\s+|net\s+)?(?:{words.PACKS})(?!\w)"
)
PACKS_BEFORE = re.compile(
    rf"(?:(?:in|dalam|в)\s+)?(?<!\w)(?:{words.PACKS})\s*(?:по|@|of|isi|a|ukuran|:|-)?\s*{_PACKED}(?!\s*(?:{'|'.join(words.PERIODS.values())}))"
)

COUNT_OF_PACKS = re.compile(rf"(?P<count>{FREE_NUMBER})\s*(?:[xх×*]\s*)?$")

PERIODS = {kind: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") for kind, pattern in words.PERIODS.items()}

CURRENCY = "|".join(f"(?:{pattern})" for pattern in words.CURRENCIES.values())
CURRENCY_PATTERNS = {code: re.compile(pattern) for code, pattern in words.CURRENCIES.items()}
_SUM = rf"(?P<low>{NUMBER})(?:\s*(?:-|–|to|s/d|до)\s*(?P<high>{NUMBER}))?(?:\s*(?P<times>{THOUSANDS})(?!\w))?"
_PER = (
    r"\s*(?:/|per(?:\s+|-)|за\s+(?:1\s+|одну\s+|один\s+)?|a\s+|each\s+|se(?=ton|kilo)|бір\s+|(?<=\s)1\s+)"
    rf"\s*(?P<unit>{MASS_UNIT})(?!\w)"
)
_KAZAKH_PER = r"(?P<before>тоннасы\w*|тоннаға|килограм\w*на|килограммы|кг-(?:на|сы|ға)|келісі\w*|центнері\w*)"
# USD 1.050/t, $/t 1050, Rp 15 juta per ton
PRICE_AFTER = re.compile(
    rf"(?:{_KAZAKH_PER}\s*(?:үшін\s*)?)?(?<![^\W\d_])(?P<currency>{CURRENCY})(?:\s*(?:/|per|за)\s*(?P<first>{MASS_UNIT})(?!\w))?\s*[:=]?\s*{_SUM}(?:{_PER})?"
)
# 1050 USD/t, тоннасына 450 000 теңге, 450 тыс. тенге за тонну
PRICE_BEFORE = re.compile(
    rf"(?:{_KAZAKH_PER}\s*(?:үшін\s*)?)?(?<![\w.,'/]){_SUM}\s*(?P<currency>{CURRENCY})(?![^\W\d_])(?:{_PER}|\s*(?P<first>тоннасы\w*|кг-сы))?"
)
# 15.000/kg: a price in money that is not named
PRICE_BARE = re.compile(rf"(?<![\w.,'/]){_SUM}\s*/\s*(?P<unit>{MASS_UNIT})(?!\w)")


NUMBER_BEFORE = re.compile(rf"(?<![\w.,'/])(?P<low>{NUMBER})\s*$")
BARE_UNIT = re.compile(rf"\s*(?:{THOUSANDS})?\s*(?:{UNIT})(?!\w)")


def read_prices(text: Text) -> None:
    for pattern in (PRICE_AFTER, PRICE_BEFORE, PRICE_BARE):
        for found in text.find(pattern):
            before = text.left[: found.start()]
            if before.rstrip().endswith("+"):
                continue  # a premium over an exchange's price
            parts, start = found.groupdict(), found.start()
            currency = _currency_of(parts["currency"]) if parts.get("currency") else ""
            unit = _price_unit(parts.get("unit") or parts.get("first") or parts.get("before") or "")
            prices = _prices(parts["low"], parts["high"], parts["times"], currency, unit)
            if pattern is PRICE_AFTER and not unit and (other := NUMBER_BEFORE.search(before)):
                # 1050 USD 40: whose currency is it? With "40 t" behind it the first number's.
                if BARE_UNIT.match(text.left, found.end()):
                    continue
                prices, start = prices + _prices(other["low"], None, None, currency, unit), other.start()
            if prices:
                text.take("price", prices, start, found.end())


def _prices(low: str, high: str | None, times: str | None, currency: str, unit: str) -> tuple[Price, ...]:
    return tuple(Price(one, currency, unit, two) for one, two in ranges_of(low, high, times) if one > 0)


def read_packs(text: Text) -> None:
    """What one bag or drum holds, before anybody takes it for the quantity; and how many of them, if that is said."""
    for pattern in (PACKS_AFTER, PACKS_BEFORE):
        for found in text.find(pattern):
            if packs := _quantities(found["amount"], None, None, found["unit"]):
                count = COUNT_OF_PACKS.search(text.left[: found.start()])
                text.take("packaging", packs, *found.span())
                if count and (counts := _quantities(count["count"], None, None, "bag")):
                    text.take("quantity", counts, *count.span())


def read_quantities(text: Text) -> None:
    """Smallest shipments first; where nothing else is said, the smallest is the quantity."""
    lots = [
        (text.take("lot", smallest, *found.span()), found["word"])
        for found in text.find(LOT)
        if (smallest := _quantities(found["low"], found["high"], found["times"], found["unit"]))
    ]
    _read_boxes(text)
    for found in text.find(BETWEEN):
        both = _quantities(found["low"], found["high"], None, found["unit"])
        if both and unit_of(found["unit"]) == unit_of(found["again"]):
            text.take("quantity", both, *found.span())
    for found in text.find(QUANTITY):
        quantities = _quantities(found["low"], found["high"], found["times"], found["unit"])
        if " " in found["low"] and not found["high"] and MEASURED.search(text.left[: found.start()]):
            # Size 2 500 kg: two numbers, or one.
            quantities += _quantities(found["low"].split(" ", 1)[1], None, found["times"], found["unit"])
        if quantities:
            text.take("quantity", quantities, *found.span())
    is_silent = not any(fact.kind == "quantity" for fact in text.facts)
    if is_silent and len(lots) == 1 and not NAMES_LOT.search(lots[0][1]):
        text.retell(lots[0][0], "quantity")


def _read_boxes(text: Text) -> None:
    """2 x 40' reefer, 3 kontainer 20 kaki: only where a box or its feet are named, 2 x 20 alone is none."""
    for found in text.find(BOX):
        if BOX_TOLD.search(found[0], len(found["low"])):
            _take_boxes(text, found, words.BOXES[found["size"]])
    for found in text.find(TEU):
        _take_boxes(text, found, "box20")


def _take_boxes(text: Text, found: re.Match, unit: str) -> None:
    if counts := tuple(Quantity(low, unit) for low, _none in ranges_of(found["low"], None)):
        text.take("quantity", counts, *found.span())


def read_periods(text: Text) -> None:
    """How often. A second word for the same is dropped: "40 t a month, monthly"."""
    said = set()
    for kind, pattern in PERIODS.items():
        for found in text.find(pattern):
            if kind in said:
                text.drop(*found.span())
            else:
                text.take("period", (kind,), *found.span())
                said.add(kind)


def _quantities(low: str, high: str | None, times: str | None, unit: str) -> tuple[Quantity, ...]:
    name = unit_of(unit)
    return tuple(Quantity(one, name, two) for one, two in ranges_of(low, high, times) if one > 0)


def _currency_of(written: str) -> str:
    return next(code for code, pattern in CURRENCY_PATTERNS.items() if pattern.fullmatch(written))


def _price_unit(written: str) -> str:
    if not written:
        return ""
    if written.startswith("тонна"):
        return "t"
    if written.startswith(("кг-", "килограм", "келі")):
        return "kg"
    return "quintal" if written.startswith("центнер") else unit_of(written)
