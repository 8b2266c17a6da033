"""The pages of people: for administrators alone, behind the second factor."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import SecondFactor, User
from tests.people import person

pytestmark = pytest.mark.django_db

OTHERS = (Role.BUSINESS, Role.OFFICER, Role.STAFF)
DOORS = ("role", "close", "reopen", "sessions", "second-factor")


@pytest.fixture
def boss(client) -> User:
    boss = person(Role.ADMIN, name="Boss")
    client.force_login(boss)
    return boss


def names(text: str) -> list[str]:
    """The people of the list, in its order."""
    return re.findall(r'<a href="/accounts/people/\d+/">([^<]+)</a>', text)


@pytest.mark.parametrize("role", OTHERS)
def test_for_everybody_else_there_are_no_such_pages(client, role):
    who = person(Role.BUSINESS, email="who@packer.example", name="Somebody")
    client.force_login(person(role))

    answers = [client.get(f"/accounts/people/{rest}").status_code for rest in ("", f"{who.pk}/")]
    answers += [client.post(f"/accounts/people/{who.pk}/{door}/", {}).status_code for door in DOORS]

    assert answers == [404] * 7


@pytest.mark.parametrize("door", DOORS)
def test_decisions_are_made_by_a_button_alone(client, boss, door):
    assert client.get(f"/accounts/people/{person(Role.STAFF).pk}/{door}/").status_code == 405


def test_people_are_narrowed_searched_and_sorted(client, boss):
    person(Role.STAFF, name="Ani")
    person(Role.OFFICER, name="Zarina", second_factor=False)
    person(Role.BUSINESS, name="Budi", is_active=False)
    person(Role.BUSINESS, email="x@y.example", name="Forgotten", is_active=False, erased_at="2026-11-01T00:00:00Z")

    def found(query: str) -> list[str]:
        return names(client.get(f"/accounts/people/{query}").content.decode())

    assert found("") == ["Ani", "Boss", "Budi", "Zarina"]
    assert found("?sort=-name") == ["Zarina", "Budi", "Boss", "Ani"]
    assert found("?role=staff&role=officer") == ["Ani", "Zarina"]
    assert found("?search=BUD") == ["Budi"]
    assert found("?search=officer@") == ["Zarina"]
    assert found("?state=closed") == ["Budi"]
    assert found("?factor=missing") == ["Budi", "Zarina"]
    assert found("?factor=set&state=open&role=admin") == ["Boss"]
    assert found("?search=nobody") == []


@pytest.mark.parametrize("query", ["?role=emperor", "?sort=password", "?page=99", "?is_superuser=1", "?size=7"])
def test_nonsense_in_the_address_is_refused_in_words(client, boss, query):
    response = client.get(f"/accounts/people/{query}")

    assert response.status_code == 400
    assert names(response.content.decode()) == []


def test_the_list_costs_the_same_for_two_people_as_for_twenty(client, boss, django_assert_num_queries):
    person(Role.STAFF)
    client.get("/accounts/people/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/accounts/people/")
        for_two = len(asked)
    for number in range(18):
        person(Role.OFFICER, email=f"{number}@kbri.example")

    with django_assert_num_queries(for_two):
        text = client.get("/accounts/people/").content.decode()

    assert len(names(text)) == 20


def test_the_page_of_a_person_costs_the_same_for_one_change_as_for_six(client, boss, django_assert_num_queries):
    who = person(Role.STAFF)
    address = f"/accounts/people/{who.pk}/"
    client.post(f"{address}role/", {"role-role": "officer", "role-reason": "Moved to the embassy."})
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
        for_one = len(asked)
    for role in ("staff", "business", "staff", "officer", "staff"):
        client.post(f"{address}role/", {"role-role": role, "role-reason": "Once more."})

    with django_assert_num_queries(for_one):
        text = client.get(address).content.decode()

    assert text.count("Once more.") == 5


def test_a_decision_is_made_on_the_page_of_the_person(client, boss):
    who = person(Role.BUSINESS, name="Ani")

    response = client.post(
        f"/accounts/people/{who.pk}/role/", {"role-role": "staff", "role-reason": "Works for the city."}, follow=True
    )

    text = response.content.decode()
    assert "Ani has another role now." in text
    assert "Works for the city." in text
    assert User.objects.get(pk=who.pk).role == Role.STAFF


@pytest.mark.parametrize(
    ("door", "facts", "said"),
    [
        ("role", {"role-role": "emperor", "role-reason": "Long live."}, "emperor"),
        ("role", {"role-role": "business", "role-reason": "Nothing new."}, "has this role already."),
        ("close", {"close-reason": ""}, "Fill this in."),
        ("close", {"close-reason": "no"}, "Say why, in 5 to 300 letters."),
        ("second-factor", {"factor-reason": "Lost telephone."}, "has no second factor."),
    ],
)
def test_a_decision_that_is_refused_is_told_on_the_page(client, boss, door, facts, said):
    who = person(Role.BUSINESS, name="Ani")

    response = client.post(f"/accounts/people/{who.pk}/{door}/", facts)

    assert response.status_code == 200
    assert said in response.content.decode()
    assert (User.objects.get(pk=who.pk).role, User.objects.get(pk=who.pk).is_active) == (Role.BUSINESS, True)


def test_a_person_is_signed_out_by_a_button(client, boss, sign_in):
    from django.test import Client

    browser, who = Client(), person(Role.STAFF)
    sign_in(browser, who)

    response = client.post(f"/accounts/people/{who.pk}/sessions/", follow=True)

    assert "is signed out everywhere." in response.content.decode()
    assert browser.get("/accounts/me/").status_code == 302


def test_ones_own_page_offers_no_decision_and_takes_none(client, boss):
    person(Role.ADMIN, email="second@city.example")
    text = client.get(f"/accounts/people/{boss.pk}/").content.decode()

    client.post(f"/accounts/people/{boss.pk}/role/", {"role-role": "staff", "role-reason": "Tired of it."})
    client.post(f"/accounts/people/{boss.pk}/sessions/")

    assert "This is you." in text
    assert "Give the role" not in text
    boss.refresh_from_db()
    assert (boss.role, boss.session_round) == (Role.ADMIN, 0)


@pytest.mark.parametrize("pk", [0, 999_999, 99_999_999_999_999_999_999])
def test_a_person_that_is_not_there_is_not_found(client, boss, pk):
    assert client.get(f"/accounts/people/{pk}/").status_code == 404


def test_somebody_who_was_forgotten_is_not_found(client, boss):
    gone = person(Role.BUSINESS, is_active=False, erased_at="2026-11-01T00:00:00Z")

    assert client.get(f"/accounts/people/{gone.pk}/").status_code == 404


def test_a_name_is_shown_as_letters(client, boss):
    who = person(Role.BUSINESS, name="<script>alert(1)</script>")

    text = client.get(f"/accounts/people/{who.pk}/").content.decode() + client.get("/accounts/people/").content.decode()

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_an_administrator_without_a_second_factor_sees_nobody(client, boss):
    who = person(Role.STAFF, name="Ani")
    SecondFactor.objects.filter(user=boss).delete()

    assert client.get("/accounts/people/")["Location"] == "/accounts/second-factor/"
    assert client.post(f"/accounts/people/{who.pk}/close/", {"close-reason": "Because I can."}).status_code == 403
    assert User.objects.get(pk=who.pk).is_active
