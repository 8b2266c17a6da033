"""Two questions of whoever watches over the machine. The answers tell nobody anything but yes or no."""

import logging

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PATIENCE_S = 2
logger = logging.getLogger(__name__)


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Is the process alive? Touches nothing, so that a lost database does not restart the web server."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Can it serve? The database answers and so does Redis."""
    if database_answers() and redis_answers():
        return HttpResponse("ok\n", content_type="text/plain")
    return HttpResponse("not ready\n", content_type="text/plain", status=503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError as fault:
        logger.warning("the database does not answer: %s", fault)
        return False


def redis_answers() -> bool:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S
        ) as client:
            return bool(client.ping())
    except redis.RedisError as fault:
        logger.warning("Redis does not answer: %s", fault)
        return False
