"""Every bad cell is named: sheet, row, column, what was there, why, and what to do."""

import datetime as dt

import pytest
from django.utils import translation

from commodities.models import Commodity
from companies.book.answer import BookAnswer
from companies.book.importing import import_book
from companies.book.telling import message_text, sheet_message_text
from companies.models import Capacity, Company, Need
from tests.companies.books import (
    CAPACITY,
    COMPANY,
    NEED,
    SELLER,
    TODAY,
    Formula,
    catalogue,
    csv_file,
    outcomes,
    send,
    table,
    take,
    workbook,
)
from tests.companies.factories import CompanyFactory
from tests.factories import CommodityFactory, CommodityParameterFactory, ParameterFactory, PlaceFactory

pytestmark = pytest.mark.django_db

AFTERNOON = dt.datetime(2027, 1, 1, 14, 30)  # noqa: DTZ001 - the cells of a workbook know no zones


@pytest.fixture(autouse=True)
def goods():
    catalogue()


@pytest.fixture
def companies():
    CompanyFactory(code="alatau", country="KZ")
    CompanyFactory(code="kariangau", country="ID")


def told(answer: BookAnswer) -> list[str]:
    return [message_text(message) for row in answer.rows for message in row.messages]


def need(**facts) -> list[tuple[str, str]]:
    """The heading of each refused column of one need, with the rule it breaks."""
    answer = send(NEED | facts, sheet="Needs")
    return [
        (message.column, message.code) for message in answer.rows[0].messages if answer.rows[0].outcome == "refused"
    ]


def capacity(**facts) -> list[tuple[str, str]]:
    answer = send(CAPACITY | facts, sheet="Capacities")
    return [
        (message.column, message.code) for message in answer.rows[0].messages if answer.rows[0].outcome == "refused"
    ]


def company(**facts) -> list[tuple[str, str]]:
    answer = send(COMPANY | facts)
    return [
        (message.column, message.code) for message in answer.rows[0].messages if answer.rows[0].outcome == "refused"
    ]


def test_a_malformed_workbook_loses_nothing_and_names_each_cell():
    """Wrong columns, 1.500, 1,5, 05/06/2026, a formula, a BIN read as a float, unknown goods, an empty sheet."""
    companies = table(
        COMPANY | {"registration_number": 20240000555.0},
        SELLER | {"registration_number": "9120101234567"},
        SELLER | {"code": "third", "registration_number": "912010123456"},
    )
    capacities = table(
        CAPACITY | {"quantity": "1.500", "available_from": "05/06/2027", "lot": "1,5"},
        CAPACITY | {"reference": "C-2", "quantity": Formula("=400*2", 800), "commodity": "minyak goreng curahh"},
        CAPACITY | {"reference": "C-3", "place": "=cmd|' /C calc'!A0", "unit": "sacks"},
        CAPACITY | {"reference": "C-4"},
    )
    capacities[0][capacities[0].index("lot")] = "lott"
    answer = take({"Companies": companies, "Needs": [], "Capacities": capacities})

    assert (answer.is_written, answer.takes_nothing) == (False, True)
    assert (Company.objects.count(), Need.objects.count(), Capacity.objects.count()) == (0, 0, 0)
    assert [sheet_message_text(message) for message in answer.notes] == [
        "Needs: The sheet is empty: nothing was read from it."
    ]
    assert [sheet_message_text(message) for message in answer.refusals] == [
        "Capacities: J1: “lott” is not a heading of this sheet, so what stands below it would be lost. Near to it: lot."
    ]
    assert outcomes(answer) == [
        ("Companies", 2, "refused"),
        ("Companies", 3, "taken"),
        ("Companies", 4, "refused"),
        ("Capacities", 2, "refused"),
        ("Capacities", 3, "refused"),
        ("Capacities", 4, "refused"),
        ("Capacities", 5, "refused"),
    ]
    assert told(answer) == [
        "D2 registration_number = “20240000555”: 20240000555 was read as a number and has lost its leading zero. "
        "Format the column as text and write 020240000555.",
        "D4 registration_number = “912010123456”: A NIB has 13 digits; 912010123456 has 12.",
        "D2 quantity = “1.500”: “1.500” can be read as 1500 or as 1.5. Write 1500 or 1.5.",
        "H2 available_from = “05/06/2027”: “05/06/2027” can be 5 June 2027 or 6 May 2027. "
        "Write the year first: 2027-06-05 or 2027-05-06.",
        "The headings of this sheet must be put right first (see above).",
        "C3 commodity = “minyak goreng curahh”: “minyak goreng curahh” is not in the catalogue of goods. Write its "
        "code, its HS code of 2, 4 or 6 digits, or its exact name. Near to it: rbd-palm-olein (minyak goreng curah).",
        "D3 quantity = “800”: The cell holds a formula. Paste its value instead (copy, then “paste values”).",
        "The headings of this sheet must be put right first (see above).",
        "E4 unit = “sacks”: “sacks” is not one of the words of this column: t, q, kg, l, m3, pcs, box20.",
        "G4 place = “=cmd|' /C calc'!A0”: The text begins with an equals sign, like a formula. Write it without.",
        "The headings of this sheet must be put right first (see above).",
        "The headings of this sheet must be put right first (see above).",
    ]


