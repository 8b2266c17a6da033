"""The shared cache, which may be away: nothing is kept then, and nobody gets an error page for it.

What lives in it can be lost without harm: counts of failed sign-ins above all. While Redis is away sign-ins are not
slowed down; `/readyz` says so to whoever watches over the machine. A server that hangs is worse than one that is gone,
for each question waits for it: so after one that was not answered, none is asked for a while. What another release has
kept in a form that this one cannot read is not there either.
"""

import logging
import time
from collections.abc import Callable
from functools import wraps

from django.core.cache.backends.redis import RedisCache, RedisSerializer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

NOT_ASKED_FOR_S = 5
# By address of the server: until when this process does not ask it.
_left_alone_until: dict[str, float] = {}


class LeftAloneError(RedisError):
    """Redis did not answer a moment ago."""


def or_else(answer: object) -> Callable:
    """What a method answers while Redis is away."""

    def decorated(method: Callable) -> Callable:
        @wraps(method)
        def forgiving(self, *arguments, **named):
            try:
                return self.asked(method, *arguments, **named)
            except RedisError:
                return answer() if callable(answer) else answer

        return forgiving

    return decorated


UNREADABLE = object()


class ForgivingSerializer(RedisSerializer):
    def loads(self, data: bytes) -> object:
        """What was kept; `UNREADABLE` where its class is gone, or is made otherwise now."""
        try:
            return super().loads(data)
        except Exception as fault:  # what reading an object anew may raise has no end
            logger.warning("what was kept cannot be read any more: %s", fault)
            return UNREADABLE


class ForgivingRedisCache(RedisCache):
    """Redis while it answers; an empty cache while it does not."""

    def __init__(self, server, params):
        options = {"serializer": ForgivingSerializer} | params.get("OPTIONS", {})
        super().__init__(server, params | {"OPTIONS": options})

    add = or_else(True)(RedisCache.add)
    set = or_else(None)(RedisCache.set)
    set_many = or_else(list)(RedisCache.set_many)
    touch = or_else(False)(RedisCache.touch)
    delete = or_else(False)(RedisCache.delete)
    delete_many = or_else(None)(RedisCache.delete_many)
    clear = or_else(False)(RedisCache.clear)
    has_key = or_else(False)(RedisCache.has_key)

    def get(self, key, default=None, version=None):
        found = or_else(default)(RedisCache.get)(self, key, default, version)
        if found is UNREADABLE:
            self.delete(key, version)  # `add` would leave it
            return default
        return found

    def get_many(self, keys, version=None):
        found = or_else(dict)(RedisCache.get_many)(self, keys, version)
        return {key: value for key, value in found.items() if value is not UNREADABLE}

    def incr(self, key, delta=1, version=None):
        """Like a key that is not there, which every caller has to expect."""
        try:
            return self.asked(RedisCache.incr, key, delta, version)
        except RedisError as fault:
            raise ValueError(key) from fault

    def asked(self, method: Callable, *arguments, **named) -> object:
        """Ask Redis, unless it did not answer a moment ago."""
        server = self._servers[0]
        if time.monotonic() < _left_alone_until.get(server, 0):
            raise LeftAloneError
        try:
            return method(self, *arguments, **named)
        except RedisError as fault:
            _left_alone_until[server] = time.monotonic() + NOT_ASKED_FOR_S
            logger.warning("the cache is away: %s", fault)
            raise
