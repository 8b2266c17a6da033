"""The papers that a lane asks for, on the page of a match."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.figures import written_day
from companies.models import Need
from tests.factories import CertificateKindFactory, CommodityFactory, RequirementFactory
from tests.matching.found import some_matches
from tests.people import person

pytestmark = pytest.mark.django_db
TO_KAZAKHSTAN = {"direction": "ID>KZ", "bearer": "seller"}


@pytest.fixture
def page(client):
    """The page of a match of Indonesian palm oil in Kazakhstan, as staff reads it: its text, without the markup."""
    (result,) = some_matches(CommodityFactory(sector="palm_oil"), 1)
    client.force_login(person(Role.STAFF))

    def read(language: str = "en") -> str:
        client.cookies["django_language"] = language
        response = client.get(f"/matches/{result.match_id}/")
        assert response.status_code == 200
        (block,) = re.findall(r'id="papers".*?</section>', response.content.decode(), re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", block).split())

    return read


def test_match_page_lists_papers_by_what_they_are_with_bearer_and_how_sure(page):
    label = {"stage": "per_shipment", "certificate_kind": None, "bearer": "shipment", "issuing_body": "importer"}
    RequirementFactory(title_en="Food labelling", document="label", source="order 348", **(TO_KAZAKHSTAN | label))
    ispo = CertificateKindFactory(name_en="ISPO certificate")
    plantations = {"certificate_kind": ispo, "class_confidence": "unsure", "document": "the certificate"}
    RequirementFactory(title_en="ISPO of plantations", source="decree 16", **TO_KAZAKHSTAN, **plantations)
    permit = {"stage": "before_contract", "certificate_kind": None, "bearer": "buyer", "confidence": "unsure"}
    RequirementFactory(title_en="Import permit", document="permit", source="a guess", **(TO_KAZAKHSTAN | permit))

    assert page().partition("for?")[2] == (
        " To be asked, and settled before the contract "
        "ISPO certificate ISPO of plantations. The certificate Source: decree 16 Date of the source not known "
        "Not sure enough to refuse a pair: ask. Seller verified "
        "Import permit Permit Source: a guess Date of the source not known Buyer to be asked "
        "What each consignment needs Shipment Food labelling Label; importer Source: order 348 "
        "Date of the source not known Shipment verified"
    )


def test_match_page_says_of_a_gate_on_which_law_it_rests_and_how_old_its_source_is(page):
    halal = {"title_en": "Halal food", "certificate_kind": CertificateKindFactory(name_en="Halal certificate")}
    law = {"legal_basis": "regulation 42", "document": "certificate", "source": "a ministry, 24 Oct 2014"}
    RequirementFactory(**halal, **law, **TO_KAZAKHSTAN)

    assert page().partition("for?")[2] == (
        " Without it a pair is refused Halal certificate Halal food. Certificate Legal basis: regulation 42 "
        "Source: a ministry, 24 Oct 2014 Source of 24 October 2014: look again before relying on it Seller verified"
    )


def test_match_page_announces_what_begins_before_the_delivery_ends(page):
    need = Need.objects.get()
    facts = {"title_en": "Halal food", "certificate_kind": CertificateKindFactory(name_en="Halal certificate")}
    RequirementFactory(**facts, valid_from=need.window_until, **TO_KAZAKHSTAN)
    RequirementFactory(valid_from=need.window_until + dt.timedelta(1), **TO_KAZAKHSTAN)

    told = page().partition("for?")[2]

    assert told.startswith(
        f" Announced, not in force yet Halal certificate From {written_day(need.window_until)} Halal"
    )
    assert told.count("Source:") == 1


def test_match_page_names_a_paper_in_the_readers_language(page):
    halal = CertificateKindFactory(name_en="Halal certificate", name_id="Sertifikat halal")
    RequirementFactory(title_en="Halal food", certificate_kind=halal, **TO_KAZAKHSTAN)

    assert "Sertifikat halal Halal food." in page("id")


def test_match_page_leaves_out_papers_of_other_goods_ways_and_times(page):
    RequirementFactory(direction="KZ>ID")
    RequirementFactory(**TO_KAZAKHSTAN, sectors=["grains"])
    RequirementFactory(**TO_KAZAKHSTAN, commodity=CommodityFactory())
    RequirementFactory(**TO_KAZAKHSTAN, valid_to="2027-01-03")
    RequirementFactory(**TO_KAZAKHSTAN, stage="info")

    assert page().endswith("The reference data name no paper for these goods on this way.")


def test_match_page_costs_the_same_queries_for_one_paper_as_for_many(page):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    RequirementFactory(**TO_KAZAKHSTAN)
    queries()  # the first page of a session reads more
    few = queries()
    for _more in range(10):
        RequirementFactory(**TO_KAZAKHSTAN)

    assert queries() == few
