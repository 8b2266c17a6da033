"""A backup is whole or not there, is for its owner's eyes only, and is made while everybody works on."""

import io
import json
import zipfile
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.keeping.book import GOODBYE, NAME
from tests.keeping.conftest import psycopg_facts
from tradematch.keeping import archive, backup, tools
from tradematch.keeping.failures import KeepingError

pytestmark = pytest.mark.slow

# It writes down what it was told, and says something of its own.
FAKE = """#!/bin/sh
echo "$@" > "{folder}/arguments"
env > "{folder}/environment"
echo "pg_dump: error: first line" >&2
echo "pg_dump: error: {words}" >&2
exit {code}
"""


@pytest.fixture
def fake_pg_dump(tmp_path, monkeypatch):
    """A `pg_dump` of these tests instead of the real one: `fake_pg_dump(code=1)`."""

    def make(*, code: int, words: str = "no room") -> Path:
        program = tmp_path / "pg_dump"
        program.write_text(FAKE.format(folder=tmp_path, code=code, words=words))
        program.chmod(0o700)
        monkeypatch.setattr(tools, "find", lambda name, at_least: program)
        return tmp_path

    return make


def manifest_of(path: Path) -> dict:
    with zipfile.ZipFile(path) as opened:
        return json.loads(opened.read("manifest.json"))


def test_a_backup_tells_what_is_in_it(backup):
    manifest = manifest_of(backup)

    assert {name: manifest[name] for name in ("format", "product", "version")} == {
        "format": 1,
        "product": "TradeMatch",
        "version": "0.1.0",
    }
    assert sorted(manifest["parts"]) == ["database.dump", "secrets.json", "uploads/2026/certificate.pdf"]
    assert manifest["rows"]["accounts_user"] == 3
    assert manifest["set_up"] == {"sample users": "with their companies"}
    assert "accounts.0001_user" in manifest["migrations"]
    assert manifest["postgres"] >= 17
    assert backup.stat().st_mode & 0o777 == 0o600


def test_nobody_is_signed_in_by_a_backup(sample, tmp_path):
    client = Client()
    client.force_login(User.objects.get(email=GOODBYE))
    key = client.session.session_key
    path = tmp_path / "x.tmbackup"

    call_command("backup", str(path))
    with zipfile.ZipFile(path) as opened:
        (tmp_path / "dump").write_bytes(opened.read("database.dump"))
    pg_restore = tools.find("pg_restore", at_least=17)
    told = tools.subprocess.run(
        [pg_restore, "--data-only", "-f", "-", tmp_path / "dump"], capture_output=True, text=True, check=True
    ).stdout

    assert NAME in told
    assert key not in told
    assert "django_session" not in manifest_of(path)["rows"]


def test_what_is_counted_is_what_is_copied_though_people_work_on(sample, tmp_path, monkeypatch):
    """A row that comes between the count and the copy is in neither; else no restore would accept the backup."""
    add_dump = backup.add_dump

    def work_on(writer, pg_dump, moment):
        other = psycopg2.connect(**psycopg_facts(), dbname=connection.settings_dict["NAME"])
        with other, other.cursor() as cursor:
            cursor.execute("UPDATE notices_notice SET event = 'x' || id")
            cursor.execute("DELETE FROM companies_standin")
        other.close()
        add_dump(writer, pg_dump, moment)

    monkeypatch.setattr(backup, "add_dump", work_on)
    path = tmp_path / "x.tmbackup"

    call_command("backup", str(path))

    assert manifest_of(path)["rows"]["companies_standin"] == 1
    call_command("restore", str(path), "--set-aside")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM companies_standin")
        assert cursor.fetchone() == (1,)


def test_a_backup_without_secrets_holds_none(sample, tmp_path, capsys):
    path = tmp_path / "x.tmbackup"

    call_command("backup", str(path), "--without-secrets")

    assert list(manifest_of(path)["parts"]) == ["database.dump"]
    assert django_settings.SECRET_KEY.encode() not in path.read_bytes()
    assert "keep SECRET_KEY somewhere else" in capsys.readouterr().out


