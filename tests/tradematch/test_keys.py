"""Nobody starts TradeMatch with a secret that others know."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tradematch import keys

GOOD = "6f1e0c7f3a9b4d58b1a2c3d4e5f60718293a4b5c6d7e8f901a2b3c4d5e6f7081"


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("", "is shorter than 50 characters"),
        (GOOD[:49], "is shorter than 50 characters"),
        ("a1" * 32, "has fewer than 10 different characters"),
        ("django-insecure-" + GOOD, "is one that everybody knows"),
        ("ChangeMe-" + GOOD, "is one that everybody knows"),
        ("0123456789abcdef" * 4, "only repeats itself"),
        (GOOD, ""),
        (GOOD[:50], ""),
    ],
)
def test_fault_of_key_says_what_is_wrong_with_it(key, fault):
    assert keys.fault_of_key(key) == fault


@pytest.mark.parametrize("password", ["postgres", "PASSWORD", "", "changeme"])
def test_a_password_that_everybody_tries_first_is_refused(password):
    with pytest.raises(ImproperlyConfigured, match="The password in DATABASE_URL is one that everybody tries first"):
        keys.refuse_known_password("DATABASE_URL", f"postgres://tradematch:{password}@db:5432/tradematch")


@pytest.mark.parametrize("address", [f"postgres://tm:{GOOD}@db/tm", "postgres://tm@db/tm", "redis://cache:6379/0"])
def test_a_password_of_ones_own_and_none_are_taken(address):
    assert keys.refuse_known_password("DATABASE_URL", address) is None


def started_with(**environ: str) -> subprocess.CompletedProcess[str]:
    """What a command says when the settings are read like this."""
    return subprocess.run(
        [sys.executable, "manage.py", "diffsettings"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        (
            {"SECRET_KEY": "short"},
            "SECRET_KEY is shorter than 50 characters: make one with: "
            'python3 -c "import secrets; print(secrets.token_hex(32))"',
        ),
        (
            {"TM_HTTPS": "on", "DATABASE_URL": "postgres://tm:postgres@127.0.0.1/tm"},
            "The password in DATABASE_URL is one that everybody tries first: make one with: "
            'python3 -c "import secrets; print(secrets.token_hex(32))"',
        ),
    ],
)
def test_nothing_starts_with_a_weak_secret_and_the_reason_is_a_sentence(environ, said):
    told = started_with(**environ)

    assert told.returncode == 1
    assert told.stderr.splitlines()[-1] == f"django.core.exceptions.ImproperlyConfigured: {said}"


def test_a_developer_may_use_any_key():
    assert started_with(SECRET_KEY="short", DEBUG="on").returncode == 0


def test_former_keys_are_read_from_the_environment():
    command = "from django.conf import settings; print(settings.SECRET_KEY_FALLBACKS)"
    told = subprocess.run(
        [sys.executable, "-c", command],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tradematch.settings", "SECRET_KEY_FALLBACKS": "one,two"},
        capture_output=True,
        text=True,
    )

    assert told.stdout == "['one', 'two']\n"
