"""Dossiers of companies: what is kept and public of each, what it wants and offers, who fits it."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.enums import CompanyKind, CompanyStatus
from companies.models import Company
from reports.cutting.companies import COMPANIES, MOST_DOSSIERS
from reports.document import Document, Heading, Words
from reports.enums import Subject
from reports.orders import Order
from reports.services.ordering import check_order
from tests.companies.factories import CompanyFactory
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found, near_miss, planned
from tests.people import member_of, person
from tests.reports.cutting.kept import LANGUAGES, block, cut_of, read_in, table_in

pytestmark = pytest.mark.django_db


def dossier_of(*companies: Company, user=None, **order):
    asked = Order(subject=Subject.COMPANIES, companies=tuple(one.pk for one in companies), **order)
    return cut_of(COMPANIES, asked, user or person(Role.OFFICER))


def section(document: Document, title: str, language: str = "en") -> list[tuple[str, str]]:
    (one,) = [told for told in (read_in(one, language) for one in document.blocks) if told.get("title") == title]
    return [(line["label"], line["value"]) for line in one["lines"]]


def traded(**of_seller):
    """A need and a capacity that fit, with the plan's share and a near miss of the same seller."""
    goods = CommodityFactory(name_en="RBD palm olein")
    open_corridor()
    buyer, seller = company("KZ", name_registered="ТОО «Алатау»"), company("ID", **of_seller)
    wanted, offered = need(goods, company=buyer, reference="N-1"), capacity(goods, company=seller, reference="C-1")
    run = finished_run()
    result = found(run, wanted, offered, planned_kg=60_000)
    planned(result)
    near_miss(run, wanted, capacity(goods, company=seller, reference="C-2"))
    return buyer, seller, result


def test_dossier_tells_what_a_company_wants_and_offers_who_fits_it_and_what_would_open_more():
    buyer, seller, result = traded(name_registered="PT Kariangau")

    cut, rows = dossier_of(seller)

    told = cut.document
    assert (told.title, cut.run) == ("PT Kariangau", result.run)
    assert section(told, "What does it need?") == [("", "No need is recorded.")]
    assert [label for label, _value in section(told, "What can it supply?")] == [
        "RBD palm olein (C-2)",
        "RBD palm olein (C-1)",
    ]
    assert section(told, "What can it supply?")[1][1] == (
        "500\xa0t, lot 20 t; 1 Jan – 30 Jun 2027, Place IDKRG; asks 800\xa0USD/t, FOB Place IDKRG; open"
    )
    assert section(told, "Who fits it best?") == [
        (f"{buyer.name_registered} (№\xa0{result.match_id})", "RBD palm olein; 80 points; 100\xa0t can move; example")
    ]
    assert section(told, "What does the plan move?") == [("Of what it can supply", "60\xa0t of 500\xa0t")]
    ((partner, change),) = section(told, "What would open more?")
    assert (partner, "come down by 20\xa0USD/t" in change) == ("ТОО «Алатау»: RBD palm olein", True)
    assert [
        (row["match"], row["side"], row["score"], row["landed_high"]) for row in table_in(told, rows, "matches")
    ] == [(str(result.match_id), "seller", "80", "1030.00")]
    assert [row["rule"] for row in table_in(told, rows, "openings", "id")] == ["Harga"]


def test_figures_of_a_dossier_are_the_same_in_all_four_languages():
    buyer, seller, _result = traded()

    cut, rows = dossier_of(buyer, seller)

    told = {language: read_in(cut.document, language) for language in LANGUAGES}
    assert len({json.dumps(one["blocks"]) for one in told.values()}) == len(LANGUAGES)
    figures = {
        language: [
            (row["score"], row["movable_t"], row["landed_low"], row["landed_high"], row["days_high"])
            for row in table_in(cut.document, rows, "matches", language)
        ]
        for language in LANGUAGES
    }
    assert (
        figures["id"]
        == figures["en"]
        == figures["ru"]
        == figures["kk"]
        == [("80", "100", "1000.00", "1030.00", "35")] * 2
    )
    assert Document.of_json(json.loads(json.dumps(cut.document.to_json()))) == cut.document


