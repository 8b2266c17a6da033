"""What holds around the table: browsers keep no page, closed accounts are out at once, forms of others refused."""

import pytest
from django.db import transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from matching.models import Run
from tests.permissions.__main__ import PAGE, written
from tests.permissions.table import TABLE
from tests.permissions.test_matrix import address_of
from tests.permissions.world import made_world

pytestmark = pytest.mark.django_db
# Pages for those who signed in: whoever comes to the browser next must not find them by going back.
PRIVATE = [row for row in TABLE if row.method == "get" and row.answers[0] == "in" and "200" in row.answers]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield made_world()
        transaction.set_rollback(True)


def test_no_browser_keeps_a_page_of_those_who_signed_in(world):
    kept = {}
    for row in PRIVATE:
        actor = next(actor for actor in ("admin", "staff", "own") if row.answers[ACTOR[actor]] == "200")
        answer = world.client(world.who(actor, row)).get(address_of(row, world))
        words = {word.strip() for word in answer.get("Cache-Control", "").split(",")}
        if not words >= {"no-store", "private"}:
            kept[row.name] = answer.get("Cache-Control")

    assert kept == {}


ACTOR = {"own": 1, "staff": 5, "admin": 7}


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.BUSINESS}])
@pytest.mark.parametrize("actor", ["officer", "staff", "admin"])
def test_a_closed_account_or_another_role_counts_from_the_next_page_on(world, actor, change):
    user, address = world.officials[actor], f"/matches/{world.match.pk}/"
    with transaction.atomic():
        before = world.client(user).get(address).status_code
        User.objects.filter(pk=user.pk).update(**change)
        after = world.client(user).get(address).status_code
        transaction.set_rollback(True)

    assert (before, after) == (200, 302)  # to the sign-in: what was open was opened by the account as it was


def test_forms_of_another_site_are_refused_in_our_look(world):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = world.client(world.officials["staff"]).cookies
    before = Run.objects.count()

    response = strict.post("/runs/start/")

    assert response.status_code == 403
    assert "tm-brand" in response.content.decode()
    assert Run.objects.count() == before


def test_every_form_is_refused_without_its_token(world):
    """Whatever does something, from whatever address: another site cannot have it done."""
    taken, tried = [], 0
    for row in TABLE:
        if row.method != "post" or "405" in row.answers[1:8]:
            continue
        tried += 1
        strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
        strict.cookies = world.client(world.officials["admin"]).cookies
        if strict.post(address_of(row, world), {}).status_code != 403:
            taken.append(row.name)

    assert (taken, tried > 30) == ([], True)


def test_the_table_in_the_documentation_is_this_one():
    text = PAGE.read_text(encoding="utf-8")

    assert text == written(text)
