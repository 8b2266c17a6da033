"""A backup restored: into an empty server, with everything; and whatever is not well, refused without a change."""

import json
import os
import re
import shutil
import signal
import zipfile
from pathlib import Path

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import DO_NOTHING, ForeignKey
from django.test import Client
from django.urls import reverse

from accounts.models import User
from launcher import managing
from matching import services
from matching.models import Decision, Run
from matching.services.transactions import in_transaction
from tests.keeping.book import GOODBYE, NAME, carry_out, run_bytes
from tests.keeping.conftest import use_folder, working_on
from tests.matching.book import AS_OF
from tests.people import PASSWORD
from tradematch.keeping import databases, folder, restore
from tradematch.keeping.archive import Manifest, Part
from tradematch.keeping.failures import KeepingError
from tradematch.keeping.restore import Restored
from tradematch.management.commands.restore import what_next

pytestmark = pytest.mark.slow


def counted() -> dict[str, int]:
    with connection.cursor() as cursor:
        return databases.rows_in(cursor)


def databases_of(server) -> list[str]:
    with psycopg2.connect(server.url) as held, held.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname")
        names = [name for (name,) in cursor.fetchall()]
    held.close()
    return names


def changed(backup: Path, copy: Path, change) -> Path:
    """A backup whose manifest tells something else."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(copy, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            new.writestr(entry.filename, content)
    return copy


def test_restored_into_an_empty_server_everything_goes_on(backup, bytes_before, empty_server, capsys):
    with zipfile.ZipFile(backup) as opened:
        rows = json.loads(opened.read("manifest.json"))["rows"]

    call_command("restore", str(backup))

    found = counted()
    assert {table: found[table] for table in rows} == rows
    assert {table: found[table] for table in found if table not in rows} == {
        "django_session": 0,
        "usersessions_usersession": 0,
    }
    assert databases_of(empty_server) == ["postgres", "tradematch"]
    # The same bytes, of the run that was kept and of one that is made anew.
    assert run_bytes(Run.objects.official().get()) == bytes_before
    assert run_bytes(carry_out(services.start_run(as_of=AS_OF))) == bytes_before
    assert (django_settings.MEDIA_ROOT / "2026" / "certificate.pdf").read_bytes() == b"%PDF-1.7 a paper"
    # Who signed in before signs in again.
    answer = Client().post(reverse("account_login"), {"login": GOODBYE, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Session.objects.count() == 1
    # History goes on being kept, and nobody can change what was kept.
    before = counted()["accounts_userevent"]
    User.objects.filter(email=GOODBYE).update(language="id")
    assert counted()["accounts_userevent"] == before + 1
    told = capsys.readouterr().out
    assert re.search(r"^Checked: 3 parts of \d{4}-.*, \d+\.\d s$", told, re.MULTILINE)
    assert re.search(r"^Database: \d+ rows, \d+\.\d s$", told, re.MULTILINE)
    assert re.search(r"^Uploads: 1 files, 0\.0 MB, \d+\.\d s$", told, re.MULTILINE)
    assert "Everybody has to sign in again" in told


def test_a_run_that_waited_when_the_backup_was_made_is_taken_up(backup, empty_server, settings):
    settings.RUN_SWEEP_S = 0

    call_command("restore", str(backup))

    waiting = Run.objects.unfinished().get()
    assert [steps.run_id for steps in in_transaction(services.sweep)] == [waiting.pk]


def test_a_fresh_folder_is_restored_by_the_command_that_people_type(
    backup, second_server, empty_server, settings, monkeypatch, capfd
):
    """`python3 run.py manage --data DIR restore FILE`: no table is made beforehand, and the folder takes over."""
    connection.close()
    folder = second_server.places.data
    (folder / "set-up.json").unlink(missing_ok=True)
    monkeypatch.setattr("launcher.environment.prepare", lambda *told, **also: None)  # these tests run in it
    monkeypatch.setattr("launcher.house.dotenv.given_values", lambda path: {})

    exit_code = managing.run_command(folder, ["restore", str(backup)])

    assert exit_code == 0, capfd.readouterr()
    assert json.loads((folder / "set-up.json").read_text()) == {"sample users": "with their companies"}
    assert json.loads((folder / "secrets.json").read_text())["secret_key"] == django_settings.SECRET_KEY
    assert json.loads((folder / "secrets.json").read_text())["database_password"] == second_server.password
    second_server.start()  # the command was the last to leave
    settings.DATA_DIR = folder
    connection.settings_dict["PORT"] = second_server.port
    assert User.objects.filter(email=GOODBYE).count() == 1
    assert (folder / "kept" / "uploads" / "2026" / "certificate.pdf").exists()
    shutil.rmtree(folder / "kept")


def test_a_database_that_the_set_up_has_filled_is_replaced_and_one_with_people_is_not(
    backup, sample, settings, tmp_path
):
    call_command("flush", interactive=False, verbosity=0)
    call_command("restore", str(backup))
    assert User.objects.filter(email=GOODBYE).exists()
    User.objects.filter(email=GOODBYE).update(name="Somebody new")

    with pytest.raises(CommandError, match=r"The database is in use: it holds rows \(.*--set-aside"):
        call_command("restore", str(backup))

    assert User.objects.get(email=GOODBYE).name == "Somebody new"


def test_what_is_in_use_is_set_aside_when_asked_for(backup, sample, capsys):
    User.objects.filter(email=GOODBYE).update(name="Somebody new")
    django_settings.MEDIA_ROOT.mkdir()
    (django_settings.MEDIA_ROOT / "other.txt").write_text("was here")

    call_command("restore", str(backup), "--set-aside")

    told = capsys.readouterr().out
    assert User.objects.get(email=GOODBYE).name == NAME
    aside = re.search(rf"is now ({sample}_before_\d{{8}}_\d{{6}});", told)[1]
    with working_on(aside):
        assert User.objects.get(email=GOODBYE).name == "Somebody new"
    databases.forget_database(aside)
    uploads = Path(re.search(r"Uploads that were here are now in (.*)", told)[1])
    assert (uploads / "other.txt").read_text() == "was here"
    assert [path.name for path in django_settings.MEDIA_ROOT.rglob("*") if path.is_file()] == ["certificate.pdf"]


def test_an_older_backup_gets_the_tables_of_this_version(sample, settings, tmp_path, capsys):
    with connection.cursor() as cursor:
        for model in apps.get_app_config("desk").get_models():
            cursor.execute(f"DROP TABLE {model._meta.db_table} CASCADE")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'desk'")
    old = tmp_path / "old.tmbackup"
    call_command("backup", str(old))
    call_command("flush", interactive=False, verbosity=0)

    call_command("restore", str(old))

    assert re.search(r"^Tables: \d migrations since version 0\.1\.0", capsys.readouterr().out, re.MULTILINE)
    assert counted()["desk_desk"] == 0
    assert Decision.objects.count() == 1


def test_a_backup_whose_results_name_no_run_is_refused(sample, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE matching_matchresult DISABLE TRIGGER USER")
        cursor.execute("UPDATE matching_matchresult SET run_id = 999999999")
        cursor.execute("ALTER TABLE matching_matchresult ENABLE TRIGGER USER")
    torn = tmp_path / "torn.tmbackup"
    call_command("backup", str(torn))
    call_command("flush", interactive=False, verbosity=0)

    with pytest.raises(CommandError, match=r"matching_matchresult\.run_id names row 999999999 of matching_run"):
        call_command("restore", str(torn))

    assert not Run.objects.exists()


def test_keys_that_triggers_hold_are_those_that_have_no_constraint(sample):
    held = {
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and not field.db_constraint and field.remote_field.on_delete != DO_NOTHING
    }

    with connection.cursor() as cursor:
        assert set(databases.keys_of_triggers(cursor)) == held


# Refusals: each in a sentence, none with a change.


def cut(backup: Path, copy: Path) -> Path:
    copy.write_bytes(backup.read_bytes()[:-2000])
    return copy


def damaged(backup: Path, copy: Path) -> Path:
    content = bytearray(backup.read_bytes())
    with zipfile.ZipFile(backup) as opened:
        start = opened.getinfo("database.dump").header_offset
    content[start + 5000] ^= 1
    copy.write_bytes(content)
    return copy


def another_dump(backup: Path, copy: Path) -> Path:
    """Whole as a file, but its dump is not the one that the list tells of."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(copy, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, content[::-1] if entry.filename == "database.dump" else content)
    return copy


