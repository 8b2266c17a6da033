"""How often a person may try something, as `ACCOUNT_RATE_LIMITS` says; whoever waits may try again."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest


def may_try_once_more(request: HttpRequest, action: str) -> bool:
    """Counts this try, by whatever method it is made. While the shared cache is away nobody is kept from anything."""
    counted = ratelimit.consume(request, app="allauth.account", action=action, user=request.user, limit_get=True)
    return bool(counted)
