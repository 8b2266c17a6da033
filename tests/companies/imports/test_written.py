"""A book is written as it was shown, and undone without a trace."""

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.book import likely
from companies.enums import ImportState
from companies.models import Capacity, Company, Need
from companies.permissions import may_verify
from companies.services import imports
from tests.companies.books import COMPANY, SELLER, catalogue
from tests.companies.imports.big_book import big_book
from tests.companies.imports.sent import OFFERED, WANTED, codes, confirmed, delegation, sent, undone
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
TABLES = (
    "Company",
    "VerificationFact",
    "Certificate",
    "Need",
    "NeedCommodity",
    "NeedParameter",
    "Capacity",
    "CapacityParameter",
)


@pytest.fixture
def staff(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    catalogue()
    return person(Role.STAFF)


def dump() -> dict:
    """Everything that companies say, without when it was touched."""
    from companies import models

    rows = {name: serializers.serialize("python", getattr(models, name).objects.order_by("pk")) for name in TABLES}
    for row in (row for table in rows.values() for row in table):
        row["fields"].pop("changed_at", None)
    return rows


def test_book_is_read_written_and_undone_without_a_trace(staff):
    before = dump()

    book = sent(staff, delegation())
    assert (book.state, dump()) == (ImportState.CHECKED, before)

    book = confirmed(book, staff)
    assert (book.state, book.counts["taken"] + book.counts["converted"]) == (ImportState.WRITTEN, 4)
    assert not book.file
    assert sorted(Company.objects.values_list("code", "status")) == [
        ("alatau", "submitted"),
        ("kariangau", "submitted"),
    ]
    assert {row.made_company or row.made_need or row.made_capacity for row in book.rows.all()} == {
        *Company.objects.all(),
        *Need.objects.all(),
        *Capacity.objects.all(),
    }

    book = undone(book, staff)
    assert (book.state, dump(), bool(book.file)) == (ImportState.UNDONE, before, False)
    assert book.counts["undone"] == {"removed": 4}


def test_whoever_brought_a_company_in_does_not_vouch_for_it(staff):
    confirmed(sent(staff, delegation()), staff)
    brought = Company.objects.filter(country="ID").first()

    assert (may_verify(staff, brought), may_verify(person(Role.ADMIN), brought)) == (False, True)


def test_undo_restores_what_the_book_changed(staff):
    first = delegation(
        companies=(COMPANY | {"certificates": "haccp=unchecked"}, SELLER),
        needs=(WANTED | {"parameters": "ffa<=0.1; iv>=50", "certificates": "haccp"},),
        capacities=(OFFERED | {"certificates": "halal_bpjph=unchecked", "parameters": "ffa<=0.05"},),
    )
    confirmed(sent(staff, first), staff)
    before = dump()
    second = delegation(
        companies=(COMPANY | {"certificates": "halal_bpjph=unchecked", "city": "Almaty"}, SELLER),
        needs=(WANTED | {"parameters": "ffa<=0.2", "certificates": "", "quantity": 90, "commodities": "1511"},),
        capacities=(OFFERED | {"certificates": "haccp=not_held", "parameters": "ffa<=0.07", "quantity": 10},),
    )

    book = confirmed(sent(staff, second, "second.xlsx"), staff)
    assert (book.counts["updated"], book.counts["already_there"], dump() == before) == (3, 1, False)

    assert undone(book, staff).counts["undone"] == {"restored": 3}
    assert dump() == before


def test_undo_leaves_what_was_changed_or_used_since(staff):
    book = confirmed(sent(staff, delegation(needs=(WANTED, WANTED | {"reference": "N-2"}))), staff)
    Need.objects.filter(reference="N-1").update(own_words="changed by hand")
    member_of(Company.objects.get(code="kariangau"))

    book = undone(book, staff)

    assert [
        (row, told[-1]) for _sheet, row, _outcome, told in codes(book) if told and told[-1].startswith("undo_")
    ] == [
        (2, "undo_used"),  # the buyer: its changed need stays with it
        (3, "undo_used"),  # the seller: it has people of its own now
        (2, "undo_changed"),
        (2, "undo_used"),  # what the seller offers is its people's now
    ]
    assert list(Need.objects.values_list("reference", flat=True)) == ["N-1"]
    assert (Capacity.objects.count(), book.counts["stayed"]) == (1, 4)


def test_confirming_shows_anew_what_became_different(staff):
    book = sent(staff, delegation())
    Company.objects.create(code="other", name_registered="PT Other", country="ID", registration_number="1")
    Company.objects.create(code="alatau", name_registered="PT Other", country="KZ")

    book = confirmed(book, staff)

    assert (book.state, [one["code"] for one in book.told]) == (ImportState.CHECKED, ["rows_differ_now"])
    assert book.told[0]["params"]["rows"] == ["Companies 2"]
    assert Need.objects.count() == 0
    assert confirmed(book, staff).state == ImportState.WRITTEN


def test_bad_rows_are_left_out_only_when_asked(staff):
    book = sent(staff, delegation(needs=(WANTED, WANTED | {"reference": "N-2", "quantity": "1.500"})))

    with pytest.raises(ValidationError, match="Some rows are refused"):
        confirmed(book, staff)
    book = confirmed(book, staff, good=True)

    assert (book.state, list(Need.objects.values_list("reference", flat=True))) == (ImportState.WRITTEN, ["N-1"])


def test_preview_seen_before_it_was_read_anew_is_not_confirmed(staff):
    book = sent(staff, delegation())

    with pytest.raises(ValidationError, match="read anew"):
        imports.confirm_book(book=book, user=staff, seen_at="2026-01-01T00:00:00+00:00", takes_good_rows=False)


def test_same_file_makes_no_doubles(staff):
    data = delegation()
    book = sent(staff, data)
    assert sent(staff, data).pk == book.pk
    confirmed(book, staff)
    assert sent(staff, data).pk == book.pk

    again = sent(staff, delegation(needs=(WANTED, WANTED | {"reference": "N-2"})))

    assert [outcome for _sheet, _row, outcome, _told in codes(again)] == [
        "already_there",
        "already_there",
        "already_there",
        "converted",
        "already_there",
    ]


def test_large_book_costs_no_query_a_row(staff, monkeypatch):
    monkeypatch.setattr(likely, "MOST_LOOKED_UP", 5)
    book = sent(staff, big_book(100))
    with CaptureQueriesContext(connection) as few:
        confirmed(book, staff, good=True)
    undone(book, staff)
    book = sent(staff, big_book(400))
    with CaptureQueriesContext(connection) as many:
        confirmed(book, staff, good=True)

    assert len(many) - len(few) <= 5


def test_book_that_changes_much_costs_no_query_a_row(staff):
    def changed(number: int, city: str) -> bytes:
        companies = [
            COMPANY | {"code": f"c-{n}", "city": city, "certificates": "haccp=unchecked"} for n in range(number)
        ]
        needs = [WANTED | {"company": f"c-{n}", "quantity": 20 + len(city)} for n in range(number)]
        offers = [OFFERED | {"company": f"c-{n}", "certificates": "haccp=unchecked"} for n in range(number)]
        return delegation(companies=companies, needs=needs, capacities=offers)

    spent = []
    for number in (2, 12):
        confirmed(sent(staff, changed(number, "Almaty")), staff)
        with CaptureQueriesContext(connection) as queries:
            book = confirmed(sent(staff, changed(number, "Astana City")), staff)
            undone(book, staff)
        spent.append(len(queries))

    assert spent[1] - spent[0] <= 5
