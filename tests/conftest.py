"""What every test may rely on: servers that answer, steady chance, a worker and a browser for those that ask."""

import os
from urllib.parse import urlsplit

import pytest

from launcher.ports import answers
from tests.side_by_side import (  # noqa: F401 - hooks of pytest
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_terminal_summary,
    pytest_xdist_make_scheduler,
    pytest_xdist_setupnodes,
)


def refuse_without_servers() -> None:
    """Say how the tests are run, before some library says in fifty lines that a server is missing.

    Only addresses from the environment count, not those in `.env`: those may be servers that people work with.
    """
    for name, default_port in (("DATABASE_URL", 5432), ("REDIS_URL", 6379)):
        address = urlsplit(os.environ.get(name, ""))
        if not address.hostname or not answers(address.hostname, address.port or default_port):
            pytest.exit(f"{name} names no server that answers. Run the tests with: python3 run.py test", returncode=4)


refuse_without_servers()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradematch.settings")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
# Pages need no collected static files here; that the collected ones work is what tests/launcher sees to.
os.environ.setdefault("TM_STATIC_STORAGE", "django.contrib.staticfiles.storage.StaticFilesStorage")

import django  # noqa: E402 - only now the settings can be read
from django.conf import settings  # noqa: E402
from django.utils import translation  # noqa: E402
from hypothesis import HealthCheck  # noqa: E402
from hypothesis import settings as hypothesis_settings  # noqa: E402

from tradematch.cache import _left_alone_until  # noqa: E402

django.setup()

# A machine that is busy with two processes of tests answers late; a cache that is left alone for it forgets used codes.
settings.CACHES["default"]["OPTIONS"] |= {"socket_timeout": 10, "socket_connect_timeout": 10}

# The same examples each time, so that a red test stays red; `--hypothesis-profile=search` looks for new ones.
hypothesis_settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile("search", deadline=None, max_examples=1000)
hypothesis_settings.load_profile("steady")

pytest_plugins = ["tests.browsing", "tests.mutations.option", "tests.permissions.printing", "tests.workers"]


@pytest.fixture(autouse=True)
def _one_language_a_test():
    """A language that one test speaks is not heard in the next."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_cache_left_alone():
    """A question that was not answered in one test keeps the cache from nobody in the next."""
    _left_alone_until.clear()


@pytest.fixture(autouse=True)
def _cheap_passwords(settings):
    """Signing in is slow on purpose, and tests sign in all the time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
