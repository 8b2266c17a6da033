"""The pages of saved views: saved, opened, shared, renamed and removed from the list they are of."""

import re

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import SavedView
from accounts.saved_views import save_view
from commodities.enums import Sector
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import person

pytestmark = pytest.mark.django_db
PAGE, MATCHES = "matching:match-list", "/matches/"
QUERY = "sector=palm_oil&columns=importer&columns=score&density=compact"


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def saved(user=None, **facts) -> SavedView:
    return save_view(user or person(Role.STAFF), **{"page": PAGE, "name": "Palm oil", "query": QUERY} | facts)


def offered(response) -> dict[str, list[str]]:
    views = response.context["views"]
    return {"own": [one.view.name for one in views.own], "shared": [one.view.name for one in views.shared]}


def test_saved_view_opens_as_the_list_it_was(staff):
    some_matches(CommodityFactory(sector=Sector.PALM_OIL), 2)

    answer = staff.post("/accounts/views/save/", {"page": PAGE, "name": "Palm oil", "query": QUERY})
    page = staff.get(answer["Location"])

    assert (answer.status_code, answer["Location"]) == (302, f"{MATCHES}?{QUERY}")
    assert offered(page) == {"own": ["Palm oil"], "shared": []}
    assert page.context["table"].show == {"exporter", "importer", "score"}
    assert page.context["table"].is_compact
    assert [one.is_open for one in page.context["views"].own] == [True]


def test_name_that_is_taken_is_asked_again_with_all_that_was_typed(staff):
    saved()

    answer = staff.post(
        "/accounts/views/save/", {"page": PAGE, "name": "Palm oil", "query": "sector=grains", "is_shared": "on"}
    )

    assert answer.status_code == 400
    assert answer.context["form"].data.dict() | {} == {
        "page": PAGE,
        "name": "Palm oil",
        "query": "sector=grains",
        "is_shared": "on",
    }
    assert "You have a view called “Palm oil” already." in answer.content.decode()


def test_one_click_shares_a_view_with_colleagues_and_another_takes_it_back(staff, client):
    view = saved()
    officer = type(client)()
    officer.force_login(person(Role.OFFICER))

    before = offered(officer.get(MATCHES))
    staff.post(f"/accounts/views/{view.pk}/share/", {"shared": "yes"})
    shared = offered(officer.get(MATCHES))
    staff.post(f"/accounts/views/{view.pk}/share/", {"shared": "no"})

    assert before == {"own": [], "shared": []}
    assert shared == {"own": [], "shared": ["Palm oil"]}
    assert offered(officer.get(MATCHES)) == before


def test_view_is_renamed_and_removed_by_its_owner(staff):
    view = saved()

    staff.post(f"/accounts/views/{view.pk}/", {"name": "Palm oil, closely"})
    renamed = offered(staff.get(MATCHES))
    gone = staff.post(f"/accounts/views/{view.pk}/remove/")

    assert renamed == {"own": ["Palm oil, closely"], "shared": []}
    assert (gone["Location"], offered(staff.get(MATCHES))) == (MATCHES, {"own": [], "shared": []})


