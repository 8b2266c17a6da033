"""Migrations are read before they are carried out."""

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from tradematch.keeping import migrations
from tradematch.keeping.failures import KeepingError

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)  # an index that is made beside those who work is made in no transaction
def test_no_migration_of_ours_would_stop_those_who_work(capsys):
    call_command("check_migrations")

    assert capsys.readouterr().out.startswith("All migrations can be carried out while people work;")


def test_migrations_that_would_stop_those_who_work_are_found():
    with override_settings(INSTALLED_APPS=[*django_settings.INSTALLED_APPS, "tests.keeping.harmful"]):
        found = migrations.findings({"harmful.0009_gone": "old"}, ["harmful"])

    assert found == [
        migrations.Finding("harmful.0003_column_that_must_be_given", "NOT NULL constraint on columns"),
        migrations.Finding("harmful.0004_column_taken_away", "DROPPING columns (table harmful_thing, column name)"),
        migrations.Finding("harmful.0009_gone", "is excused, but there is no such migration"),
    ]


def test_an_excused_migration_is_not_read():
    excuses = {"harmful.0003_column_that_must_be_given": "a test", "harmful.0004_column_taken_away": "a test"}

    with override_settings(INSTALLED_APPS=[*django_settings.INSTALLED_APPS, "tests.keeping.harmful"]):
        assert migrations.findings(excuses, ["harmful"]) == []


def test_the_command_names_what_it_refuses(monkeypatch, capsys):
    finding = migrations.Finding("companies.0099_x", "DROPPING columns")
    monkeypatch.setattr(migrations, "findings", lambda excuses: [finding])

    with pytest.raises(CommandError, match=r"1 findings\. .* tradematch/keeping/excused_migrations.txt"):
        call_command("check_migrations")

    assert capsys.readouterr().err == "companies.0099_x: DROPPING columns\n"


def test_an_excuse_needs_a_reason(tmp_path):
    (tmp_path / "excused.txt").write_text("# why\n\nharmful.0001_initial\n")

    with pytest.raises(KeepingError, match=r"say after harmful\.0001_initial why"):
        migrations.excused(tmp_path / "excused.txt")
