"""Contact persons in a report: those who agreed to be seen where it goes, for a kept purpose; others are counted."""

import datetime as dt
import io
import json
import zipfile
import zlib

import pypdf
import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.models import User
from companies.enums import ContactPurpose
from companies.models import Company, ContactLook, ContactPerson
from companies.services import give_consent, withdraw_consent
from reports.cutting.companies import COMPANIES
from reports.cutting.pair import PAIR
from reports.document import TableOf, Words
from reports.enums import Format, Subject
from reports.models import Report, ReportFile, ReportPiece
from reports.orders import Order
from reports.pieces import Pieces
from reports.services.ordering import check_order
from tests.companies.factories import CompanyFactory, ContactPersonFactory
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import person
from tests.reports.cutting.kept import Kept, block, cut_of
from tests.reports.making.small import made

pytestmark = pytest.mark.django_db
WHO = {"name": "Әсел Қожа", "position": "Сату бөлімі", "email": "asel@example.org", "phone": "+7 727 1234567"}


def asked(*companies: Company, **order) -> Order:
    facts = {
        "contacts": True,
        "purpose": ContactPurpose.EVENT,
        "purpose_words": "the fair in May",
        "recipient": "The embassy in Astana",
        "crosses_to": "KZ",
    } | order
    return Order(subject=Subject.COMPANIES, companies=tuple(one.pk for one in companies), **facts)


def looks() -> list[tuple]:
    return list(ContactLook.objects.order_by("pk").values_list("company", "looked_by", "purpose", "words", "seen"))


def test_who_agreed_to_be_seen_there_is_in_it_with_one_look_a_company():
    first, second, officer = CompanyFactory(), CompanyFactory(), person(Role.OFFICER)
    ContactPersonFactory(company=first, countries=["KZ"], **WHO)
    ContactPersonFactory(company=first, countries=["ID", "KZ"], name="Budi", phone="+62 1")

    cut, rows = cut_of(COMPANIES, asked(first, second), officer)

    assert rows["contacts"] == [
        [first.name_registered, *WHO.values()],
        [first.name_registered, "Budi", None, None, "+62 1"],
    ]
    assert (cut.document.has_contacts, cut.document.left_out, cut.contacts_of) == (True, 0, (first.pk,))
    assert block(cut.document, TableOf) == {"is": "TableOf", "table": "contacts", "columns": []}
    words = "the fair in May; The embassy in Astana"
    assert looks() == [
        (first.pk, officer.pk, "event", words, 2),
        (second.pk, officer.pk, "event", words, 0),
    ]


@pytest.mark.parametrize(
    ("role", "agreed", "withdrawn", "crosses_to"),
    [
        (Role.OFFICER, [], False, "KZ"),  # agreed to nothing
        (Role.OFFICER, ["KZ"], True, "KZ"),  # took it back
        (Role.OFFICER, ["ID"], False, "ID"),  # the recipient's country, and not where the officer sits
        (Role.OFFICER, ["KZ"], False, "ID"),  # where the officer sits, and not the recipient's country
        (Role.STAFF, ["KZ"], False, "KZ"),
    ],
)
def test_who_did_not_agree_is_in_no_piece_and_counted_field_by_field(role, agreed, withdrawn, crosses_to):
    company, user = CompanyFactory(), person(role)
    kept_back = ContactPersonFactory(company=company, countries=agreed, **WHO)
    ContactPersonFactory(company=company, countries=["ID", "KZ"], name="Budi Terlihat", phone="+62 1")
    if withdrawn:
        withdraw_consent(contact=kept_back)
    report = Report.objects.create(subject=Subject.COMPANIES, order={}, maker=user)
    pieces = Pieces(report)

    check_order(asked(company, crosses_to=crosses_to), user)
    cut = COMPANIES.cut(asked(company, crosses_to=crosses_to), user, pieces)

    told = json.dumps(cut.document.to_json(), ensure_ascii=False)
    written = "".join(zlib.decompress(piece.content).decode() for piece in ReportPiece.objects.filter(report=report))
    assert "Budi Terlihat" in written
    assert "Budi Terlihat" not in told
    assert not [fact for fact in WHO.values() if fact in told + written]
    assert (cut.document.left_out, cut.document.has_contacts, cut.contacts_of) == (4, True, (company.pk,))
    assert [seen for *_rest, seen in looks()] == [1]


def test_who_agreed_to_fewer_countries_since_crosses_to_those_alone():
    company, officer = CompanyFactory(), person(Role.OFFICER)
    narrowed = ContactPersonFactory(company=company, countries=["ID", "KZ"], **WHO)
    give_consent(contact=narrowed, recorded_by=officer, countries=["KZ"], given_on=dt.date(2026, 11, 2))

    there, rows_there = cut_of(COMPANIES, asked(company, crosses_to="ID"), officer)
    here, rows_here = cut_of(COMPANIES, asked(company, crosses_to="KZ"), officer)

    assert (rows_there["contacts"], there.document.left_out) == ([], 4)
    assert (len(rows_here["contacts"]), here.document.left_out) == (1, 0)


