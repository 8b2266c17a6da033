"""Sign up, sign in, a forgotten password."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.forms.names import clean_name
from accounts.forms.wording import PASSWORD_HINT, TwiceTheSameMixin, in_our_words


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["login"], _("E-mail address"))
        in_our_words(self.fields["password"], _("Password"))


class SignUpForm(TwiceTheSameMixin, allauth_forms.SignupForm):
    """A business user makes an account. Nobody learns from the answer whether an address has one already."""

    name = forms.CharField(max_length=150)
    field_order = ("name", "email", "password1", "password2")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["name"], _("Your name"), hint=_("As partners and the city shall read it."))
        hint = _("We send a letter there; open its link to confirm the address.")
        in_our_words(self.fields["email"], _("E-mail address"), hint=hint)
        in_our_words(self.fields["password1"], _("Password"), hint=PASSWORD_HINT)
        in_our_words(self.fields["password2"], _("The same once more"))
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def validate_unique_email(self, value: str) -> str:
        """An address that somebody else only means to change to is nobody's yet."""
        self.account_already_exists = get_user_model().objects.filter(email=value).exists()
        return get_adapter().validate_unique_email(value)

    def try_save(self, request) -> tuple:
        """A known address costs the same work as a new one, so that the time it takes tells nothing either."""
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    return super().try_save(request)
            except IntegrityError:  # the same address signed up in this very moment
                self.account_already_exists = True
        get_user_model()().set_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def save(self, request):
        EmailAddress.objects.filter(email=self.cleaned_data["email"], verified=False).delete()
        return super().save(request)


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["email"], _("E-mail address"))

    def clean_email(self) -> str:
        """Only the address that an account has now; one that it means to change to may be a stranger's."""
        email = super().clean_email()
        self.users = [user for user in self.users if user.email == email.lower()]
        return email


class NewPasswordForm(TwiceTheSameMixin, allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["password1"], _("New password"), hint=PASSWORD_HINT)
        in_our_words(self.fields["password2"], _("The same once more"))
