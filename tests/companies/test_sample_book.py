"""The book that ships: large, wide, marked as an example, and loaded twice without a change."""

import io
from dataclasses import replace

import openpyxl
import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.enums import Role
from commodities.models import Commodity, CommodityGroup
from companies.book.columns import COMPANIES
from companies.book.importing import import_book
from companies.book.template import book_template
from companies.enums import CompanyKind
from companies.models import Capacity, Certificate, Company, Need, NeedParameter, VerificationFact
from corridor.models import Leg
from reports.cutting.book import BOOK
from reports.enums import Format, Subject
from reports.orders import Order
from reports.writing import WRITERS
from tests.companies.books import TODAY
from tests.people import person
from tests.reports.cutting.kept import cut_of
from tests.reports.frozen import frozen

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def load_sample(**options) -> list[str]:
    output = io.StringIO()
    call_command("load_sample_book", stdout=output, **options)
    return output.getvalue().splitlines()


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The reference data and the sample book, loaded once for all tests here; yields what the loading printed."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", stdout=io.StringIO())
        yield load_sample()
        transaction.set_rollback(True)


def test_sample_book_is_large_wide_and_loads_twice_without_a_change(sample):
    assert sample[0] == "public directory: 134 new, 0 changed, 0 unchanged; 55 hidden until checked"

    again = load_sample()

    assert changes(again) == [NOTHING_NEW] * 4

    examples = Company.objects.filter(kind=CompanyKind.EXAMPLE)
    assert examples.filter(country="ID").count() >= 22
    assert examples.filter(country="KZ").count() >= 22
    assert Need.objects.count() >= 90
    assert Capacity.objects.count() >= 90
    for country in ("ID", "KZ"):
        assert Need.objects.filter(company__country=country).count() >= 35
        assert Capacity.objects.filter(company__country=country).count() >= 35
    traded = set(Need.objects.values_list("accepted__commodity", flat=True))
    traded |= set(Capacity.objects.values_list("commodity", flat=True))
    assert Commodity.objects.tradable().filter(pk__in=traded).count() >= 28
    assert not Need.objects.exclude(company__kind=CompanyKind.EXAMPLE).exists()
    assert not Capacity.objects.exclude(company__kind=CompanyKind.EXAMPLE).exists()


NOTHING_NEW = ["0 new", "0 changed"]


def changes(printed: list[str]) -> list[list[str]]:
    """How many rows of each file were new and changed."""
    return [line.split(": ")[1].split(";")[0].split(", ")[:2] for line in printed]


def test_sample_book_leaves_alone_what_people_have_changed_and_adds_what_is_missing(sample):
    need, other = Need.objects.filter(company__code="ex-alatau-konditer")[:2]
    Need.objects.filter(pk=need.pk).update(status="withdrawn", own_words="Уже не нужно")
    Company.objects.filter(code="ex-astana-nan").update(status="suspended")
    other.accepted.all().delete()
    other.delete()

    printed = load_sample()

    assert changes(printed) == [NOTHING_NEW, NOTHING_NEW, ["1 new", "0 changed"], NOTHING_NEW]
    need.refresh_from_db()
    assert (need.status, need.own_words) == ("withdrawn", "Уже не нужно")
    assert Company.objects.get(code="ex-astana-nan").status == "suspended"
    assert Need.objects.get(company=need.company, reference=other.reference).quantity_kg == other.quantity_kg


def test_sample_book_can_be_brought_back_to_what_the_files_say(sample):
    Need.objects.filter(company__code="ex-alatau-konditer", reference="N-01").update(
        quantity_kg=50_000, quantity_typed=50
    )

    assert changes(load_sample(refresh=True)) == [NOTHING_NEW, NOTHING_NEW, ["0 new", "1 changed"], NOTHING_NEW]
    assert changes(load_sample(refresh=True)) == [NOTHING_NEW] * 4
    assert Need.objects.get(company__code="ex-alatau-konditer", reference="N-01").quantity_kg == 120_000


def test_sample_book_of_a_later_year_is_that_years_and_loads_twice_without_a_change(sample, monkeypatch):
    before = Need.objects.get(company__code="ex-alatau-konditer", reference="N-01").window_from
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: before.replace(year=before.year + 3, month=3))

    assert changes(load_sample()) == [NOTHING_NEW] * 4  # what is here stays
    refreshed = changes(load_sample(refresh=True))

    need = Need.objects.get(company__code="ex-alatau-konditer", reference="N-01")
    assert need.window_from == before.replace(year=before.year + 2)
    assert refreshed[2:] == [
        ["0 new", f"{Need.objects.count()} changed"],
        ["0 new", f"{Capacity.objects.count()} changed"],
    ]
    assert changes(load_sample(refresh=True)) == [NOTHING_NEW] * 4


def test_sample_book_is_loaded_around_a_company_of_the_same_code_that_is_none_of_its_own(sample):
    Need.objects.filter(company__code="ex-jibek-jk").delete()
    Company.objects.filter(code="ex-jibek-jk").update(kind=CompanyKind.REGISTERED)
    complaints = io.StringIO()

    printed = load_sample(stderr=complaints)

    assert changes(printed)[2] == NOTHING_NEW
    assert "belongs to another kind of entry" in complaints.getvalue()
    assert not Need.objects.filter(company__code="ex-jibek-jk").exists()


