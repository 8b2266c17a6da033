"""Reads percentages, glaze, and whether a weight is net, gross or glazed."""

import re
from decimal import Decimal

from companies.own_words.facts import Share
from companies.own_words.scanning import NUMBER, Text, ranges_of

MOST = Decimal(100)
SIGN = r"\s*(?:%|(?:persen|percent|pct|процент\w*|пайыз\w*)(?!\w))"
NO_MORE = r"max(?:imum)?\.?|maks(?:imal|imum)?\.?|не более|не выше|макс\.?|до|up to|hingga|<=|≤|<|at most"
NO_LESS = r"min(?:imum|imal)?\.?|не менее|не ниже|мин\.?|от|from|>=|≥|>|at least"
_RANGE = rf"(?P<low>(?<![\w.,'/]){NUMBER})(?:\s*%?\s*(?:-|\.\.|to|до|sampai|s/d|hingga)\s*(?P<high>{NUMBER}))?{SIGN}"
SHARE = re.compile(
    rf"(?:(?<!\w)(?P<of>[^\W\d_][\w./]*)\s*[:=]?\s*)?(?P<bound>(?:(?<!\w)(?:{NO_MORE}|{NO_LESS})|[<>≤≥]=?))?\s*[:=]?\s*{_RANGE}"
    r"(?P<after>-?\s*(?:дан|ден|тан|тен)?\s*(?:кем емес|көп емес|аспайтын|аспауы керек|жоғары емес)"
    r"|\s*(?:min(?:imum|imal)?|max(?:imum)?|maks(?:imal)?|мин|макс)(?!\w)\.?(?!\s*\d))?"
)
BOUND_WORD = re.compile(rf"{NO_MORE}|{NO_LESS}")
IS_MOST = re.compile(rf"\s*(?:{NO_MORE})|көп емес|аспайтын|аспауы керек|жоғары емес")
# Words for what is measured in goods, which are no goods themselves.
PARAMETERS = re.compile(
    r"ffa|iv|protein\w*|moisture|kadar|kadar air|purity|ash|glut\w+|content|белок|белка|протеин\w*|влажност\w+|"
    r"клейковин\w+|чистот\w+|зольност\w+|кислотност\w+|ақуыз\w*|ылғалдылы\w+|тазалы\w+|dobi|m&i|impurit\w+|сорность|примес\w+|жирност\w+"
)

TOLERANCE = re.compile(rf"(?:\+\s*/?\s*-|-\s*/\s*\+|±)\s*(?P<low>{NUMBER}){SIGN}")
GLAZE_WORD = r"glaz\w*|глазур\w*|glasir\w*|мұз қабат\w*|мұзы|мұз"
GLAZE = re.compile(
    rf"(?<!\w)(?:{GLAZE_WORD})\s*[-:]?\s*(?:(?P<bound>{NO_MORE})\s*)?{_RANGE}"
    rf"|(?:(?P<bound2>{NO_MORE})\s*)?(?P<low2>(?<![\w.,'/]){NUMBER})(?:\s*-\s*(?P<high2>{NUMBER}))?{SIGN}\s*(?:{GLAZE_WORD})"
)
WEIGHT_BASES = {
    "net": (
        r"net weight|nett? wt|nett?o|nett|n\.?w\.?|(?:berat )?bersih|(?:вес(?:а|ом)? )?нетто|чист\w+ вес\w*|"
        r"таза салма\w+|без глазури|unglazed|without glaz\w+|no glaz\w+|tanpa glasir|глазурсыз|мұзсыз"
    ),
    "gross": r"gross(?: weight)?|brutto|bruto|(?:вес(?:а|ом)? )?брутто|(?:berat )?kotor",
    "glazed": (
        r"glazed(?: weight)?|with glaz\w+|incl(?:uding|\.)? glaz\w+|(?:включая|с|в|с учетом) глазур\w+|глазированн\w+|"
        r"(?:dengan|termasuk) glasir|глазурьмен|мұзымен"
    ),
}
BASES = {basis: re.compile(rf"(?<!\w)(?:{pattern})(?![\w])") for basis, pattern in WEIGHT_BASES.items()}


def read_shares(text: Text) -> None:
    _read_glaze(text)
    for found in text.find(TOLERANCE):
        if shares := _shares("", found["low"], None, "", is_most=False):
            text.take("tolerance", shares, *found.span())
    for found in text.find(SHARE):
        word, bound = found["of"] or "", found["bound"] or ""
        of = text.written[slice(*found.span("of"))] if word else ""
        if not bound and BOUND_WORD.fullmatch(word):
            word, bound, of = "", word, ""
        is_most = bool(IS_MOST.fullmatch(bound) or IS_MOST.search(found["after"] or "") or bound in ("<", "≤", "<="))
        shares = _shares(of, found["low"], found["high"], bound or found["after"], is_most=is_most)
        if not shares:
            continue
        is_parameter = bool(word and PARAMETERS.fullmatch(word))
        begins = found.start("of") if is_parameter or (found["of"] and not word) else found.start("bound")
        text.take("share", shares, begins if begins >= 0 else found.start("low"), found.end())


def read_weight_basis(text: Text) -> None:
    for basis, pattern in BASES.items():
        for found in text.find(pattern):
            text.take("weight_basis", (basis,), *found.span())


def _read_glaze(text: Text) -> None:
    for found in text.find(GLAZE):
        low, high = found["low"] or found["low2"], found["high"] or found["high2"]
        bound = found["bound"] or found["bound2"]
        if shares := _shares("", low, high, bound, is_most=bool(bound)):
            text.take("glaze", shares, *found.span())


def _shares(of: str, low: str, high: str | None, bound: str | None, *, is_most: bool) -> tuple[Share, ...]:
    found = []
    for one, two in ranges_of(low, high, most=MOST):
        if one > MOST or (two or 0) > MOST:
            continue
        if two is not None:
            found.append(Share(of, one, two))
        elif bound:
            found.append(Share(of, None, one) if is_most else Share(of, one, None))
        else:
            found.append(Share(of, one, one))
    return tuple(found)
