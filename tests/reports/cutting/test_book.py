"""The book taken along: sent in again it changes nothing, and what its sheets cannot hold is left out and named."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from companies.book.importing import import_book
from companies.enums import CompanyKind, ListingStatus, WeightBasis
from companies.models import Capacity, Company, Need
from reports.cutting import book
from reports.cutting.book import BOOK
from reports.enums import Format, Subject
from reports.orders import Order
from reports.writing import WRITERS
from tests.companies.books import CAPACITY, COMPANY, NEED, SELLER, TODAY, catalogue, outcomes, table, take
from tests.people import person
from tests.reports.cutting.kept import Kept, cut_of, read_in
from tests.reports.frozen import frozen

pytestmark = pytest.mark.django_db

FULL_COMPANY = COMPANY | {
    "name_registered": 'ТОО «Алатау "Қазақ" & Ko\'»; Ә',
    "name_latin": "Alatau, LLP",
    "registration_number": "020240000555",
    "region": "KZ-75",
    "place": "KZALA",
    "first_mile_km": 12,
    "city": "Алматы",
    "sectors": "palm_oil; other",
    "languages": "kk; ru",
    "website": "https://alatau.example",
    "role_mailbox": "info@alatau.example",
    "switchboard": "+77272580000",
    "description": "two\nlines, and 'quotes'; — 0042",
    "certificates": "haccp=checked until 2027-03-01; rspo=not_held",
    "screening": "clear",
    "number_checked_on": dt.date(2026, 10, 1),
}
FULL_NEED = NEED | {
    "reference": "0042",
    "commodities": "edible-palm; 1511",
    "own_words": "нужно: масло\n= или +1",
    "language": "ru",
    "quantity": Decimal("12.345"),
    "smallest_share": Decimal("1.5"),
    "price": Decimal("1450.125"),
    "currency": "USD",
    "price_unit": "t",
    "price_basis": "at_incoterm",
    "incoterm": "DAP",
    "named_place": "KZALA",
    "certificates": "halal_bpjph; haccp",
    "parameters": "ffa<=0.125; iv 50-55.5",
    "excluded_origins": "KZ",
    "payment_terms": "letter_of_credit; documents",
    "valid_until": dt.date(2027, 6, 30),
    "status": "paused",
}
FULL_CAPACITY = CAPACITY | {
    "quantity": 20,
    "unit": "box20",
    "lot": 2,
    "lot_multiple": 1,
    "packaging": "+flexitank",
    "net_kg_per_transport_unit": 21_500,
    "lead_days": 0,
    "parameters": "ffa=0.08",
    "certificates": "haccp=unchecked",
}
SHRIMP = CAPACITY | {"reference": "C-2", "commodity": "vannamei-shrimp", "parameters": "size=16/20|21/25"}


@pytest.fixture(autouse=True)
def _sent():
    """A book with every column filled, and one with no more than it must have."""
    catalogue()
    bare = [COMPANY | {"code": "bare"}, SELLER]
    needs = [FULL_NEED, NEED | {"company": "bare"}]
    sheets = {"companies": [FULL_COMPANY, *bare], "needs": needs, "capacities": [FULL_CAPACITY, SHRIMP]}
    answer = take({name: table(*rows) for name, rows in sheets.items()})
    assert answer.is_written, [message for row in answer.rows for message in row.messages]


@pytest.fixture
def officer():
    return person(Role.OFFICER)


def asked(**more) -> Order:
    return Order(subject=Subject.BOOK, **more)


def sent_again(folder, user, order: Order, kind: str, *languages: str, **options):
    """The answer to a book that was taken along, when it is sent in."""
    cut, rows = cut_of(BOOK, order, user)
    made = replace(frozen(), document=cut.document, rows=lambda key: iter(rows[key]))
    name = f"book.{kind}"
    WRITERS[kind](folder / name, made, languages)
    return import_book([(name, (folder / name).read_bytes())], today=TODAY, **options)


@pytest.mark.parametrize("languages", [("en",), ("id",), ("ru",), ("kk",), ("ru", "id")])
@pytest.mark.parametrize("role", [Role.OFFICER, Role.STAFF])
def test_book_sent_in_again_changes_nothing(tmp_path, role, languages):
    before = list(Company.objects.values_list("pk", "changed_at")) + list(Need.objects.values_list("pk", "changed_at"))

    answer = sent_again(tmp_path, person(role), asked(), Format.XLSX, *languages)

    assert {outcome for _sheet, _row, outcome in outcomes(answer)} == {"already_there"}
    assert (len(answer.rows), answer.refusals, answer.notes) == (7, [], [])
    after = list(Company.objects.values_list("pk", "changed_at")) + list(Need.objects.values_list("pk", "changed_at"))
    assert after == before


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("sheet", "rows"), [("companies", 3), ("needs", 2), ("capacities", 2)])
def test_one_sheet_of_the_book_comes_back_as_csv(tmp_path, officer, sheet, rows, language):
    answer = sent_again(tmp_path, officer, asked(columns=(sheet,)), Format.CSV, language, is_trial=True)

    assert [outcome for _sheet, _row, outcome in outcomes(answer)] == ["already_there"] * rows
    assert answer.refusals == []


def test_every_fact_of_a_row_is_in_its_cells(officer):
    _cut, rows = cut_of(BOOK, asked(columns=("needs",)), officer)

    (full,) = (row for row in rows["needs"] if row[1] == "0042")
    columns = [column.key for column in _cut.document.tables[0].columns]
    assert dict(zip(columns, full, strict=True)) == {
        "company": "alatau",
        "reference": "0042",
        "commodities": "edible-palm; 1511",
        "own_words": "нужно: масло\n= или +1",
        "language": "ru",
        "quantity": "12.3450",
        "unit": "t",
        "period": "monthly",
        "smallest_share": "1.5",
        "price": "1450.125",
        "currency": "USD",
        "price_unit": "t",
        "price_basis": "at_incoterm",
        "incoterm": "DAP",
        "named_place": "KZALA",
        "destination": "KZALA",
        "window_from": "2027-01-01",
        "window_until": "2027-06-30",
        "certificates": "haccp; halal_bpjph",
        "parameters": "ffa[%]<=0.125; iv[g I2/100 g]=50..55.5",
        "accepted_origins": None,
        "excluded_origins": "KZ",
        "payment_terms": "documents; letter_of_credit",
        "valid_until": "2027-06-30",
        "status": "paused",
    }


def test_what_the_sheets_cannot_hold_is_left_out_and_named(tmp_path, officer):
    Capacity.objects.filter(reference="C-1").update(weight_basis=WeightBasis.GLAZED, glaze_percent=10)
    Need.objects.filter(company__code="bare").update(own_words="=1+1")
    Company.objects.filter(code="bare").update(description="x" * 5_000)

    cut, rows = cut_of(BOOK, asked(), officer)

    assert {key: len(kept) for key, kept in rows.items()} == {"companies": 2, "needs": 1, "capacities": 1}
    (told,) = (line for line in cut.document.about if read_in(line.label, "en") == "Left out")
    assert read_in(told.value, "en") == (
        "3 rows that the sheets cannot hold as they stand: bare, bare/N-1, kariangau/C-1."
    )
    answer = sent_again(tmp_path, officer, asked(), Format.XLSX, "en", is_trial=True)
    assert [outcome for _sheet, _row, outcome in outcomes(answer)] == ["already_there"] * 4


def test_book_is_narrowed_by_companies_days_and_filters(officer):
    seller = Company.objects.get(code="kariangau")
    Capacity.objects.filter(reference="C-2").update(status=ListingStatus.CLOSED)

    def kept(**order) -> dict[str, list[str]]:
        _cut, rows = cut_of(BOOK, asked(**order), officer)
        return {key: ["/".join(row[:2]) if key != "companies" else row[0] for row in rows[key]] for key in rows}

    nothing_needed = {"companies": ["kariangau"], "needs": [], "capacities": ["kariangau/C-1"]}
    assert kept(companies=(seller.pk,)) == nothing_needed
    assert kept(query="country=ID") == nothing_needed
    late = kept(since=dt.date(2027, 7, 1))
    assert (late["needs"], late["capacities"]) == ([], ["kariangau/C-1"])


def test_screening_is_told_to_those_who_verify_companies_of_the_country():
    _cut, of_officer = cut_of(BOOK, asked(columns=("companies",)), person(Role.OFFICER))
    _cut, of_staff = cut_of(BOOK, asked(columns=("companies",)), person(Role.STAFF))

    screening = [column.key for column in _cut.document.tables[0].columns].index("screening")
    assert [row[screening] for row in of_officer["companies"]] == ["clear", "not_screened", None]
    assert [row[screening] for row in of_staff["companies"]] == [None, None, "not_screened"]


def test_examples_are_marked_and_come_back_too(tmp_path, officer):
    Company.objects.filter(code="kariangau").update(kind=CompanyKind.EXAMPLE)

    cut, _rows = cut_of(BOOK, asked(), officer)
    answer = sent_again(tmp_path, officer, asked(), Format.XLSX, "ru")

    assert cut.document.has_examples
    assert {outcome for _sheet, _row, outcome in outcomes(answer)} == {"already_there"}


def test_more_rows_than_an_import_takes_are_refused(officer, monkeypatch):
    monkeypatch.setattr(book, "MAX_ROWS", 2)

    with pytest.raises(ValidationError, match="at most 2 rows on each sheet"):
        cut_of(BOOK, asked(), officer)


def test_hidden_and_merged_companies_are_not_in_the_book(officer):
    Company.objects.filter(code="bare").update(is_hidden=True)
    Company.objects.filter(code="alatau").update(merged_into=Company.objects.get(code="kariangau"))

    _cut, rows = cut_of(BOOK, asked(), officer)

    assert [row[0] for row in rows["companies"]] == ["kariangau"]
    assert rows["needs"] == []


def test_preview_does_not_ask_the_importer(officer, monkeypatch):
    monkeypatch.setattr(book, "answer_to", None)

    _cut, rows = cut_of(BOOK, asked(), officer, Kept(keeps=False))

    assert {key: len(kept) for key, kept in rows.items()} == {"companies": 3, "needs": 2, "capacities": 2}


def test_preview_reads_the_first_rows_of_each_sheet_and_counts_the_others(officer, monkeypatch):
    monkeypatch.setattr(book, "LOOKED_AT", 1, raising=False)

    _cut, rows = cut_of(BOOK, asked(), officer, Kept(keeps=False))

    read = {key: [bool(row) for row in kept] for key, kept in rows.items()}
    assert read == {"companies": [True, False, False], "needs": [True, False], "capacities": [True, False]}
