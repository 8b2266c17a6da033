"""How often one may try: counted where a visitor cannot choose, and never for good."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.enums import Role
from tests.people import PASSWORD, code_for, person

pytestmark = pytest.mark.django_db

TOO_MANY = "Too many attempts. Wait a few minutes, then try again."


def try_to_sign_in(client, password: str = "wrong", login: str = "business@example.test", **meta) -> str:
    return client.post("/accounts/login/", {"login": login, "password": password}, **meta).content.decode()


def test_five_wrong_passwords_make_one_wait(client):
    person(Role.BUSINESS)

    for _number in range(5):
        told = try_to_sign_in(client)

    assert "do not belong together" in told
    assert TOO_MANY in try_to_sign_in(client, PASSWORD, "Business@Example.test")


@pytest.mark.parametrize(
    "meta",
    [
        {"HTTP_X_FORWARDED_FOR": "10.0.0.{}"},
        {"HTTP_X_REAL_IP": "10.0.0.{}"},
        {"HTTP_FORWARDED": "for=10.0.0.{}"},
        {"SERVER_PORT": "80{}"},
        {"HTTP_USER_AGENT": "browser {}"},
    ],
)
def test_what_a_visitor_says_of_itself_starts_no_new_count(meta):
    person(Role.BUSINESS)

    for number in range(10, 15):
        try_to_sign_in(Client(), **{name: value.format(number) for name, value in meta.items()})
    told = try_to_sign_in(Client(), PASSWORD, **{name: value.format(99) for name, value in meta.items()})

    assert TOO_MANY in told


def test_behind_a_proxy_the_address_it_names_counts_and_not_those_before(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person(Role.BUSINESS)

    for number in range(5):
        try_to_sign_in(Client(), HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 192.0.2.7")
    from_there = try_to_sign_in(Client(), PASSWORD, HTTP_X_FORWARDED_FOR="10.0.0.99, 192.0.2.7")
    from_elsewhere = Client().post(
        "/accounts/login/",
        {"login": "business@example.test", "password": PASSWORD},
        HTTP_X_FORWARDED_FOR="192.0.2.7, 198.51.100.4",
    )

    assert TOO_MANY in from_there
    assert from_elsewhere["Location"] == "/"


def test_a_stranger_elsewhere_does_not_keep_the_owner_out(client):
    person(Role.BUSINESS)
    for _number in range(7):
        try_to_sign_in(Client(), REMOTE_ADDR="198.51.100.4")

    response = client.post("/accounts/login/", {"login": "business@example.test", "password": PASSWORD})

    assert response["Location"] == "/"


def test_many_addresses_together_have_to_wait_too(client):
    person(Role.BUSINESS)
    for number in range(31):
        told = try_to_sign_in(Client(), REMOTE_ADDR=f"198.51.{number}.4")

    assert TOO_MANY in told
    assert TOO_MANY in try_to_sign_in(client, PASSWORD)


def test_whoever_waits_may_try_again(client, monkeypatch):
    import time

    person(Role.BUSINESS)
    for _number in range(6):
        try_to_sign_in(client)
    now = time.time
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now() + 301)

    response = client.post("/accounts/login/", {"login": "business@example.test", "password": PASSWORD})

    assert response["Location"] == "/"


def test_signing_in_well_is_not_counted(client):
    person(Role.BUSINESS)
    for _number in range(8):
        browser = Client()
        browser.post("/accounts/login/", {"login": "business@example.test", "password": PASSWORD})
        assert browser.get("/accounts/me/").status_code == 200


def test_a_new_password_through_a_letter_ends_the_waiting(client):
    from tests.accounts.conftest import link_in_last_letter

    user = person(Role.BUSINESS)
    for _number in range(6):
        try_to_sign_in(client)
    client.post("/accounts/password/reset/", {"email": user.email})
    page = client.get(link_in_last_letter(), follow=True).redirect_chain[-1][0]
    client.post(page, {"password1": "a-quite-new-secret", "password2": "a-quite-new-secret"})

    response = client.post("/accounts/login/", {"login": user.email, "password": "a-quite-new-secret"})

    assert response["Location"] == "/"


def test_codes_of_the_second_step_are_counted_by_person(client):
    staff = person(Role.STAFF)
    for number in range(5):
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        browser.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
        browser.post("/accounts/second-factor/sign-in/", {"code": "000000"})
    client.post("/accounts/login/", {"login": staff.email, "password": PASSWORD})

    told = client.post("/accounts/second-factor/sign-in/", {"code": code_for(staff)}).content.decode()

    assert TOO_MANY in told
    assert client.get("/matches/").status_code == 302


def test_accounts_are_not_made_in_heaps(client):
    for number in range(21):
        facts = {"name": "Heap", "email": f"{number}@heap.example", "password1": PASSWORD, "password2": PASSWORD}
        response = Client(HTTP_X_FORWARDED_FOR=f"10.0.0.{number}").post("/accounts/signup/", facts)

    assert response.status_code == 429
    assert "Too many requests. Wait a few minutes, then try again." in response.content.decode()


def test_letters_are_not_sent_in_heaps(client):
    """Whoever signs up again and again with somebody's address fills no mailbox, and learns nothing from it."""
    known = person(Role.OFFICER)
    answers = []
    for number in range(12):
        facts = {"name": "Heap", "email": known.email, "password1": PASSWORD, "password2": PASSWORD}
        answers.append(Client(REMOTE_ADDR=f"198.51.100.{number}").post("/accounts/signup/", facts)["Location"])

    assert set(answers) == {"/accounts/confirm-email/"}
    assert len(mail.outbox) == 1