def without_the_dump(backup: Path, copy: Path) -> Path:
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(copy, "w") as new:
        for entry in old.infolist():
            if entry.filename != "database.dump":
                new.writestr(entry.filename, old.read(entry))
    return copy


def a_workbook(backup: Path, copy: Path) -> Path:
    with zipfile.ZipFile(copy, "w") as new:
        new.writestr("[Content_Types].xml", "<Types/>")
    return copy


def a_letter(backup: Path, copy: Path) -> Path:
    copy.write_text("Dear Sir or Madam")
    return copy


def nothing(backup: Path, copy: Path) -> Path:
    return copy


def a_folder(backup: Path, copy: Path) -> Path:
    copy.mkdir()
    return copy


def newer_tables(backup: Path, copy: Path) -> Path:
    return changed(backup, copy, lambda manifest: manifest["migrations"].append("companies.9999_from_the_future"))


def newer_form(backup: Path, copy: Path) -> Path:
    return changed(backup, copy, lambda manifest: manifest.update(format=2, version="9.0"))


def newer_server(backup: Path, copy: Path) -> Path:
    return changed(backup, copy, lambda manifest: manifest.update(postgres=99))


def a_row_short(backup: Path, copy: Path) -> Path:
    return changed(backup, copy, lambda manifest: manifest["rows"].update(accounts_user=77))