@pytest.mark.parametrize("is_shared", [False, True])
def test_view_of_a_colleague_is_not_theirs_to_change(staff, is_shared):
    view = saved(person(Role.OFFICER), is_shared=is_shared)
    address = f"/accounts/views/{view.pk}/"

    answers = [
        staff.get(address),
        staff.post(address, {"name": "Another"}),
        staff.post(f"{address}share/", {"shared": "yes"}),
        staff.post(f"{address}remove/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert list(SavedView.objects.values_list("name", "is_shared")) == [("Palm oil", is_shared)]


@pytest.mark.parametrize(
    ("stale", "gone"),
    [
        ("colour=red", "colour: red"),
        ("commodity=999999", "Goods: 999999"),
        ("companies=987654321", "Companies: 987654321"),
        ("exporter_region=ID-GONE", "Where the exporter is: ID-GONE"),
        ("columns=smell", "Columns: smell"),
        ("sort=-smell", "Order: -smell"),
    ],
)
def test_view_tells_which_part_of_it_is_gone_and_shows_the_rest(staff, stale, gone):
    view = saved(query=f"sector=palm_oil&{stale}")

    answer = staff.get(f"{MATCHES}?{view.query}")
    page = staff.get(answer["Location"])

    assert (answer.status_code, answer["Location"], page.status_code) == (302, f"{MATCHES}?sector=palm_oil", 200)
    said = [str(one) for one in page.context["messages"]]
    assert len(said) == 1
    assert f"The view “Palm oil” asks for what is no longer there: {gone}. The rest of it is shown." in said[0]
    assert staff.get(f"/accounts/views/{view.pk}/").status_code == 200


def test_view_of_which_nothing_holds_opens_the_whole_list(staff):
    saved(query="colour=red")

    assert staff.get(f"{MATCHES}?colour=red")["Location"] == MATCHES


def test_view_keeps_those_of_its_choices_that_are_still_there(staff):
    saved(query="sector=palm_oil&sector=unicorns&sector=grains")

    answer = staff.get(f"{MATCHES}?sector=palm_oil&sector=unicorns&sector=grains")

    assert answer["Location"] == f"{MATCHES}?sector=palm_oil&sector=grains"


def test_shared_view_of_a_colleague_tells_what_is_gone_and_asks_nothing_of_the_reader(staff):
    view = saved(person(Role.OFFICER), query="sector=palm_oil&colour=red", is_shared=True)

    page = staff.get(f"{MATCHES}?{view.query}", follow=True)

    assert [str(one) for one in page.context["messages"]] == [
        "The view “Palm oil” asks for what is no longer there: colour: red. The rest of it is shown."
    ]


def test_address_that_is_no_saved_view_is_refused_in_words_and_leads_to_the_rest(staff):
    saved(person(Role.OFFICER), query="sector=palm_oil&colour=red")

    refused = staff.get(f"{MATCHES}?sector=palm_oil&colour=red")

    assert refused.status_code == 400
    assert "colour is no filter of this list." in refused.content.decode()
    assert refused.context["rest"] == {"url": "?sector=palm_oil", "without": "colour: red"}


def test_view_whose_number_has_two_readings_is_asked_about_rather_than_dropped(staff):
    saved(query="sector=palm_oil&at_least_t=1.290")

    asked = staff.get(f"{MATCHES}?sector=palm_oil&at_least_t=1.290")

    assert (asked.status_code, len(asked.context["questions"])) == (400, 1)


@pytest.mark.parametrize("address", [MATCHES, "/near-misses/", "/companies/", "/commodities/"])
def test_forms_around_each_list_carry_the_token_that_proves_where_they_come_from(address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.STAFF))

    saved_as = client.post("/accounts/views/save/", hidden_in(client.get(address), "save/") | {"name": "Mine"})
    page = client.get(saved_as["Location"])
    share = f"/accounts/views/{SavedView.objects.get().pk}/share/"
    shared = client.post(share, hidden_in(page, "share/") | {"shared": "yes"})

    assert (saved_as["Location"], shared.status_code) == (address, 302)
    assert SavedView.objects.get().is_shared


def hidden_in(response, action: str) -> dict[str, str]:
    """What the form with an address that ends so sends along unseen."""
    form = re.search(rf'<form[^>]*action="[^"]*{action}"[^>]*>(.*?)</form>', response.content.decode(), re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[1]))


def test_list_is_handed_to_a_colleague_with_one_link(staff):
    page = staff.get(f"{MATCHES}?{QUERY}&page=1").content.decode()

    assert f'data-share="http://testserver{MATCHES}?{QUERY.replace("&", "&amp;")}"' in page


def test_business_user_finds_no_saved_views(client):
    view = saved(is_shared=True)
    client.force_login(person(Role.BUSINESS))

    answers = [
        client.post("/accounts/views/save/", {"page": PAGE, "name": "Mine", "query": ""}),
        client.get(f"/accounts/views/{view.pk}/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
