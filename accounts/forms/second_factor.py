"""Codes and passkeys."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

from accounts.forms.names import clean_name
from accounts.forms.wording import in_our_words
from accounts.models import SecondFactor
from accounts.second_factor import use_code

CODE = _("Code")
NO_PASSKEY = _("The passkey did not work. Try again, or use a code.")
NAME_HINT = _("So that you know it again: the device it lies on.")
CODE_HINT = _("6 digits from the app on your telephone, or one of your recovery codes.")


class OnceOnlyMixin:
    """A code that somebody read over the shoulder is worth nothing once it was used."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["code"], CODE, hint=CODE_HINT)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": "40"}

    def clean_code(self) -> str:
        code = super().clean_code()
        is_of_the_app = self.authenticator.type == SecondFactor.Type.TOTP
        if is_of_the_app and not use_code(self.authenticator, code):
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

    def use_up(self) -> None:
        """The code that set the app up signs nobody in."""
        use_code(SecondFactor.objects.get(user=self.user, type=SecondFactor.Type.TOTP), self.cleaned_data["code"])


# What the library stumbles over when a credential is not whole; some of it allauth does not expect.
NOT_WHOLE = (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError, struct.error)


@contextmanager
def a_whole_passkey() -> Iterator[None]:
    """Whatever is wrong with what a browser sent instead of a passkey is said in one sentence."""
    try:
        yield
    except ValidationError as refusal:
        if getattr(refusal, "code", "") != "incorrect_code":
            raise
        raise ValidationError(NO_PASSKEY, code="incorrect_code") from refusal
    except NOT_WHOLE as fault:
        raise ValidationError(NO_PASSKEY, code="incorrect_code") from fault


class CredentialField(forms.JSONField):
    """What a browser says of a passkey. It holds once, so a page that comes again shows none."""

    widget = forms.HiddenInput
    default_error_messages = {"required": NO_PASSKEY, "invalid": NO_PASSKEY}

    def to_python(self, value: object) -> object:
        """Nested too deep, or with a number too long, it is JSON that Python cannot read."""
        try:
            return super().to_python(value)
        except NOT_WHOLE as fault:
            raise ValidationError(NO_PASSKEY, code="invalid") from fault

    def bound_data(self, data: object, initial: object) -> str:
        return InvalidJSONInput("")


class ShowsPasskeyMixin:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()

    def clean_credential(self) -> SecondFactor:
        with a_whole_passkey():
            return super().clean_credential()


class PasskeySignInForm(ShowsPasskeyMixin, webauthn.LoginWebAuthnForm):
    """A passkey alone, which says itself whose it is."""


class PasskeyStepForm(ShowsPasskeyMixin, webauthn.AuthenticateWebAuthnForm):
    """The second step of signing in."""


class PasskeyAgainForm(ShowsPasskeyMixin, webauthn.ReauthenticateWebAuthnForm):
    """Before something that matters is changed."""


class PasskeyNameMixin:
    def clean_name(self) -> str:
        return clean_name(super().clean_name() if hasattr(super(), "clean_name") else self.cleaned_data["name"])


class PasskeyForm(PasskeyNameMixin, webauthn.AddWebAuthnForm):
    name = forms.CharField(required=False, max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["name"], _("Name"), hint=NAME_HINT)
        self.fields["passwordless"].label = _("Sign in with this passkey alone, without the password")
        self.fields["passwordless"].help_text = ""
        self.fields["credential"] = CredentialField(label=_("Passkey"))

    def clean(self) -> dict:
        with a_whole_passkey():
            return super().clean()


class PasskeyNewNameForm(PasskeyNameMixin, webauthn.EditWebAuthnForm):
    name = forms.CharField(max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["name"], _("Name"), hint=NAME_HINT)
