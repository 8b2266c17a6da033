"""Second factors: an app that shows codes, recovery codes; who must have one; and that nothing leads around them."""

import json
import re
import time
from collections.abc import Iterator
from types import SimpleNamespace
from uuid import UUID

import pytest
from allauth.mfa.totp.internal import auth, flows
from django.core import mail
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver

from accounts.checks import sample_users_are_for_a_trial
from accounts.enums import Role
from accounts.models import SecondFactor, User
from accounts.sealing import seal
from accounts.second_factor import GO_ON_TO, OPEN_WITHOUT
from tests.accounts.conftest import app_code, link_in_last_letter
from tests.people import APP_SECRET, PASSWORD, code_for, person

pytestmark = pytest.mark.django_db

STEP_TWO = "/accounts/second-factor/sign-in/"
SET_UP = "/accounts/second-factor/"
MUST = (Role.STAFF, Role.OFFICER, Role.ADMIN)


def give_password(client, user: User):
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


# The second step of signing in.


def test_the_password_alone_does_not_sign_in_whoever_has_a_second_factor(client):
    response = give_password(client, person(Role.STAFF))

    assert response["Location"] == STEP_TWO
    assert client.get("/matches/")["Location"] == "/accounts/login/?next=/matches/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_the_app_signs_in_though_clocks_differ_by_half_a_minute(client, steps, monkeypatch):
    now = time.time()  # a half minute that ends just now would leave no time to type
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: now))
    give_password(client, person(Role.STAFF))

    response = client.post(STEP_TWO, {"code": app_code(steps=steps)})

    assert response["Location"] == "/"
    assert client.get("/matches/").status_code == 200


@pytest.mark.parametrize("code", ["", "000000", "12345", "ABCDEF", "１２３４５６", "x" * 41, "\u0000", "0" * 5000])
def test_a_wrong_code_signs_nobody_in(client, code):
    give_password(client, person(Role.STAFF))

    response = client.post(STEP_TWO, {"code": code})

    assert response.status_code == 200
    assert "There is something to put right" in response.content.decode()
    assert client.get("/matches/").status_code == 302


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_time_does_not_hold(client, steps):
    give_password(client, person(Role.STAFF))

    response = client.post(STEP_TWO, {"code": app_code(steps=steps)})

    assert "This code does not hold." in response.content.decode()