def test_each_company_begins_with_its_own_heading_in_the_order_that_was_asked():
    first, second = company("ID", name_registered="PT Zaitun"), company("KZ", name_registered="ТОО «Ақ Бидай»")

    cut, rows = dossier_of(first, second, first)

    headings = [one.text for one in cut.document.blocks if isinstance(one, Heading)]
    assert headings == ["PT Zaitun", "ТОО «Ақ Бидай»"]
    assert [row["company"] for row in table_in(cut.document, rows, "companies")] == headings
    assert read_in(cut.document.title, "en") == "What is known of 2 companies"


def test_an_example_is_marked_and_a_public_entry_tells_its_source_and_day_and_no_trade():
    example = company("ID", kind=CompanyKind.EXAMPLE)
    real = CompanyFactory(
        kind=CompanyKind.DIRECTORY, name_registered="PT Nyata", source="ahu.go.id, 1 Nov 2026", city=""
    )
    officer = person(Role.OFFICER)

    marked, _rows = dossier_of(example, user=officer)
    public, rows = dossier_of(real, user=officer)

    assert (
        block(marked.document, Words)["text"] == "An example: this company, its figures and its matches are invented."
    )
    assert marked.document.has_examples
    facts = dict(section(public.document, "What is public of it?"))
    assert (facts["Kind of entry"], facts["Town"]) == ("Public directory", "not known")
    assert facts["Source"].startswith("ahu.go.id, 1 Nov 2026 (as of ")
    titles = [getattr(one, "title", None) for one in public.document.blocks]
    assert [read_in(title, "en") for title in titles if title] == ["What is public of it?", "What was checked?"]
    assert not public.document.has_examples
    assert rows["needs"] == rows["capacities"] == rows["matches"] == []


@pytest.mark.parametrize(
    ("language", "words"), [("en", "not known"), ("id", "belum diketahui"), ("ru", "неизвестно"), ("kk", "белгісіз")]
)
def test_facts_that_nobody_stated_say_so_in_each_language(language, words):
    bare = CompanyFactory(name_registered="ЖШС «Үміт»")

    cut, _rows = dossier_of(bare)

    own = next(told for told in (read_in(one, language) for one in cut.document.blocks) if told["is"] == "Facts")
    assert [line["value"] for line in own["lines"]].count(words) == 11


def test_a_suspended_company_is_told_as_such_and_fits_nobody():
    _buyer, seller, _result = traded()
    Company.objects.filter(pk=seller.pk).update(status=CompanyStatus.SUSPENDED, kind=CompanyKind.REGISTERED)

    cut, rows = dossier_of(seller)

    assert block(cut.document, Words)["tone"] == "warning"
    assert section(cut.document, "Who fits it best?") == [("", "No match now.")]
    assert rows["matches"] == rows["openings"] == []


def test_what_is_for_verifiers_alone_is_in_no_dossier():
    one = company("ID", screening_note="Lawsuit in Samarinda", status_reason="Papers missing")
    one.facts.update(note="Met Mr. Budi at the gate")

    cut, rows = dossier_of(one)

    whole = json.dumps([cut.document.to_json(), rows], ensure_ascii=False)
    assert not [word for word in ("Lawsuit", "Papers missing", "Mr. Budi") if word in whole]


def test_companies_that_one_may_not_see_and_too_many_or_none_are_refused_in_words():
    officer, seen, hidden = person(Role.OFFICER), company("ID"), company("KZ", is_hidden=True)

    def refused(user, *keys: int) -> str:
        with pytest.raises(ValidationError) as refusal:
            check_order(Order(subject=Subject.COMPANIES, companies=keys), user)
        return refusal.value.code or refusal.value.message

    assert refused(officer, seen.pk, hidden.pk) == "gone"
    assert refused(officer) == "no_company"
    assert refused(officer, *range(1, MOST_DOSSIERS + 2)) == "too_many"
    assert refused(member_of(seen), seen.pk) == "Only city staff and embassy officers carry reports away."


def test_a_dossier_asks_the_database_no_more_often_for_more_matches():
    _buyer, seller, result = traded()
    officer = person(Role.OFFICER)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            dossier_of(seller, user=officer)
        return len(captured)

    few = queries()
    for _number in range(3):
        found(result.run, need(result.match.capacity.commodity), result.match.capacity)

    assert queries() == few
