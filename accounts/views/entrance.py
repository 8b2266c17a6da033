"""Sign up, sign in, sign out, confirm an address, a forgotten password: allauth's views with our forms."""

from urllib.parse import urlsplit

from allauth.account import views
from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.forms.entrance import ForgottenPasswordForm, NewPasswordForm, SignInForm, SignUpForm
from accounts.languages import FROM_ACCOUNT


class WholeNextMixin:
    """An address to go on to that is none is refused; allauth would stumble over it."""

    def dispatch(self, request: HttpRequest, *arguments, **named) -> HttpResponse:
        for asked in (request.GET, request.POST):
            try:
                urlsplit(asked.get("next", ""))
            except ValueError as error:
                raise BadRequest("next is no address") from error
        return super().dispatch(request, *arguments, **named)


class SignUpView(WholeNextMixin, views.SignupView):
    form_class = SignUpForm


class SignInView(WholeNextMixin, views.LoginView):
    form_class = SignInForm


@method_decorator(never_cache, name="dispatch")
class SignOutView(WholeNextMixin, views.LogoutView):
    def post(self, request: HttpRequest, *arguments, **named) -> HttpResponse:
        """Whoever signs in next on this browser gets the language of their own account."""
        is_from_account = request.session.get(FROM_ACCOUNT, False)
        response = super().post(request, *arguments, **named)
        if is_from_account:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite=settings.LANGUAGE_COOKIE_SAMESITE)
        return response


class ConfirmAddressView(WholeNextMixin, views.ConfirmEmailView):
    def logout_other_user(self, confirmation) -> None:
        """Only a button signs anybody out: a link in a letter from a stranger must not."""
        if self.request.method == "POST":
            super().logout_other_user(confirmation)


class ForgottenPasswordView(WholeNextMixin, views.PasswordResetView):
    form_class = ForgottenPasswordForm


class NewPasswordView(WholeNextMixin, views.PasswordResetFromKeyView):
    form_class = NewPasswordForm


@never_cache
@require_POST
def letter_again(request: HttpRequest) -> HttpResponse:
    """Send the letter with the link once more: to the address that signed up, or signed in unconfirmed, just now.

    The answer is the same whether the address is new, known or has had its letters for now.
    """
    stage = LoginStageController.enter(request, EmailVerificationStage.key)
    if stage is None:  # too long ago: signing in sends the letter again
        messages.info(request, _("Sign in to get the letter with the link again."))
        return redirect("account_login")
    send_verification_email_at_login(request, stage.login)
    return redirect("account_email_verification_sent")


sign_up = SignUpView.as_view()
sign_in = SignInView.as_view()
sign_out = SignOutView.as_view()
letter_sent = never_cache(views.email_verification_sent)
confirm_address = never_cache(ConfirmAddressView.as_view())
forgotten_password = ForgottenPasswordView.as_view()
forgotten_password_done = views.password_reset_done
new_password = NewPasswordView.as_view()
new_password_done = views.password_reset_from_key_done
closed = views.account_inactive