def test_fields_that_a_person_never_gave_are_not_counted_as_left_out():
    company = CompanyFactory()
    ContactPersonFactory(company=company, countries=[], name="Somebody", phone="+62 1", email="", position="")

    cut, rows = cut_of(COMPANIES, asked(company), person(Role.OFFICER))

    assert rows["contacts"] == []
    assert (cut.document.left_out, cut.document.has_contacts, cut.contacts_of) == (2, False, ())
    assert block(cut.document, Words)["text"] == "No contact person agreed to be seen where the recipient works."


def test_a_report_without_contacts_says_nothing_of_them_and_looks_at_nobody():
    company = CompanyFactory()
    ContactPersonFactory(company=company, **WHO)

    cut, rows = cut_of(COMPANIES, Order(subject=Subject.COMPANIES, companies=(company.pk,)), person(Role.OFFICER))

    whole = json.dumps([cut.document.to_json(), rows], ensure_ascii=False)
    assert not [fact for fact in WHO.values() if fact in whole]
    assert ("contacts" in rows, cut.document.left_out, looks()) == (False, 0, [])


def test_a_preview_shows_no_contact_person_and_keeps_no_look():
    company = CompanyFactory()
    ContactPersonFactory(company=company, **WHO)

    cut, rows = cut_of(COMPANIES, asked(company), person(Role.OFFICER), Kept(keeps=False))

    assert (rows["contacts"], cut.document.left_out, looks()) == ([], 0, [])
    assert "finished report alone" in block(cut.document, Words)["text"]


def test_a_brief_holds_the_contact_persons_of_both_sides():
    (result,) = some_matches(CommodityFactory(), 1)
    buyer, seller = result.match.need.company, result.match.capacity.company
    ContactPersonFactory(company=buyer, **WHO)
    ContactPersonFactory(company=seller, name="Budi", phone="+62 1")
    officer = person(Role.OFFICER)
    order = Order(**vars(asked()) | {"subject": Subject.PAIR, "match": result.match_id})

    cut, rows = cut_of(PAIR, order, officer)

    assert [row[1] for row in rows["contacts"]] == [WHO["name"], "Budi"]
    assert cut.contacts_of == (buyer.pk, seller.pk)
    assert [(company, seen) for company, *_rest, seen in looks()] == [(buyer.pk, 1), (seller.pk, 1)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"purpose": "other", "purpose_words": " "}, "purpose_words"),
        ({"recipient": "  "}, "recipient"),
        ({"crosses_to": ""}, "crosses_to"),
        ({"crosses_to": "AQ"}, "crosses_to"),
        ({"purpose_words": "x" * 290}, "purpose_words"),
    ],
)
def test_contact_persons_without_a_reason_a_recipient_and_a_country_are_refused(wrong, field):
    company = CompanyFactory()

    with pytest.raises(ValidationError) as refusal:
        check_order(asked(company, **wrong), person(Role.OFFICER))

    assert list(refusal.value.message_dict) == [field]
    assert looks() == []


def test_what_is_kept_of_a_look_goes_with_the_cut_that_did_not_come_about():
    company = CompanyFactory()
    ContactPersonFactory(company=company, **WHO)

    class Broken(Kept):
        def put(self, table, rows):
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        cut_of(COMPANIES, asked(company), person(Role.OFFICER), Broken())

    assert (looks(), User.objects.count(), ContactPerson.objects.count()) == ([], 1, 1)


def test_no_file_of_any_kind_holds_who_may_not_cross_and_many_files_are_one_look():
    (result,) = some_matches(CommodityFactory(), 1)
    buyer, seller = result.match.need.company, result.match.capacity.company
    ContactPersonFactory(company=buyer, countries=["ID"], **WHO)
    ContactPersonFactory(company=seller, name="Budi Terlihat", phone="+62 1")
    order = Order(**vars(asked()) | {"subject": Subject.PAIR, "match": result.match_id})
    kinds = (Format.JSON, Format.CSV, Format.XLSX, Format.PDF)

    report = made(*((kind, ("ru",)) for kind in kinds), order=order)

    told = {file.format: text_of(file) for file in report.files.all()}
    assert list(told) == list(kinds)
    assert [kind for kind, text in told.items() if "Budi Terlihat" in text] == ["json", "xlsx", "pdf"]
    assert [(kind, fact) for kind, text in told.items() for fact in WHO.values() if fact in text] == []
    assert (report.left_out, report.rests_on["contacts_of"]) == (4, [seller.pk])
    assert [(company, seen) for company, *_rest, seen in looks()] == [(buyer.pk, 0), (seller.pk, 1)]


def text_of(file: ReportFile) -> str:
    """All that somebody can read in a file."""
    content = b"".join(file.pieces.order_by("number").values_list("content", flat=True))
    if file.format == Format.XLSX:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "".join(parts.read(name).decode() for name in parts.namelist())
    if file.format == Format.PDF:
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return content.decode()