def test_one_and_a_half_is_taken_where_it_has_one_meaning(companies):
    send(CAPACITY | {"quantity": "1.500,5", "lot": "1,5"}, sheet="Capacities")

    assert list(Capacity.objects.values_list("quantity_kg", "lot_kg")) == [(1_500_500, 1_500)]


def test_numbers_and_days_of_a_workbook_are_exact(companies):
    send(NEED | {"quantity": 1.5, "window_until": dt.date(2027, 6, 5)}, sheet="Needs")

    assert list(Need.objects.values_list("quantity_kg", "window_until")) == [(1_500, dt.date(2027, 6, 5))]


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"quantity": None}, ("quantity", "cell_missing")),
        ({"quantity": "  "}, ("quantity", "cell_missing")),
        ({"quantity": 0}, ("quantity", "number_not_positive")),
        ({"quantity": "0"}, ("quantity", "number_not_positive")),
        ({"quantity": -5}, ("quantity", "number_negative")),
        ({"quantity": 1.2345}, ("quantity", "number_too_fine")),
        ({"quantity": "1.2345"}, ("quantity", "number_too_fine")),
        ({"quantity": 1e15}, ("quantity", "number_too_large")),
        ({"quantity": "900000000000"}, ("quantity", "quantity_too_large")),
        ({"quantity": "1e400"}, ("quantity", "number_exponent")),
        ({"quantity": True}, ("quantity", "number_cell_expected")),
        ({"quantity": "20 t"}, ("quantity", "number_strange_letter")),
        ({"quantity": dt.date(2027, 1, 20)}, ("quantity", "number_cell_expected")),
        ({"unit": "pcs"}, ("unit", "unit_not_allowed")),
        ({"period": "weekly"}, ("period", "choice_unknown")),
        ({"window_from": 46388}, ("window_from", "day_is_number")),
        ({"window_from": AFTERNOON}, ("window_from", "day_with_time")),
        ({"window_from": "January"}, ("window_from", "day_not_read")),
        ({"window_from": True}, ("window_from", "day_not_read")),
        ({"window_from": dt.date(1999, 1, 1)}, ("window_from", "day_far_away")),
        ({"window_from": dt.date(2028, 1, 1)}, ("window_until", "window_reversed")),
        ({"window_until": dt.date(2031, 1, 1)}, ("window_until", "window_too_long")),
        ({"valid_until": dt.date(2026, 11, 24)}, ("valid_until", "valid_until_over")),
        ({"destination": "Алмата"}, ("destination", "place_unknown")),
        ({"company": "alatao"}, ("company", "company_unknown")),
        ({"reference": "x" * 41}, ("reference", "text_too_long")),
        ({"reference": dt.date(2027, 1, 2)}, ("reference", "cell_became_day")),
        ({"reference": True}, ("reference", "cell_is_truth_value")),
        ({"own_words": "bell \x07"}, ("own_words", "cell_has_control_letters")),
        ({"own_words": "turned \u202e"}, ("own_words", "cell_has_control_letters")),
        ({"reference": "N\n1"}, ("reference", "cell_has_lines")),
        ({"own_words": "\uff1d1+1"}, ("own_words", "cell_starts_like_formula")),
        ({"commodities": "coal"}, ("commodities", "commodity_unknown")),
        ({"commodities": "cooking oil"}, ("commodities", "commodity_ambiguous")),
        ({"commodities": "rbd-palm-olein; RBD palm olein"}, ("commodities", "commodity_twice")),
        ({"commodities": "151190 00"}, ("commodities", "hs_code_unknown")),
        ({"commodities": "15110099"}, ("commodities", "hs_code_unknown")),
        ({"commodities": "1511.90"}, ("commodities", "hs_code_unknown")),
        ({"commodities": 306}, ("commodities", "hs_code_lost_zero")),
        ({"commodities": 1511.9}, ("commodities", "hs_code_became_number")),
        ({"commodities": " ; "}, ("commodities", "nothing_accepted")),
        ({"certificates": "halall"}, ("certificates", "certificate_unknown")),
        ({"certificates": "haccp; HACCP"}, ("certificates", "certificate_twice")),
        ({"parameters": "fat<=0.1"}, ("parameters", "parameter_not_of_commodity")),
        ({"parameters": "ffa<0.1"}, ("parameters", "parameter_strict")),
        ({"parameters": "ffa"}, ("parameters", "parameter_empty")),
        ({"parameters": "ffa<=low"}, ("parameters", "parameter_number_needed")),
        ({"parameters": "iv<=99999999999"}, ("parameters", "number_too_large")),
        ({"parameters": "ffa<=1 mg/kg"}, ("parameters", "parameter_unit")),
        ({"parameters": "ffa[mg/kg]<=1"}, ("parameters", "parameter_unit")),
        ({"parameters": "iv 55-50"}, ("parameters", "parameter_reversed")),
        ({"parameters": "iv<=1.500"}, ("parameters", "number_two_readings")),
        ({"parameters": "ffa<=0.1; ffa<=0.2"}, ("parameters", "parameter_twice")),
        ({"parameters": "!!"}, ("parameters", "parameter_not_read")),
        ({"price": 5}, ("price", "price_incomplete")),
        ({"price": 5, "currency": "USD", "price_unit": "m3"}, ("price_unit", "choice_unknown")),
        ({"smallest_share": 121}, ("smallest_share", "share_above_quantity")),
        ({"incoterm": "CIF", "named_place": "KZALA"}, ("named_place", "incoterm_is_for_ports")),
        ({"incoterm": "FOB", "named_place": "KZALA"}, ("named_place", "incoterm_departs_from_buyer")),
        ({"accepted_origins": "ID", "excluded_origins": "ID"}, ("excluded_origins", "origin_accepted_and_excluded")),
        ({"payment_terms": "barter"}, ("payment_terms", "choice_unknown")),
    ],
)
def test_a_need_names_the_cell_and_the_rule(companies, facts, fault):
    assert fault in need(**facts)
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"commodity": "edible-palm"}, ("commodity", "commodity_is_group")),
        ({"commodity": 1511.9}, ("commodity", "hs_code_became_number")),
        ({"commodity": "vannamei-shrimp", "parameters": "size=16/20|U8"}, ("parameters", "parameter_value_unknown")),
        ({"commodity": "vannamei-shrimp", "parameters": "size<=16/20"}, ("parameters", "parameter_value_needed")),
        ({"commodity": "vannamei-shrimp", "parameters": "size=|"}, ("parameters", "parameter_empty")),
        ({"certificates": "haccp"}, ("certificates", "certificate_state_unknown")),
        ({"certificates": "haccp=perhaps"}, ("certificates", "certificate_state_unknown")),
        ({"certificates": "haccp=checked until 05/06/2027"}, ("certificates", "day_two_readings")),
        ({"certificates": "haccp=not_held until 2027-06-05"}, ("certificates", "certificate_day_of_not_held")),
        ({"certificates": "haccp=checked; haccp=unchecked"}, ("certificates", "certificate_twice")),
        ({"lot": 401}, ("lot", "lot_above_quantity")),
        ({"lot": 20, "lot_multiple": 15}, ("lot_multiple", "multiple_not_in_lot")),
        ({"lead_days": "two"}, ("lead_days", "number_strange_letter")),
        ({"lead_days": 1.5}, ("lead_days", "number_not_whole")),
        ({"lead_days": -1}, ("lead_days", "number_negative")),
        ({"lead_days": 1000}, ("lead_days", "number_too_large")),
    ],
)
def test_a_capacity_names_the_cell_and_the_rule(companies, facts, fault):
    assert capacity(**facts) == [fault]
    assert not Capacity.objects.exists()


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"code": "two words"}, ("code", "code_not_slug")),
        ({"code": "код"}, ("code", "code_not_slug")),
        ({"code": "x" * 41}, ("code", "text_too_long")),
        ({"name_registered": None}, ("name_registered", "cell_missing")),
        ({"country": "Қазақ"}, ("country", "choice_unknown")),
        ({"registration_number": 20240000555}, ("registration_number", "zero_lost")),
        ({"registration_number": "20240000555"}, ("registration_number", "zero_lost")),
        ({"registration_number": "20240000555.0"}, ("registration_number", "zero_lost")),
        ({"registration_number": "9,7074E+11"}, ("registration_number", "digits_lost")),
        ({"registration_number": 970740000838.5}, ("registration_number", "number_not_digits")),
        ({"registration_number": "020240000554"}, ("registration_number", "bin_check_digit")),
        ({"region": "Алматты"}, ("region", "region_unknown")),
        ({"role_mailbox": "office"}, ("role_mailbox", "email_not_read")),
        ({"sectors": "palm oil; toys"}, ("sectors", "choice_unknown")),
        ({"first_mile_km": 20_001}, ("first_mile_km", "number_too_large")),
        ({"visited_on": "05/06/2026"}, ("visited_on", "day_two_readings")),
    ],
)
def test_a_company_names_the_cell_and_the_rule(facts, fault):
    assert company(**facts) == [fault]
    assert not Company.objects.exists()