def test_sample_book_marks_its_companies_and_hits_nobody_real(sample):
    words = {"PT Contoh", "CV Contoh", "ТОО «Мысал", "ТОО «Пример", "ИП «Мысал"}
    examples = Company.objects.filter(kind=CompanyKind.EXAMPLE)
    assert [one.name_registered for one in examples if not one.name_registered.startswith(tuple(words))] == []
    assert [one for one in examples if not one.name_short.startswith(("Contoh", "Мысал", "Пример"))] == []
    assert not examples.exclude(registration_number="", website="", role_mailbox="", switchboard="").exists()


def test_sample_book_shows_every_kind_of_case(sample):
    assert Need.objects.filter(period="monthly").exists()
    assert Need.objects.filter(period="once").exists()
    assert Need.objects.filter(price_amount=None).count() >= 8
    assert Capacity.objects.filter(price_amount=None).count() >= 4
    assert Capacity.objects.filter(lead_days=None).exists()
    assert Need.objects.filter(payment_terms=[]).exists()
    assert {"USD", "EUR", "IDR", "KZT"} <= set(Need.objects.values_list("price_currency", flat=True))
    assert {"FOB", "FCA", "EXW"} <= set(Capacity.objects.values_list("incoterm", flat=True))
    assert {"CIF", "CPT", "DAP"} <= set(Need.objects.values_list("incoterm", flat=True))
    assert CommodityGroup.objects.filter(needcommodity__need__isnull=False).count() >= 8
    assert Need.objects.filter(accepted__commodity__kind="heading").count() >= 3
    assert Capacity.objects.exclude(commodity__kind="commodity").count() >= 3
    assert Need.objects.filter(excluded_origins=["KZ"]).exists()
    assert Need.objects.filter(accepted_origins=["ID"]).exists()
    assert Need.objects.filter(quantity_unit="l").exists()
    assert set(Certificate.objects.values_list("state", flat=True)) == {"checked", "unchecked", "not_held"}
    assert set(Company.objects.filter(kind="example").values_list("screening", flat=True)) == {
        "not_screened",
        "clear",
        "refused",
    }
    assert set(VerificationFact.objects.values_list("kind", flat=True)) == {
        "number_checked",
        "documents_seen",
        "visited",
    }
    assert NeedParameter.objects.count() >= 60


def test_sample_book_names_only_places_that_legs_join(sample):
    places = set(Need.objects.values_list("destination__code", flat=True))
    places |= set(Capacity.objects.values_list("place__code", flat=True))

    ends = Leg.objects.values_list("origin__code", "destination__code")
    assert places <= {code for leg in ends for code in leg}


def test_public_directory_holds_no_listings_hides_the_unsure_and_leaves_a_claimed_entry_alone(sample):
    directory = Company.objects.filter(kind=CompanyKind.DIRECTORY)
    assert directory.filter(confidence="unsure").count() == directory.filter(is_hidden=True).count() == 55
    assert not directory.filter(source="").exists()
    claimed, renamed = directory.all()[:2]
    Company.objects.filter(pk=claimed.pk).update(kind=CompanyKind.REGISTERED, name_registered="PT Sendiri")
    Company.objects.filter(pk=renamed.pk).update(name_registered="PT Lama", is_hidden=True)

    load_sample()

    assert Company.objects.get(pk=claimed.pk).name_registered == "PT Sendiri"
    again = Company.objects.get(pk=renamed.pk)
    assert (again.name_registered, again.is_hidden) == (renamed.name_registered, True)


def test_example_row_of_the_template_would_be_taken_without_its_mark(sample):
    """What the template shows as an example really is one."""
    book = openpyxl.load_workbook(io.BytesIO(book_template("en")))
    for sheet in book.worksheets[:3]:
        cell = sheet.cell(2, 1)
        cell.value = cell.value.removeprefix("example: ")
    keys = [column.key for column in COMPANIES]
    book.worksheets[0].cell(2, keys.index("registration_number") + 1).value = "9120101234567"
    buyer = {"code": "alatau-sweets", "name_registered": "Alatau Sweets", "country": "KZ"}
    book.worksheets[0].append([buyer.get(key) for key in keys])
    sent = io.BytesIO()
    book.save(sent)

    answer = import_book([("book.xlsx", sent.getvalue())], today=TODAY)

    refused = [(m.cell, m.code) for row in answer.rows if row.outcome == "refused" for m in row.messages]
    assert (answer.refusals, refused) == ([], [])
    assert [row.outcome.value for row in answer.rows] == ["taken", "taken", "converted", "converted"]


def test_sample_book_taken_along_in_any_language_changes_nothing(sample, tmp_path):
    cut, rows = cut_of(BOOK, Order(subject=Subject.BOOK), person(Role.OFFICER))
    made = replace(frozen(), document=cut.document, rows=lambda key: iter(rows[key]))

    for language in ("en", "id", "ru", "kk"):
        WRITERS[Format.XLSX](tmp_path / "book.xlsx", made, (language,))
        answer = import_book([("book.xlsx", (tmp_path / "book.xlsx").read_bytes())], today=TODAY)

        assert answer.counts == dict.fromkeys(answer.counts, 0) | {"already_there": len(answer.rows)}
        assert (answer.refusals, answer.notes) == ([], [])
    here = {"companies": Company.objects.filter(is_hidden=False), "needs": Need.objects, "capacities": Capacity.objects}
    assert {key: len(kept) for key, kept in rows.items()} == {key: things.count() for key, things in here.items()}
