"""The one tree of what can be traded: HS chapter > heading > subheading > tradable commodity."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Q

from commodities.enums import NodeKind, Sector, Unit
from commodities.facts import Confidence
from commodities.loading import (
    NAMES,
    SOURCE,
    SOURCE_CHECKED,
    Column,
    Loading,
    Row,
    Table,
    checked,
    columns,
    in_languages,
)
from commodities.loading.cells import decimal, known_code, one_of, text, words
from commodities.models import Commodity

KIND_BY_LEVEL = {"2": NodeKind.CHAPTER, "4": NodeKind.HEADING, "6": NodeKind.SUBHEADING}
UNECE_UNIT = {Unit.TONNE: "TNE", Unit.KILOGRAM: "KGM", Unit.CUBIC_METRE: "MTQ", Unit.PIECE: "H87"}
UNIT_FACTS = {"density_kg_per_l": "density", "piece_kg": "piece", "box20_kg": "20-foot box"}
# From what we know best to what we know least.
BY_CONFIDENCE = [Confidence.VERIFIED, Confidence.SECONDARY, Confidence.UNSURE, Confidence.EXAMPLE]
DIRECTIONS = ["ID>KZ", "KZ>ID", "both"]

SECTIONS = Table(
    "hs_sections.csv",
    key=("section",),
    columns=(
        checked("section", text(required=True)),
        checked("name_en", text(required=True)),
        checked("edition", one_of(["HS2022"])),
        *SOURCE_CHECKED,
    ),
)

TITLES = Table(
    "hs_headings_i18n.csv",
    key=("code",),
    columns=(
        Column("code"),
        checked("level", one_of(["2", "4"])),
        Column("description_id", "name_id"),
        Column("description_ru", "name_ru"),
        checked("source_id", text()),
        checked("source_ru", text()),
        checked("confidence", one_of(Confidence.values)),
    ),
    model=Commodity,
)


def load_tree(loading: Loading) -> None:
    """Load the HS nomenclature and the tradable commodities below it, and number the tree."""
    sections = {row.cells["section"] for row in loading.read(SECTIONS)}
    nodes = loading.read(hs_codes_table(sections))
    by_code = {row.values["code"]: row for row in nodes}
    add_titles(loading, by_code)
    subheadings = {code for code in by_code if len(code) == 6}
    goods = loading.read(goods_table(subheadings))
    add_unit_facts(loading, goods)
    number_tree(nodes, goods)
    give_sectors(nodes, goods)

    is_good = Q(kind=NodeKind.COMMODITY)
    loading.keep(hs_codes_table(sections), nodes, scope=~is_good)
    node_ids = loading.ids(Commodity)
    for good in goods:
        good.values["parent"] = node_ids[good.values["hs_code"]]
    loading.keep(goods_table(subheadings), goods, scope=is_good)


def hs_codes_table(sections: set[str]) -> Table:
    return Table(
        "hs_codes.csv",
        key=("code",),
        columns=(
            *columns("code", "parent"),
            checked("level", one_of(KIND_BY_LEVEL)),
            checked("section", known_code({*sections, ""}, "HS section")),
            Column("description_en", "name_en"),
            checked("edition", one_of(["HS2022"])),
            *SOURCE,
        ),
        model=Commodity,
        complete=complete_hs_code,
    )


def complete_hs_code(row: Row) -> None:
    code, level = row.cells["code"], row.cells["level"]
    if not code.isdigit() or len(code) != int(level):
        raise ValueError(f"'{code}' is not an HS code of {level} digits")
    if row.cells["parent"] != code[:-2]:
        raise ValueError(f"the parent of {code} is '{code[:-2]}', not '{row.cells['parent']}'")
    row.values |= {"kind": KIND_BY_LEVEL[level], "hs_code": code}
    row.values |= {"name_id": "", "name_ru": "", "names_confidence": {}}


def add_titles(loading: Loading, by_code: dict[str, Row]) -> None:
    """Give chapters and headings their Indonesian and Russian titles, where the national tariffs have one."""
    for title in loading.read(TITLES):
        row = by_code.get(title.values["code"])
        if row is None:
            raise TITLES.error(title, f"no HS code is '{title.values['code']}'")
        for language in ("id", "ru"):
            if name := title.values[f"name_{language}"]:
                row.values[f"name_{language}"] = name
                row.values["names_confidence"][language] = title.cells["confidence"]
                row.values["source"] += f"; {language}: {title.cells[f'source_{language}']}"


def goods_table(subheadings: set[str]) -> Table:
    return Table(
        "commodities.csv",
        key=("slug",),
        columns=(
            Column("slug", "code"),
            Column("hs6", "hs_code", known_code(subheadings, "HS subheading")),
            Column("sector", read=one_of(Sector.values)),
            Column("direction", read=one_of(DIRECTIONS)),
            *NAMES,
            *in_languages("synonyms", "synonyms", words(text())),
            *columns("base_unit"),
            checked("unece_unit", one_of(UNECE_UNIT.values())),
            checked("min_qty", decimal(12, 3, required=True)),
            Column("min_note", "usual_lot_note"),
            Column("transport_class", read=text(30, required=True)),
            *columns("temp_min_c", "temp_max_c"),
            *SOURCE,
            Column("min_qty_confidence", "usual_lot_confidence", one_of(Confidence.values)),
            *columns("temp_confidence"),
            *in_languages(
                "names_confidence", "names_confidence", one_of(Confidence.values, required=False), "id ru kk"
            ),
        ),
        model=Commodity,
        complete=complete_good,
    )


def complete_good(row: Row) -> None:
    unit = row.cells["base_unit"]
    if UNECE_UNIT.get(unit) != row.cells["unece_unit"]:
        raise ValueError(f"the UN/ECE code of '{unit}' is not {row.cells['unece_unit']}")
    coldest, warmest = row.cells["temp_min_c"], row.cells["temp_max_c"]
    if coldest is not None and warmest is not None and coldest > warmest:
        raise ValueError(f"is carried at {coldest} C or more and at {warmest} C or less")
    row.values |= {"kind": NodeKind.COMMODITY, "usual_lot_kg": usual_lot_kg(row.cells["min_qty"], unit)}
    row.values |= {"density_kg_per_l": None, "piece_kg": None, "box20_kg": None}
    row.values |= {"units_source": "", "units_confidence": ""}


def usual_lot_kg(amount: Decimal, unit: str) -> int | None:
    """The usual smallest shipment in kilograms; not known where it is counted in pieces or cubic metres."""
    if amount <= 0:
        raise ValueError(f"a lot of {amount} is no lot")
    if unit not in (Unit.TONNE, Unit.KILOGRAM):
        return None
    kilograms = amount * 1000 if unit == Unit.TONNE else amount
    if kilograms != int(kilograms):
        raise ValueError(f"a lot of {amount} {unit} is not a whole number of kilograms")
    return int(kilograms)


def add_unit_facts(loading: Loading, goods: list[Row]) -> None:
    """Give goods what turns litres, pieces and 20-foot boxes into kilograms, where somebody knows it."""
    by_slug = {row.values["code"]: row for row in goods}
    table = units_table(by_slug)
    for fact in loading.read(table):
        good, name, value = by_slug[fact.cells["slug"]], fact.cells["fact"], fact.cells["value"]
        if value <= 0:
            raise table.error(fact, f"{name} must be above zero")
        if name == "box20_kg" and value != int(value):
            raise table.error(fact, "a box holds whole kilograms")
        good.values[name] = int(value) if name == "box20_kg" else value
        said = f"{UNIT_FACTS[name]}: {fact.cells['source']}"
        good.values["units_source"] = "; ".join(filter(None, [good.values["units_source"], said]))
        # One word for all facts of a good: the weakest.
        known = [good.values["units_confidence"], fact.cells["confidence"]]
        good.values["units_confidence"] = max(filter(None, known), key=BY_CONFIDENCE.index)


def units_table(slugs: dict[str, Row]) -> Table:
    return Table(
        "commodity_units.csv",
        key=("slug", "fact"),
        columns=(
            checked("slug", known_code(slugs, "commodity")),
            checked("fact", one_of(UNIT_FACTS)),
            checked("value", decimal(10, 4, required=True)),
            *SOURCE_CHECKED,
        ),
    )


def number_tree(nodes: list[Row], goods: list[Row]) -> None:
    """Number the tree from left to right: a node begins before its children and ends after the last of them."""
    children: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(nodes, key=lambda row: row.values["code"]):
        children[row.values["parent"]].append(row)
    for row in sorted(goods, key=lambda row: row.values["code"]):
        children[row.values["hs_code"]].append(row)

    def number(row: Row, lowest: int) -> int:
        row.values["tree_lo"], upper = lowest, lowest + 1
        # A good stands below its subheading and has nothing below it; its code is a slug, never HS digits.
        for child in children.get(row.values["code"], ()):
            upper = number(child, upper)
        row.values["tree_hi"] = upper
        return upper

    upper = 0
    for chapter in children[""]:
        upper = number(chapter, upper)


def give_sectors(nodes: list[Row], goods: list[Row]) -> None:
    """A code has the sector of the goods below it where that is one: whoever follows a sector sees its headings too."""
    below = defaultdict(set)
    for good in goods:
        for digits in (2, 4, 6):
            below[good.values["hs_code"][:digits]].add(good.values["sector"])
    for node in nodes:
        sectors = below[node.values["code"]]
        node.values["sector"] = min(sectors) if len(sectors) == 1 else ""
