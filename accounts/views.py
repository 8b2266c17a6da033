"""allauth's views with our forms, and the language that a person reads."""

from urllib.parse import urlsplit

from allauth.account import views
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import LANGUAGE_QUERY_PARAMETER
from django.views.i18n import set_language as set_language_cookie

from accounts.forms import ForgottenPasswordForm, NewPasswordForm, SignInForm
from accounts.models import User

# In the session of a person whose language was taken from their account, not chosen by a button.
FROM_ACCOUNT = "language_from_account"


class WholeNextMixin:
    """An address to go on to that is none is refused; allauth would stumble over it."""

    def dispatch(self, request: HttpRequest, *arguments, **named) -> HttpResponse:
        for asked in (request.GET, request.POST):
            try:
                urlsplit(asked.get("next", ""))
            except ValueError as error:
                raise BadRequest("next is no address") from error
        return super().dispatch(request, *arguments, **named)


class SignInView(WholeNextMixin, views.LoginView):
    form_class = SignInForm

    def form_valid(self, form) -> HttpResponse:
        """The pages go on in the language of the account, unless the person has chosen one on this browser."""
        response = super().form_valid(form)
        user = self.request.user
        if user.is_authenticated and not self.request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            self.request.session[FROM_ACCOUNT] = True
            keep_language(response, user.language)
        return response


class SignOutView(WholeNextMixin, views.LogoutView):
    def post(self, request: HttpRequest, *arguments, **named) -> HttpResponse:
        """Whoever signs in next on this browser gets the language of their own account."""
        is_from_account = request.session.get(FROM_ACCOUNT, False)
        response = super().post(request, *arguments, **named)
        if is_from_account:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite=settings.LANGUAGE_COOKIE_SAMESITE)
        return response


class ForgottenPasswordView(WholeNextMixin, views.PasswordResetView):
    form_class = ForgottenPasswordForm


class NewPasswordView(WholeNextMixin, views.PasswordResetFromKeyView):
    form_class = NewPasswordForm


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


sign_in = SignInView.as_view()
sign_out = SignOutView.as_view()
forgotten_password = ForgottenPasswordView.as_view()
new_password = NewPasswordView.as_view()
