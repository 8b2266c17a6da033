"""A message is sent while a person waits: a broker that says nothing is asked once."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from tests.tradematch.silent import askers, silent_server

PUBLISH = "import django; django.setup(); from matching.tasks import close_run; print(close_run.publish(run_id=0))"


@pytest.mark.parametrize(("process", "tries"), [("web", 1), ("worker", 2)])
def test_broker_that_says_nothing_is_asked_once_where_a_person_waits(process, tries):
    """Counted, not timed: how long one question may last is in the settings."""
    with silent_server() as (server, address):
        told = published(process, address)

        assert (told, askers(server)) == ("False", tries)


def test_broker_that_is_gone_is_no_error():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert published("web", f"redis://127.0.0.1:{port}/0") == "False"


def published(process: str, broker: str) -> str:
    """What a process of this kind, which met no broker before, says of a message."""
    names = {"DJANGO_SETTINGS_MODULE": "tradematch.settings", "TM_PROCESS": process, "REDIS_URL": broker}
    return subprocess.run(
        [sys.executable, "-c", PUBLISH],
        cwd=settings.BASE_DIR,
        env={**os.environ, **names},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout.strip()
