"""The embedded servers, really started, killed, found again and stopped; in a data folder of their own."""

import os
import signal
import subprocess

import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from launcher import processes
from launcher.console import Console
from launcher.failures import Failure
from launcher.house import kept_secrets
from launcher.places import Places
from launcher.postgres import Postgres
from launcher.valkey import Valkey

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def console(tmp_path_factory):
    with (tmp_path_factory.mktemp("told") / "console").open("w") as paper:
        yield Console(paper)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    places = Places(tmp_path_factory.mktemp("var with blanks"))
    places.make()
    return places


@pytest.fixture(scope="module")
def made(places, console):
    """A cluster, made once: that is the slow part."""
    postgres = Postgres(places, kept_secrets(places)["database_password"], console, durable=False)
    postgres.start()
    yield postgres
    postgres.stop()
    postgres.remove()


@pytest.fixture
def postgres(made):
    made.start()
    return made


@pytest.fixture
def valkey(places, console):
    valkey = Valkey(places, kept_secrets(places)["valkey_password"], console)
    valkey.start()
    yield valkey
    valkey.stop()


def ask(url: str, question: str):
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        answer = cursor.fetchall() if cursor.description else None
    connection.close()
    return answer


def test_database_folds_kazakh_letters_and_finds_their_trigrams(postgres):
    ask(postgres.url, "CREATE EXTENSION IF NOT EXISTS pg_trgm")

    assert ask(postgres.url, "SELECT lower('ҚҰРЫШ'), 'мұнай' ILIKE '%ҰНА%'") == [("құрыш", True)]
    assert ask(postgres.url, "SELECT cardinality(show_trgm('мұнай'))") == [(6,)]


def test_database_lets_nobody_in_without_the_password(postgres):
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(postgres.url.replace(postgres.password, "wrong"))
    # Not even with the right one as the owner of everything.
    with pytest.raises(psycopg2.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg2.connect(postgres.url.replace("//tradematch:", "//tm_admin:"))


def test_database_role_may_make_test_databases_and_is_not_a_superuser(postgres):
    question = "SELECT rolcreatedb, rolsuper FROM pg_roles WHERE rolname = current_user"

    assert ask(postgres.url, question) == [(True, False)]


def test_a_running_database_is_adopted_not_started_twice(postgres, places, console):
    other = Postgres(places, postgres.password, console, durable=False)

    other.start()

    assert other.running() == postgres.running()
    assert ask(other.url, "SELECT 1") == [(1,)]


def test_a_killed_database_comes_back_on_its_port_with_what_was_committed(postgres):
    # The throw-away cluster waits for no disk otherwise.
    ask(postgres.url, "SET synchronous_commit = on; CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
    mark, port = postgres.running()
    os.kill(mark.pid, signal.SIGKILL)
    assert processes.wait_until_dead(mark, 30)
    assert not postgres.is_running()

    postgres.start()

    assert postgres.running()[1] == port
    assert ask(postgres.url, "SELECT max(n) FROM kept") == [(1,)]


def test_a_database_whose_number_went_to_a_stranger_is_started(postgres, monkeypatch):
    monkeypatch.setattr("launcher.postgres.ITSELF_S", 0.2)
    postgres.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        lock = postgres.folder / "postmaster.pid"
        lock.write_text(f"{stranger.pid}\n{postgres.folder}\n1\n{postgres.port}\n\n127.0.0.1\n0\n")
        assert not postgres.is_running()

        postgres.start()

        assert ask(postgres.url, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_stopped_database_leaves_no_process(postgres):
    mark, _ = postgres.running()

    postgres.stop()

    assert processes.wait_until_dead(mark, 30)
    assert not (postgres.folder / "postmaster.pid").exists()


def test_a_database_of_another_version_is_not_touched(postgres):
    postgres.stop()
    version = postgres.folder / "PG_VERSION"
    kept = version.read_text()
    version.write_text("16\n")
    try:
        with pytest.raises(Failure, match=r"was made by PostgreSQL 16, .* restore a backup"):
            postgres.start()
    finally:
        version.write_text(kept)


def test_broker_lets_nobody_in_without_the_password(valkey):
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port, retry=Retry(NoBackoff(), 0)).ping()

    assert redis.Redis.from_url(valkey.url).ping()
    command_line = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(valkey.pid_file.read()[0].pid)], capture_output=True
    )
    assert valkey.password.encode() not in command_line.stdout


def test_broker_throws_nothing_away(valkey):
    client = redis.Redis.from_url(valkey.url)

    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_a_killed_broker_comes_back_with_its_messages(valkey):
    client = redis.Redis.from_url(valkey.url)
    client.rpush("matching", "message")
    client.execute_command("WAITAOF", 1, 0, 5000)
    mark, _ = valkey.pid_file.running()
    os.kill(mark.pid, signal.SIGKILL)
    assert processes.wait_until_dead(mark, 30)

    valkey.start()

    assert redis.Redis.from_url(valkey.url).lrange("matching", 0, -1) == [b"message"]


def test_a_running_broker_is_adopted_not_started_twice(valkey, places, console):
    other = Valkey(places, valkey.password, console)

    other.start()

    assert (other.port, other.pid_file.running()) == (valkey.port, valkey.pid_file.running())


def test_a_broker_whose_port_was_taken_moves_to_another_one(valkey, places, console):
    taken = valkey.port
    other_places = Places(places.data / "other")
    other_places.make()
    other = Valkey(other_places, valkey.password, console)
    other.port = taken

    other.start()

    try:
        assert other.port != taken
        assert redis.Redis.from_url(other.url).ping()
    finally:
        other.stop()
