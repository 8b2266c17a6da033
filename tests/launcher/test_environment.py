import json
import subprocess

import pytest

from launcher import environment
from launcher.console import Console
from launcher.failures import Failure


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with lock files and an environment of its own, in which nothing is really installed."""
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "STAMP": venv / "tradematch.json",
        "RUNTIME": tmp_path / "requirements.txt",
        "DEVELOPMENT": tmp_path / "requirements-dev.txt",
    }.items():
        monkeypatch.setattr(environment, name, value)
    (tmp_path / "run.py").touch()
    (tmp_path / "requirements.txt").write_text(
        "django==5.2 \\\n    --hash=sha256:1\ncelery==5.7 \\\n    --hash=sha256:2\n"
    )
    (tmp_path / "requirements-dev.txt").write_text("pytest==9\n")
    return tmp_path


@pytest.fixture
def installs(checkout, monkeypatch):
    """What was installed, in order."""
    done = []

    def make(console):
        done.append("make")
        (checkout / ".venv").mkdir(exist_ok=True)

    monkeypatch.setattr(environment, "_make", make)
    monkeypatch.setattr(environment, "_install", lambda locks, *rest: done.append([lock.name for lock in locks]))
    return done


@pytest.fixture
def prepare(tmp_path):
    with (tmp_path / "told").open("w") as paper:
        yield lambda **wishes: environment.prepare(Console(paper), tmp_path / "install.log", **wishes)


def test_environment_is_made_once(installs, prepare):
    prepare()
    prepare()

    assert installs == ["make", ["requirements.txt"]]


def test_environment_follows_a_changed_lock_file(installs, prepare, checkout):
    prepare()
    with (checkout / "requirements.txt").open("a") as lock:
        lock.write("redis==8\n")
    prepare()
    prepare()

    assert installs == ["make", ["requirements.txt"], ["requirements.txt"]]


def test_development_packages_are_added_and_stay(installs, prepare):
    prepare()
    prepare(development=True)
    prepare()

    assert installs == ["make", ["requirements.txt"], ["requirements.txt", "requirements-dev.txt"]]


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"locks": 1}'])
def test_environment_with_a_damaged_stamp_is_made_anew(installs, prepare, checkout, stamp):
    prepare()
    (checkout / ".venv" / "tradematch.json").write_text(stamp)
    prepare()

    assert installs == ["make", ["requirements.txt"]] * 2


def test_environment_of_another_python_is_made_anew(installs, prepare, checkout):
    prepare()
    stamp = checkout / ".venv" / "tradematch.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"python": "3.10.1 (main)"}))
    prepare()

    assert installs == ["make", ["requirements.txt"]] * 2


def test_a_small_disk_is_refused_before_anything_is_written(installs, prepare, monkeypatch):
    usage = type("Usage", (), {"free": 120_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)

    with pytest.raises(Failure, match=r"need about 800 MB and only 120 MB are free .* free some space"):
        prepare()

    assert installs == []


def test_a_python_without_venv_gets_the_line_that_installs_it(checkout, monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with (tmp_path / "told").open("w") as paper, pytest.raises(Failure, match="sudo apt-get install python3-venv"):
        environment._make(Console(paper))


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("error: No space left on device (os error 28)", "The disk is full"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
            "differs from the one that was locked",
        ),
        ("error: Hash mismatch for `amqp==5.3`", "differs from the one that was locked"),
        (
            "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution",
            "connect this machine",
        ),
        ("something else", "could not be installed; .* and it ends:\n    something else"),
    ],
)
def test_what_installers_write_becomes_one_sentence(checkout, tmp_path, told, sentence):
    log = tmp_path / "install.log"
    log.write_text(f"{told}\n")

    with pytest.raises(Failure, match=sentence):
        raise environment._failure_told_by(log)


def test_uv_is_told_what_pip_is_told(monkeypatch, tmp_path):
    listing = (
        f":env:.find-links='{tmp_path} {tmp_path / 'missing'}'\n"
        "global.find-links='/ignored'\nglobal.index-url='https://mirror.example/simple'\nglobal.no-index='true'\n"
    )
    monkeypatch.setattr(
        subprocess, "run", lambda *arguments, **options: subprocess.CompletedProcess(arguments, 0, stdout=listing)
    )
    for name in ("UV_FIND_LINKS", "UV_DEFAULT_INDEX", "UV_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)

    assert environment._as_pip_is_told() == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(tmp_path),
    }


def test_pip_does_the_work_where_uv_cannot(checkout, tmp_path, monkeypatch):
    commands = []

    def run(command, log, guard, environ=None):
        commands.append([str(part) for part in command])
        log.touch()
        return "requirements.txt" in str(command[-1])

    monkeypatch.setattr(environment, "_run", run)
    with (tmp_path / "told").open("w") as paper:
        environment._install([checkout / "requirements.txt"], Console(paper), tmp_path / "install.log", guard=0)

    assert [command[-1].rsplit("/", 1)[-1] for command in commands] == [
        "requirements-installer.txt",
        "requirements.txt",
    ]
    assert "--require-hashes" in commands[1]


def test_a_missing_home_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "missing"))
    assert not environment._home_is_usable()
    assert environment._environ()["PIP_NO_CACHE_DIR"] == "1"

    monkeypatch.delenv("HOME")
    assert not environment._home_is_usable()

    monkeypatch.setenv("HOME", str(tmp_path))
    assert environment._home_is_usable()