def test_letters_with_links_to_a_new_password_are_not_sent_in_heaps(client):
    user = person(Role.BUSINESS)

    answers = [
        Client(REMOTE_ADDR=f"198.51.100.{number}").post("/accounts/password/reset/", {"email": user.email}).status_code
        for number in range(7)
    ]

    assert answers == [302] * 5 + [429] * 2
    assert len(mail.outbox) == 5


def test_a_session_is_no_place_to_guess_the_password(client, sign_in):
    sign_in(client, person(Role.BUSINESS))

    answers = [client.post("/accounts/reauthenticate/", {"password": "wrong"}).content.decode() for _number in range(6)]

    assert "This is not your password." in answers[0]
    assert TOO_MANY in answers[5]


def test_counts_lie_in_the_shared_cache(client):
    """Each process of the web server has to know of the others' counts."""
    person(Role.BUSINESS)

    try_to_sign_in(client)

    from django.core.cache import caches

    assert type(caches["default"]).__name__ == "ForgivingRedisCache"
    assert cache.get(_key_of("login_failed_account", "30/3600/key", "business@example.test"))


def _key_of(action: str, rate: str, key: str) -> str:
    import hashlib

    return f"allauth:rl:allauth.account:{action}:{rate}:{hashlib.sha256(key.encode()).hexdigest()}"


@pytest.mark.parametrize(
    ("known", "unknown"),
    [({"login": "business@example.test"}, {"login": "nobody@example.test"})],
)
def test_waiting_tells_nothing_about_an_account(known, unknown):
    person(Role.BUSINESS)

    def answers(facts: dict, address: str) -> list[bool]:
        texts = [try_to_sign_in(Client(), **facts, REMOTE_ADDR=address) for _number in range(6)]
        return [TOO_MANY in text for text in texts]

    assert answers(known, "198.51.100.1") == answers(unknown, "198.51.100.2") == [False] * 5 + [True]


def test_a_wrong_password_costs_the_same_work_for_a_known_and_an_unknown_address(client, settings, monkeypatch):
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1000)
    person(Role.BUSINESS)
    hashed = []
    encode = PBKDF2PasswordHasher.encode
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", lambda *args, **more: hashed.append(1) or encode(*args, **more))

    try_to_sign_in(client)
    for_known = len(hashed)
    try_to_sign_in(client, login="nobody@example.test")

    assert for_known == len(hashed) - for_known > 0
