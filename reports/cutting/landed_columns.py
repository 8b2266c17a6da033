"""The columns of landed costs: of their lines, and of their sums."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from commodities.facts import Confidence
from matching.one_match.waterfall import Guess
from reports.cutting import words
from reports.cutting.cells import Read, Seen, column
from reports.cutting.rests import goods_in_words
from reports.cutting.shared_columns import OF_PAIR
from reports.document import Column, Kind, in_every_language

TEXT, NUMBER, CODE, DAY = Kind.TEXT, Kind.NUMBER, Kind.CODE, Kind.DAY

KINDS: dict[str, Callable[[], str]] = {
    "price": lambda: _("Asking price"),
    "export": lambda: _("Export duty and levy"),
    "fitting": lambda: _("Fitting out"),
    "terminal": lambda: _("Handling"),
    "leg": lambda: _("Freight"),
    "through": lambda: _("Freight at one rate"),
    "insurance": lambda: _("Insurance"),
    "import_duty": lambda: _("Import duty"),
    "term": lambda: _("What the price holds, which nobody has said"),
}
GUESSES: dict[Guess, Callable[[], str]] = {
    Guess.UNKNOWN: lambda: _("not known"),
    Guess.EXAMPLE: lambda: _("example"),
    Guess.UNSURE: lambda: _("unsure"),
    Guess.RANGE: lambda: _("between two figures"),
    Guess.SURE: lambda: _("one figure"),
}
DIFFERS = {"differs": in_every_language(lambda: _("otherwise than the run found"))}

LINE_COLUMNS: tuple[Column, ...] = (
    column("pair", lambda: _("Pair"), TEXT, lambda: _("Number of the match, exporter and importer."), width=40),
    *OF_PAIR,
    column(
        "step", lambda: _("Step"), NUMBER, lambda: _("Place of the line on the way, from 1."), width=7, is_name=True
    ),
    column(
        "kind",
        lambda: _("Kind of cost"),
        CODE,
        lambda: _("What the line pays for, without its places."),
        words={code: in_every_language(said) for code, said in KINDS.items()},
        width=20,
    ),
    column("line", lambda: _("Line"), CODE, lambda: _("The line as the page of the match says it."), width=44),
    column(
        "low",
        lambda: _("From, USD/t"),
        NUMBER,
        lambda: _("Less than nothing where the line is taken out of the price. Empty: not known."),
        places=2,
        width=12,
    ),
    column(
        "high",
        lambda: _("To, USD/t"),
        NUMBER,
        lambda: _("The same at its dearest; as much where there is one figure."),
        places=2,
        width=12,
    ),
    column(
        "relied",
        lambda: _("How sure"),
        CODE,
        lambda: _("How far the line can be relied on."),
        words={code.value: in_every_language(said) for code, said in GUESSES.items()},
    ),
    column(
        "rests_on",
        lambda: _("Rests on"),
        TEXT,
        lambda: _("Codes of the quotes, premiums, rates and lines of the tariff it is made from."),
        width=24,
    ),
    column("source", lambda: _("Source"), TEXT, lambda: _("Who gave them, or where they are from."), width=40),
    column(
        "valid_to",
        lambda: _("Valid until"),
        DAY,
        lambda: _("The first day on which one of them ends. Empty where none has an end."),
        width=12,
    ),
    column(
        "confidence",
        lambda: _("Confidence"),
        CODE,
        lambda: _("The weakest of what it rests on."),
        words=words.of_choices(Confidence.choices),
        width=18,
    ),
    column(
        "lapsed",
        lambda: _("Quote that ended"),
        TEXT,
        lambda: _("The newest quote for the line that ended, where nobody's quote holds."),
        width=14,
    ),
    column("as_of", lambda: _("Day of the quotes"), DAY, lambda: _("The day that the run took as today."), width=12),
)

SUM_COLUMNS: tuple[Column, ...] = (
    *OF_PAIR,
    column("point", lambda: _("Where a tonne arrives"), CODE, lambda: _("With the term of the limit."), width=24),
    column(
        "landed_low",
        lambda: _("Landed cost from, USD/t"),
        NUMBER,
        lambda: _("The sum of the lines. Empty where one of them is not known."),
        places=2,
    ),
    column(
        "landed_high",
        lambda: _("Landed cost to, USD/t"),
        NUMBER,
        lambda: _("The same at its dearest; as much where there is one figure."),
        places=2,
    ),
    column(
        "at_least",
        lambda: _("At least, USD/t"),
        NUMBER,
        lambda: _("What the lines that are known come to."),
        places=2,
    ),
    column("limit", lambda: _("Limit, USD/t"), NUMBER, lambda: _("What the importer pays at most."), places=2),
    column(
        "room",
        lambda: _("Left under the limit, USD/t"),
        NUMBER,
        lambda: _("At the dearer end; less than nothing where the limit is passed."),
        places=2,
    ),
    column(
        "vat_low", lambda: _("VAT from, USD/t"), NUMBER, lambda: _("Paid at the border and given back later."), places=2
    ),
    column(
        "vat_high", lambda: _("VAT to, USD/t"), NUMBER, lambda: _("Paid at the border and given back later."), places=2
    ),
    column("lines", lambda: _("Lines"), NUMBER, lambda: _("How many lines the sum has."), width=8),
    column(
        "guesses",
        lambda: _("Guesses"),
        NUMBER,
        lambda: _("How many of them are not known, examples or unsure."),
        width=10,
    ),
    column(
        "differs",
        lambda: _("Since the run"),
        CODE,
        lambda: _("Whether it comes out otherwise now."),
        words=DIFFERS,
        width=24,
    ),
    column("as_of", lambda: _("Day of the quotes"), DAY, lambda: _("The day that the run took as today."), width=12),
)


def as_it_is(columns: tuple[Column, ...]) -> dict[str, Read]:
    """Facts that are cells already."""
    return {one.key: lambda facts, key=one.key: facts[key] for one in columns}


WORDS: dict[str, Callable[[Seen], words.Words]] = {
    "goods": goods_in_words,
    "line": lambda seen: {code: facts["line_words"] for code, facts in seen.items()},
    "point": lambda seen: {code: facts["point_words"] for code, facts in seen.items()},
}


def weakest(confidences: list[str]) -> str:
    """The worst of some grades, or nothing of none."""
    order = [Confidence.EXAMPLE, Confidence.UNSURE, Confidence.SECONDARY, Confidence.VERIFIED]
    return next((one.value for one in order if one in confidences), "")
