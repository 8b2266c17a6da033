"""What a form begins with: values with the words they came from, questions instead of guesses, nothing lost."""

import csv
import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import translation

from commodities.models import Parameter
from companies.forms.listings.parameters import ParameterUse
from companies.own_words import read_listing
from companies.own_words.prefill import Filled, prefill
from companies.own_words.prefill_certificates import fill_certificates
from companies.own_words.prefill_parameters import fill_parameters
from corridor.models import Place

TODAY = dt.date(2026, 11, 25)
NAMES = ("name_en", "name_id", "name_ru", "name_kk")


def all_places() -> dict[str, Place]:
    with (settings.REFERENCE_DIR / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["code"]: Place(pk=number, code=row["code"], country=row["country"], **{name: row[name] for name in NAMES})
        for number, row in enumerate(rows, 1)
    }


PLACES = all_places()
WRITTEN = {code: [getattr(place, name) for name in NAMES] for code, place in PLACES.items()}


def begun(text: str, kind: str, language: str = "en") -> Filled:
    with translation.override(language):
        return prefill(text, read_listing(text, language, WRITTEN, today=TODAY), kind, PLACES)


def pk(code: str) -> int:
    return PLACES[code].pk


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("minyak goreng curah 40 ton sebulan", "capacity", {"quantity": 40, "unit": "t", "period": "monthly"}),
        (
            "креветка 31/40 мороженая, 20 т в месяц, DAP Алматы",
            "need",
            {
                "quantity": 20,
                "unit": "t",
                "period": "monthly",
                "incoterm": "DAP",
                "named_place": pk("KZALA"),
                "destination": pk("KZALA"),
            },
        ),
        (
            "Айына 40 тонна пальма олеині керек, Алматыға дейін",
            "need",
            {"quantity": 40, "unit": "t", "period": "monthly", "destination": pk("KZALA")},
        ),
        (
            "RBD olein 3 quintals FOB Balikpapan USD 985,50 per ton, Q1 2027",
            "capacity",
            {
                "quantity": 3,
                "unit": "q",
                "price": Decimal("985.5"),
                "currency": "USD",
                "price_unit": "t",
                "incoterm": "FOB",
                "place": pk("IDBPN"),
                "available_from": dt.date(2027, 1, 1),
                "available_until": dt.date(2027, 3, 31),
            },
        ),
        (
            "1000 karung 50 kg beras, MOQ 100 karung",
            "capacity",
            {"quantity": 1000, "unit": "bag", "unit_kg": 50, "packaging": "karung 50 kg", "lot": 100},
        ),
        (
            "wheat 500 t from Kostanai, LC at sight or CAD",
            "need",
            {
                "quantity": 500,
                "unit": "t",
                "payment_terms": ["letter_of_credit", "documents"],
            },
        ),
        (
            "цинк 100 тонн, предоплата 30%, в течение 20 дней",
            "capacity",
            {"quantity": 100, "unit": "t", "payment_terms": ["part_prepaid"], "lead_days": 20},
        ),
        ("NPI 10-12%", "capacity", {}),
    ],
)
def test_prefill_fills_in_what_is_said(text, kind, values):
    filled = begun(text, kind)

    assert filled.values == values
    assert all(filled.sources[name].words in text for name in filled.values if ";" not in filled.sources[name].words)


def test_prefill_takes_the_ice_only_of_a_weight_that_has_it():
    glazed = begun("ikan beku 500 kg termasuk glasir, glasir 20%", "capacity")
    plain = begun("ikan beku 500 kg, glasir 20%", "capacity")

    assert (glazed.values["weight_basis"], glazed.values["glaze_percent"]) == ("glazed", 20)
    assert "glaze_percent" not in plain.values


@pytest.mark.parametrize(
    ("text", "at", "labels"),
    [
        ("olein USD 1.050/t", "price", ["1,050 USD/t", "1.05 USD/t"]),
        ("tepung 1.500 ton", "quantity", ["1,500 t", "1.5 t"]),
        ("tin 40-50 t", "quantity", ["40 t", "50 t"]),
        ("beef 2 containers", "quantity", ["2 20-foot boxes", "2 40-foot boxes"]),
        (
            "kepiting 500 kg seminggu",
            "quantity",
            ["2,166 kg per month: 500 kg × 52 / 12", "500 kg once, in all"],
        ),
        ("sulphur 1200 t per year", "quantity", ["100 t per month: 1,200 t / 12", "1,200 t once, in all"]),
        ("olein 40 t, delivery 05/06/2027", "window_from", None),
        ("urea DAP 500 t", "incoterm", ["DAP", "No Incoterm: it belongs to the goods"]),
        ("urea 500 t, T/T", "payment_terms", ["payment in advance", "30 % in advance, rest before dispatch"]),
    ],
)
def test_prefill_asks_what_can_be_read_in_two_ways(text, at, labels):
    filled = begun(text, "need")

    question = next(one for one in filled.questions if one.at in (at, "window_until"))
    shown = [option.label.replace("\xa0", " ") for option in question.options]
    assert shown == labels if labels else len(shown) == 2
    assert at not in filled.values


