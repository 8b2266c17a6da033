"""The shared cache, which may be away: nothing is kept then, and nobody gets an error page for it.

What lives in it can be lost without harm: counts of failed sign-ins above all. While Redis is away sign-ins are not
slowed down; `/readyz` says so to whoever watches over the machine.
"""

import logging
from collections.abc import Callable
from functools import wraps

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def or_else(answer: object) -> Callable:
    """What a method answers while Redis is away."""

    def decorated(method: Callable) -> Callable:
        @wraps(method)
        def forgiving(self, *arguments, **named):
            try:
                return method(self, *arguments, **named)
            except RedisError as fault:
                logger.warning("the cache is away: %s", fault)
                return answer() if callable(answer) else answer

        return forgiving

    return decorated


class ForgivingRedisCache(RedisCache):
    """Redis while it answers; an empty cache while it does not."""

    add = or_else(True)(RedisCache.add)
    set = or_else(None)(RedisCache.set)
    set_many = or_else(list)(RedisCache.set_many)
    touch = or_else(False)(RedisCache.touch)
    delete = or_else(False)(RedisCache.delete)
    delete_many = or_else(None)(RedisCache.delete_many)
    clear = or_else(False)(RedisCache.clear)
    has_key = or_else(False)(RedisCache.has_key)
    get_many = or_else(dict)(RedisCache.get_many)

    def get(self, key, default=None, version=None):
        return or_else(default)(RedisCache.get)(self, key, default, version)

    def incr(self, key, delta=1, version=None):
        """Like a key that is not there, which every caller has to expect."""
        try:
            return super().incr(key, delta, version)
        except RedisError as fault:
            logger.warning("the cache is away: %s", fault)
            raise ValueError(key) from fault
