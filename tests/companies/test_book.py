"""Taking a book: each row is answered, nothing is lost, and sending it again makes no doubles."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.book.answer import BookAnswer
from companies.book.importing import import_book
from companies.enums import CertificateState, CompanyKind
from companies.models import Capacity, Certificate, Company, Need, NeedParameter, VerificationFact
from tests.companies.books import (
    CAPACITY,
    COMPANY,
    NEED,
    SELLER,
    TODAY,
    catalogue,
    csv_file,
    faults,
    outcomes,
    send,
    table,
    take,
)
from tests.companies.factories import CompanyFactory, NeedFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def goods():
    catalogue()


def whole_book(**need) -> dict[str, list[list]]:
    return {
        "Companies": table(COMPANY, SELLER),
        "Needs": table(NEED | need),
        "Capacities": table(CAPACITY),
    }


def codes(answer: BookAnswer, row: int = 0) -> list[str]:
    return [message.code for message in answer.rows[row].messages]


def stored() -> tuple[int, int, int]:
    return Company.objects.count(), Need.objects.count(), Capacity.objects.count()


def test_a_good_book_is_written_whole():
    answer = take(whole_book())

    assert answer.is_written
    assert outcomes(answer) == [
        ("Companies", 2, "taken"),
        ("Companies", 3, "taken"),
        ("Needs", 2, "converted"),
        ("Capacities", 2, "converted"),
    ]
    company = Company.objects.get(code="alatau")
    assert (company.kind, company.status, company.country) == ("registered", "active", "KZ")
    need = Need.objects.get()
    assert (need.company, need.quantity_kg, need.quantity_typed, need.status) == (company, 120_000, 120, "open")
    assert [row.commodity.code for row in need.accepted.all()] == ["rbd-palm-olein"]
    capacity = Capacity.objects.get()
    assert (capacity.company.code, capacity.origin_country, capacity.lot_kg) == ("kariangau", "ID", None)


def test_a_row_says_what_it_was_converted_from_and_to():
    answer = take(whole_book(commodities="Пальмовый олеин", window_from="13.01.2027", unit="ton"))

    assert [(m.cell, m.code, m.params) for m in answer.rows[2].messages] == [
        ("C2", "converted_goods", {"text": "Пальмовый олеин", "code": "rbd-palm-olein"}),
        ("D2", "converted_quantity", {"amount": "120", "unit": "t", "kg": 120_000}),
        ("H2", "converted_day", {"text": "13.01.2027", "day": dt.date(2027, 1, 13)}),
    ]


def test_everything_a_need_can_say_is_kept():
    answer = take(
        whole_book(
            commodities="rbd-palm-olein; 1511; edible-palm",
            own_words="Олеин наливом",
            language="ru",
            quantity=21500,
            unit="l",
            period="sekali",
            smallest_share=1000,
            price="1450,5",
            currency="usd",
            price_unit="т",
            price_basis="all-in at my place",
            incoterm="DAP",
            named_place="Алматы",
            certificates="halal_bpjph; HACCP certificate",
            parameters="ffa<=0,1 %; iv 50-55",
            accepted_origins="Indonesia",
            payment_terms="аккредитив; documents",
            valid_until="2027-05-31",
        )
    )

    assert faults(answer) == []
    need = Need.objects.get()
    assert (need.own_words, need.language, need.period) == ("Олеин наливом", "ru", "once")
    assert (need.quantity_kg, need.quantity_typed, need.quantity_unit) == (19_565, 21_500, "l")
    assert need.smallest_share_kg == 910
    assert (need.price_amount, need.price_currency, need.price_unit) == (Decimal("1450.5"), "USD", "t")
    assert (need.price_basis, need.incoterm, need.named_place.code) == ("all_in", "DAP", "KZALA")
    assert (need.accepted_origins, need.excluded_origins) == (["ID"], [])
    assert need.payment_terms == ["documents", "letter_of_credit"]
    assert need.valid_until == dt.date(2027, 5, 31)
    assert [row.name for row in need.accepted.all()] == [
        "RBD palm olein",
        "Palm oil and its fractions",
        "Edible palm products",
    ]
    assert sorted(kind.code for kind in need.required_certificates.all()) == ["haccp", "halal_bpjph"]
    assert [(row.parameter.key, row.low, row.high) for row in need.parameters.order_by("parameter__key")] == [
        ("ffa", None, Decimal("0.1")),
        ("iv", Decimal(50), Decimal(55)),
    ]


def test_everything_a_capacity_can_say_is_kept():
    capacity = CAPACITY | {
        "commodity": "Vannamei shrimp",
        "origin_country": "KZ",
        "lot": 20,
        "lot_multiple": 10,
        "packaging": "karton 10 kg",
        "net_kg_per_transport_unit": 11000,
        "price": 7200,
        "currency": "USD",
        "price_unit": "t",
        "incoterm": "FOB",
        "lead_days": 14,
        "parameters": "size=16/20|21/25",
        "certificates": "haccp=checked until 2027-12-31; halal_bpjph=unchecked; rspo=tidak dimiliki",
        "status": "draft",
    }

    answer = take({"Companies": table(SELLER), "Capacities": table(capacity)})

    assert faults(answer) == []
    capacity = Capacity.objects.get()
    assert (capacity.commodity.code, capacity.origin_country, capacity.status) == ("vannamei-shrimp", "KZ", "draft")
    assert (capacity.lot_kg, capacity.lot_multiple_kg, capacity.lead_days) == (20_000, 10_000, 14)
    assert (capacity.packaging, capacity.net_kg_per_transport_unit) == ("karton 10 kg", 11_000)
    assert [row.values for row in capacity.parameters.all()] == [["16/20", "21/25"]]
    assert sorted(capacity.own_certificates.values_list("kind__code", "state", "valid_until")) == [
        ("haccp", "checked", dt.date(2027, 12, 31)),
        ("halal_bpjph", "unchecked", None),
        ("rspo", "not_held", None),
    ]


def test_everything_a_company_can_say_is_kept():
    answer = send(
        COMPANY
        | {
            "name_latin": "TOO Alatau",
            "name_short": "Алатау",
            "registration_number": "020240000555",
            "region": "Alma-Ata",
            "place": "KZALA",
            "first_mile_km": 13,
            "city": "Алматы",
            "sectors": "palm oil, lainnya",
            "size": "микропредприятие",
            "languages": "ru; kk",
            "website": "alatau.example",
            "role_mailbox": "office@alatau.example",
            "switchboard": "+7 727 000 00 00",
            "description": "Кондитерская фабрика",
            "certificates": "haccp=checked until 2027-12-31",
            "screening": "clear",
            "number_checked_on": dt.date(2026, 5, 12),
            "visited_on": "2026-06-03",
        }
    )

    assert faults(answer) == []
    company = Company.objects.get()
    assert (company.name_latin, company.name_short, company.city) == ("TOO Alatau", "Алатау", "Алматы")
    assert (company.registration_number, company.screening) == ("020240000555", "clear")
    assert (company.region.code, company.place.code, company.first_mile_km) == ("KZ-75", "KZALA", 13)
    assert (company.sectors, company.size, company.languages) == (["other", "palm_oil"], "micro", ["kk", "ru"])
    assert (company.role_mailbox, company.switchboard) == ("office@alatau.example", "+77270000000")
    assert list(company.facts.values_list("kind", "checked_on")) == [
        ("number_checked", dt.date(2026, 5, 12)),
        ("visited", dt.date(2026, 6, 3)),
    ]
    assert list(company.certificates.values_list("kind__code", "state", "capacity")) == [("haccp", "checked", None)]


def test_column_names_are_taken_in_indonesian_and_russian():
    companies = [
        ["Kode perusahaan *", "Nama terdaftar *", "Negara *"],
        ["kariangau", "PT Kariangau", "Indonesia"],
    ]
    needs = [
        ["Код компании", "Номер", "ТОВАРЫ", "Количество", "Единица", "Период", "Место назначения", "Поставка с"],
        ["kariangau", 7, "1511", 20, "тонн", "ежемесячно", "Алматы", dt.date(2027, 1, 1)],
    ]  # fmt: skip
    needs[0].append("поставка по")
    needs[1].append("2027-06-30")

    answer = take({"Perusahaan": companies, "Потребности": needs})

    assert answer.refusals == []
    assert outcomes(answer) == [("Perusahaan", 2, "taken"), ("Потребности", 2, "converted")]
    assert Need.objects.get().reference == "7"


def test_sheets_are_known_by_their_headings_where_the_name_says_nothing():
    answer = take({"Sheet1": table(COMPANY), "Sheet2": table(NEED), "Notes": [["call them on Monday"]]})

    assert outcomes(answer) == [("Sheet1", 2, "taken"), ("Sheet2", 2, "converted")]
    assert [(note.code, note.sheet) for note in answer.notes] == [("sheet_not_read", "Notes")]


def test_a_trial_answers_and_writes_nothing():
    answer = take(whole_book(), is_trial=True)

    assert [row.outcome.value for row in answer.rows] == ["taken", "taken", "converted", "converted"]
    assert (answer.is_written, answer.takes_nothing, stored()) == (False, False, (0, 0, 0))


def test_one_bad_row_keeps_all_out_unless_the_good_ones_are_asked_for():
    book = whole_book(quantity="1.500")

    answer = take(book)

    assert faults(answer) == [("D2", "number_two_readings", "1.500")]
    assert (answer.is_written, answer.takes_nothing, stored()) == (False, True, (0, 0, 0))

    answer = take(book, take_good_rows=True)

    assert outcomes(answer) == [
        ("Companies", 2, "taken"),
        ("Companies", 3, "taken"),
        ("Needs", 2, "refused"),
        ("Capacities", 2, "converted"),
    ]
    assert (answer.is_written, answer.takes_nothing, stored()) == (True, False, (2, 0, 1))


def test_a_refused_company_takes_its_listings_with_it():
    answer = take(
        {
            "Companies": table(COMPANY | {"registration_number": "020240000554"}, SELLER),
            "Needs": table(NEED),
            "Capacities": table(CAPACITY),
        },
        take_good_rows=True,
    )

    assert faults(answer) == [
        ("D2", "bin_check_digit", "020240000554"),
        ("A2", "company_row_refused", "alatau"),
    ]
    assert stored() == (1, 0, 1)


def test_listings_may_name_a_company_that_is_here_already_by_code_or_number():
    CompanyFactory(code="alatau", country="KZ", registration_number="020240000555")

    answer = send(NEED, NEED | {"company": "020240000555", "reference": "N-2"}, sheet="Needs")

    assert faults(answer) == []
    assert sorted(Need.objects.values_list("company__code", "reference")) == [("alatau", "N-1"), ("alatau", "N-2")]


def test_a_book_sent_again_makes_no_doubles_and_says_so():
    book = whole_book(parameters="ffa<=0.1", certificates="haccp", commodities="rbd-palm-olein; 1511")
    take(book)
    changed_at = set(Need.objects.values_list("changed_at", flat=True))

    answer = take(book)

    assert [row.outcome.value for row in answer.rows] == ["already_there"] * 4
    assert (answer.is_written, answer.takes_nothing, stored()) == (True, False, (2, 1, 1))
    assert set(Need.objects.values_list("changed_at", flat=True)) == changed_at


def test_a_changed_row_is_updated_and_says_from_what_to_what():
    take(whole_book(quantity=120, parameters="ffa<=0.1", certificates="haccp"))

    answer = take(whole_book(quantity=150, parameters="ffa<=0.2; iv>=56", certificates="", price=None))

    assert [row.outcome.value for row in answer.rows] == ["already_there", "already_there", "updated", "already_there"]
    changes = [(m.column, m.params["old"], m.params["new"]) for m in answer.rows[2].messages if m.code == "changed"]
    assert changes == [
        ("quantity", "120", "150"),
        ("parameters", "ffa[%]<=0.1", "ffa[%]<=0.2; iv[g I2/100 g]>=56"),
        ("certificates", "haccp", "-"),
    ]
    need = Need.objects.get()
    assert (need.quantity_kg, list(need.required_certificates.all())) == (150_000, [])
    assert NeedParameter.objects.count() == 2


def test_a_changed_company_is_updated_and_keeps_what_was_checked():
    full = COMPANY | {
        "city": "Алматы",
        "certificates": "haccp=unchecked; rspo=checked",
        "visited_on": dt.date(2026, 6, 3),
    }
    send(full)
    Certificate.objects.filter(kind__code="haccp").update(number="K-17")

    answer = send(full | {"city": "Астана", "certificates": "haccp=checked until 2027-12-31", "visited_on": None})

    assert outcomes(answer) == [("Companies", 2, "updated")]
    company = Company.objects.get()
    assert company.city == "Астана"
    assert list(company.certificates.values_list("kind__code", "state", "number")) == [
        ("haccp", CertificateState.CHECKED, "K-17")
    ]
    assert VerificationFact.objects.get().checked_on == dt.date(2026, 6, 3)


def test_a_column_that_is_left_out_changes_nothing_that_is_here():
    take(whole_book(own_words="Олеин", parameters="ffa<=0.1", certificates="haccp", status="draft"))

    answer = take(whole_book(quantity=150))

    assert codes(answer, 2) == ["converted_quantity", "changed"]
    need = Need.objects.get()
    assert (need.own_words, need.quantity_kg, need.status) == ("Олеин", 150_000, "draft")
    assert need.parameters.count() == need.required_certificates.count() == 1


def test_a_change_that_no_longer_fits_a_column_left_out_is_refused():
    take(
        {
            "Companies": table(COMPANY, SELLER),
            "Needs": table(NEED | {"smallest_share": 100}),
            "Capacities": table(CAPACITY | {"lot": 100}),
        }
    )

    answer = take({"Needs": table(NEED | {"quantity": 50}), "Capacities": table(CAPACITY | {"quantity": 50})})

    assert faults(answer) == [
        ("B2", "share_above_quantity", "N-1"),
        ("B2", "lot_above_quantity", "C-1"),
    ]
    assert (Need.objects.get().quantity_kg, Capacity.objects.get().quantity_kg) == (120_000, 400_000)


def test_a_listing_that_is_here_and_has_run_out_may_be_sent_again_unchanged_but_not_changed():
    past = {"window_from": dt.date(2026, 9, 1), "window_until": dt.date(2026, 10, 31)}
    import_book_on(dt.date(2026, 9, 15), whole_book(**past))

    assert [row.outcome.value for row in take(whole_book(**past)).rows][2] == "already_there"
    assert faults(take(whole_book(**past, quantity=130))) == [("I2", "window_over", "2026-10-31")]
    assert faults(take(whole_book(**past, reference="N-2"))) == [("I2", "window_over", "2026-10-31")]


def import_book_on(day: dt.date, sheets: dict) -> BookAnswer:
    from tests.companies.books import workbook

    return import_book([("book.xlsx", workbook(sheets))], today=day)


def test_the_same_key_twice_refuses_both_rows_and_names_the_other():
    answer = take(
        {
            "Companies": table(COMPANY, COMPANY | {"name_registered": "ТОО «Другое»"}, SELLER),
            "Capacities": table(CAPACITY, CAPACITY | {"quantity": 5}, CAPACITY | {"reference": "C-2"}),
        }
    )

    assert faults(answer) == [
        ("A2", "double_code", "alatau"),
        ("A3", "double_code", "alatau"),
        ("B2", "double_reference", "C-1"),
        ("B3", "double_reference", "C-1"),
    ]
    assert answer.rows[0].messages[0].params["rows"] == ["Companies 3"]


def test_the_same_listing_under_the_code_and_the_number_of_its_company_is_one():
    CompanyFactory(code="alatau", country="KZ", registration_number="020240000555")

    answer = send(NEED, NEED | {"company": "020240000555"}, NEED | {"company": "ALATAU"}, sheet="Needs")

    assert {(cell, code) for cell, code, _found in faults(answer)} == {
        ("B2", "double_reference"),
        ("B3", "double_reference"),
        ("B4", "double_reference"),
    }


def test_a_registration_number_belongs_to_one_company():
    CompanyFactory(code="here", country="KZ", registration_number="941240000193")

    answer = send(
        COMPANY | {"registration_number": "020240000555"},
        COMPANY | {"code": "twin", "registration_number": "020240000555"},
        COMPANY | {"code": "new", "registration_number": "941240000193"},
    )

    assert faults(answer) == [
        ("D2", "double_number", "020240000555"),
        ("D3", "double_number", "020240000555"),
        ("D4", "registered_elsewhere", "941240000193"),
    ]


def test_a_book_cannot_take_over_an_example_or_a_directory_entry():
    CompanyFactory(code="alatau", kind=CompanyKind.EXAMPLE, country="KZ")
    CompanyFactory(code="public", kind=CompanyKind.DIRECTORY, country="KZ")

    answer = take({"Companies": table(COMPANY), "Needs": table(NEED | {"company": "public"})})

    assert faults(answer) == [
        ("A2", "company_kind_differs", "alatau"),
        ("A2", "company_is_directory", "public"),
    ]


def test_changed_certificates_and_lots_of_a_capacity_are_told():
    stated = CAPACITY | {"certificates": "haccp=checked until 2027-12-31; rspo=not_held", "lot": 20, "price": 1080}
    price = {"currency": "USD", "price_unit": "t"}
    take({"Companies": table(SELLER), "Capacities": table(stated | price)})

    answer = take(
        {"Capacities": table(stated | price | {"certificates": "haccp=unchecked", "lot": None, "price": 1090})}
    )

    assert [(m.column, m.params["old"], m.params["new"]) for m in answer.rows[0].messages if m.code == "changed"] == [
        ("certificates", "haccp=checked until 2027-12-31; rspo=not_held", "haccp=unchecked"),
        ("lot", "20000", "-"),
        ("price", "1080", "1090"),
    ]
    assert list(Certificate.objects.values_list("kind__code", "state", "valid_until")) == [("haccp", "unchecked", None)]


def test_only_staff_may_say_what_was_checked():
    answer = send(COMPANY | {"screening": "clear", "visited_on": dt.date(2026, 6, 3)}, by_staff=False)

    assert faults(answer) == [
        ("D2", "only_staff_may_say", "clear"),
        ("E2", "only_staff_may_say", "2026-06-03"),
    ]
    assert send(COMPANY, by_staff=False).is_written
    assert Company.objects.get().status == "submitted"


def test_rows_that_clash_with_a_change_made_meanwhile_write_nothing(monkeypatch):
    """Somebody enters the same need by hand while the book is being read."""
    from companies.book import book_rows

    real = book_rows.write_companies

    def write_companies(entries):
        real(entries)
        NeedFactory(company=Company.objects.get(code="alatau"), reference="N-1")

    monkeypatch.setattr(book_rows, "write_companies", write_companies)

    answer = take(whole_book())

    assert [message.code for message in answer.refusals] == ["book_changed_meanwhile"]
    assert (answer.is_written, answer.takes_nothing, stored()) == (False, True, (0, 0, 0))


def test_csv_files_make_a_book_together():
    answer = import_book(
        [
            ("companies.csv", csv_file(table(COMPANY, SELLER))),
            ("needs.csv", csv_file(table(NEED), separator=";", encoding="utf-8-sig")),
            ("capacities.csv", csv_file(table(CAPACITY), separator="\t", encoding="utf-16")),
        ],
        today=TODAY,
    )

    assert [row.outcome.value for row in answer.rows] == ["taken", "taken", "converted", "converted"]
    assert stored() == (2, 1, 1)


def many(prefix: str, companies: int, listings: int) -> dict[str, list[list]]:
    needs = (
        NEED | {"company": f"{prefix}-{number % companies}", "reference": f"N-{number}", "parameters": "ffa<=0.1"}
        for number in range(listings)
    )
    return {
        "Companies": table(*(COMPANY | {"code": f"{prefix}-{number}"} for number in range(companies))),
        "Needs": table(*(need | {"certificates": "haccp"} for need in needs)),
    }


def queries(book: dict[str, list[list]]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert faults(take(book)) == []
    return len(captured)


@pytest.mark.slow
def test_five_thousand_rows_take_a_few_queries_for_each_five_hundred():
    few = queries(many("few", 3, 5))
    few_again = queries(many("few", 3, 5))
    first = queries(many("many", 50, 5_000))
    again = queries(many("many", 50, 5_000))

    assert Need.objects.count() == 5_005
    assert first == few + 4 * 9  # needs, goods, parameters and certificates, in ten batches instead of one
    assert again == few_again
