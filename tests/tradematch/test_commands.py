"""Every command of our own tells what it does."""

import pytest
from django.core.management import call_command, get_commands

from tradematch.catalogues import APPS

OUR_COMMANDS = sorted(name for name, app in get_commands().items() if app in APPS)


def test_there_are_commands_of_our_own():
    assert {"load_reference", "import_book", "match", "solve_plan", "export_matches"} <= set(OUR_COMMANDS)


@pytest.mark.parametrize("name", OUR_COMMANDS)
def test_every_command_prints_its_help(name, capsys):
    with pytest.raises(SystemExit) as end:
        call_command(name, "--help")

    assert end.value.code == 0
    assert name in capsys.readouterr().out