@pytest.fixture
def forgetful(settings):
    """A cache that is away answers every question as if it had never been asked."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


def test_a_code_holds_once_although_its_time_is_not_over(client, forgetful):
    staff, code = person(Role.STAFF), app_code(steps=1)
    give_password(client, staff)
    client.post(STEP_TWO, {"code": code})
    thief = Client()
    give_password(thief, staff)

    response = thief.post(STEP_TWO, {"code": f" {code[:3]}-{code[3:]} "})

    assert "This code does not hold." in response.content.decode()
    assert thief.get("/matches/").status_code == 302


def test_a_code_from_before_the_last_one_does_not_hold(client, forgetful):
    staff, before = person(Role.STAFF), app_code()
    give_password(client, staff)
    client.post(STEP_TWO, {"code": app_code(steps=1)})
    thief = Client()
    give_password(thief, staff)

    response = thief.post(STEP_TWO, {"code": before})

    assert "This code does not hold." in response.content.decode()


def test_a_used_code_does_not_show_again_who_one_is(client, forgetful):
    code = app_code()
    give_password(client, person(Role.STAFF))
    client.post(STEP_TWO, {"code": code})

    response = client.post("/accounts/second-factor/again/", {"code": code})

    assert "This code does not hold." in response.content.decode()


def test_a_code_of_another_person_does_not_hold(client):
    other = person(Role.OFFICER)
    SecondFactor.objects.filter(user=other).update(data={"secret": seal(APP_SECRET[::-1])})
    give_password(client, person(Role.STAFF))

    response = client.post(STEP_TWO, {"code": code_for(other)})

    assert "This code does not hold." in response.content.decode()


def test_a_recovery_code_opens_once(client):
    staff = person(Role.STAFF)
    code = code_for(staff)
    give_password(client, staff)
    first = client.post(STEP_TWO, {"code": code})
    again = Client()
    give_password(again, staff)

    second = again.post(STEP_TWO, {"code": code})

    assert first["Location"] == "/"
    assert "This code does not hold." in second.content.decode()


def test_nobody_comes_to_the_second_step_without_the_first(client):
    person(Role.STAFF)

    assert client.get(STEP_TWO)["Location"] == "/accounts/login/"
    assert client.post(STEP_TWO, {"code": app_code()})["Location"] == "/accounts/login/"


def test_the_second_step_is_open_for_minutes_only(client):
    give_password(client, person(Role.STAFF))
    session = client.session
    session["account_login"] |= {"initiated_at": session["account_login"]["initiated_at"] - 901}
    session.save()

    response = client.post(STEP_TWO, {"code": app_code()})

    assert response["Location"] == "/accounts/login/"


def test_an_account_that_was_closed_in_between_is_not_opened_by_the_second_step(client):
    staff = person(Role.STAFF)
    give_password(client, staff)
    User.objects.update(is_active=False)

    client.post(STEP_TWO, {"code": app_code()})

    assert client.get("/matches/").status_code == 302


def test_a_new_password_does_not_lead_around_the_second_factor(client):
    staff = person(Role.STAFF)
    client.post("/accounts/password/reset/", {"email": staff.email})
    page = client.get(link_in_last_letter(), follow=True).redirect_chain[-1][0]
    client.post(page, {"password1": "a-quite-new-secret", "password2": "a-quite-new-secret"})
    after_reset = client.get("/matches/").status_code

    response = client.post("/accounts/login/", {"login": staff.email, "password": "a-quite-new-secret"})

    assert after_reset == 302
    assert response["Location"] == STEP_TWO
    assert client.get("/matches/").status_code == 302


# Who must have one.


@pytest.mark.parametrize("role", MUST)
@pytest.mark.parametrize("address", ["/", "/matches/", "/runs/", "/accounts/me/", "/accounts/sessions/", "/notices/"])
def test_who_lacks_the_second_factor_of_the_role_is_led_to_the_set_up(client, role, address):
    give_password(client, person(role, second_factor=False))

    response = client.get(address)

    assert response["Location"] == SET_UP
    text = client.get(SET_UP).content.decode()
    assert "needs a second factor." in text


@pytest.mark.parametrize(
    "address", ["/runs/start/", "/accounts/me/", "/accounts/sessions/", "/accounts/password/change/"]
)
def test_what_is_sent_without_the_second_factor_is_not_carried_out_and_said_so(client, address):
    give_password(client, person(Role.STAFF, second_factor=False))

    response = client.post(address, {"name": "Another"})

    assert response.status_code == 403
    assert "What you sent was not carried out." in response.content.decode()
    assert User.objects.get().name == ""


@pytest.mark.parametrize("address", ["/livez", "/readyz", SET_UP, "/accounts/logout/", "/accounts/reauthenticate/"])
def test_the_way_to_the_set_up_and_out_is_open(client, address):
    give_password(client, person(Role.STAFF, second_factor=False))

    assert client.get(address).status_code == 200


def test_the_language_can_be_changed_before_the_set_up(client):
    give_password(client, person(Role.STAFF, second_factor=False))

    client.post("/i18n/setlang/", {"language": "ru"})

    assert '<html lang="ru">' in client.get(SET_UP).content.decode()


def test_every_page_but_the_few_named_ones_asks_for_the_second_factor(client):
    """A new page is behind the second factor without anybody thinking of it."""
    client.force_login(person(Role.ADMIN, second_factor=False))
    open_ones = set()
    for name, address in addresses(get_resolver().url_patterns):
        response = client.get(address)
        is_shut = response.status_code == 302 and response["Location"] == SET_UP
        if not is_shut:
            open_ones.add(name)

    assert open_ones == OPEN_WITHOUT


def addresses(patterns, before: str = "/", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and an address of every page; one made of other patterns than these has to be written here."""
    filled = {
        r"<int:\w+>": "1",
        r"<(str|slug|path):\w+>": "x",
        r"<uuid:\w+>": str(UUID(int=1)),
        r"<listings:\w+>": "needs",
        r"\(\?P<\w+>([^()|]+)[^()]*\)": "x",
        r"[\^$\\]": "",
    }
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, route, inner)
            continue
        for placeholder, value in filled.items():
            route = re.sub(placeholder, value, route)
        yield f"{space}{pattern.name}", {"/reports/matches.x": "/reports/matches.csv"}.get(route, route)


