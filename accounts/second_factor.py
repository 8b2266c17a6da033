"""Nobody who needs a second factor works without one."""

from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import SecondFactor, User
from accounts.permissions import needs_second_factor
from accounts.sealing import unseal

USED = "used"  # in what is kept of an app: the half minute, counted since 1970, of the last code that opened a door
GO_ON_TO = "accounts.go_on_to"  # in the session: where somebody wanted to go who had to set up a second factor
# All that somebody without the second factor they need can open: the set-up, its safeguards, the way out.
OPEN_WITHOUT = frozenset(
    {
        "account_logout",
        "account_confirm_email",
        "account_reauthenticate",
        "livez",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "readyz",
        "set_language",
        "set_theme",
    }
)


def has_second_factor(user: User) -> bool:
    """An app or a passkey; recovery codes alone are none."""
    return SecondFactor.objects.filter(user=user).proving().exists()


def lacks_second_factor(user: User) -> bool:
    return needs_second_factor(user) and not has_second_factor(user)


@transaction.atomic
def use_code(app: SecondFactor, code: str) -> bool:
    """Whether this code of an app opens the door: once, and none of a time before it does any more.

    It is noted with the app itself, not in the cache: that may be away, and forgets.
    """
    app = SecondFactor.objects.select_for_update().get(pk=app.pk)
    secret = unseal(app.data["secret"])
    fitting = [
        half_minute
        for half_minute in yield_hotp_counters_from_time()
        if half_minute > app.data.get(USED, 0)
        and compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, half_minute)))
    ]
    if fitting:
        app.data[USED] = fitting[0]
        app.save(update_fields=["data"])
    return bool(fitting)


class SecondFactorMiddleware:
    """Sends whoever lacks the second factor of their role to set one up, from every page.

    That somebody who has one gave it when signing in is what allauth sees to; a session from before ends when the
    first one is set up.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, arguments, named) -> HttpResponse | None:
        if request.resolver_match.view_name in OPEN_WITHOUT or not lacks_second_factor(request.user):
            return None
        if request.method in ("GET", "HEAD"):
            request.session[GO_ON_TO] = request.get_full_path()
            return redirect("mfa_index")
        # What was sent is lost, so it is said; nothing of it was carried out.
        return render(request, "accounts/second_factor_first.html", status=403)


def where_to_go_on(request: HttpRequest) -> str:
    """The page that was asked for before the set-up came between; else the home."""
    return get_next_redirect_url(request) or request.session.pop(GO_ON_TO, "/")