def leading_elsewhere(backup: Path, copy: Path) -> Path:
    def change(manifest):
        manifest["parts"]["uploads/../../evil"] = manifest["parts"].pop("uploads/2026/certificate.pdf")

    with zipfile.ZipFile(changed(backup, copy, change), "a") as opened:
        opened.writestr("uploads/../../evil", b"%PDF-1.7 a paper")
    return without_part(copy, "uploads/2026/certificate.pdf")


def without_part(path: Path, name: str) -> Path:
    rest = path.with_suffix(".rest")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(rest, "w") as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
    return rest


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (cut, "is no backup of TradeMatch, or its end is missing: try another copy"),
        (damaged, "The backup is damaged: database.dump cannot be read"),
        (another_dump, "The backup is damaged: database.dump is not what was written"),
        (without_the_dump, "The backup is damaged: database.dump is missing"),
        (a_workbook, "is no backup of TradeMatch: it has no list of what is in it"),
        (a_letter, "is no backup of TradeMatch, or its end is missing"),
        (nothing, "There is no file"),
        (a_folder, "is a folder: name the file of a backup"),
        (newer_tables, "made by a newer TradeMatch, .* does not know companies.9999_from_the_future"),
        (newer_form, "is a backup of form 2, and this TradeMatch reads form 1: restore it with the version .* 9.0"),
        (newer_server, "pg_restore of PostgreSQL 99 or newer is needed|of PostgreSQL 99, and this server is"),
        (a_row_short, "The backup is not whole: accounts_user should hold 77 rows and holds 3"),
        (leading_elsewhere, "The backup holds a part with a strange name"),
    ],
)
def test_what_is_no_whole_backup_of_ours_is_refused_and_changes_nothing(
    spoil, sentence, backup, empty_server, tmp_path
):
    with pytest.raises(CommandError, match=sentence):
        call_command("restore", str(spoil(backup, tmp_path / "spoilt.tmbackup")))

    assert counted() == {}
    assert databases_of(empty_server) == ["postgres", "tradematch"]
    assert list(django_settings.DATA_DIR.rglob("*")) == []


def test_a_database_that_somebody_works_on_is_refused(backup, empty_server):
    other = psycopg2.connect(empty_server.url)

    with pytest.raises(CommandError, match=r"1 connections to the database tradematch are open: stop TradeMatch"):
        call_command("restore", str(backup))

    other.close()
    assert counted() == {}


def test_a_role_that_may_not_make_databases_is_told_before_anything_happens(backup, empty_server, monkeypatch):
    monkeypatch.setattr(databases, "may_exchange", lambda cursor, database: False)

    with pytest.raises(CommandError, match="ALTER ROLE tradematch CREATEDB"):
        call_command("restore", str(backup))

    assert counted() == {}


def test_a_pg_restore_that_dies_in_the_middle_leaves_nothing_half(backup, empty_server, monkeypatch):
    feed = restore.feed

    def feed_and_kill(opened, process, say):
        process.kill()
        feed(opened, process, say)

    monkeypatch.setattr(restore, "feed", feed_and_kill)

    with pytest.raises(CommandError, match="The database could not be restored"):
        call_command("restore", str(backup))

    assert counted() == {}
    assert databases_of(empty_server) == ["postgres", "tradematch"]


