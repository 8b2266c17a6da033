"""Light or dark: as the system of the person has it, unless they chose. The browser keeps the choice in a cookie."""

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

COOKIE = "tm_theme"


class Theme(models.TextChoices):
    SYSTEM = "system", _("as the system")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """A theme chosen by its button; back to the page where it was chosen."""
    theme = request.POST.get("theme")
    if theme not in Theme.values:
        return HttpResponseBadRequest()
    here = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(here, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(here if is_ours else "/")
    if theme == Theme.SYSTEM:
        response.delete_cookie(COOKIE, samesite="Lax")
        return response
    response.set_cookie(
        COOKIE, theme, max_age=settings.LANGUAGE_COOKIE_AGE, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
    return response


def theme_of(request: HttpRequest | None) -> Theme:
    """What the person chose; the system's where nobody did, or the cookie says something else."""
    chosen = request.COOKIES.get(COOKIE) if request is not None else None
    return Theme(chosen) if chosen in (Theme.LIGHT, Theme.DARK) else Theme.SYSTEM
