"""A form whose rest comes when its sender is somebody else by then: closed, of another role, with a new password."""

import io
from collections.abc import Callable

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.http import urlencode

from accounts.adapter import AccountAdapter
from accounts.enums import Role
from accounts.forms.own import OwnFactsForm
from accounts.history import HistoryMiddleware
from accounts.models import User
from tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
OWN_FACTS = {"name": "Mallory", "language": "ru", "letters": "never"}


class Slow(io.BytesIO):
    """The body of a request. Something happens before its first byte is here."""

    def __init__(self, facts: dict, happens: Callable[[], object]):
        super().__init__(urlencode(facts).encode())
        self.happens = happens

    def read(self, *size: int) -> bytes:
        happens, self.happens = self.happens, lambda: None
        happens()
        return super().read(*size)


def send_slowly(client: Client, address: str, facts: dict, happens: Callable[[], object]) -> HttpResponse:
    return client.post(address, urlencode(facts), content_type=FORM, **{"wsgi.input": Slow(facts, happens)})


def test_who_loses_the_role_while_a_form_is_on_its_way_decides_nothing(client):
    boss, friend = person(Role.ADMIN), person(Role.BUSINESS)
    client.force_login(boss)
    facts = {"role-role": Role.ADMIN, "role-reason": "a friend of mine"}

    response = send_slowly(
        client,
        f"/accounts/people/{friend.pk}/role/",
        facts,
        lambda: User.objects.filter(pk=boss.pk).update(role=Role.BUSINESS),
    )

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/accounts/login/")
    friend.refresh_from_db()
    assert friend.role == Role.BUSINESS


def test_a_form_that_is_all_here_is_carried_out(client):
    """The same request, and nothing happens on its way."""
    friend = person(Role.BUSINESS)
    client.force_login(person(Role.ADMIN))

    send_slowly(
        client,
        f"/accounts/people/{friend.pk}/role/",
        {"role-role": Role.STAFF, "role-reason": "a new post"},
        lambda: None,
    )

    friend.refresh_from_db()
    assert friend.role == Role.STAFF


def test_what_is_too_big_is_answered_with_a_page(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20

    response = client.post("/accounts/login/", {"login": "a" * 50, "password": PASSWORD})

    assert response.status_code in (400, 413)


def test_what_breaks_off_is_an_empty_form():
    def breaks_off() -> None:
        raise OSError("gone")

    environ = RequestFactory().post("/", "a=b", content_type=FORM).environ
    request = WSGIRequest(environ | {"wsgi.input": Slow({"a": "b"}, breaks_off)})
    request.user = person(Role.BUSINESS)

    response = HistoryMiddleware(lambda request: HttpResponse(urlencode(request.POST)))(request)

    assert (response.status_code, response.content) == (200, b"")


DECIDED = {"role": Role.BUSINESS, "is_active": False, "password": "another", "session_round": 7}


def decided(user: User) -> dict:
    return User.objects.filter(pk=user.pk).values(*DECIDED).get()


def test_own_facts_put_nothing_back_that_was_decided_meanwhile():
    user = person(Role.OFFICER)
    form = OwnFactsForm(OWN_FACTS, instance=User.objects.get(pk=user.pk))
    User.objects.update(**DECIDED)

    assert form.is_valid()
    form.save()

    assert decided(user) == DECIDED
    user.refresh_from_db()
    assert {name: getattr(user, name) for name in OWN_FACTS} == OWN_FACTS


def test_a_new_password_puts_nothing_back_that_was_decided_meanwhile(rf):
    user = person(Role.OFFICER)
    User.objects.filter(pk=user.pk).update(**DECIDED)

    AccountAdapter(rf.get("/")).set_password(user, "a-quite-new-secret")

    found = User.objects.get(pk=user.pk)
    assert decided(user) == DECIDED | {"password": found.password}
    assert found.check_password("a-quite-new-secret")


def test_a_password_given_at_a_terminal_puts_nothing_back_that_was_decided_meanwhile(monkeypatch):
    user = person(Role.OFFICER)

    def typed_slowly(prompt: str) -> str:
        User.objects.update(**DECIDED)
        return "a-quite-new-secret"

    monkeypatch.setattr("getpass.getpass", typed_slowly)

    call_command("changepassword", user.email)

    found = User.objects.get(pk=user.pk)
    assert decided(user) == DECIDED | {"password": found.password}
    assert found.check_password("a-quite-new-secret")


def test_nobody_saves_all_of_a_person_who_is_there_already():
    user = person(Role.OFFICER)

    with pytest.raises(ValueError, match="update_fields"):
        user.save()