def test_a_restore_killed_in_the_middle_leaves_nothing_half_and_the_next_one_clears_up(
    backup, empty_server, monkeypatch
):
    connection.close()
    child = os.fork()
    if not child:
        monkeypatch.setattr(restore, "verify_rows", lambda manifest: os.kill(os.getpid(), signal.SIGKILL))
        call_command("restore", str(backup))
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert counted() == {}
    assert databases_of(empty_server) == ["postgres", "tradematch", "tradematch_being_restored"]

    call_command("restore", str(backup))

    assert User.objects.filter(email=GOODBYE).exists()
    assert databases_of(empty_server) == ["postgres", "tradematch"]


def test_a_restore_that_fails_at_its_very_end_leaves_uploads_as_they_were(backup, empty_server, monkeypatch):
    django_settings.MEDIA_ROOT.mkdir()
    (django_settings.MEDIA_ROOT / "other.txt").write_text("was here")

    def refuse(database, beside, *, kept_as):
        raise KeepingError("Somebody came back.")

    monkeypatch.setattr(databases, "exchange", refuse)

    with pytest.raises(CommandError, match="Somebody came back"):
        call_command("restore", str(backup))

    assert [path.name for path in django_settings.DATA_DIR.rglob("*") if path.is_file()] == ["other.txt"]
    assert (django_settings.MEDIA_ROOT / "other.txt").read_text() == "was here"
    assert counted() == {}


# The folder in which it goes on


def test_a_secret_key_that_the_environment_gives_is_not_replaced(settings, tmp_path):
    use_folder(settings, tmp_path / "city")

    assert folder.take_over({"SECRET_KEY": "of the backup"}, {"sample users": "with their companies"}) is False
    assert folder.take_over({"SECRET_KEY": settings.SECRET_KEY}, {}) is True
    assert folder.take_over(None, {}) is False
    assert list(settings.DATA_DIR.iterdir()) == []


def test_a_folder_of_run_py_takes_the_secret_key_and_gets_no_sample_users_it_did_not_have(settings, tmp_path):
    use_folder(settings, tmp_path / "var")
    kept = {"secret_key": settings.SECRET_KEY, "database_password": "of this folder"}
    (settings.DATA_DIR / "secrets.json").write_text(json.dumps(kept))

    assert folder.take_over({"SECRET_KEY": "of the backup", "sample_sign_ins": [{"role": "staff"}]}, {}) is True

    written = {path.name: json.loads(path.read_text()) for path in settings.DATA_DIR.iterdir()}
    assert written == {
        "secrets.json": {"secret_key": "of the backup", "database_password": "of this folder"},
        "set-up.json": {"sample users": "without companies"},
        "sample_sign_ins.json": [{"role": "staff"}],
    }
    assert {path.stat().st_mode & 0o777 for path in settings.DATA_DIR.iterdir()} == {0o600}


def restored(**facts) -> Restored:
    part = Part(bytes=1, sha256="")
    manifest = Manifest(
        "0.1.0", "2026-11-25", 18, [], {}, {}, parts={"secrets.json": part} if facts.pop("secrets") else {}
    )
    return Restored(
        manifest, **({"erased": 0, "set_aside": "", "key_is_the_same": True, "holds_examples": True} | facts)
    )


def test_whoever_restored_is_told_what_to_do_next(settings, tmp_path):
    use_folder(settings, tmp_path / "var")
    settings.ERASURE_REGISTER.parent.mkdir()
    settings.ERASURE_REGISTER.touch()

    plain = what_next(restored(secrets=True))
    city = what_next(restored(secrets=True, key_is_the_same=False, holds_examples=False, set_aside="x_before"))
    bare = what_next(restored(secrets=False, key_is_the_same=False))

    assert plain == [
        "Everybody has to sign in again. Runs that were under way are taken up within two minutes of the start.",
        "Now start TradeMatch: it brings the reference data up to date.",
    ]
    assert [line.split(":")[0].split(";")[0] for line in city[1:]] == [
        "The database that was here is now x_before",
        "The secret key of the backup is not the one in use here. Links in letters that are under way need it",
        "Now start TradeMatch with --empty, so that no examples are added",
    ]
    assert bare[1] == (
        "The backup holds no secret key: unless SECRET_KEY is the old one, links in letters under way end."
    )
