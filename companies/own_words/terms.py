"""Reads Incoterms with their places, other places, payment, and whether somebody buys or sells."""

import re

from companies.own_words import vocabulary as words
from companies.own_words.places import PlaceNames
from companies.own_words.scanning import Text

BUYERS = re.compile(rf"(?<!\w)(?:{words.LOOKS_FOR_BUYERS})(?!\w)")
SIDES = {
    "need": re.compile(rf"(?<!\w)(?:{words.NEED})(?!\w)"),
    "capacity": re.compile(rf"(?<!\w)(?:{words.CAPACITY})(?!\w)"),
}

TERM = re.compile(rf"(?<!\w)(?:{'|'.join([*words.INCOTERMS, *map(re.escape, words.OTHER_TERMS)])})(?!\w)")
# The word as it looks, on whichever keyboard.
LOOKS_LIKE_TERM = re.compile(r"(?<!\w)[a-zа-яі]{3}(?!\w)")
YEAR_OF_TERMS = re.compile(r"(?:incoterms|инкотермс)®?\s*(?:20[12]0)?")
BETWEEN = re.compile(
    r"[\s,:(\-]*(?:20[12]0\s*)?"
    r"(?:(?:mv|port of|port|pelabuhan|порт\w*|станци\w+|station|ст\.|ст(?=\s)|город|г\.|қ\.|kota|city of|sea port)\s*)?"
)
# A word with a capital letter where a place is expected, that no list knows.
UNKNOWN = re.compile(r"\s*,?\s*([^\W\d_a-zа-яёәғқңөұүһі][^\W\d_]{2,}(?:[ -][^\W\d_a-zа-яёәғқңөұүһі][^\W\d_]{2,})?)")
# Also the name of goods: diammonium phosphate is a fertiliser.
ALSO_GOODS = {"DAP"}
# Not in Incoterms 2020 any more; each was used for what two terms of today say.
OLD_TERMS = re.compile(r"(?<!\w)(?:ddu|dat|daf)(?!\w)")
OLD_MEANINGS = {"ddu": ("DAP", "DPU"), "dat": ("DPU", "DAP"), "daf": ("DAP", "FCA")}

ROLES = {
    "origin": re.compile(r"(?:\b(?:dari|from|ex|asal|origin|out of)|\bиз|\bсо ст(?:анции|\.))\s*[:]?\s*$"),
    "destination": re.compile(
        r"\b(?:ke|to|tujuan|destination|deliver(?:y|ed) to|untuk dikirim ke|до|(?:с доставкой|поставка) в)\s*:?\s*$"
    ),
}
PREPOSITION = re.compile(
    r"\b(?:dari|from|ex|asal|origin|ke|to|tujuan|destination|in|at|di|port of|port|"
    r"из|до|в|во|на|г\.|порт\w*|станци\w+|ст\.)\s*:?\s*$"
)


def read_sides(text: Text) -> None:
    for found in text.find(BUYERS):
        text.take("side", ("capacity",), *found.span())
    for side, pattern in SIDES.items():
        for found in text.find(pattern):
            text.take("side", (side,), *found.span())


def read_terms(text: Text, places: PlaceNames) -> None:
    for found in text.find(YEAR_OF_TERMS):
        text.drop(*found.span())
    for found in text.find(LOOKS_LIKE_TERM):
        if (plain := found[0].translate(words.TWINS)) in words.INCOTERMS and found[0] != plain:
            _take_term(text, plain.upper(), found, places)
    for found in text.find(TERM):
        _take_term(text, words.OTHER_TERMS.get(found[0], found[0].upper()), found, places)
    for found in text.find(OLD_TERMS):
        after = found.end()
        text.take("incoterm", OLD_MEANINGS[found[0]], *found.span())
        _take_named_place(text, after, places)


def _take_term(text: Text, code: str, found: re.Match, places: PlaceNames) -> None:
    has_place = places.at(text.left, BETWEEN.match(text.left, found.end()).end()) is not None
    if code in ALSO_GOODS and not has_place:
        # It stays among the goods as well: the person says what it is.
        start, end = found.span()
        text.take("incoterm", (code, ""), start, end)
        text.give_back(start, end)
        return
    text.take("incoterm", (code,), *found.span())
    _take_named_place(text, found.end(), places)


def _take_named_place(text: Text, after: int, places: PlaceNames) -> None:
    begins = BETWEEN.match(text.left, after).end()
    if place := places.at(text.left, begins):
        text.drop(after, begins)
        text.take("named_place", place.codes, begins, place.end)
    elif (unknown := UNKNOWN.match(text.written, begins)) and text.left[unknown.start(1)].isalpha():
        text.drop(after, unknown.start(1))
        text.take("unknown_place", (unknown[1],), *unknown.span(1))


