"""Whoever watches over the machine learns whether it serves, and nothing else."""

import pytest
from django.db import DatabaseError
from django.test.utils import CaptureQueriesContext


def test_livez_touches_nothing(client, db, settings):
    from django.db import connection

    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with CaptureQueriesContext(connection) as captured:
        response = client.get("/livez")

    assert (response.status_code, response.content, len(captured)) == (200, b"ok\n", 0)


@pytest.mark.django_db
def test_readyz_says_yes_while_database_and_redis_answer(client):
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_says_no_without_redis_and_gives_no_details(client, settings):
    settings.REDIS_URL = "redis://user:secret@127.0.0.1:1/0"

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"not ready\n")


@pytest.mark.django_db
def test_readyz_says_no_without_a_database_and_gives_no_details(client, monkeypatch):
    class Away:
        def cursor(self):
            raise DatabaseError("could not connect to 10.0.0.7")

    monkeypatch.setattr("tradematch.health.connection", Away())

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"not ready\n")


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_health_is_never_kept_by_a_cache(client, db, address):
    assert "no-store" in client.get(address)["Cache-Control"]
