"""Who starts the servers of a folder and who stops them, with servers that only say what is done to them."""

import subprocess
import sys

import pytest

from launcher import house as houses
from launcher import stopping
from launcher.console import Console
from launcher.failures import Failure
from launcher.house import House, data_folder, kept_secrets, refuse_a_silent_server
from launcher.places import ROOT, Places
from launcher.ports import free_port, listen_near
from launcher.processes import Mark
from launcher.services import SAYS_IT_IS_READY, Web, Worker


class PretendServer:
    def __init__(self, name):
        self.name, self.done, self.running = name, [], False
        self.listener = None
        self.log = ROOT / "no such log"
        self.url = f"pretend://{name}"

    def start(self):
        if not self.running:
            self.done.append("start")
        self.running = True

    def is_running(self):
        return self.running

    def stop(self):
        if self.running:
            self.done.append("stop")
        self.running = False


@pytest.fixture
def places(tmp_path):
    return data_folder(tmp_path / "var")


@pytest.fixture
def told(tmp_path):
    with (tmp_path / "told").open("w+") as paper:
        yield paper


@pytest.fixture
def servers():
    """The servers of a folder; every house on that folder sees the same ones."""
    return {name: PretendServer(name) for name in ("postgres", "valkey", "worker", "web")}


@pytest.fixture
def open_house(places, told, servers, monkeypatch):
    monkeypatch.setattr(stopping, "no_more_interruptions", lambda: None)

    def make(**given):
        house = House(places, Console(told), given=given)
        for name, server in servers.items():
            setattr(house, name, server)
        return house

    return make


def test_a_house_starts_the_databases_and_stops_them_at_the_end(open_house, servers):
    with open_house().open():
        assert {name: server.done for name, server in servers.items()} == {
            "postgres": ["start"],
            "valkey": ["start"],
            "worker": [],
            "web": [],
        }

    assert servers["postgres"].done == servers["valkey"].done == ["start", "stop"]


def test_a_second_user_finds_the_databases_running_and_leaves_them_running(open_house, servers, told):
    with open_house().open():
        with open_house().open():
            pass
        assert servers["postgres"].done == ["start"]

    assert servers["postgres"].done == ["start", "stop"]
    told.seek(0)
    assert told.read() == ""


def test_whoever_served_pages_ends_the_web_server_and_says_what_goes_on(open_house, servers, told):
    serving, asking = open_house(), open_house()
    with serving.open():
        servers["web"].listener = "a socket"
        serving.start(servers["web"])
        entered = asking.open()
        entered.__enter__()

    assert (servers["web"].done, servers["postgres"].done) == (["start", "stop"], ["start"])
    told.seek(0)
    assert told.read() == "Another command still uses the servers of this folder; it stops them when it ends.\n"
    servers["web"].listener = None
    entered.__exit__(None, None, None)
    assert servers["postgres"].done == ["start", "stop"]


def test_the_last_user_stops_the_servers_whoever_started_them(open_house, servers):
    first, second = open_house(), open_house()

    with first.open():
        first.start(servers["worker"])
        entered = second.open()
        entered.__enter__()
    assert servers["worker"].done == ["start"]
    entered.__exit__(None, None, None)

    assert servers["worker"].done == servers["postgres"].done == ["start", "stop"]


def test_servers_stop_when_the_work_within_fails(open_house, servers):
    with pytest.raises(KeyError), open_house().open():
        raise KeyError

    assert servers["postgres"].done == ["start", "stop"]


def test_databases_stop_when_the_second_of_them_does_not_start(open_house, servers):
    def fail():
        raise Failure("Valkey does not come up")

    servers["valkey"].start = fail

    with pytest.raises(Failure), open_house().open():
        pass

    assert servers["postgres"].done == ["start", "stop"]


