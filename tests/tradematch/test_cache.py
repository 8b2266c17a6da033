"""While Redis is away the cache is empty, and people sign in all the same."""

import pytest
from django.core.cache import caches

from accounts.enums import Role
from tests.people import PASSWORD, person

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


@pytest.mark.django_db
def test_people_sign_in_while_redis_is_away(client, away):
    user = person(Role.BUSINESS)

    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})

    assert response["Location"] == "/"
    assert client.get("/").status_code == 200
