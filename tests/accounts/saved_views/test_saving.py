"""Saved views: what is kept of a list, under which name, and what is refused."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.models import SavedView
from accounts.saved_views import LONGEST_QUERY, MOST_SHARED, MOST_VIEWS, rename_view, save_view, share_view, views_of
from tests.people import person

pytestmark = pytest.mark.django_db
PAGE = "matching:match-list"


def kept() -> list[tuple]:
    return list(SavedView.objects.values_list("page", "name", "query", "is_shared"))


def test_view_keeps_the_filter_and_not_the_page_somebody_was_at():
    query = "sector=palm_oil&sector=grains&at_least_t=&sort=-score&columns=importer&density=compact&size=100&page=7"

    save_view(person(Role.STAFF), page=PAGE, name="Palm oil", query=f"{query}&after=12,3")

    expected = "sector=palm_oil&sector=grains&sort=-score&columns=importer&density=compact&size=100"
    assert kept() == [(PAGE, "Palm oil", expected, False)]


def test_view_that_is_sent_twice_is_one_view():
    staff = person(Role.STAFF)

    first = save_view(staff, page=PAGE, name="Palm oil", query="sector=palm_oil")
    second = save_view(staff, page=PAGE, name="Palm oil", query="sector=palm_oil&page=2")

    assert first == second
    assert kept() == [(PAGE, "Palm oil", "sector=palm_oil", False)]


def test_name_of_a_view_is_taken_once_by_each_person():
    save_view(person(Role.STAFF), page=PAGE, name="Palm oil", query="sector=palm_oil")
    save_view(person(Role.OFFICER), page=PAGE, name="Palm oil", query="")

    with pytest.raises(ValidationError) as refused:
        save_view(person(Role.STAFF), page=PAGE, name="Palm oil", query="sector=grains")

    taken = "You have a view called “Palm oil” already. Give this one another name."
    assert refused.value.message_dict == {"name": [taken]}


def test_view_is_not_renamed_to_another_of_the_same_person():
    staff = person(Role.STAFF)
    save_view(staff, page=PAGE, name="Palm oil", query="")
    other = save_view(staff, page=PAGE, name="Fish", query="sector=fisheries")

    with pytest.raises(ValidationError) as refused:
        rename_view(other, "Palm oil")
    rename_view(other, "Shrimp")

    taken = "You have a view called “Palm oil” already. Give this one another name."
    assert refused.value.message_dict == {"name": [taken]}
    assert kept() == [(PAGE, "Palm oil", "", False), (PAGE, "Shrimp", "sector=fisheries", False)]


@pytest.mark.parametrize(
    ("page", "query", "sentence"),
    [
        ("desk:home", "", "This list cannot be saved."),
        (PAGE, "text=palm%00oil", "This list cannot be saved."),
        (PAGE, f"state={'x' * LONGEST_QUERY}", "This view has too many filters to be saved. Take some off."),
    ],
)
def test_what_is_no_list_or_too_long_is_not_saved(page, query, sentence):
    with pytest.raises(ValidationError) as refused:
        save_view(person(Role.STAFF), page=page, name="Mine", query=query)

    assert (refused.value.messages, kept()) == ([sentence], [])


def test_nobody_keeps_more_views_of_a_list_than_help():
    staff = person(Role.STAFF)
    views = [SavedView(owner=staff, page=PAGE, name=f"View {number}") for number in range(MOST_VIEWS)]
    SavedView.objects.bulk_create(views)

    with pytest.raises(ValidationError) as refused:
        save_view(staff, page=PAGE, name="One more", query="")

    assert refused.value.messages == ["You have 50 views of this list already. Remove one first."]


def test_view_is_seen_by_its_owner_and_shared_ones_by_readers_never_by_businesses():
    staff, officer, business = person(Role.STAFF), person(Role.OFFICER), person(Role.BUSINESS)
    mine = save_view(staff, page=PAGE, name="Mine", query="")
    shared = save_view(staff, page=PAGE, name="Shared", query="")
    share_view(shared, is_shared=True)

    seen = {user.role: set(SavedView.objects.visible_to(user)) for user in (staff, officer, business)}

    assert seen == {Role.STAFF: {mine, shared}, Role.OFFICER: {shared}, Role.BUSINESS: set()}


def test_lists_are_known_where_no_page_was_asked_for():
    asked = "import django; django.setup(); from accounts.saved_views import lists; print(*sorted(lists()))"

    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60, check=True
    )

    known = ["companies:company-list", "matching:commodity-list", "matching:match-list", "matching:near-miss-list"]
    assert done.stdout.split() == known


def test_a_list_offers_as_many_views_of_colleagues_as_can_be_read(rf):
    for role in (Role.OFFICER, Role.ADMIN):
        views = [
            SavedView(owner=person(role), page=PAGE, name=f"View {number:02}", is_shared=True) for number in range(30)
        ]
        SavedView.objects.bulk_create(views)
    staff = person(Role.STAFF)
    save_view(staff, page=PAGE, name="Zinc", query="")
    request = rf.get("/matches/")
    request.user = staff

    shown = views_of(request, PAGE)

    assert [one.view.name for one in shown.own] == ["Zinc"]
    assert [one.view.name for one in shown.shared] == sorted(2 * [f"View {n:02}" for n in range(30)])[:MOST_SHARED]
