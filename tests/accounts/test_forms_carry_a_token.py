"""A form that a list carries is refused without the token of forms, which `include ... only` keeps from it."""

import re

import pytest

from accounts.enums import Role
from accounts.models import SavedView
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import person

pytestmark = pytest.mark.django_db
FORM = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)
LISTS = {
    "/matches/": "matching:match-list",
    "/near-misses/": "matching:near-miss-list",
    "/companies/": "companies:company-list",
    "/commodities/": "commodities:commodity-list",
}


@pytest.mark.parametrize("address", LISTS)
def test_every_form_of_a_list_carries_the_token(client, address):
    staff = person(Role.STAFF)
    client.force_login(staff)
    some_matches(CommodityFactory(), 1)
    SavedView.objects.create(owner=staff, page=LISTS[address], name="Mine")

    forms = FORM.findall(client.get(address).content.decode())

    assert any("/accounts/views/" in form for form in forms)
    assert [form for form in forms if 'name="csrfmiddlewaretoken"' not in form] == []