def test_a_business_user_is_offered_a_second_factor_and_not_forced(client):
    give_password(client, person(Role.BUSINESS))

    assert client.get("/notices/").status_code == 200
    text = client.get(SET_UP).content.decode()
    assert "Set up an app" in text
    assert "needs a second factor." not in text


def test_recovery_codes_alone_are_no_second_factor(client):
    staff = person(Role.STAFF, second_factor=False)
    code_for(staff)
    client.force_login(staff)

    assert client.get("/matches/")["Location"] == SET_UP


def test_somebody_whose_second_factor_is_gone_sets_up_another_one(client):
    client.force_login(person(Role.STAFF))
    before = client.get("/matches/").status_code
    SecondFactor.objects.all().delete()

    assert (before, client.get("/matches/")["Location"]) == (200, SET_UP)


# The trial.

TRIAL = {"SAMPLE_USERS_WITHOUT_SECOND_FACTOR": True, "HTTPS": False}


@pytest.mark.parametrize(
    ("settings_then", "facts", "is_let_off"),
    [
        (TRIAL, {"is_sample": True}, True),
        (TRIAL, {"is_sample": False}, False),
        (TRIAL, {"is_sample": True, "email": "boss@city.example"}, False),
        (TRIAL | {"SAMPLE_USERS_WITHOUT_SECOND_FACTOR": False}, {"is_sample": True}, False),
        (TRIAL | {"HTTPS": True}, {"is_sample": True}, False),
    ],
)
def test_sample_users_of_a_trial_alone_are_let_off(client, settings_then, facts, is_let_off):
    client.force_login(person(Role.STAFF, second_factor=False, **facts))

    with override_settings(**settings_then):
        response = client.get("/matches/")

    assert (response.status_code == 200) == is_let_off


def test_a_sample_user_with_a_second_factor_gives_it_like_everybody(client, settings):
    settings.SAMPLE_USERS_WITHOUT_SECOND_FACTOR = True

    assert give_password(client, person(Role.STAFF, is_sample=True))["Location"] == STEP_TWO


@pytest.mark.parametrize(
    ("is_on", "https", "found"), [(True, True, ["accounts.E001"]), (True, False, []), (False, True, [])]
)
def test_a_server_may_not_let_sample_users_off(is_on, https, found):
    with override_settings(SAMPLE_USERS_WITHOUT_SECOND_FACTOR=is_on, HTTPS=https):
        assert [error.id for error in sample_users_are_for_a_trial(None)] == found


# Setting up an app.


@pytest.fixture
def newcomer(client) -> User:
    user = person(Role.STAFF, second_factor=False)
    give_password(client, user)
    return user


# Letters go out, and other sessions end, once a change is there for all to see.
committed = pytest.mark.django_db(transaction=True)


def set_up_app(client) -> None:
    """Set up an app with the key that the page shows."""
    text = client.get("/accounts/second-factor/app/").content.decode()
    secret = re.search(r'class="tm-hash[^"]*">([A-Z2-7 ]+)<', text)[1].replace(" ", "")
    response = client.post("/accounts/second-factor/app/", {"code": app_code(secret)})
    assert response["Location"] == "/accounts/second-factor/recovery-codes/"


@committed
def test_a_newcomer_sets_up_an_app_and_goes_on_to_the_page_that_was_asked_for(client, newcomer, show_who_one_is):
    client.get("/matches/?state=new")
    show_who_one_is(client)
    set_up_app(client)
    codes = client.get("/accounts/second-factor/recovery-codes/").content.decode()

    assert len(re.findall(r"<li>\d{4} \d{4}</li>", codes)) == 10
    assert 'href="/matches/?state=new"' in codes
    assert client.get("/matches/").status_code == 200
    assert [letter.subject for letter in mail.outbox] == ["TradeMatch: an app was set up"]
    assert GO_ON_TO not in client.session


