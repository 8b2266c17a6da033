"""What ships loads whole, and loading it again changes nothing."""

import csv
from decimal import Decimal

import pytest
from django.utils import translation

from commodities.enums import NodeKind
from commodities.models import (
    CertificateKind,
    Commodity,
    CommodityGroup,
    CommodityGroupMember,
    CommodityParameter,
    Parameter,
)
from commodities.texts import UNIT_LABELS
from corridor.models import (
    Corridor,
    Equipment,
    ExchangeRate,
    FreightQuote,
    InsurancePremium,
    Leg,
    LegEquipment,
    Place,
    Region,
    Requirement,
    Tariff,
    TradeFlow,
    TransportClassEquipment,
)
from corridor.services.reference import load_reference
from tests.corridor.reference_files import SHIPPED

pytestmark = pytest.mark.django_db

# As the research that compiled the files counted them, and what was added here.
ROWS = {
    "hs_sections.csv": 21,
    "hs_codes.csv": 6939,
    "hs_headings_i18n.csv": 1326,
    "commodities.csv": 112,
    "commodity_units.csv": 80,
    "commodity_groups.csv": 48,
    "commodity_group_members.csv": 214,
    "commodity_words.csv": 2137,
    "parameters.csv": 104,
    "commodity_specs.csv": 222,
    "certificate_kinds.csv": 52,
    "corridors.csv": 2,
    "places.csv": 62,
    "regions.csv": 154,
    "equipment.csv": 22,
    "legs.csv": 131,
    "leg_equipment.csv": 1392,
    "transport_class_equipment.csv": 60,
    "requirements.csv": 55,
    "tariffs.csv": 599,
    "example_exchange_rates.csv": 6,
    "example_freight_quotes.csv": 1791,
    "example_insurance_premiums.csv": 2,
    "trade_flows.csv": 48,
}
OF_COMPANIES = {"companies_public.csv"}  # loaded with the companies
STORED = {
    Commodity: 6939 + 112,
    CommodityGroup: 48,
    CommodityGroupMember: 214,
    CommodityParameter: 222,
    Parameter: 104,
    CertificateKind: 52,
    Corridor: 2,
    Place: 62,
    Region: 154,
    Equipment: 22,
    Leg: 131,
    LegEquipment: 1392,
    TransportClassEquipment: 60,
    Requirement: 55,
    Tariff: 599,
    ExchangeRate: 6,
    TradeFlow: 48,
}


def everything() -> dict:
    """Every row of every table that the load fills, primary keys included."""
    return {model: list(model.objects.order_by("pk").values()) for model in STORED}


def test_load_reference_reads_every_shipped_file(shipped):
    read = {count.file: count.read for count in shipped if count.read}

    assert read == ROWS
    assert {path.name for path in SHIPPED.glob("*.csv")} == ROWS.keys() | OF_COMPANIES


def test_load_reference_stores_every_row(shipped):
    assert {model: model.objects.count() for model in STORED} == STORED
    assert {count.file: count.new for count in shipped if count.new} == {
        file: rows
        for file, rows in ROWS.items()
        if file not in ("hs_sections.csv", "hs_headings_i18n.csv", "commodity_units.csv")
    }


def test_load_reference_changes_nothing_the_second_time(shipped):
    before = everything()

    counts = load_reference(SHIPPED)

    assert everything() == before
    assert [(c.file, c.new, c.changed, c.left_alone, c.removed, c.still_used) for c in counts] == [
        (c.file, 0, 0, 0, [], []) for c in shipped
    ]


def test_load_reference_gives_every_row_a_source_and_a_confidence():
    for path in SHIPPED.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        if path.name != "hs_headings_i18n.csv":  # a source for each language
            assert all(row["source"] for row in rows), path.name
        assert {row["confidence"] for row in rows} <= {"verified", "secondary", "unsure", "example"}, path.name


def test_load_reference_marks_every_made_up_figure(shipped):
    for model in (ExchangeRate, FreightQuote, InsurancePremium):
        assert list(model.objects.exclude(confidence="example")) == []
        assert list(model.objects.exclude(source__startswith="example")) == []