def test_a_whole_number_in_a_number_cell_is_taken_as_a_registration_number():
    answer = send(COMPANY | {"registration_number": 970740000838})

    assert told(answer) == [
        "D2 registration_number = “970740000838”: The number cell 970740000838 is read as 970740000838."
    ]
    assert Company.objects.get().registration_number == "970740000838"


def test_a_percentage_is_never_read_as_a_thousand(companies):
    send(NEED | {"parameters": "ffa<=4.999"}, sheet="Needs")

    assert str(Need.objects.get().parameters.get().high) == "4.9990"


def test_all_bad_cells_of_a_row_are_named_at_once(companies):
    assert need(quantity="1.500", unit="sacks", destination="Nowhere", window_from="05/06/2027", parameters="x<=1") == [
        ("quantity", "number_two_readings"),
        ("unit", "choice_unknown"),
        ("destination", "place_unknown"),
        ("window_from", "day_two_readings"),
        ("parameters", "parameter_not_of_commodity"),
    ]


@pytest.mark.parametrize(
    ("headings", "refusals"),
    [
        (["company", "quantity", "Quantity"], [("B1", "column_twice"), ("C1", "column_twice")]),
        (["company", "quantity", "colour"], [("C1", "column_unknown")]),
    ],
)
def test_headings_that_are_wrong_refuse_the_sheet(companies, headings, refusals):
    answer = take({"Needs": [headings, ["alatau", 5, 6]]})

    assert [(message.cell, message.code) for message in answer.refusals][: len(refusals)] == refusals
    assert outcomes(answer) == [("Needs", 2, "refused")]