def test_what_a_killed_start_left_behind_is_stopped_and_its_databases_adopted(open_house, servers, told):
    for server in servers.values():
        server.running = True

    with open_house().open():
        assert servers["web"].done == servers["worker"].done == ["stop"]
        assert servers["postgres"].done == []

    told.seek(0)
    assert told.read().splitlines() == [
        "web was left behind by an earlier start; stopping it.",
        "worker was left behind by an earlier start; stopping it.",
    ]


def test_the_death_of_a_user_frees_the_servers(open_house, servers, places):
    """The system takes a dead process's lock back, however it died."""
    holds = (
        "import fcntl, os, sys, signal\n"
        f"lock = open({str(places.run / 'users.lock')!r}, 'w'); fcntl.flock(lock, fcntl.LOCK_SH)\n"
        "print('held', flush=True); signal.pause()"
    )
    other = subprocess.Popen([sys.executable, "-c", holds], stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "held\n"
    with open_house().open():
        pass
    assert servers["postgres"].done == ["start"]
    other.kill()
    other.communicate()

    with open_house().open():
        pass

    assert servers["postgres"].done == ["start", "stop"]


def test_given_addresses_replace_the_embedded_servers(open_house, servers):
    with listen_near(free_port()) as listener:
        port = listener.getsockname()[1]
        house = open_house(DATABASE_URL=f"postgres://a@127.0.0.1:{port}/b", REDIS_URL=f"redis://127.0.0.1:{port}/3")
        with house.open():
            environ = house.environ()

    assert servers["postgres"].done == servers["valkey"].done == []
    assert environ["DATABASE_URL"] == f"postgres://a@127.0.0.1:{port}/b"
    assert environ["REDIS_URL"] == f"redis://127.0.0.1:{port}/3"


def test_programs_get_the_settings_of_this_folder_and_nothing_misleading(open_house, places, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "another.project")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")

    environ = open_house().environ()

    names = ("DATABASE_URL", "REDIS_URL", "TM_DATA_DIR", "DJANGO_SETTINGS_MODULE", "LOG_LEVEL")
    assert {name: environ.get(name) for name in names} == {
        "DATABASE_URL": "pretend://postgres",
        "REDIS_URL": "pretend://valkey",
        "TM_DATA_DIR": str(places.data),
        "DJANGO_SETTINGS_MODULE": "tradematch.settings",
        "LOG_LEVEL": "DEBUG",
    }
    assert {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"} & set(environ) == set()
    assert environ["SECRET_KEY"] == kept_secrets(places)["secret_key"]


def test_letters_are_kept_in_the_folder_until_somebody_says_where_to_send_them(open_house, places, monkeypatch):
    assert open_house().environ()["EMAIL_URL"] == f"filemail:///{places.data}/mail"
    assert (places.data / "mail").stat().st_mode & 0o777 == 0o700

    given = {"EMAIL_URL": "smtp://post:25", "LOG_FORMAT": "line"}
    environ = open_house(**given).environ()

    assert {name: environ[name] for name in given} == given


def test_each_program_is_told_what_kind_of_process_it_is(open_house, monkeypatch):
    started = {}
    monkeypatch.setattr(
        "launcher.processes.start_detached",
        lambda command, env, log, **more: started.update({log.stem: env["TM_PROCESS"]}) or Mark(1, "never"),
    )
    house = open_house()
    environ, places, console = house.environ, house.places, house.console
    web = Web(places, environ, console)
    web.listen(0)

    Worker(places, environ, console).start()
    web.start()
    web.listener.close()

    assert started == {"worker": "worker", "web": "web"}
    assert environ()["TM_PROCESS"] == "command"


@pytest.mark.parametrize(
    ("written", "is_ready"),
    [
        (b"[INFO] tradematch-1a2b@a.host ready.\n", True),
        (b'{"level": "INFO", "message": "tradematch-1a2b@a-host ready.", "process": 1}\n', True),
        (b'{"level": "INFO", "message": "mingle: all ready. "}\n', False),
        (b"", False),
    ],
)
def test_a_worker_that_is_ready_is_known_by_its_log_in_either_form(written, is_ready):
    assert bool(SAYS_IT_IS_READY.search(written)) is is_ready


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "on"),
        ({"TM_HTTPS": "off"}, "on"),
        ({"TM_HTTPS": "On"}, None),
        ({"DATABASE_URL": "postgres://city@127.0.0.1:1/city"}, None),
    ],
)
def test_sample_users_are_let_off_the_second_factor_in_a_trial_alone(open_house, monkeypatch, given, said):
    monkeypatch.delenv("TM_SAMPLE_USERS_WITHOUT_SECOND_FACTOR", raising=False)

    house = open_house(**given)

    assert house.environ().get("TM_SAMPLE_USERS_WITHOUT_SECOND_FACTOR") == said
    assert house.is_trial == (said == "on")


