"""The language a person reads: kept by the browser, and by the account of whoever is signed in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import LANGUAGE_QUERY_PARAMETER
from django.views.i18n import set_language as set_language_cookie

from accounts.models import User

# In the session of a person whose language was taken from their account, not chosen by a button.
FROM_ACCOUNT = "language_from_account"


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """A language chosen by its button: kept by the browser, and by the account of whoever is signed in."""
    language = request.POST.get(LANGUAGE_QUERY_PARAMETER)
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=language)
        request.session.pop(FROM_ACCOUNT, None)
    return set_language_cookie(request)


def keep_language(response: HttpResponse, language: str) -> None:
    """As Django's own view of the language buttons keeps it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
