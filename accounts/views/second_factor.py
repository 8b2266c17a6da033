"""Second factors: an app that shows codes, passkeys, recovery codes. allauth's views with our forms."""

import qrcode
from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.forms.second_factor import (
    AppForm,
    CodeAgainForm,
    CodeForm,
    PasskeyAgainForm,
    PasskeyForm,
    PasskeyNewNameForm,
    PasskeySignInForm,
    PasskeyStepForm,
)
from accounts.permissions import needs_second_factor
from accounts.second_factor import has_second_factor, where_to_go_on
from accounts.views.entrance import WholeNextMixin

not_kept = method_decorator(never_cache, name="dispatch")
QUIET_EDGE = 4  # white modules around the square, which cameras need


def squares(text: str) -> dict:
    """A QR code as the path of one SVG element: no picture from elsewhere, no style of its own."""
    code = qrcode.QRCode(border=QUIET_EDGE)
    code.add_data(text)
    rows = code.get_matrix()
    dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return {"size": len(rows), "path": "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)}


@not_kept
class StepTwoView(base.AuthenticateView):
    """Signing in goes on with a code or a passkey."""

    form_class = CodeForm
    webauthn_form_class = PasskeyStepForm


@not_kept
class CodeAgainView(base.ReauthenticateView):
    form_class = CodeAgainForm


@not_kept
class OverviewView(base.IndexView):
    """Which second factors one has, and the way to set one up."""

    template_name = "mfa/index.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "has_second_factor": has_second_factor(user),
            "needs_second_factor": needs_second_factor(user),
        }


@not_kept
class AppView(totp.ActivateTOTPView):
    """Set up an app: scan the square, or type the key, and show that it worked."""

    form_class = AppForm

    def form_valid(self, form: AppForm) -> HttpResponse:
        """A form that was sent twice sets up one app."""
        try:
            with transaction.atomic():
                response = super().form_valid(form)
                form.use_up()
                return response
        except IntegrityError:
            return redirect("mfa_index")

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {
            "square": squares(context["totp_url"]),
            "key_in_fours": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        }


@not_kept
class AppRemoveView(totp.DeactivateTOTPView):
    pass


@not_kept
class RecoveryCodesView(recovery.ViewRecoveryCodesView):
    """The codes to keep for the day the telephone is lost."""

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"go_on_to": where_to_go_on(self.request)}


@not_kept
class RecoveryCodesAnewView(recovery.GenerateRecoveryCodesView):
    pass


@not_kept
class PasskeysView(webauthn.ListWebAuthnView):
    pass


@not_kept
class PasskeyAddView(webauthn.AddWebAuthnView):
    form_class = PasskeyForm


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
@not_kept
class PasskeyRemoveView(webauthn.RemoveWebAuthnView):
    def form_valid(self, form) -> HttpResponse:
        """The last second factor stays, where the role asks for one."""
        adapter = get_adapter()
        if adapter.can_delete_authenticator(self.get_object()):
            return super().form_valid(form)
        messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_list_webauthn")


@not_kept
class PasskeyRenameView(webauthn.EditWebAuthnView):
    form_class = PasskeyNewNameForm


@not_kept
class PasskeySignInView(WholeNextMixin, webauthn.LoginWebAuthnView):
    """Sign in with a passkey alone: what it takes to unlock it is the second factor."""

    form_class = PasskeySignInForm


@not_kept
class PasskeyAgainView(webauthn.ReauthenticateWebAuthnView):
    form_class = PasskeyAgainForm

    def form_invalid(self, form) -> HttpResponse:
        super().form_invalid(form)
        return redirect(self.passthrough_next_url(reverse_lazy("mfa_reauthenticate_webauthn")))


step_two = StepTwoView.as_view()
code_again = CodeAgainView.as_view()
overview = OverviewView.as_view()
app = AppView.as_view()
app_remove = AppRemoveView.as_view()
recovery_codes = RecoveryCodesView.as_view()
recovery_codes_anew = RecoveryCodesAnewView.as_view()
recovery_codes_file = recovery.download_recovery_codes
passkeys = PasskeysView.as_view()
passkey_add = PasskeyAddView.as_view()
passkey_remove = PasskeyRemoveView.as_view()
passkey_rename = PasskeyRenameView.as_view()
passkey_sign_in = PasskeySignInView.as_view()
passkey_again = PasskeyAgainView.as_view()
