"""A database in which a search for a Kazakh word finds nothing is refused before anything is kept in it."""

import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection, connections

from commodities import checks
from commodities.checks import UnfitDatabaseError, database_faults, refuse_unfit_database
from tradematch.keeping.databases import drop

pytestmark = pytest.mark.django_db


@contextmanager
def database(name: str, how: str, *, with_trigrams: bool):
    """A database of the test's own, created in a given way; yields its name."""
    name = f"{settings.DATABASES['default']['NAME']}_{name}"
    maintenance = connection.copy()
    maintenance.settings_dict["NAME"] = "postgres"
    with maintenance.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 {how}")
    try:
        if with_trigrams:
            inside = connection.copy()
            inside.settings_dict["NAME"] = name
            with inside.cursor() as cursor:
                cursor.execute("CREATE EXTENSION pg_trgm")
            inside.close()
        yield name
    finally:
        with maintenance.cursor() as cursor:
            drop(cursor, name)
        maintenance.close()


@pytest.fixture
def as_default(monkeypatch):
    """Lets the checks look at another database of the same server."""
    opened = []

    def use(name: str) -> None:
        other = connection.copy()
        other.settings_dict["NAME"] = name
        opened.append(other)
        monkeypatch.setattr(checks, "connections", {"default": other})

    yield use
    for other in opened:
        other.close()


BLIND = "ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"


@pytest.mark.parametrize("with_trigrams", [False, True], ids=["before the first migration", "after it"])
def test_a_database_in_locale_c_is_refused(as_default, with_trigrams):
    with database("blind", BLIND, with_trigrams=with_trigrams) as name:
        as_default(name)

        (fault,) = database_faults()
        with pytest.raises(UnfitDatabaseError, match=r"takes Cyrillic letters for punctuation.*CREATE DATABASE"):
            refuse_unfit_database()
        checks.connections["default"].close()

    assert fault.id == "commodities.E002"
    assert fault.msg == (
        f"The database '{name}' takes Cyrillic letters for punctuation: a search for 'мұнай' finds nothing."
    )
    assert "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin" in fault.hint


def test_a_database_of_another_encoding_is_refused(as_default):
    with database("latin", "ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'", with_trigrams=False) as name:
        as_default(name)

        (fault,) = database_faults()
        checks.connections["default"].close()

    assert fault.id == "commodities.E001"
    assert fault.msg == f"The database '{name}' stores text as LATIN1, which cannot hold Kazakh and Russian words."


def test_migrate_refuses_a_database_in_locale_c():
    with database("blind", BLIND, with_trigrams=False) as name:
        address = urlunsplit(urlsplit(_address())._replace(path=f"/{name}"))

        migrate = subprocess.run(
            [sys.executable, "manage.py", "migrate"],
            cwd=settings.BASE_DIR,
            env={
                "DATABASE_URL": address,
                "REDIS_URL": settings.REDIS_URL,
                "SECRET_KEY": settings.SECRET_KEY,
                "PYTHONUTF8": "1",
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    assert migrate.returncode == 1
    assert "commodities.E002" in migrate.stderr
    assert "Applying" not in migrate.stdout


def _address() -> str:
    """The address of the test database, as an environment variable says it."""
    of = connection.settings_dict
    password = f":{of['PASSWORD']}" if of["PASSWORD"] else ""
    return f"postgres://{of['USER']}{password}@{of['HOST']}:{of['PORT']}/{of['NAME']}"


def test_the_database_of_the_tests_is_fit():
    assert database_faults() == []
    assert run_checks(databases=["default"], tags=["database"]) == []
    refuse_unfit_database()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT show_trgm('мұнай') <> '{}'")
        assert cursor.fetchone() == (True,)
