import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.commands import main, port_number, split_data_option
from launcher.places import ROOT


@pytest.mark.parametrize(("text", "port"), [("8000", 8000), ("0", 0), ("65535", 65535)])
def test_port_number_takes_a_port(text, port):
    assert port_number(text) == port


@pytest.mark.parametrize("text", ["65536", "-1", "80.5", "http", "", "1e3"])
def test_port_number_refuses_anything_else_in_words(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not a port: give a whole number from 1 to 65535"):
        port_number(text)


def test_data_option_of_manage_stands_before_the_command(monkeypatch):
    monkeypatch.setenv("TM_DATA_DIR", "/kept")

    assert split_data_option(["match", "--data", "x"]) == (Path("/kept"), ["match", "--data", "x"])
    assert split_data_option(["--data", "here", "match", "--json"]) == (Path("here"), ["match", "--json"])
    assert split_data_option(["--data=here", "match"]) == (Path("here"), ["match"])


@pytest.mark.parametrize(
    "typed",
    [["manage", "--data", "here", "match", "--json"], ["--data", "here", "manage", "match", "--json"]],
)
def test_data_option_may_also_stand_before_manage(monkeypatch, typed):
    carried_out = []
    monkeypatch.setattr("launcher.managing.run_command", lambda data, command: carried_out.append((data, command)) or 0)
    monkeypatch.setattr("launcher.stopping.listen", lambda: None)

    assert main(typed) == 0
    assert carried_out == [(Path("here"), ["match", "--json"])]


def test_run_py_tells_an_old_python_that_it_is_too_old():
    """The file is carried out as an old Python would, which knows neither our language nor our modules."""
    pretend = (
        "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); sys.modules['launcher'] = None; "
        f"runpy.run_path({str(ROOT / 'run.py')!r}, run_name='__main__')"
    )
    told = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == (
        "TradeMatch needs Python 3.11 or newer, and this is Python 3.9. "
        "Start it with a newer one, for example: python3.11 run.py\n"
    )


def test_run_py_uses_no_word_that_an_old_python_does_not_know():
    import ast

    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 4))


def test_run_py_explains_itself():
    told = subprocess.run([sys.executable, ROOT / "run.py", "--help"], capture_output=True, text=True)

    assert told.returncode == 0
    assert "python3 run.py test [PYTEST ARGUMENTS]" in told.stdout
    assert "--port N" in told.stdout