def read_places(text: Text, places: PlaceNames) -> None:
    """The places that no Incoterm names: where goods come from or go to, if a word or an ending says so."""
    for found in places.find(text):
        before = text.left[: found.start]
        role = found.role or next((role for role, pattern in ROLES.items() if pattern.search(before)), "place")
        if preposition := PREPOSITION.search(before):
            text.drop(preposition.start(), found.start)
        text.take(role, found.codes, found.start, found.end)


_DAYS = r"(?:days?|hari|дн\w*|календарн\w+ дн\w*|банковск\w+ дн\w*|күн\w*)"
_AHEAD = (
    r"предоплат\w*|аванс\w*|prepayment|prepaid|advance(?: payment)?|in advance|deposit|dp|uang muka|(?:bayar )?di muka|"
    r"down payment|алдын ала (?:төле\w+|ақы\w*)|алдын ала|tt|t/t"
)
LETTER = re.compile(
    r"(?<!\w)(?:(?:irrevocable |confirmed |безотзывн\w+ )?(?:l/?c|letter of credit)|аккредитив\w*)"
    rf"(?:\s*(?P<late>(?:usance\s*)?(?P<days>\d+)\s*{_DAYS}|usance))?"
    r"(?:\s*(?:at sight|sight|atas unjuk|по предъявлении|көрсетілген бойда))?(?!\w)"
)
PART = re.compile(
    rf"(?<![\w.,])(?P<share>\d{{1,3}})\s*%\s*(?:{_AHEAD})(?!\w)|(?<!\w)(?:{_AHEAD})\s*[-:]?\s*(?P<share2>\d{{1,3}})\s*%|"
    r"(?<!\w)t/?t\s*(?P<share3>\d{2})\s*/\s*\d{2}(?!\w)"
)
# ... and 70 % against documents: what is left to pay says nothing more.
REST = r"[\s,/+&]*(?:and|dan|и|balance|sisa\w*|остаток|остальн\w+|қалған\w*)?\s*{}\s*%[^,.;\x01]*"
WHOLE = re.compile(
    r"(?<!\w)(?:предоплат\w*|prepaid|prepayment|(?:cash|payment) in advance|cia|bayar (?:di )?muka|pembayaran di muka|"
    r"алдын ала төле\w+|алдын ала ақы\w*)(?!\w)"
)
DOCUMENTS = re.compile(
    r"(?<!\w)(?:d/p|cad|cash against documents?|documents? against payment|(?:оплата )?против документов|"
    r"bayar saat dokumen|құжаттарға қарсы(?: төле\w+)?)(?!\w)"
)
CREDIT = re.compile(
    r"(?<!\w)(?:net|отсрочк\w+|tempo|kredit|credit|deferred|кейінге қалдыр\w+)\s*"
    r"(?:платежа\s*|pembayaran\s*|payment\s*)?"
    rf"(?:на\s*|of\s*|до\s*)?(?P<days>\d+)(?!\d)\s*(?:{_DAYS}(?!\w)|(?=$|[,.;]))"
    rf"|(?<![\w.,])(?P<days2>\d+)\s*{_DAYS}\s*(?:after \w+|setelah \w+|после \w+|credit|tempo|отсрочк\w+|кейін)(?!\w)"
)
TRANSFER = re.compile(r"(?<!\w)(?:t/t|tt|telegraphic transfer)(?!\w)")
DP = re.compile(r"(?<!\w)dp(?!\w)")
LIKE_OURS = ("30", "60")


def read_payment(text: Text, language: str) -> None:
    """How it is paid, in the codes of a listing. What is none of them is a question between the nearest two."""
    for found in text.find(LETTER):
        late = (f"credit_{found['days']}",) if found["days"] in LIKE_OURS else ("credit_60",) if found["late"] else ()
        text.take("payment", ("letter_of_credit", *late), *found.span())
    for found in text.find(PART):
        share = int(found["share"] or found["share2"] or found["share3"])
        if share <= 100:
            codes = ("prepaid",) if share == 100 else ("part_prepaid",) if share == 30 else ("part_prepaid", "prepaid")
            text.take("payment", codes, *found.span())
            if rest := re.compile(REST.format(100 - share)).match(text.left, found.end()):
                text.drop(*rest.span())
    for pattern, code in ((DOCUMENTS, "documents"), (WHOLE, "prepaid")):
        for found in text.find(pattern):
            text.take("payment", (code,), *found.span())
    for found in text.find(CREDIT):
        days = found["days"] or found["days2"]
        text.take("payment", (f"credit_{days}",) if days in LIKE_OURS else ("credit_30", "credit_60"), *found.span())
    for found in text.find(TRANSFER):
        text.take("payment", ("prepaid", "part_prepaid"), *found.span())
    for found in text.find(DP):
        # Uang muka in Indonesia, documents against payment elsewhere.
        both = ("part_prepaid", "documents") if language == "id" else ("documents", "part_prepaid")
        text.take("payment", both, *found.span())
