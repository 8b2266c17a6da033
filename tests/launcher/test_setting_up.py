import fcntl
import subprocess

import pytest

from launcher.console import Console
from launcher.failures import Failure
from launcher.house import House, data_folder
from launcher.setting_up import IN_WORDS, _alone, carry_out, digest_of, set_up_everything


@pytest.fixture
def house(tmp_path):
    with (tmp_path / "told").open("w") as paper:
        given = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
        yield House(data_folder(tmp_path / "var"), Console(paper), given=given)


def test_digest_sees_names_and_contents_and_nothing_else(tmp_path):
    (tmp_path / "data" / "deep").mkdir(parents=True)
    file = tmp_path / "data" / "deep" / "a.csv"
    file.write_text("1")
    before = digest_of(["data/**/*"], tmp_path)

    (tmp_path / "elsewhere").write_text("x")
    assert digest_of(["data/**/*"], tmp_path) == before
    file.write_text("2")
    changed = digest_of(["data/**/*"], tmp_path)
    file.rename(file.with_name("b.csv"))
    renamed = digest_of(["data/**/*"], tmp_path)

    assert len({before, changed, renamed}) == 3


@pytest.mark.parametrize(
    ("is_embedded", "with_sample_book", "expected"),
    [
        (True, True, ["ensure_sample_users"]),
        (True, False, ["ensure_sample_users"]),
        (False, True, ["ensure_sample_users --keep-passwords"]),
        (False, False, []),
    ],
)
def test_a_database_of_somebody_else_gets_sample_users_only_with_examples(
    tmp_path, monkeypatch, is_embedded, with_sample_book, expected
):
    given = {} if is_embedded else {"DATABASE_URL": "postgres://city@127.0.0.1:1/city"}
    carried_out = []
    monkeypatch.setattr("launcher.setting_up.carry_out", lambda _house, commands, _lock: carried_out.extend(commands))
    with (tmp_path / "told").open("w") as paper:
        house = House(data_folder(tmp_path / "var"), Console(paper), given=given)

        set_up_everything(house, with_sample_book=with_sample_book)

    assert [command for command in carried_out if command.startswith("ensure_sample_users")] == expected


def test_the_launcher_may_ask_beside_the_names_of_a_city(tmp_path):
    given = {
        "DATABASE_URL": "postgres://city@127.0.0.1:1/city",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "ALLOWED_HOSTS": "trade.example.go.id",
    }
    with (tmp_path / "told").open("w") as paper:
        environ = House(data_folder(tmp_path / "var"), Console(paper), given=given).environ()

    assert environ["ALLOWED_HOSTS"] == "trade.example.go.id,127.0.0.1"


def test_carry_out_shows_each_command_as_a_step(house, tmp_path, monkeypatch):
    monkeypatch.setitem(IN_WORDS, "diffsettings --output=unified", "Comparing the settings")
    monkeypatch.setitem(IN_WORDS, "diffsettings --all", "Reading the settings")

    carry_out(house, ["diffsettings --output=unified", "diffsettings --all"])

    house.console.stream.flush()
    steps = [line.split(":")[0] for line in (tmp_path / "told").read_text().splitlines()]
    assert steps == ["Comparing the settings", "Reading the settings"]


def test_carry_out_says_which_command_did_not_work_and_why(house, monkeypatch):
    monkeypatch.setitem(IN_WORDS, "migrate --noinput", "Making the tables")

    with pytest.raises(Failure) as failure:
        carry_out(house, ["migrate --noinput"])

    sentence, reason, *_ = str(failure.value).splitlines()
    log = house.places.logs / "set-up.log"
    assert sentence == f"Making the tables did not work, for the reason below ({log} tells all)."
    assert "OperationalError" in reason
    assert "Traceback" not in str(failure.value)
    assert "Traceback" in log.read_text()


def test_carry_out_tells_the_words_of_a_command_that_refuses(house, monkeypatch):
    monkeypatch.setitem(IN_WORDS, "no_such_command", "Trying")

    with pytest.raises(Failure, match=r"Trying did not work, .*\n    Unknown command: 'no_such_command'"):
        carry_out(house, ["no_such_command"])


def test_a_set_up_that_outlives_its_killed_launcher_is_waited_for(house):
    """The process that makes the tables holds the lock as well, so two of them never work at once."""
    with _alone(house) as lock:
        orphan = subprocess.Popen(["sleep", "60"], pass_fds=[lock.fileno()])

    try:
        with (house.places.run / "set-up.lock").open("w") as mine, pytest.raises(BlockingIOError):
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        orphan.kill()
        orphan.wait()
    with _alone(house):
        pass
