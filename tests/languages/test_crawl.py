"""Every page in every language as every role: all that it says is said in that language."""

import re

import pytest
from django.core.cache import cache
from django.db import transaction
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import ngettext

from tests.languages.pages import refusals, texts_of, visits
from tests.languages.recording import untranslated
from tests.permissions.world import World, made_world

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|\{\{")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield made_world()
        transaction.set_rollback(True)


def opened(world: World, visit, language: str) -> str:
    """The page as the person sees it; what looking changes is undone."""
    cache.clear()
    client = world.client(world.who(visit.actor, visit.row))
    client.cookies["django_language"] = language
    with transaction.atomic():
        response = client.get(visit.address(world))
        transaction.set_rollback(True)
    assert response.status_code == 200, visit
    return response.content.decode()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["id", "en", "ru", "kk"])
def test_every_page_says_everything_in_the_language(world, language):
    missing: dict[str, str] = {}
    odd: dict[str, str] = {}

    for visit in visits():
        with untranslated() as heard:
            html = opened(world, visit, language)
        missing |= dict.fromkeys(heard - set(missing), f"{visit.name} as {visit.actor}")
        if f'<html lang="{language}">' not in html:
            odd[f"not in {language}"] = visit.name
        odd |= {text: visit.name for text in texts_of(html) if PLACEHOLDER.search(text)}

    assert missing == {}
    assert odd == {}


NONSENSE = {
    "login": "nobody", "email": "nobody", "password": "x", "password1": "x", "password2": "y", "oldpassword": "x",
    "code": "x", "name": "\x00", "given_on": "05/06/2026", "first_mile_km": "1.500", "website": "no address",
    "fact-checked_on": "31.02.2026", "languages": "xx", "reason": "", "state": "xx", "role-role": "xx",
    "role_mailbox": "no address", "phone": "\x00", "countries": "XX", "language": "xx", "letters": "xx",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("sent", [{}, NONSENSE], ids=["nothing", "nonsense"])
@pytest.mark.parametrize("language", ["id", "ru", "kk"])
def test_every_refusal_of_a_form_is_said_in_the_language(world, language, sent):
    missing: dict[str, str] = {}

    for visit in refusals():
        if visit.name == "set_language":
            continue
        cache.clear()
        client = world.client(world.who(visit.actor, visit.row))
        client.cookies["django_language"] = language
        with untranslated() as heard, transaction.atomic():
            response = client.post(visit.address(world), sent)
            if response.status_code == 302:
                response = client.get(response["Location"])
            transaction.set_rollback(True)
        assert response.status_code < 500, visit
        missing |= dict.fromkeys(heard - set(missing), f"{visit.name} as {visit.actor}")

    assert missing == {}


def test_crawl_opens_pages_of_every_role():
    assert {visit.actor for visit in visits()} == {"anonymous", "own", "officer", "staff", "admin"}
    assert {"desk:home", "account_login", "matching:match-detail"} <= {visit.name for visit in visits()}


def test_a_string_without_translation_is_heard():
    page = Template(
        "{% load i18n %}{% translate 'Nobody has translated this' %}{% translate 'Password' %}"
        "{% translate 'Nor this' context 'crawl' %}"
    )
    with translation.override("kk"), untranslated() as heard:
        page.render(Context())
        ngettext("%(n)s untold tale", "%(n)s untold tales", 5)

    assert heard == {"Nobody has translated this", "Nor this (crawl)", "%(n)s untold tale"}


def test_english_lacks_nothing():
    with translation.override("en"), untranslated() as heard:
        translation.gettext("Nobody has translated this")

    assert heard == set()
