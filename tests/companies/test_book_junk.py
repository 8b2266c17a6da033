"""Whatever stands in a book, every row gets an answer, nothing else is written, and nothing falls over."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from accounts.sheets.sheet import Cell, sheet_of
from commodities.models import Commodity
from companies.book import importing
from companies.book.answer import CHANGING
from companies.book.cells import Converted, read_cell
from companies.book.columns import SHEETS
from companies.book.importing import import_book
from companies.book.telling import answer_data, answer_lines
from companies.faults import Refusal
from companies.models import Capacity, Company, Need
from tests.companies.books import CAPACITY, COMPANY, NEED, TODAY, catalogue, csv_file
from tests.companies.factories import CompanyFactory

pytestmark = pytest.mark.django_db

CODES = ["rbd-palm-olein", "1511", "0306", "t", "l", "once", "USD", "FOB", "KZALA", "IDKRG", "ID", "alatau", "haccp"]
TYPED = ["1.500", "1,5", "5", "-18", "05/06/2027", "2027-06-05", "ffa<=0.1", "haccp=unchecked", "=1+1", ";", "|"]
WORDS = st.sampled_from(CODES + TYPED)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=12),
    WORDS,
    st.lists(WORDS, max_size=3).map("; ".join),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.integers(-(10**20), 10**20).map(Decimal),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
FLAWS = st.sampled_from(["", "", "", "", "", "formula", "error"])
# A good row of each kind, and the column that makes the next one another.
GOOD_ROWS = {"companies": (COMPANY, "code"), "needs": (NEED, "reference"), "capacities": (CAPACITY, "reference")}


def start_afresh() -> None:
    """A catalogue and two companies whose listings the books hold; hypothesis comes here again for each example."""
    if not Commodity.objects.exists():
        catalogue()
    for model in (Need, Capacity, Company):
        model.objects.all().delete()
    CompanyFactory(code="alatau", country="KZ")
    CompanyFactory(code="kariangau", country="ID")


@st.composite
def sheets(draw):
    """Sheets with their true headings, in which some cells of good rows were changed into anything."""
    found = []
    for kind in SHEETS:
        columns = [column.key for column in kind.columns]
        rows = []
        good, key = GOOD_ROWS[kind.key]
        for number in range(draw(st.integers(0, 3))):
            changes = draw(st.dictionaries(st.sampled_from(columns), VALUES, max_size=4))
            row = good | {key: f"new-{number}"} | changes
            rows.append([row.get(column) for column in columns])
        cells = st.tuples(st.integers(2, 3), st.integers(0, len(columns) - 1))
        flaws = {cell: flaw for cell, flaw in draw(st.dictionaries(cells, FLAWS, max_size=2)).items() if flaw}
        found.append(sheet_of(kind.en, [columns, *rows], flaws))
    return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(book=sheets())
def test_every_row_of_any_book_is_answered_once_and_told(book, monkeypatch):
    start_afresh()
    monkeypatch.setattr(importing, "read_sheets", lambda name, data: book)

    answer = import_book([("book.xlsx", b"")], today=TODAY, is_trial=True)

    assert sorted((row.sheet, row.row) for row in answer.rows) == sorted(
        (sheet.name, row.number) for sheet in book for row in sheet.rows
    )
    assert all(row.messages for row in answer.rows if row.outcome in ("refused", "converted", "skipped"))
    assert len(list(answer_lines(answer))) >= len(answer.rows)
    assert len(answer_data(answer)["rows"]) == len(answer.rows)
    event(f"rows taken: {sum(row.outcome in CHANGING for row in answer.rows)}")
    assert (Company.objects.count(), Need.objects.count(), Capacity.objects.count()) == (2, 0, 0)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(book=sheets())
def test_what_is_taken_from_any_book_can_be_sent_again_without_a_change(book, monkeypatch):
    """Good rows are written as they were answered; the second time they are all there already."""
    start_afresh()
    monkeypatch.setattr(importing, "read_sheets", lambda name, data: book)

    first = import_book([("book.xlsx", b"")], today=TODAY, take_good_rows=True)
    stored = (Company.objects.count() - 2, Need.objects.count(), Capacity.objects.count())
    again = import_book([("book.xlsx", b"")], today=TODAY, take_good_rows=True)

    assert first.is_written
    event(f"rows taken: {sum(stored)}")
    taken = [row.sheet for row in first.rows if row.outcome in ("taken", "converted")]
    assert stored == tuple(taken.count(kind.en) for kind in SHEETS)
    assert {row.outcome.value for row in again.rows} <= {"already_there", "refused", "skipped"}
    assert stored == (Company.objects.count() - 2, Need.objects.count(), Capacity.objects.count())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
@example(data=b"PK\x03\x04")
@example(data=b'"')
@example(data=b"\xff\xfe\x00")
@example(data=csv_file([["code", "name_registered", "country"], ["a", "b", "KZ"]])[:-4])
@pytest.mark.parametrize("name", ["book.csv", "book.xlsx"])
def test_any_bytes_are_refused_or_read(name, data):
    answer = import_book([(name, data)], today=TODAY, is_trial=True)

    assert answer.refusals or answer.rows


class EmptyCatalogue:
    """Knows nothing."""

    def refuse(self, *_arguments, **_options):
        raise Refusal("commodity_unknown", text="", near=[])

    node = find = refuse

    @property
    def places(self):
        return self

    regions = certificate_kinds = places


@given(value=VALUES, column=st.sampled_from([column for kind in SHEETS for column in kind.columns]))
@example(value=Decimal("Infinity"), column=SHEETS[1].column("quantity"))
@example(value=Decimal("NaN"), column=SHEETS[2].column("lead_days"))
@example(value=dt.timedelta(1), column=SHEETS[0].column("visited_on"))
def test_a_cell_is_read_or_refused_in_words(value, column):
    cell = Cell("A2", value)
    if cell.is_blank:
        return

    try:
        found = read_cell(cell, column, EmptyCatalogue())
    except Refusal as refusal:
        assert len(str(refusal)) > 10  # noqa: PT017 - either outcome is right, each with its own claim
    else:
        assert found is not None
        assert not (isinstance(found, Converted) and found.value is None)
