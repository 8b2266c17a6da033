"""Sheets of quotes: what goes out comes back unchanged, and what comes in is answered before it is written."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from accounts.enums import Role
from accounts.sheets.files import read_sheets
from corridor.models import FreightQuote
from corridor.quoting import FACTS
from corridor.services.quotes import enter_quote
from corridor.sheets.columns import COLUMNS
from corridor.sheets.importing import read_quotes
from corridor.sheets.sealed import Sealed, seal, unseal
from tests.corridor.quotes.facts import FIRST, LAST, TODAY
from tests.factories import ExchangeRateFactory, FreightQuoteFactory, PlaceFactory
from tests.people import person

KEYS = [column.key for column in COLUMNS]
ROW = {
    "scope": "leg",
    "origin": "IDAAA",
    "destination": "KZBBB",
    "leg": "L900",
    "equipment": "20DC",
    "amount": "1500",
    "currency": "USD",
    "per": "box",
    "valid_from": "2027-01-01",
    "valid_to": "2027-06-30",
    "given_by": "Northline",
    "basis": "station to station",
    "source": "letter of 2 January",
    "confidence": "secondary",
}
LIVE = ("=1+1", "+7 727", "-5 %", "@SUM(A1)", "'quoted", "'=twice", "|cmd", "plain")


def sheet(*rows: dict, keys=KEYS) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, keys, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def workbook(*rows: list) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        page = book.add_worksheet("quotes")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return data.getvalue()


def answered(*rows: dict, name: str = "quotes.csv"):
    return read_quotes(name, sheet(*rows), today=TODAY)


def said(answer) -> list:
    return [(row.number, row.outcome.value, [(one.cell, one.text) for one in row.said]) for row in answer.rows]


@pytest.fixture
def book(ways, officer):
    """Quotes of every kind, with texts that a spreadsheet would take for formulas, and amounts of two readings."""
    days = {"valid_from": FIRST, "valid_to": LAST}
    for number, text in enumerate(LIVE):
        amount = (Decimal("1.234"), Decimal("1234.5"), Decimal("0.0005"), Decimal(1300000))[number % 4]
        facts = ways.quoted(given_by=f"{text} {number}", basis=text, source=text, amount=amount)
        enter_quote(facts=facts, by=officer, today=TODAY)
    enter_quote(facts=ways.at_terminal(destination=None), by=officer, today=TODAY)
    enter_quote(facts=ways.quoted(scope="lane", leg=None), by=officer, today=TODAY)
    FreightQuoteFactory(leg=ways.leg, equipment=ways.box, confidence="example", **days)
    FreightQuoteFactory(leg=ways.leg, equipment=ways.box, valid_from=dt.date(2025, 1, 1), valid_to=dt.date(2025, 2, 1))
    FreightQuoteFactory(leg=ways.leg, equipment=ways.box, withdrawn_at=timezone.now(), **days)
    return ways


def exported(client, officer, kind: str, query: str = "") -> bytes:
    client.force_login(officer)
    answer = client.get(f"/corridor/quotes/export.{kind}{query}")
    assert answer.status_code == 200
    return answer.getvalue()


@pytest.mark.parametrize("language", ["en", "id", "ru", "kk"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_reading_one_s_own_export_changes_nothing(client, book, officer, kind, language):
    client.cookies["django_language"] = language
    data = exported(client, officer, kind)

    with translation.override(language):
        answer = read_quotes(f"quotes.{kind}", data, today=TODAY)

    assert (answer.refusals, answer.changes_nothing, said(answer)) == (
        [],
        True,
        [(number, "unchanged", []) for number in range(2, 15)],
    )


def test_an_export_holds_no_live_formula(client, book, officer):
    workbook_cells = read_sheets("quotes.xlsx", exported(client, officer, "xlsx"))[0]
    lines = exported(client, officer, "csv").decode("utf-8-sig").splitlines()

    assert {cell.flaw for row in workbook_cells.rows for cell in row.cells} == {""}
    assert [cell for row in csv.reader(lines) for cell in row if cell[:1] in "=+-@|%" and cell] == []


def test_an_export_holds_the_rows_of_the_list(client, book, officer):
    rows = csv.reader(exported(client, officer, "csv", "?scope=terminal&scope=lane&sort=-code").decode().splitlines())

    assert [row[0] for row in rows][1:] == ["E00010", "E00009"]
    assert client.get("/corridor/quotes/export.csv?scope=boat").status_code == 400
    assert client.get("/corridor/quotes/export.pdf").status_code == 404


def test_a_new_row_is_a_new_quote_and_the_second_time_it_is_there(ways, officer):
    first = answered(ROW)
    assert (said(first), FreightQuote.objects.count()) == ([(2, "new", [])], 0)

    enter_quote(facts=first.rows[0].facts, by=officer, today=TODAY)

    second = answered(ROW)
    assert (said(second), second.rows[0].code) == ([(2, "unchanged", [])], "E00001")


def test_places_and_equipment_may_be_called_by_their_names_and_words_be_of_any_language(ways):
    row = {**ROW, "origin": "alpha", "destination": "Beta", "equipment": "dry box", "per": "за контейнер"}
    with translation.override("ru"):
        per = str(FreightQuote._meta.get_field("per").flatchoices[0][1])

    assert said(answered({**row, "per": per})) == [(2, "new", [])]


def test_a_name_of_two_places_is_asked_for_its_code(ways):
    PlaceFactory(code="IDAAB", name_en="Alpha")

    assert said(answered({**ROW, "origin": "Alpha"})) == [
        (2, "refused", [("C2", "“Alpha” is the name of more than one: IDAAA, IDAAB. Write the code.")])
    ]


def test_a_changed_row_says_what_it_changes(ways, officer):
    enter_quote(facts=ways.quoted(), by=officer, today=TODAY)

    answer = answered({**ROW, "code": "E00001", "amount": "1600", "valid_to": "2027-07-31"})

    assert said(answer) == [
        (2, "changed", [("", "“1,500” becomes “1,600”."), ("", "“30 Jun 2027” becomes “31 Jul 2027”.")])
    ]


@pytest.mark.parametrize(
    ("row", "cell", "sentence"),
    [
        ({"amount": "0"}, "G2", "A quote is above zero. Write what is to be paid."),
        ({"amount": "-5"}, "G2", "A quote is above zero. Write what is to be paid."),
        ({"amount": "1.500"}, "G2", "“1.500” can be read as 1500 or as 1.5. Write 1500 or 1.5."),
        ({"amount": "much"}, "G2", "“much” is not a number because of “m”. Write digits only, without a unit."),
        ({"amount": ""}, "G2", "Fill this in."),
        ({"amount": "99999999999"}, "G2", "99999999999 is more than can be kept. Check the amount."),
        ({"leg": "L999"}, "E2", "There is no leg “L999”. Write its code, such as L001."),
        ({"origin": "Gamma"}, "C2", "There is no place “Gamma”. Write its code, such as IDBPN."),
        ({"equipment": "SLED"}, "F2", "There is no equipment “SLED”. Write its code, such as 20DC."),
        ({"scope": "boat"}, "B2", "“boat” is not one of the words of this column: leg, terminal, fitting, lane."),
        ({"currency": "GBP"}, "H2", "“GBP” is not one of the words of this column: USD, EUR, IDR, KZT, CNY, RUB."),
        ({"valid_to": "05/06/2027"}, "K2", "“05/06/2027” can be 5 June 2027 or 6 May 2027."),
        ({"given_by": ""}, "L2", "Fill this in."),
        ({"basis": "a" * 301}, "M2", "The text has 301 characters; at most 300 can be kept."),
        ({"code": "E77777"}, "A2", "There is no quote E77777. Leave the cell empty for a quote that is new."),
        ({"withdrawn": "2027-01-01"}, "P2", "A quote is withdrawn on its own page."),
        ({"equipment": "BULKV", "per": "t"}, "F2", "Bulk vessel cannot pass the leg L900."),
        ({"confidence": "example"}, "O2", "Examples ship with the product. Say how sure this quote is."),
    ],
)
def test_a_refused_row_names_its_cell_and_the_reason(ways, row, cell, sentence):
    answer = answered({**ROW, **row})

    (only,) = answer.rows
    assert (only.outcome.value, answer.may_be_written) == ("refused", False)
    assert [one.cell for one in only.said] == [cell]
    assert only.said[0].text.startswith(sentence)


def test_rows_are_compared_with_each_other_and_with_what_is_here(ways, officer):
    enter_quote(facts=ways.quoted(), by=officer, today=TODAY)
    until_march = {**ROW, "code": "E00001", "valid_to": "2027-03-31"}
    from_april = {**ROW, "valid_from": "2027-04-01", "amount": "1700"}
    again = {**from_april, "amount": "1800"}

    answer = answered(until_march, from_april, again)

    assert [row.outcome.value for row in answer.rows] == ["changed", "new", "refused"]
    assert answer.rows[2].said[0].text == (
        "Northline has quoted the same thing for some of these days: row 3 holds from 1 April 2027 to 30 June 2027. "
        "Choose other days, or end that quote first."
    )


def test_a_quote_is_named_by_one_row(ways, officer):
    enter_quote(facts=ways.quoted(), by=officer, today=TODAY)

    answer = answered({**ROW, "code": "E00001"}, {**ROW, "code": "E00001", "amount": "1600"})

    assert said(answer) == [
        (2, "unchanged", []),
        (3, "refused", [("A3", "Row 2 names this quote too. Keep one of them.")]),
    ]


def test_examples_and_withdrawn_quotes_are_not_changed_by_a_sheet(ways):
    FreightQuoteFactory(code="Q1", leg=ways.leg, equipment=ways.box, confidence="example")

    answer = answered({**ROW, "code": "Q1"})

    assert answer.rows[0].said[0].text.startswith("Q1 is an example that ships with the product.")


def test_an_expired_row_is_taken_and_told(ways):
    answer = answered({**ROW, "valid_from": "2025-01-01", "valid_to": "2025-06-30"})

    assert said(answer) == [(2, "new", [("K2", "It has expired already, and is kept for the record only.")])]


def test_a_currency_without_a_rate_is_taken_and_told(ways):
    ExchangeRateFactory(currency="KZT")

    answer = answered({**ROW, "currency": "RUB"}, {**ROW, "currency": "KZT", "given_by": "Southline"})

    assert answer.counts["new"] == 2
    assert answer.notes == [
        "There is no rate of exchange for RUB. Until one is entered, these quotes count as not known."
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (sheet(), "There is no row in the file."),
        (
            sheet(ROW, keys=[*KEYS, "colour"]),
            "Q1: “colour” is no heading of a sheet of quotes. Take the column out, or rename it.",
        ),
        (
            sheet(ROW, keys=KEYS).replace(b"scope,origin", b"scope,scope"),
            "C1: the heading “scope” stands here twice. Keep one.",
        ),
        (sheet({}, keys=KEYS[:5]), "These columns are missing: In what, Amount, Currency, Per, Holds from"),
        (b"a" * 1_000_001, "The file has 1.0 MB; at most 1 MB are read. Send it in parts."),
    ],
)
def test_a_file_that_is_no_sheet_of_quotes_is_refused_whole(ways, data, sentence):
    answer = read_quotes("quotes.csv", data, today=TODAY)

    assert (len(answer.rows), answer.may_be_written) == (0, False)
    assert answer.refusals[0].startswith(sentence)


def test_a_formula_is_not_read(ways):
    row = [ROW.get(key, "") for key in KEYS]
    row[KEYS.index("amount")] = "=1000+500"

    answer = read_quotes("quotes.xlsx", workbook(KEYS, row), today=TODAY)

    assert answer.rows[0].said[0].text.startswith("The cell holds a formula.")


def test_nothing_is_written_before_it_is_confirmed(client, ways, officer):
    client.force_login(officer)
    days = {"valid_from": "2027-01-01", "valid_to": "2027-06-30"}

    shown = client.post("/corridor/quotes/import/", {"file": SimpleUploadedFile("new.csv", sheet({**ROW, **days}))})
    before = FreightQuote.objects.count()
    done = client.post("/corridor/quotes/import/confirm/", {"sheet": shown.context["sheet"]}, follow=True)

    quote = FreightQuote.objects.get()
    assert (shown.status_code, before, done.redirect_chain) == (200, 0, [("/corridor/quotes/", 302)])
    assert "1 quote is new. 0 quotes are changed." in done.content.decode()
    assert (quote.code, quote.entered_by, quote.amount) == ("E00001", officer, 1500)
    assert {name: str(getattr(quote, name)) for name in FACTS}["given_by"] == "Northline"


def test_a_confirmation_after_somebody_else_s_change_writes_nothing(client, ways, officer):
    client.force_login(officer)
    shown = client.post("/corridor/quotes/import/", {"file": SimpleUploadedFile("new.csv", sheet(ROW))})
    enter_quote(facts=ways.quoted(amount=Decimal(99)), by=officer, today=TODAY)

    done = client.post("/corridor/quotes/import/confirm/", {"sheet": shown.context["sheet"]})

    assert (done.status_code, list(FreightQuote.objects.values_list("amount", flat=True))) == (400, [99])
    assert "Quotes were changed meanwhile, so nothing was written." in done.content.decode()


def test_a_changed_quote_is_written_with_its_history(client, ways, officer):
    quote = enter_quote(facts=ways.quoted(), by=officer, today=TODAY)
    client.force_login(officer)
    data = sheet({**ROW, "code": quote.code, "amount": "1600"})
    shown = client.post("/corridor/quotes/import/", {"file": SimpleUploadedFile("new.csv", data)})

    client.post("/corridor/quotes/import/confirm/", {"sheet": shown.context["sheet"]})

    kept = FreightQuote.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", "amount")
    assert list(kept) == [("insert", 1500), ("update", 1600)]


def test_what_was_sealed_opens_for_the_same_person_alone():
    sealed = Sealed("a\nb.csv", b"\x00rows\xff", "d1")
    text = seal(sealed, 7)

    assert (unseal(text, 7), unseal(text, 8), unseal(text[:-1], 7), unseal("", 7)) == (sealed, None, None, None)


def test_a_forged_confirmation_is_refused_in_words(client, officer):
    client.force_login(officer)

    answer = client.post("/corridor/quotes/import/confirm/", {"sheet": "nonsense"})

    assert answer.status_code == 400
    assert "What was read is no longer at hand. Send the file again." in answer.content.decode()


def test_a_form_without_a_file_says_so(client, officer):
    client.force_login(officer)

    answer = client.post("/corridor/quotes/import/", {})

    assert (answer.status_code, answer.context["form"].errors) == (400, {"file": ["Fill this in."]})


def test_only_those_who_keep_the_corridor_import(client, db):
    client.force_login(person(Role.BUSINESS))

    assert client.post("/corridor/quotes/import/confirm/", {}).status_code == 404