def test_a_file_that_is_there_is_overwritten_only_when_asked_for(sample, tmp_path):
    path = tmp_path / "x.tmbackup"
    path.write_text("something dear")

    with pytest.raises(CommandError, match="is there already: choose another name, or overwrite it with --force"):
        call_command("backup", str(path))
    assert path.read_text() == "something dear"

    call_command("backup", str(path), "--force")
    assert manifest_of(path)["product"] == "TradeMatch"


def test_a_copy_that_fails_leaves_no_file(sample, tmp_path, fake_pg_dump):
    fake_pg_dump(code=1)
    (tmp_path / "kept").mkdir()

    with pytest.raises(CommandError, match="could not be copied; pg_dump says: pg_dump: error: no room"):
        call_command("backup", str(tmp_path / "kept" / "x.tmbackup"))

    assert list((tmp_path / "kept").iterdir()) == []


def test_no_password_is_on_the_command_line(sample, tmp_path, fake_pg_dump):
    known = connection.settings_dict["PASSWORD"]
    # A server that trusts everybody asks for none: then any will do.
    password = known or "a-password-of-tests"
    connection.settings_dict["PASSWORD"] = password
    told = fake_pg_dump(code=0)
    try:
        call_command("backup", str(tmp_path / "x.tmbackup"))
    finally:
        connection.settings_dict["PASSWORD"] = known

    assert password not in (told / "arguments").read_text()
    environment = (told / "environment").read_text().splitlines()
    assert f"PGPASSWORD={password}" in environment
    assert f"PGDATABASE={sample}" in environment


def test_an_empty_database_is_not_kept(empty_server, tmp_path):
    with pytest.raises(CommandError, match="holds no tables of TradeMatch: there is nothing to keep"):
        call_command("backup", str(tmp_path / "x.tmbackup"))

    assert list(tmp_path.glob("*.tmbackup*")) == list(tmp_path.glob(".*")) == []


def test_a_folder_that_is_not_there_is_said_in_a_sentence(sample, tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("backup", str(tmp_path / "nowhere" / "x.tmbackup"))


# The file


def test_a_draft_of_a_killed_backup_is_used_again_and_a_second_backup_waits_its_turn(tmp_path):
    path, draft = tmp_path / "x.tmbackup", tmp_path / ".x.tmbackup.part"
    draft.write_text("left by a backup that was killed, and longer than the next one")

    with archive.writing(path, force=False) as file:
        with pytest.raises(KeepingError, match="is under way"), archive.writing(path, force=True):
            pass
        file.write(b"whole")
        assert not path.exists()

    assert path.read_bytes() == b"whole"
    assert not draft.exists()


def test_a_file_that_somebody_else_wrote_meanwhile_is_left_alone(tmp_path):
    path = tmp_path / "x.tmbackup"

    with pytest.raises(KeepingError, match="meanwhile"), archive.writing(path, force=False):
        path.write_text("another one")

    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("x.tmbackup", "another one")]


class Endless(io.RawIOBase):
    """Twenty pieces, handed out one after another; whoever asks for all of them at once is refused."""

    left = 20

    def read(self, size=-1):
        assert 0 < size <= archive.CHUNK
        self.left -= 1
        return b"x" * size if self.left >= 0 else b""


def test_only_a_piece_of_a_part_is_in_memory(tmp_path):
    with archive.writing(tmp_path / "x", force=False) as file, archive.Writer(file, str) as writer:
        writer.add("database.dump", Endless())

        assert writer.parts["database.dump"].bytes == 20 * archive.CHUNK


# Tools


def test_tools_older_than_the_server_are_named(tmp_path, monkeypatch):
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 16.9 (Debian 16.9-1)'\n")
    program.chmod(0o700)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")

    assert tools.find("pg_dump", at_least=16) == program
    with pytest.raises(KeepingError, match=r"pg_dump of PostgreSQL 18 or newer is needed .* is of version 16\)"):
        tools.find("pg_dump", at_least=18)
