"""The columns of who supplies whom, and what their cells say of a flow."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from reports.cutting import cells, words
from reports.cutting.cells import Facts, Read, Seen, column
from reports.cutting.rests import goods_in_words
from reports.cutting.shared_columns import EXAMPLE, EXPORTER, GOODS, HS_CODE, IMPORTER, MATCH
from reports.document import Column, Kind
from reports.enums import Grouping

TEXT, NUMBER, CODE, DAY = Kind.TEXT, Kind.NUMBER, Kind.CODE, Kind.DAY

# By what rows are grouped: the column whose changes begin a group, and what they are sorted by first.
GROUPED: dict[str, tuple[str, tuple[str, ...]]] = {
    Grouping.NONE: ("", ()),
    Grouping.SECTOR: ("sector", ("capacity__commodity__sector",)),
    Grouping.GOODS: ("goods", ("capacity__commodity__tree_lo", "capacity__commodity")),
    Grouping.DIRECTION: ("direction", ("capacity__origin_country", "need__destination__country")),
    Grouping.EXPORTER: ("exporter", ("capacity__company__name_registered", "capacity__company")),
    Grouping.IMPORTER: ("importer", ("need__company__name_registered", "need__company")),
}

FLOW_COLUMNS: tuple[Column, ...] = (
    MATCH,
    EXAMPLE,
    column("direction", lambda: _("Direction"), CODE, lambda: _("From which country to which the goods go."), width=22),
    EXPORTER,
    column(
        "exporter_place",
        lambda: _("Place of the exporter"),
        CODE,
        lambda: _("Town of the company, or its region."),
        width=20,
    ),
    column("capacity", lambda: _("Capacity"), TEXT, lambda: _("Reference of what the exporter offers.")),
    column(
        "loaded_at",
        lambda: _("Where the goods are loaded"),
        CODE,
        lambda: _("The place that the capacity names."),
        width=20,
    ),
    IMPORTER,
    column(
        "importer_place",
        lambda: _("Place of the importer"),
        CODE,
        lambda: _("Town of the company, or its region."),
        width=20,
    ),
    column("need", lambda: _("Need"), TEXT, lambda: _("Reference of what the importer wants.")),
    column(
        "goes_to", lambda: _("Where the goods go"), CODE, lambda: _("The destination that the need names."), width=20
    ),
    column("sector", lambda: _("Sector"), CODE, lambda: _("Sector of the goods."), words=words.sectors()),
    GOODS,
    HS_CODE,
    column(
        "planned_t",
        lambda: _("Planned, t"),
        NUMBER,
        lambda: _("What the plan moves of the pair; with a period, what is delivered within it."),
        places=3,
    ),
    column("shipped", lambda: _("Shipped"), CODE, lambda: _("From the first month of shipping to the last."), width=20),
    column("delivered", lambda: _("Delivered by"), CODE, lambda: _("Month of the last delivery."), width=12),
    column(
        "ships_from", lambda: _("Ships from"), DAY, lambda: _("First day of the first month of shipping."), width=12
    ),
    column(
        "arrives_by", lambda: _("Arrives by"), DAY, lambda: _("Last day of the month of the last delivery."), width=12
    ),
    column(
        "score",
        lambda: _("Score, of 100"),
        NUMBER,
        lambda: _("How well the pair fits by all that the run of the plan knew, in points."),
        places=1,
    ),
    column(
        "landed_low",
        lambda: _("Landed cost from, USD/t"),
        NUMBER,
        lambda: _("As the run of the plan reckoned it; empty where a line of it is not known."),
        places=2,
    ),
    column(
        "landed_high",
        lambda: _("Landed cost to, USD/t"),
        NUMBER,
        lambda: _("As the run of the plan reckoned it; empty where a line of it is not known."),
        places=2,
    ),
    column("run", lambda: _("Run"), NUMBER, lambda: _("Number of the run whose plan it is."), width=8, is_name=True),
)


def shipped(row: Facts) -> str:
    months = [date.fromisoformat(ship) for ship, _deliver, _kg in row["months"]]
    return cells.span_code(min(months), max(months))


def last_delivery(row: Facts) -> date:
    return max(date.fromisoformat(deliver) for _ship, deliver, _kg in row["months"])


FLOW_READS: dict[str, Read] = {
    "match": cells.fact("match"),
    "example": lambda row: cells.example(row["exporter_kind"]) or cells.example(row["importer_kind"]),
    "direction": lambda row: f"{row['origin']}-{row['destination']}",
    "exporter": cells.fact("exporter_"),
    "exporter_place": cells.fact("exporter_where"),
    "capacity": cells.fact("capacity_"),
    "loaded_at": cells.fact("loaded_code"),
    "importer": cells.fact("importer_"),
    "importer_place": cells.fact("importer_where"),
    "need": cells.fact("need_"),
    "goes_to": cells.fact("goes_code"),
    "sector": lambda row: row["sector_"],
    "goods": cells.fact("goods_"),
    "hs_code": cells.fact("hs"),
    "planned_t": lambda row: cells.tonnes(row["moved_kg"]),
    "shipped": shipped,
    "delivered": lambda row: cells.month_code(last_delivery(row)),
    "ships_from": lambda row: min(ship for ship, _deliver, _kg in row["months"]),
    "arrives_by": lambda row: cells.last_day(last_delivery(row)).isoformat(),
    "score": lambda row: cells.points(row["score_ppm"]),
    "landed_low": lambda row: cells.cents(row["landed_low"]),
    "landed_high": lambda row: cells.cents(row["landed_high"]),
    "run": cells.fact("run"),
}

FLOW_WORDS: dict[str, Callable[[Seen], words.Words]] = {
    "direction": cells.directions_in_words,
    "exporter_place": lambda seen: words.wheres(row["exporter_at"] for row in seen.values()),
    "importer_place": lambda seen: words.wheres(row["importer_at"] for row in seen.values()),
    "loaded_at": lambda seen: words.places(row["loaded"] for row in seen.values()),
    "goes_to": lambda seen: words.places(row["goes"] for row in seen.values()),
    "goods": goods_in_words,
    "shipped": cells.months_in_words,
    "delivered": cells.months_in_words,
}