def test_the_code_that_set_the_app_up_signs_nobody_in(client, newcomer, show_who_one_is, forgetful):
    """Somebody may have read it over the shoulder."""
    show_who_one_is(client)
    text = client.get("/accounts/second-factor/app/").content.decode()
    secret = re.search(r'class="tm-hash[^"]*">([A-Z2-7 ]+)<', text)[1].replace(" ", "")
    code, later = app_code(secret), app_code(secret, steps=1)
    client.post("/accounts/second-factor/app/", {"code": f" {code[:3]} {code[3:]} "})
    thief = Client()
    give_password(thief, newcomer)

    refused = thief.post(STEP_TWO, {"code": code})
    taken = thief.post(STEP_TWO, {"code": later})

    assert "This code does not hold." in refused.content.decode()
    assert taken["Location"] == "/"


def test_a_set_up_that_was_sent_twice_sets_up_one_app(client, newcomer, show_who_one_is, monkeypatch):
    show_who_one_is(client)
    text = client.get("/accounts/second-factor/app/").content.decode()
    secret = re.search(r'class="tm-hash[^"]*">([A-Z2-7 ]+)<', text)[1].replace(" ", "")
    set_up = flows.activate_totp

    def a_moment_later(request, form):
        SecondFactor.objects.create(user=newcomer, type=SecondFactor.Type.TOTP, data={"secret": seal(secret)})
        return set_up(request, form)

    monkeypatch.setattr(flows, "activate_totp", a_moment_later)

    response = client.post("/accounts/second-factor/app/", {"code": app_code(secret)})

    assert (response.status_code, response["Location"]) == (302, "/accounts/second-factor/")


def test_the_square_for_the_camera_is_an_element_of_the_page(client, newcomer, show_who_one_is):
    show_who_one_is(client)

    text = client.get("/accounts/second-factor/app/").content.decode()

    assert "<svg" in text
    assert "data:" not in text
    assert "otpauth://totp/staff%40example.test?secret=" in text
    assert "issuer=TradeMatch" in text


def test_a_wrong_first_code_keeps_the_key_and_sets_nothing_up(client, newcomer, show_who_one_is):
    show_who_one_is(client)
    before = client.get("/accounts/second-factor/app/").content.decode()

    after = client.post("/accounts/second-factor/app/", {"code": "000000"}).content.decode()

    key = re.compile(r'class="tm-hash[^"]*">([A-Z2-7 ]+)<')
    assert key.search(before)[1] == key.search(after)[1]
    assert not SecondFactor.objects.exists()


@committed
def test_setting_up_the_first_factor_ends_sessions_that_know_the_password_alone(client, newcomer, show_who_one_is):
    """A stranger with the password may have signed in before the owner came to the set-up."""
    stranger = Client()
    give_password(stranger, newcomer)
    show_who_one_is(client)
    set_up_app(client)

    assert stranger.get(SET_UP).status_code == 302
    assert stranger.get("/matches/")["Location"].startswith("/accounts/login/")
    assert client.get("/matches/").status_code == 200


def test_recovery_codes_are_shown_to_their_owner_once_the_password_was_given(client, sign_in):
    staff = person(Role.STAFF)
    sign_in(client, staff)

    assert client.get("/accounts/second-factor/recovery-codes/").status_code == 302
    assert client.get("/accounts/second-factor/recovery-codes/file/").status_code == 302


@committed
def test_new_recovery_codes_replace_the_old_ones(client, sign_in, show_who_one_is):
    staff = person(Role.STAFF)
    sign_in(client, staff)
    old = code_for(staff)
    show_who_one_is(client)

    client.post("/accounts/second-factor/recovery-codes/anew/")
    file = client.get("/accounts/second-factor/recovery-codes/file/")

    assert old not in file.content.decode()
    assert len(re.findall(r"^\d{8}$", file.content.decode(), re.MULTILINE)) == 10
    assert file["Content-Type"].startswith("text/plain")
    assert mail.outbox[-1].subject == "TradeMatch: new recovery codes"


@pytest.mark.parametrize(("role", "is_left"), [(Role.STAFF, True), (Role.BUSINESS, False)])
def test_the_last_second_factor_stays_where_the_role_needs_one(client, sign_in, show_who_one_is, role, is_left):
    user = person(role, second_factor=True)
    sign_in(client, user)
    show_who_one_is(client)

    response = client.post("/accounts/second-factor/app/remove/")

    assert SecondFactor.objects.filter(user=user).proving().exists() == is_left
    assert ("Your role needs a second factor." in response.content.decode()) == is_left


