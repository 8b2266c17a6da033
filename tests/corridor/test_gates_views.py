"""The list of requirements: filters by goods, ways and states, and what is said of an old or missing source."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from corridor.models import Preference
from tests.factories import CertificateKindFactory, CommodityFactory, RequirementFactory
from tests.people import person

pytestmark = pytest.mark.django_db
PAGE = "/corridor/papers/"
TODAY = timezone.localdate()
TOMORROW = TODAY + dt.timedelta(1)


@pytest.fixture(autouse=True)
def _staff(client):
    client.force_login(person(Role.STAFF))


def titles(client, query: str = "") -> list[str]:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200
    return [row.title_en for row, _paper in response.context["rows"]]


def row_of(client, code: str) -> str:
    (row,) = re.findall(rf'<tr id="{code}">.*?</tr>', client.get(PAGE).content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_requirements_are_found_by_what_they_bind_and_how_they_stand(client):
    flour = CommodityFactory(code="wheat-flour", name_en="Wheat flour", sector="grains")
    kind = CertificateKindFactory()
    common = {"certificate_kind": kind}
    RequirementFactory(code="R1", title_en="Standard of flour", commodity=flour, sectors=["grains"], **common)
    RequirementFactory(code="R2", title_en="Of fish", sectors=["fisheries"], stage="per_shipment", **common)
    RequirementFactory(code="R3", title_en="Of all goods", direction="both", bearer="buyer", kind="fiscal", **common)
    RequirementFactory(code="R4", title_en="Later", valid_from=TOMORROW, sectors=["grains"], **common)
    RequirementFactory(code="R5", title_en="Old", source="a page of 1 Jan 2020", sectors=["wood"], **common)

    assert titles(client, "goods=flour") == ["Standard of flour", "Of all goods", "Later"]
    assert titles(client, "sector=fisheries") == ["Of fish", "Of all goods"]
    assert titles(client, "direction=both") == ["Of all goods"]
    assert titles(client, "bearer=buyer") == ["Of all goods"]
    assert titles(client, "stage=per_shipment") == ["Of fish"]
    assert titles(client, "kind=fiscal") == ["Of all goods"]
    assert titles(client, "state=not_yet") == ["Later"]
    assert titles(client, "state=stale") == ["Old"]
    assert titles(client, "gate=gate&state=holds") == ["Standard of flour"]
    assert titles(client, "goods=diamonds") == []


def test_row_tells_the_law_the_source_its_age_and_whether_it_refuses_a_pair(client):
    law = {"legal_basis": "PP 42/2024", "sectors": ["grains"], "document": "certificate", "issuing_body": "BPJPH"}
    RequirementFactory(code="R1", title_en="Halal food", source="a page of 24 Oct 2020", **law)
    RequirementFactory(code="R2", title_en="Later", valid_from=TOMORROW, source="from memory")

    assert row_of(client, "R1") == (
        "Halal food Certificate; BPJPH KZ to ID Grains and oilseeds Seller held before trading "
        "In force, by an old source refuses a pair where it is not held PP 42/2024 a page of 24 Oct 2020 "
        "source of 24 October 2020: look again before relying on it; verified"
    )
    assert "Not yet in force will refuse a pair where it is not held from" in row_of(client, "R2")
    assert row_of(client, "R2").endswith("legal basis not known from memory date of the source not known; verified")


def test_paper_for_a_preference_is_in_force_once_it_was_switched_on(client):
    facts = {"title_en": "I-EAEU FTA preference", "kind": "preference", "stage": "per_shipment"}
    RequirementFactory(code="R1", certificate_kind=None, **facts)
    before = row_of(client, "R1")
    Preference.objects.create(scheme="I-EAEU FTA", in_force_from=TODAY, legal_reference="a law")

    assert "Not yet in force preference entry into force not confirmed" in before
    assert "In force preference from" in row_of(client, "R1")


def test_list_of_requirements_costs_the_same_queries_for_one_row_as_for_three(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            titles(client)
        return len(captured)

    RequirementFactory()
    queries()
    few = queries()
    RequirementFactory(), RequirementFactory(commodity=CommodityFactory())

    assert queries() == few
