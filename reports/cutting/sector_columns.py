"""The columns of the summary by sector."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from commodities.facts import Confidence
from matching.figures.books import FLOWS
from reports.cutting import cells, words
from reports.cutting.cells import Facts, Read, Seen, column
from reports.cutting.rests import goods_in_words
from reports.document import Cell, Column, Kind

TEXT, NUMBER, CODE = Kind.TEXT, Kind.NUMBER, Kind.CODE


def count(key: str, title: Callable[[], str], meaning: Callable[[], str]) -> Column:
    return column(key, title, NUMBER, meaning, width=12)


def usd(key: str, title: Callable[[], str], meaning: Callable[[], str]) -> Column:
    return column(key, title, NUMBER, meaning, places=2, width=18)


def tonnes(key: str, title: Callable[[], str], meaning: Callable[[], str]) -> Column:
    return column(key, title, NUMBER, meaning, places=3)


SECTOR = column("sector", lambda: _("Sector"), CODE, lambda: _("Sector of the goods."), words=words.sectors(), width=20)
DIRECTION = column(
    "direction", lambda: _("Direction"), CODE, lambda: _("From which country to which the goods go."), width=24
)

SECTOR_COLUMNS: tuple[Column, ...] = (
    SECTOR,
    DIRECTION,
    count("needs", lambda: _("Needs"), lambda: _("Open today, by what they name first.")),
    count("importers", lambda: _("Importers"), lambda: _("Companies with such a need.")),
    count("capacities", lambda: _("Capacities"), lambda: _("Open today.")),
    count("exporters", lambda: _("Exporters"), lambda: _("Companies with such a capacity.")),
    count("matches", lambda: _("Matches"), lambda: _("As the list of matches has them.")),
    count(
        "strong",
        lambda: _("Strong matches"),
        lambda: _("New ones of 70 points or more that fail no rule, with at most two questions open."),
    ),
    count("unmet", lambda: _("Needs not met"), lambda: _("Of which the newest plan leaves a part.")),
    count("planned_pairs", lambda: _("Planned pairs"), lambda: _("Pairs that the newest plan gives something.")),
    usd(
        "asked_usd",
        lambda: _("Planned, USD at the asking price"),
        lambda: _("Where the sellers hand the goods over; pairs without a known price are not in it."),
    ),
    count("without_asked", lambda: _("Without an asking price"), lambda: _("Planned pairs that are not in that sum.")),
    usd(
        "landed_low_usd",
        lambda: _("Planned, USD landed, from"),
        lambda: _("Where the importers take the goods; pairs without a known landed cost are not in it."),
    ),
    usd("landed_high_usd", lambda: _("Planned, USD landed, to"), lambda: _("The same at its dearest.")),
    count("without_landed", lambda: _("Without a landed cost"), lambda: _("Planned pairs that are not in that sum.")),
)

GOODS_COLUMNS: tuple[Column, ...] = (
    SECTOR,
    column(
        "goods",
        lambda: _("Goods"),
        CODE,
        lambda: _("What the need names first: goods, or a group of goods."),
        width=30,
    ),
    DIRECTION,
    tonnes("wanted_t", lambda: _("Wanted, t"), lambda: _("Over all months of the needs.")),
    tonnes(
        "offered_t",
        lambda: _("Offered, t"),
        lambda: _("What would be taken there; the same goods may stand in several rows."),
    ),
    tonnes("planned_t", lambda: _("Planned, t"), lambda: _("What the newest plan brings.")),
    tonnes("open_t", lambda: _("Not met, t"), lambda: _("What is wanted without what is planned.")),
)

TRADE_COLUMNS: tuple[Column, ...] = (
    column("reporter", lambda: _("Reported by"), CODE, lambda: _("Whose figure it is."), words=words.countries()),
    column("partner", lambda: _("Trade with"), CODE, lambda: _("The other country."), words=words.countries()),
    column(
        "flow",
        lambda: _("Flow"),
        CODE,
        lambda: _("As its reporter books it."),
        words=words.of_choices(FLOWS.items()),
        width=24,
    ),
    column("period", lambda: _("Year or time"), TEXT, lambda: _("The newest for which a figure was found.")),
    column("value", lambda: _("Value"), NUMBER, lambda: _("As published."), places=2, width=18),
    column("currency", lambda: _("Currency"), TEXT, lambda: _("Of the value."), width=9),
    column("source", lambda: _("Source"), TEXT, lambda: _("Who says so."), width=50),
    column(
        "confidence",
        lambda: _("Confidence"),
        CODE,
        lambda: _("How sure that is."),
        words=words.of_choices(Confidence.choices),
        width=18,
    ),
    column("silent", lambda: _("No figure for"), TEXT, lambda: _("Later times for which none was found.")),
)


def way(facts: Facts) -> Cell:
    return f"{facts['origin']}-{facts['destination']}" if facts["origin"] and facts["destination"] else None


def number(name: str) -> Read:
    return lambda facts: None if facts[name] is None else str(facts[name])


SECTOR_READS: dict[str, Read] = {
    "sector": cells.fact("sector"),
    "direction": way,
    **{name: number(name) for name in ("needs", "importers", "capacities", "exporters", "matches", "strong", "unmet")},
    "planned_pairs": lambda facts: str(facts["worth"].pairs),
    "asked_usd": lambda facts: cells.cents(facts["worth"].asked) if facts["worth"].has_asked else None,
    "without_asked": lambda facts: str(facts["worth"].without_asked),
    "landed_low_usd": lambda facts: cells.cents(facts["worth"].landed_low) if facts["worth"].has_landed else None,
    "landed_high_usd": lambda facts: cells.cents(facts["worth"].landed_high) if facts["worth"].has_landed else None,
    "without_landed": lambda facts: str(facts["worth"].without_landed),
}

GOODS_READS: dict[str, Read] = {
    "sector": cells.fact("sector"),
    "goods": cells.fact("goods"),
    "direction": way,
    "wanted_t": lambda facts: cells.tonnes(facts["row"].wanted_kg),
    "offered_t": lambda facts: cells.tonnes(facts["row"].offered_kg),
    "planned_t": lambda facts: cells.tonnes(facts["row"].planned_kg),
    "open_t": lambda facts: cells.tonnes(facts["row"].open_kg),
}

TRADE_READS: dict[str, Read] = {
    "reporter": lambda facts: facts["official"].row.reporter,
    "partner": lambda facts: facts["official"].row.partner,
    "flow": lambda facts: facts["official"].row.flow,
    "period": lambda facts: facts["official"].row.period,
    "value": lambda facts: cells.cents(facts["official"].row.value),
    "currency": lambda facts: facts["official"].row.currency or None,
    "source": lambda facts: facts["official"].row.source or None,
    "confidence": lambda facts: facts["official"].row.confidence,
    "silent": lambda facts: ", ".join(facts["official"].silent),
}

WORDS: dict[str, Callable[[Seen], words.Words]] = {"goods": goods_in_words, "direction": cells.directions_in_words}
