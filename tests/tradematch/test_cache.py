"""While Redis is away the cache is empty, and people sign in all the same."""

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.enums import Role
from tests.people import PASSWORD, person
from tests.tradematch.silent import askers, silent_server
from tradematch.cache import _left_alone_until

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def away(settings):
    settings.CACHES = {"default": {"BACKEND": "tradematch.cache.ForgivingRedisCache", "LOCATION": NOWHERE}}
    return caches["default"]


def test_cache_that_is_away_is_an_empty_one(away):
    assert away.add("key", 1) is True
    assert away.set("key", 1) is None
    assert away.get("key") is None
    assert away.get("key", ["default"]) == ["default"]
    assert away.get_many(["key"]) == {}
    assert away.set_many({"key": 1}) == []
    assert away.has_key("key") is False
    assert away.touch("key") is False
    assert away.delete("key") is False
    assert away.delete_many(["key"]) is None
    assert away.get_or_set("key", 7) == 7
    with pytest.raises(ValueError, match="key"):
        away.incr("key")


def test_cache_that_is_there_keeps_things():
    cache = caches["default"]
    cache.set("a test", {"kept": [1, 2]})

    assert type(cache).__name__ == "ForgivingRedisCache"
    assert cache.get("a test") == {"kept": [1, 2]}
    assert cache.delete("a test") is True


def test_what_cannot_be_read_any_more_is_not_there(monkeypatch):
    """A release may move or rename what another has kept."""
    cache = caches["default"]
    moved = type("Moved", (), {"__module__": __name__})
    monkeypatch.setitem(globals(), "Moved", moved)
    cache.set_many({"moved": moved(), "number": 7})
    assert type(cache.get("moved")) is moved

    monkeypatch.delitem(globals(), "Moved")

    assert (cache.get("moved"), cache.get("moved", "default")) == (None, "default")
    assert cache.get_many(["moved", "number"]) == {"number": 7}
    assert cache.get_or_set("moved", "anew") == cache.get("moved") == "anew"


def test_cache_that_does_not_answer_is_left_alone_for_a_while(settings, monkeypatch):
    """It hangs: whoever asks waits. So only the first one does."""
    with silent_server() as (server, address):
        options = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
        settings.CACHES = {
            "default": {
                "BACKEND": "tradematch.cache.ForgivingRedisCache",
                "LOCATION": address,
                "OPTIONS": {**options, "retry": Retry(NoBackoff(), 0)},
            }
        }
        monkeypatch.setattr("tradematch.cache.NOT_ASKED_FOR_S", 600)

        answers = [caches["default"].get("key", "nothing") for _ in range(50)]

        assert (answers, askers(server)) == (["nothing"] * 50, 1)

        asked = []
        monkeypatch.setitem(_left_alone_until, address, 0)
        monkeypatch.setattr(RedisCache, "get", lambda *arguments: asked.append(1) or "again")
        assert (caches["default"].get("key"), asked) == ("again", [1])


@pytest.mark.django_db
def test_people_sign_in_while_redis_is_away(client, away):
    user = person(Role.BUSINESS)

    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})

    assert response["Location"] == "/"
    assert client.get("/notices/").status_code == 200
