"""Names as people type them stand on every list as they are: neither as markup nor escaped twice."""

import pytest
from django.utils.html import escape

from accounts.enums import Role
from companies.models import Company
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found, near_miss, planned
from tests.people import person

pytestmark = pytest.mark.django_db
BUYER, SELLER = 'Құс & Бала <b title="x">', "PT Maju & Jaya <script>'"
MATCH_COLUMNS = "&".join(
    f"columns={key}"
    for key in (
        *("exporter", "importer", "goods", "quantity", "planned", "landed", "days", "score", "could_reach"),
        *("unknown", "rank", "window", "first", "state"),
    )
)
LISTS = (
    *("/matches/", f"/matches/?{MATCH_COLUMNS}", "/near-misses/", "/plan/", "/plan/flows/", "/plan/unmet/"),
    *("/plan/unused/", "/companies/", "/companies/?columns=country&columns=kind&columns=language&columns=changed"),
)


@pytest.fixture
def staff(client):
    open_corridor()
    goods, run = CommodityFactory(), finished_run()
    wanted, offered = need(goods), capacity(goods)
    planned(found(run, wanted, offered, planned_kg=60_000))
    near_miss(run, need(CommodityFactory(), company=wanted.company), offered)
    for listing, name in ((wanted, BUYER), (offered, SELLER)):
        Company.objects.filter(pk=listing.company_id).update(name_registered=name, name_latin="", name_short="")
    client.force_login(person(Role.STAFF))
    return client


@pytest.mark.parametrize("address", LISTS)
def test_names_are_escaped_once(staff, address):
    page = staff.get(address).content.decode()

    named = [name for name in (BUYER, SELLER) if escape(name) in page]
    assert named
    for name in (BUYER, SELLER):
        assert name not in page
        assert escape(escape(name)) not in page
        assert escape(name).replace("&", "&amp;") not in page
