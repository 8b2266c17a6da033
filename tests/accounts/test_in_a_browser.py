"""Pages of accounts in a real browser: passkeys made and used, the app without script, nothing keeps people out."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.enums import Role
from accounts.models import SecondFactor, User
from tests.accounts.conftest import app_code
from tests.browsing import barriers
from tests.people import PASSWORD, code_for, person, sign_in_at

pytestmark = pytest.mark.django_db(transaction=True)

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STRANGERS = {
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "letter-sent": "/accounts/confirm-email/",
    "link-is-none": "/accounts/confirm-email/none/",
    "closed": "/accounts/inactive/",
    "forgotten": "/accounts/password/reset/",
}
PEOPLE = {
    "own-account": "/accounts/me/",
    "again": "/accounts/reauthenticate/",
    "again-code": "/accounts/second-factor/again/",
    "password": "/accounts/password/change/",
    "sessions": "/accounts/sessions/",
    "people": "/accounts/people/",
    "people-none": "/accounts/people/?search=nobody",
    "second-factor": "/accounts/second-factor/",
    "passkeys": "/accounts/second-factor/passkeys/",
    "sign-out": "/accounts/logout/",
}
PROVEN = {
    "address": "/accounts/email/",
    "app-remove": "/accounts/second-factor/app/remove/",
    "codes": "/accounts/second-factor/recovery-codes/",
    "codes-anew": "/accounts/second-factor/recovery-codes/anew/",
    "passkey-add": "/accounts/second-factor/passkeys/add/",
}


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


def give_device(page) -> None:
    """A device that makes passkeys and unlocks them, as a telephone with a finger on it would."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def add_passkey(page, base: str, *, alone: bool = True) -> None:
    page.goto(f"{base}/accounts/second-factor/passkeys/add/")
    if "/reauthenticate/" in page.url:
        page.fill("#id_password", PASSWORD)
        page.click("main form .primary")
    page.fill("#id_name", "Telephone")
    page.set_checked("#id_passwordless", alone)
    page.click("main form .primary")


def sign_out(page, base: str) -> None:
    page.goto(f"{base}/accounts/logout/")
    page.click("main form .primary")
    page.wait_for_url(f"{base}/accounts/login/")


def test_a_newcomer_adds_a_passkey_and_signs_in_with_it_alone(live_server, page, complaints):
    staff, base = person(Role.STAFF, second_factor=False), live_server.url
    give_device(page)
    page.goto(f"{base}/accounts/login/?next=/runs/")
    sign_in_at(page, base, staff)
    page.wait_for_url(f"{base}/accounts/second-factor/")
    add_passkey(page, base)
    page.wait_for_url(f"{base}/accounts/second-factor/recovery-codes/")
    page.click("main a.primary")
    page.wait_for_url(f"{base}/runs/")
    sign_out(page, base)

    page.goto(f"{base}/accounts/login/?next=/runs/")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{base}/runs/")

    key = SecondFactor.objects.get(user=staff, type=SecondFactor.Type.WEBAUTHN)
    assert (key.wrap().name, key.wrap().is_passwordless) == ("Telephone", True)
    assert key.last_used_at is not None
    assert complaints == []


def test_a_passkey_is_the_second_step_and_proves_who_one_is(live_server, page, complaints):
    user, base = person(Role.BUSINESS), live_server.url
    give_device(page)
    sign_in_at(page, base, user)
    page.wait_for_url(f"{base}/")
    add_passkey(page, base, alone=False)
    page.wait_for_url(f"{base}/accounts/second-factor/recovery-codes/")
    sign_out(page, base)

    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.click("main form .primary")
    page.wait_for_url(f"{base}/accounts/second-factor/sign-in/")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{base}/")
    page.goto(f"{base}/accounts/second-factor/passkeys/again/?next=/accounts/email/")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{base}/accounts/email/")

    assert complaints == []


