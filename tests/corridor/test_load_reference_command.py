"""`manage.py load_reference` says what became of each file, or what is wrong with one."""

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _our_files(files, settings):
    settings.REFERENCE_DIR = files.directory


def test_load_reference_command_says_what_became_of_each_file(capsys):
    call_command("load_reference")
    first = capsys.readouterr().out
    call_command("load_reference")
    second = capsys.readouterr().out

    assert "\nplaces.csv: 62 new, 0 changed, 0 unchanged\n" in first
    assert "\nexample_freight_quotes.csv: 59 new, 0 changed, 0 unchanged\n" in first
    assert "\nplaces.csv: 0 new, 0 changed, 62 unchanged\n" in second


def test_load_reference_command_refuses_a_broken_file_in_words(files):
    files.set("places.csv", 3, "lat", "-1,2675")

    with pytest.raises(CommandError, match=r"^places\.csv, line 3, column lat: '-1,2675' is not a number$"):
        call_command("load_reference")


def test_load_reference_command_names_what_is_gone(files, capsys):
    call_command("load_reference")
    for leg in ("L125", "L126"):
        files.drop("legs.csv", leg)
        files.drop("leg_equipment.csv", leg)
    capsys.readouterr()

    call_command("load_reference")

    assert "\nlegs.csv: 0 new, 0 changed, 129 unchanged, 2 no longer in the file, removed (L125, L126)\n" in (
        capsys.readouterr().out
    )


def test_load_reference_command_names_lines_of_the_tariff_without_a_rate(files, capsys):
    files.set("tariffs.csv", 2, "ad_valorem_pct", "")
    files.set("tariffs.csv", 2, "rate_text", "not researched")

    call_command("load_reference")

    assert "\ntariffs.csv: 1 without a rate, what rests on them stays not known (T0001)\n" in capsys.readouterr().out


def test_load_reference_command_refuses_a_line_that_says_nothing_of_its_rate(files):
    files.set("tariffs.csv", 2, "ad_valorem_pct", "")
    files.set("tariffs.csv", 2, "rate_text", "")

    with pytest.raises(CommandError) as refusal:
        call_command("load_reference")

    assert str(refusal.value) == (
        "tariffs.csv, line 2: a line without a rate says in rate_text what is known of it: its duty stays not known"
    )