def test_the_last_passkey_stays_where_the_role_needs_one(client, sign_in, show_who_one_is):
    user = person(Role.STAFF)
    sign_in(client, user)
    show_who_one_is(client)
    key = SecondFactor.objects.create(
        user=user, type=SecondFactor.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )
    SecondFactor.objects.filter(type=SecondFactor.Type.TOTP).delete()

    response = client.post(f"/accounts/second-factor/passkeys/{key.pk}/remove/", follow=True)

    assert "Your role needs a second factor." in response.content.decode()
    assert SecondFactor.objects.filter(pk=key.pk).exists()


def test_a_second_factor_is_not_removed_without_the_password(client, sign_in):
    user = person(Role.BUSINESS, second_factor=True)
    sign_in(client, user)

    response = client.post("/accounts/second-factor/app/remove/")

    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert SecondFactor.objects.filter(user=user).proving().exists()


@pytest.mark.parametrize("page", ["remove", "edit"])
def test_a_passkey_of_somebody_else_is_not_there(client, sign_in, show_who_one_is, page):
    other = person(Role.OFFICER)
    key = SecondFactor.objects.create(
        user=other, type=SecondFactor.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )
    sign_in(client, person(Role.STAFF))
    show_who_one_is(client)

    response = client.post(f"/accounts/second-factor/passkeys/{key.pk}/{page}/", {"name": "Mine"})

    assert response.status_code == 404
    assert SecondFactor.objects.get(pk=key.pk).data["name"] == "Key"


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", '{"id": "x"}', '{"response": {"userHandle": "MQ"}}', "x"]
)
@pytest.mark.parametrize("address", ["/accounts/second-factor/passkeys/sign-in/", STEP_TWO])
def test_an_invented_passkey_signs_nobody_in(client, address, credential):
    if address == STEP_TWO:
        give_password(client, person(Role.STAFF))
    else:
        client.get(address, headers={"accept": "application/json"})

    response = client.post(address, {"credential": credential})

    assert response.status_code in (200, 302)
    assert client.get("/matches/").status_code == 302


UNREADABLE = {"deep": "[" * 50_000, "deep-objects": '{"a":' * 3000, "long-number": "9" * 5000}


@pytest.mark.parametrize("credential", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("page", ["passkeys/sign-in", "sign-in", "passkeys/again", "passkeys/add"])
def test_a_passkey_that_python_cannot_read_is_refused_like_any_other(
    client, sign_in, show_who_one_is, page, credential
):
    staff = person(Role.STAFF)
    if page == "sign-in":
        give_password(client, staff)
    if page in ("passkeys/again", "passkeys/add"):
        sign_in(client, staff)
        show_who_one_is(client)
    if page == "passkeys/again":
        key = {"name": "Key", "credential": {}}
        SecondFactor.objects.create(user=staff, type=SecondFactor.Type.WEBAUTHN, data=key)
    keys = SecondFactor.objects.count()

    response = client.post(f"/accounts/second-factor/{page}/", {"credential": credential, "name": "Mine"})

    assert response.status_code in (200, 302)
    assert credential not in response.content.decode()
    assert SecondFactor.objects.count() == keys


def test_what_a_passkey_needs_names_the_host_and_nobody(client):
    person(Role.STAFF)

    answer = client.get("/accounts/second-factor/passkeys/sign-in/", headers={"accept": "application/json"})

    options = json.loads(answer.content)["request_options"]["publicKey"]
    assert (options["rpId"], options["userVerification"]) == ("testserver", "required")
    assert not options.get("allowCredentials")


def test_second_factors_set_and_removed_are_kept_without_their_secrets():
    staff = person(Role.STAFF)
    SecondFactor.objects.all().delete()

    events = SecondFactor.events.rel.related_model.objects.order_by("pgh_id")

    kept = [(event.pgh_label, event.type, event.user_id) for event in events]
    assert kept == [("insert", "totp", staff.pk), ("delete", "totp", staff.pk)]
    assert "data" not in {field.name for field in events.model._meta.fields}