def test_somebody_who_wants_the_second_factor_in_a_trial_gets_it(open_house, monkeypatch):
    monkeypatch.setenv("TM_SAMPLE_USERS_WITHOUT_SECOND_FACTOR", "off")

    environ = open_house(TM_SAMPLE_USERS_WITHOUT_SECOND_FACTOR="off").environ()

    assert environ["TM_SAMPLE_USERS_WITHOUT_SECOND_FACTOR"] == "off"


def test_keep_up_starts_again_what_has_ended(open_house, servers, told):
    house = open_house()
    with house.open():
        servers["postgres"].running = False

        house.keep_up([servers["postgres"], servers["valkey"]])

        assert servers["postgres"].running
    told.seek(0)
    assert told.read() == "postgres has ended; starting it again.\n"


def test_keep_up_gives_up_on_what_keeps_ending(open_house, servers, monkeypatch):
    monkeypatch.setattr(houses, "MAY_DIE_TIMES", 2)
    house = open_house()
    with house.open():
        for _ in range(2):
            servers["valkey"].running = False
            house.keep_up([servers["valkey"]])
        servers["valkey"].running = False

        with pytest.raises(Failure, match="valkey keeps ending"):
            house.keep_up([servers["valkey"]])


def test_secrets_are_made_once_each_its_own_and_kept_private(places):
    secrets = kept_secrets(places)

    assert kept_secrets(places) == secrets
    assert sorted(secrets) == ["database_password", "secret_key", "valkey_password"]
    assert len(set(secrets.values())) == 3
    assert min(map(len, secrets.values())) >= 50
    assert (places.data / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_damaged_secrets_are_not_replaced_in_silence(places):
    (places.data / "secrets.json").write_text("{")

    with pytest.raises(Failure, match=r"secrets\.json is damaged: put it back from a backup"):
        kept_secrets(places)


def test_data_folder_is_for_this_user_alone(tmp_path):
    places = data_folder(tmp_path / "a" / "var")

    assert {path.stat().st_mode & 0o777 for path in (places.data, places.run, places.logs)} == {0o700}


def test_data_folder_that_is_a_file_is_refused_in_words(tmp_path):
    (tmp_path / "var").touch()

    with pytest.raises(Failure, match=r"is a file, not a folder: choose another one with --data DIR"):
        data_folder(tmp_path / "var")


def test_a_silent_server_is_named_before_a_library_does_it():
    port = free_port()

    with pytest.raises(Failure, match=f"No server answers at 127.0.0.1:{port}, the address in DATABASE_URL"):
        refuse_a_silent_server("DATABASE_URL", f"postgres://tm:secret@127.0.0.1:{port}/tm", 5432)
    with pytest.raises(Failure, match="REDIS_URL is not an address"):
        refuse_a_silent_server("REDIS_URL", "redis://127.0.0.1:many/0", 6379)


def test_a_long_log_is_set_aside(tmp_path, monkeypatch):
    monkeypatch.setattr("launcher.places.LOG_IS_LONG_BYTES", 10)
    places = Places(tmp_path)
    places.make()
    places.log("web").write_text("eleven byte")

    assert not places.log("web").exists()
    assert (places.logs / "web.log.1").read_text() == "eleven byte"