def test_load_reference_names_goods_in_four_languages(shipped):
    olein = Commodity.objects.get(code="rbd-palm-olein")

    names = {}
    for language in ("en", "id", "ru", "kk"):
        with translation.override(language):
            names[language] = olein.name

    assert names == {
        "en": "RBD palm olein",
        "id": "Olein sawit RBD (minyak goreng curah)",
        "ru": "Пальмовый олеин рафинированный дезодорированный",
        "kk": "Тазартылған пальма олеині",
    }
    assert olein.synonyms["id"] == ["olein", "minyak goreng curah", "RBD olein", "minyak goreng sawit"]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("freezing", ["Freezing method", "Metode pembekuan", "Способ заморозки", "Мұздату тәсілі"]),
        (
            "ffa",
            [
                "Free fatty acid (FFA, as palmitic) (%)",
                "Asam lemak bebas (ALB/FFA, sebagai palmitat) (%)",
                "Свободные жирные кислоты (СЖК, по пальмитиновой) (%)",
                "Бос май қышқылдары (БМҚ, пальмитин қышқылы бойынша) (%)",
            ],
        ),
        (
            "size_count",
            [
                "Pieces per kilogram (pieces/kg)",
                "Jumlah per kilogram (buah/kg)",
                "Штук на килограмм (шт./кг)",
                "Бір килограмдағы дана саны (дана/кг)",
            ],
        ),
    ],
)
def test_load_reference_names_parameters_in_four_languages(shipped, key, said):
    parameter = Parameter.objects.get(key=key)

    names = []
    for language in ("en", "id", "ru", "kk"):
        with translation.override(language):
            names.append(str(parameter))

    assert names == said


def test_every_parameter_that_ships_has_a_name_of_its_own_in_each_language_and_a_unit_with_a_label(shipped):
    parameters = Parameter.objects.all()

    for language in ("en", "id", "ru", "kk"):
        names = [getattr(parameter, f"name_{language}") for parameter in parameters]
        assert all(names)
        assert len(set(names)) == len(parameters) == 104
    assert {parameter.unit for parameter in parameters} == {"", *UNIT_LABELS}


def test_load_reference_names_a_heading_in_the_nearest_language_there_is(shipped):
    horses = Commodity.objects.get(code="0101")

    names = {}
    for language in ("en", "id", "ru", "kk"):
        with translation.override(language):
            names[language] = horses.name

    assert names == {
        "en": "Horses, asses, mules and hinnies; live",
        "id": "Kuda, keledai, bagal dan hinnie, hidup.",
        "ru": "Лошади, ослы, мулы и лошаки живые",
        "kk": "Лошади, ослы, мулы и лошаки живые",
    }
    assert horses.names_confidence == {"id": "secondary", "ru": "secondary"}
    assert "; id: BTKI 2022" in horses.source


def test_load_reference_keeps_what_turns_units_into_kilograms(shipped):
    olein = Commodity.objects.get(code="rbd-palm-olein")
    plywood = Commodity.objects.get(code="plywood-tropical")
    crab = Commodity.objects.get(code="mud-crab-live")

    assert (olein.density_kg_per_l, olein.piece_kg, olein.box20_kg) == (Decimal("0.91"), None, 21_500)
    assert (olein.usual_lot_kg, olein.units_confidence) == (20_000, "unsure")
    assert olein.units_source == (
        "density: working figure, to keep editable: palm olein about 0.91 kg/l at 25 C; "
        "20-foot box: transport_class_equipment.csv: bulk_liquid_flexitank, 20FLX"
    )
    # Counted in cubic metres, and nobody says what one weighs: not known.
    assert (plywood.base_unit, plywood.usual_lot_kg, plywood.density_kg_per_l) == ("m3", None, None)
    assert (crab.base_unit, crab.usual_lot_kg) == ("kg", 500)


def test_every_transport_class_of_the_catalogue_has_equipment(shipped):
    classes = set(Commodity.objects.tradable().values_list("transport_class", flat=True))

    assert set(TransportClassEquipment.objects.values_list("transport_class", flat=True)) == classes


def test_chapters_headings_subheadings_and_goods_are_as_many_as_published(shipped):
    kinds = [NodeKind.CHAPTER, NodeKind.HEADING, NodeKind.SUBHEADING, NodeKind.COMMODITY]

    assert [Commodity.objects.filter(kind=kind).count() for kind in kinds] == [97, 1229, 5613, 112]