def test_missing_columns_are_named_in_each_language(companies):
    rows = table(NEED)
    for row in rows:
        row.pop(3)

    answer = take({"Needs": rows})

    assert [sheet_message_text(message) for message in answer.refusals] == [
        "Needs: I1: A column is missing: quantity, jumlah, количество."
    ]


def test_a_cell_below_no_heading_would_be_lost_and_refuses_the_sheet(companies):
    rows = table(NEED)
    rows[1].append("urgent!")

    answer = take({"Needs": rows})

    assert [sheet_message_text(message) for message in answer.refusals] == [
        "Needs: J2 = “urgent!”: “urgent!” stands below no heading, so it would be lost. "
        "Give the column its heading, or clear the cell."
    ]
    assert not Need.objects.exists()


def test_a_file_of_which_nothing_is_known_is_refused():
    answer = import_book([("list.csv", csv_file([["name", "phone"], ["Aigerim", "7"]]))], today=TODAY)

    assert [message.code for message in answer.refusals] == ["sheet_not_read"]
    assert answer.takes_nothing


def test_a_book_without_rows_is_refused():
    answer = take({"Companies": table(COMPANY)[:1], "Needs": []})

    assert [message.code for message in answer.refusals] == ["book_is_empty"]
    assert [note.sheet for note in answer.notes] == ["Needs"]


