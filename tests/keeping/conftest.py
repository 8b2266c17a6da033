"""A small TradeMatch with people in it, its backup, and a second server that is empty."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from psycopg2 import sql

from accounts.enums import Role
from accounts.models import User
from companies.models import Company, Consent, ContactLook, ContactPerson, StandIn
from launcher.console import Console
from launcher.house import data_folder, kept_secrets
from launcher.postgres import Postgres
from matching import services
from matching.enums import MatchState, RunKind
from matching.models import Match, Run
from notices.models import Notice
from tests.keeping.book import GOODBYE, NAME, carry_out, run_bytes
from tests.matching.book import AS_OF, small_book
from tests.people import member_of, person
from tradematch.keeping import databases


@pytest.fixture
def db(django_db_setup, django_db_blocker):
    """The database of the tests is made, but nothing is written into it: these tests work on others, beside it."""
    with django_db_blocker.unblock():
        yield


@contextmanager
def working_at(url: str) -> Iterator[None]:
    """Django works on another server's database."""
    facts = connection.settings_dict
    before = dict(facts)
    connection.close()
    facts |= {name: value for name, value in environ.Env.db_url_config(url).items() if name != "ENGINE"}
    try:
        yield
    finally:
        connection.close()
        facts |= before


@pytest.fixture(scope="session")
def second_server(tmp_path_factory) -> Iterator[Postgres]:
    """Another PostgreSQL, in a data folder of its own, whose role is no superuser."""
    places = data_folder(tmp_path_factory.mktemp("second"))
    with (places.data / "told").open("w") as paper:
        server = Postgres(places, kept_secrets(places)["database_password"], Console(paper), durable=False)
        server.start()
        yield server
        server.start()  # a test may have stopped it
        server.stop()
        server.remove()


@pytest.fixture
def empty_server(db, second_server, settings, tmp_path) -> Iterator[Postgres]:
    """Django works on the second server, whose database is empty, and with a data folder that holds nothing."""
    second_server.start()
    held = psycopg2.connect(f"{second_server.url.rpartition('/')[0]}/postgres")
    held.autocommit = True
    with held.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'tradematch%'")
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        cursor.execute("CREATE DATABASE tradematch TEMPLATE template0")
    held.close()
    use_folder(settings, tmp_path / "empty")
    with working_at(second_server.url):
        yield second_server


def use_folder(settings, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    settings.DATA_DIR, settings.MEDIA_ROOT = folder, folder / "uploads"
    settings.ERASURE_REGISTER = folder / "erasures" / "erasures.jsonl"


@pytest.fixture(scope="session")
def _sample_database(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database beside that of the tests, with a small book and people, which no test changes."""
    tests, name = connection.settings_dict["NAME"], f"{connection.settings_dict['NAME']}_sample"
    with django_db_blocker.unblock():
        copy_database(tests, name)
        with working_on(name), override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            fill()
        yield name
        drop_database(name)


@pytest.fixture
def sample(db, _sample_database, settings, tmp_path) -> Iterator[str]:
    """Django works on a copy of the sample that the test may change."""
    name = f"{_sample_database}_copy"
    use_folder(settings, tmp_path / "sample")
    copy_database(_sample_database, name)
    with working_on(name):
        yield name
    for copy in (name, *set_aside(name)):
        drop_database(copy)


def set_aside(name: str) -> list[str]:
    """What a restore of this test has kept beside."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{name}_before_"])
        return [found for (found,) in cursor.fetchall()]


@pytest.fixture(scope="session")
def backup(_sample_database, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """A backup of the sample with one upload, and beside it what a run said before."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), working_on(_sample_database):
        from django.conf import settings

        patch.setattr(settings, "DATA_DIR", folder)
        patch.setattr(settings, "MEDIA_ROOT", folder / "uploads")
        patch.setattr(settings, "ERASURE_REGISTER", folder / "erasures.jsonl")
        (folder / "uploads" / "2026").mkdir(parents=True)
        (folder / "uploads" / "2026" / "certificate.pdf").write_bytes(b"%PDF-1.7 a paper")
        (folder / "set-up.json").write_text(json.dumps({"sample users": "with their companies", "static": "abc"}))
        call_command("backup", str(folder / "x.tmbackup"))
    return folder / "x.tmbackup"


@pytest.fixture(scope="session")
def bytes_before(_sample_database, django_db_blocker) -> str:
    with django_db_blocker.unblock(), working_on(_sample_database):
        return run_bytes(Run.objects.official().earliest("pk"))


@contextmanager
def working_on(name: str) -> Iterator[None]:
    facts, before = connection.settings_dict, connection.settings_dict["NAME"]
    connection.close()
    facts["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        facts["NAME"] = before


def copy_database(name: str, copy: str) -> None:
    drop_database(copy)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(copy), sql.Identifier(name))
    carry_out_elsewhere(statement)


def drop_database(name: str) -> None:
    """As the product does: `WITH (FORCE)` is denied where the server's own helper is just at work in it."""
    connection.close()
    databases.forget_database(name)


def carry_out_elsewhere(statement: sql.Composable) -> None:
    connection.close()
    held = psycopg2.connect(**{**psycopg_facts(), "dbname": "template1"})
    held.autocommit = True
    with held.cursor() as cursor:
        cursor.execute(statement)
    held.close()


def psycopg_facts() -> dict:
    facts = connection.settings_dict
    told = {"host": facts["HOST"], "port": facts["PORT"], "user": facts["USER"], "password": facts["PASSWORD"]}
    return {name: value for name, value in told.items() if value}


def fill() -> None:
    """A book that was matched, and everything the product may keep of a person called Rina Wulandari."""
    small_book(headings=1)
    admin, staff = person(Role.ADMIN), person(Role.STAFF)
    company = Company.objects.filter(country="ID").earliest("pk")
    rina = member_of(company)
    User.objects.filter(pk=rina.pk).update(name=NAME, email=GOODBYE)
    rina.emailaddress_set.update(email=GOODBYE)
    contact = ContactPerson.objects.create(company=company, name=NAME, email=GOODBYE.upper(), phone="+62 542 000")
    Consent.objects.create(contact=contact, wording="1", countries=["ID"], given_on=AS_OF, recorded_by=rina)
    ContactLook.objects.create(company=company, looked_by=staff, purpose="verify", seen=1)
    StandIn.objects.create(company=company, user=staff, reason=f"{NAME} asked for it")
    Notice.objects.create(
        user=admin, kind="stand_in_began", event="role:1", facts={"company": "PT Contoh", "reason": NAME}
    )
    Notice.objects.create(user=rina, kind="company_active", event="role:1", facts={"company": "PT Contoh"})
    carry_out(services.start_run(as_of=AS_OF, started_by=staff))
    note = f"{NAME} <{GOODBYE}> called"
    services.decide(match=Match.objects.earliest("pk"), state=MatchState.SHORTLISTED, decided_by=staff, note=note)
    services.start_run(as_of=AS_OF, kind=RunKind.WHAT_IF)  # waits for a worker
