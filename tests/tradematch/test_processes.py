"""How long each kind of process may wait for the database, as the database itself understands it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tradematch.processes import Process, database_options

SHOWN = (
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "client_connection_check_interval",
)


def limits_of(options: dict) -> dict[str, str]:
    """What a connection with these options is held to."""
    other = connection.copy()
    other.settings_dict = {**connection.settings_dict, "OPTIONS": options}
    with other.cursor() as cursor:
        shown = {}
        for name in SHOWN:
            cursor.execute(f"SHOW {name}")
            shown[name] = cursor.fetchone()[0]
    other.close()
    return shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("process", "statement"),
    [(Process.WEB, "15s"), (Process.WORKER, "10min"), (Process.BEAT, "15s"), (Process.COMMAND, "0")],
)
def test_each_kind_of_process_waits_as_long_as_it_may(process, statement):
    assert limits_of(database_options(process)) == {
        "statement_timeout": statement,
        "lock_timeout": "3s",
        "idle_in_transaction_session_timeout": "30s",
        "client_connection_check_interval": "5s",
    }


@pytest.mark.django_db
def test_options_in_the_address_go_before_ours():
    options = database_options(Process.WEB, "-c lock_timeout=7s")

    limits = limits_of(options)

    assert (limits["lock_timeout"], limits["statement_timeout"]) == ("7s", "15s")


@pytest.mark.parametrize(
    ("environ", "limits"),
    [
        ({}, "command -c statement_timeout=0s line"),
        ({"TM_PROCESS": "worker"}, "worker -c statement_timeout=600s json"),
        ({"TM_PROCESS": "web", "LOG_FORMAT": "line"}, "web -c statement_timeout=15s line"),
    ],
)
def test_settings_follow_the_kind_of_process(environ, limits):
    asked = (
        "from django.conf import settings as s;"
        "print(s.PROCESS, *s.DATABASES['default']['OPTIONS']['options'].split()[-2:], s.LOG_FORMAT)"
    )
    names = ("TM_PROCESS", "LOG_FORMAT")
    told = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=settings.BASE_DIR,
        env={
            **{name: value for name, value in os.environ.items() if name not in names},
            "DJANGO_SETTINGS_MODULE": "tradematch.settings",
            **environ,
        },
        capture_output=True,
        text=True,
    )

    assert told.stdout.strip() == limits


def test_gunicorn_takes_the_server_for_a_web_process():
    command = "import tradematch.wsgi; from django.conf import settings; print(settings.PROCESS)"
    environ = {name: value for name, value in os.environ.items() if name != "TM_PROCESS"}
    told = subprocess.run(
        [sys.executable, "-c", command], cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True
    )

    assert told.stdout.strip() == "web"


def test_web_server_does_not_look_through_what_it_has_read_before_its_pages_are_asked_for():
    command = "import gc, tradematch.wsgi; print(gc.get_freeze_count() > 100_000, gc.get_threshold()[0] >= 10_000)"
    told = subprocess.run([sys.executable, "-c", command], cwd=settings.BASE_DIR, capture_output=True, text=True)

    assert told.stdout.split() == ["True", "True"]


def test_every_connection_is_looked_at_before_it_is_used_again():
    database = settings.DATABASES["default"]

    assert (database["CONN_HEALTH_CHECKS"], database["CONN_MAX_AGE"]) == (True, 60)
    assert {name: database["OPTIONS"][name] for name in ("connect_timeout", "tcp_user_timeout")} == {
        "connect_timeout": 3,
        "tcp_user_timeout": 20_000,
    }