def test_a_bad_file_beside_a_good_one_holds_all_back_unless_the_good_rows_are_asked_for():
    files = [("book.xlsx", workbook({"Companies": table(COMPANY)})), ("photo.png", b"\x89PNG")]

    assert (import_book(files, today=TODAY).is_written, Company.objects.count()) == (False, 0)
    assert import_book(files, today=TODAY, take_good_rows=True).is_written
    assert Company.objects.count() == 1


def test_a_name_of_two_places_is_refused_with_both(companies):
    PlaceFactory(code="X-ALA-2", name_en="Almaty", country="KZ")

    assert told(send(NEED | {"destination": "almaty"}, sheet="Needs"))[-1] == (
        "G2 destination = “almaty”: “almaty” is the name of more than one place. Write the code. "
        "Near to it: KZALA (Almaty); X-ALA-2 (Almaty)."
    )


def test_a_national_code_is_refused_with_its_six_digits(companies):
    CommodityFactory(code="151190", kind="subheading", hs_code="151190")

    answer = send(NEED | {"commodities": "1511 9020 00"}, sheet="Needs")

    assert [(message.code, message.params["short"]) for message in answer.rows[0].messages] == [
        ("hs_code_too_long", "151190")
    ]


def test_an_hs_code_may_be_written_with_dots_or_as_a_whole_number(companies):
    CommodityFactory(code="151190", kind="subheading", hs_code="151190")

    send(
        NEED | {"commodities": "1511.90"},
        NEED | {"commodities": 151190, "reference": "N-2"},
        sheet="Needs",
    )

    assert list(Need.objects.values_list("accepted__commodity__code", flat=True)) == ["151190", "151190"]


def test_a_parameter_measured_in_two_units_is_written_with_its_unit(companies):
    other = Commodity.objects.get(code="palm-superolein")
    CommodityParameterFactory(commodity=other, parameter=ParameterFactory(key="ffa", unit="mg KOH/g"))
    both = {"commodities": "rbd-palm-olein; palm-superolein"}

    assert need(**both, parameters="ffa<=0.1") == [("parameters", "parameter_unit_needed")]

    send(NEED | both | {"parameters": "ffa[mg KOH/g]<=2"}, sheet="Needs")
    assert [str(row.parameter.unit) for row in Need.objects.get().parameters.all()] == ["mg KOH/g"]


def test_litres_that_weigh_next_to_nothing_are_refused(companies):
    assert need(quantity="0.5", unit="l") == [("quantity", "quantity_not_positive")]


def test_messages_speak_the_language_of_the_reader(companies):
    answer = send(NEED | {"window_from": "05/06/2027"}, sheet="Needs")

    with translation.override("ru"):
        told_in_russian = told(answer)[0]

    assert "5 июня 2027" in told_in_russian