def test_prefill_asks_a_buyer_what_a_price_covers():
    filled = begun("olein 40 t, USD 985 per ton DAP Almaty", "need")

    assert [(one.at, [option.values for option in one.options]) for one in filled.questions] == [
        ("price_basis", [{"price_basis": "at_incoterm"}, {"price_basis": "all_in"}])
    ]


KINDS = {"haccp": ("1", "HACCP"), "halal_bpjph": ("2", "Halal (BPJPH)"), "halal_other": ("3", "Halal, another body")}


@pytest.mark.parametrize(
    ("text", "ticked", "asked"),
    [
        ("shrimp HACCP 40 t", ["1"], []),
        ("креветка ХАССП, halal BPJPH", ["1", "2"], []),
        ("олеин халал керек", None, [["2"], ["3"]]),
        ("shrimp haccp halal", None, [["1", "2"], ["1", "3"]]),
        ("halalan shrimp", None, []),
    ],
)
def test_fill_certificates_ticks_what_is_named_and_asks_which_halal(text, ticked, asked):
    filled = begun(text, "need")

    fill_certificates(filled, KINDS)

    assert filled.values.get("certificates") == ticked
    assert [option.values["certificates"] for one in filled.questions for option in one.options] == asked


def test_prefill_keeps_what_the_form_has_no_field_for():
    filled = begun("olein 40 t +/-5%, FOB Sepaku, from Bontang to Almaty", "capacity")

    assert (filled.kept, filled.unknown) == (["Almaty", "+/-5%"], ["Sepaku"])


def test_prefill_says_when_the_words_are_of_the_other_side():
    assert begun("jual udang 40 ton", "need").says_other_side == "jual"
    assert begun("jual udang 40 ton", "capacity").says_other_side == ""


def use(number: int, key: str, name: str, *, rule: str = "max", unit: str = "%", values=()) -> ParameterUse:
    kind = "choice" if values else "guarantee"
    return ParameterUse(Parameter(pk=number, key=key, unit=unit, name_en=name), kind, rule, "", list(values))


def properties(text: str, *uses: ParameterUse) -> Filled:
    filled = begun(text, "need")
    filled.values.clear()
    fill_parameters(filled, uses)
    return filled


FFA, IV = use(1, "ffa", "Free fatty acid (FFA, as palmitic)"), use(2, "iv", "Iodine value (IV)", rule="min", unit="g")
SIZE = use(3, "size", "Size count", unit="pcs/lb", values=["16/20", "31/40"])
NICKEL = use(4, "ni", "Nickel (Ni)", rule="range")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("olein FFA 0.1 % IV 56", {"p1_high": Decimal("0.1"), "p2_low": 56}),
        ("olein FFA max 0.1%, IV 56-58", {"p1_high": Decimal("0.1"), "p2_low": 56, "p2_high": 58}),
        ("shrimp 31/40 40 t", {"p3_values": ["31/40"]}),
        ("nickel matte Ni 72-75 persen", {"p4_low": 72, "p4_high": 75}),
        ("olein 56 ton", {}),
    ],
)
def test_fill_parameters_meets_the_names_of_the_goods_properties(text, values):
    filled = properties(text, FFA, IV, SIZE, NICKEL)

    assert {name: value for name, value in filled.values.items() if name.startswith("p")} == values


def test_fill_parameters_tells_how_it_took_a_bare_figure():
    filled = properties("olein FFA 0.1 %", FFA)

    assert (filled.sources["p1_high"].words, filled.sources["p1_high"].remark) == (
        "FFA 0.1 %",
        "taken as the most there may be",
    )


def test_fill_parameters_asks_whose_share_it_is_where_no_property_is_named():
    filled = properties("NPI 10-12%", NICKEL, FFA)

    assert [option.label for option in filled.questions[0].options] == [
        "Nickel (Ni): 10–12%",
        "Free fatty acid (FFA, as palmitic): 10–12%",
        "something else",
    ]
