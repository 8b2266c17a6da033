"""Codes and passkeys."""

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from accounts.forms.names import clean_name
from accounts.forms.wording import in_our_words
from accounts.models import SecondFactor

# A code of the app holds for the half minute before, this one and the next; in all that time it opens one door once.
CODE_HOLDS_S = 120
CODE = _("Code")
CODE_HINT = _("6 digits from the app on your telephone, or one of your recovery codes.")


class OnceOnlyMixin:
    """A code that somebody read over the shoulder is worth nothing once it was used."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["code"], CODE, hint=CODE_HINT)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": "40"}

    def clean_code(self) -> str:
        code = super().clean_code()
        used = f"accounts.second-factor.used:{self.user.pk}:{normalize_user_code(code)}"
        is_of_the_app = self.authenticator.type == SecondFactor.Type.TOTP
        if is_of_the_app and not cache.add(used, "yes", timeout=CODE_HOLDS_S):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OnceOnlyMixin, base.AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(OnceOnlyMixin, base.ReauthenticateForm):
    """Before something that matters is changed."""


class AppForm(ActivateTOTPForm):
    """The first code of a new app shows that it was set up well."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["code"], CODE, hint=_("The 6 digits that the app shows now."))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": "12"}


class PasskeyNameMixin:
    def clean_name(self) -> str:
        return clean_name(super().clean_name() if hasattr(super(), "clean_name") else self.cleaned_data["name"])


class PasskeyForm(PasskeyNameMixin, webauthn.AddWebAuthnForm):
    name = forms.CharField(required=False, max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["name"], _("Name"), hint=_("So that you know it again: the device it lives on."))
        self.fields["passwordless"].label = _("Sign in with this passkey alone, without the password")
        self.fields["passwordless"].help_text = ""
        self.fields["credential"].error_messages |= {"required": _("The browser gave no passkey. Try again.")}


class PasskeyNewNameForm(PasskeyNameMixin, webauthn.EditWebAuthnForm):
    name = forms.CharField(max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["name"], _("Name"), hint=_("So that you know it again: the device it lives on."))