def test_a_passkey_of_nobody_signs_nobody_in(live_server, page):
    """The account has gone; its passkey is still on the device."""
    user, base = person(Role.BUSINESS), live_server.url
    give_device(page)
    sign_in_at(page, base, user)
    page.wait_for_url(f"{base}/")
    add_passkey(page, base)
    page.wait_for_url(f"{base}/accounts/second-factor/recovery-codes/")
    sign_out(page, base)
    SecondFactor.objects.all().delete()

    page.click("form[data-passkey] button")
    page.wait_for_selector("main [role=alert]:visible")

    assert "The passkey did not work." in page.inner_text("main")
    assert page.url.startswith(f"{base}/accounts/login/")


def test_a_closed_account_is_not_opened_by_a_passkey(live_server, page):
    user, base = person(Role.BUSINESS), live_server.url
    give_device(page)
    sign_in_at(page, base, user)
    page.wait_for_url(f"{base}/")
    add_passkey(page, base)
    page.wait_for_url(f"{base}/accounts/second-factor/recovery-codes/")
    sign_out(page, base)
    User.objects.update(is_active=False)

    page.click("form[data-passkey] button")

    page.wait_for_url(f"{base}/accounts/inactive/")


def test_the_page_says_what_to_do_when_no_passkey_is_given(live_server, page):
    """A device without any passkey for us: the browser gives up by itself."""
    give_device(page)
    page.goto(f"{live_server.url}/accounts/login/")

    page.click("form[data-passkey] button")
    page.wait_for_selector("[data-passkey-told]:visible")

    assert "No passkey was given" in page.inner_text("[data-passkey-told]")


def test_a_newcomer_sets_up_an_app_without_script(live_server, new_page):
    staff, base = person(Role.STAFF, second_factor=False), live_server.url
    page = new_page(width=390, java_script_enabled=False)
    sign_in_at(page, base, staff)
    page.wait_for_url(f"{base}/accounts/second-factor/")
    page.click("main a.primary")
    page.fill("#id_password", PASSWORD)
    page.click("main form .primary")
    secret = page.inner_text(".tm-hash").replace(" ", "")
    page.fill("#id_code", app_code(secret))
    page.click("main form .primary")
    page.wait_for_url(f"{base}/accounts/second-factor/recovery-codes/")
    page.click("main a.primary")
    page.wait_for_url(f"{base}/")

    page.goto(f"{base}/accounts/second-factor/passkeys/add/")
    assert "Passkeys need JavaScript" in page.inner_text("main")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["id", "en", "ru", "kk"])
def test_nothing_on_the_pages_of_accounts_keeps_people_out(live_server, new_page, language, complaints):
    boss = person(Role.ADMIN, name="Nurlan Abdrakhmanov-Qonysbayev", language=language)
    closed = person(Role.BUSINESS, name="A person with quite a long name, as people have", is_active=False)
    code_for(boss)
    browser = Client(headers={"user-agent": "Firefox/128 on Android"})
    browser.force_login(boss)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    newcomer = Client()
    newcomer.force_login(person(Role.STAFF, second_factor=False, name="Newcomer"))
    newcomer.post("/accounts/reauthenticate/", {"password": PASSWORD})
    signed_in = PEOPLE | PROVEN | {"person": f"/accounts/people/{closed.pk}/"}
    found = []
    for width in (1280, 390):
        for client, pages in (
            (None, STRANGERS),
            (browser, signed_in),
            (newcomer, {"set-up": "/accounts/second-factor/", "app": "/accounts/second-factor/app/"}),
        ):
            page = new_page(width=width, language=language)
            cookies = {"django_language": language}
            if client:
                cookies["sessionid"] = client.session.session_key
            page.context.add_cookies(
                [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
            )
            for name, address in pages.items():
                response = page.goto(f"{live_server.url}{address}")
                assert (name, response.status, page.url) == (name, 200, f"{live_server.url}{address}")
                keep_picture(page, f"accounts-{name}-{language}-{width}")
                found += [(name, width, barrier) for barrier in barriers(page)]
                if page.evaluate(OVERFLOW) > 0:
                    found.append((name, width, "sticks out to the right"))

    assert found == []
    assert complaints == []


def keep_picture(page, name: str) -> None:
    if folder := os.environ.get("TM_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_the_script_of_passkeys_is_the_only_one_of_these_pages(client):
    text = client.get("/accounts/login/").content.decode()

    assert text.count("<script") == 1
    assert f'src="{settings.STATIC_URL}js/passkeys.js"' in text
