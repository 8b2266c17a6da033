"""What people change about their own account."""

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.names import clean_name
from accounts.forms.wording import MISSING, PASSWORD_HINT, TwiceTheSameMixin, in_our_words
from accounts.models import User


class OwnFactsForm(forms.ModelForm):
    """Name, language of pages and letters, and how often letters come."""

    class Meta:
        model = User
        fields = ("name", "language", "letters")
        labels = {"name": _("Your name"), "language": _("Language"), "letters": _("Notices by mail")}
        help_texts = {
            "language": _("Of pages and letters."),
            "letters": _("Letters about sign-in always come at once."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        for field in self.fields.values():
            field.error_messages = {**field.error_messages, "required": MISSING}

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def save(self, commit: bool = True) -> User:
        """Only what the form holds: role, password and the rest may have changed since the row was read."""
        self.instance.save(update_fields=list(self.Meta.fields))
        return self.instance


class OtherAddressForm(allauth_forms.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hint = _("We send a letter there. Until you open its link, the old address stays.")
        in_our_words(self.fields["email"], _("New e-mail address"), hint=hint)


class OtherPasswordForm(TwiceTheSameMixin, allauth_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["oldpassword"], _("Password until now"))
        in_our_words(self.fields["password1"], _("New password"), hint=PASSWORD_HINT)
        in_our_words(self.fields["password2"], _("The same once more"))


class PasswordAgainForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["password"], _("Password"))
