"""Sign-in and a forgotten password, in our words: labels above the fields, hints below them, nothing inside."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django.utils.translation import gettext_lazy as _

MISSING = _("Fill this in.")
NO_ADDRESS = _("This is no e-mail address. It looks like name@example.org.")


def in_our_words(field, label, *, hint="") -> None:
    """Label and hint are shown above the field; a placeholder would vanish as soon as one types."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.error_messages = {**field.error_messages, "required": MISSING, "invalid": NO_ADDRESS}
    for validator in field.validators:
        if validator.code == "invalid":
            validator.message = NO_ADDRESS


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["login"], _("E-mail address"))
        in_our_words(self.fields["password"], _("Password"))


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["email"], _("E-mail address"))

    def save(self, request, **kwargs) -> str:
        """An address without an account gets a letter too, so that nobody else learns the difference.

        allauth's own letter would invite to sign up, which is not possible here yet.
        """
        email = self.cleaned_data["email"]
        if self.users:
            return super().save(request, **kwargs)
        get_adapter(request).send_mail("account/email/unknown_account", email, {})
        return email


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hint = _("At least 10 characters; no common word, not digits alone.")
        in_our_words(self.fields["password1"], _("New password"), hint=hint)
        in_our_words(self.fields["password2"], _("The same once more"))
