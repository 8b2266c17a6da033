"""How a field of allauth is put into our words."""

from django.utils.translation import gettext_lazy as _

MISSING = _("Fill this in.")
NO_ADDRESS = _("This is no e-mail address. It looks like name@example.org.")
NOT_THE_SAME = _("The two passwords differ. Type the same one twice.")
PASSWORD_HINT = _("At least 10 characters; no common word, not digits alone.")


def in_our_words(field, label, *, hint="") -> None:
    """Label and hint are shown above the field; a placeholder would vanish as soon as one types."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.error_messages = {**field.error_messages, "required": MISSING, "invalid": NO_ADDRESS}
    for validator in field.validators:
        if validator.code == "invalid":
            validator.message = NO_ADDRESS


class TwiceTheSameMixin:
    """A new password is typed twice; where the two differ we say so in our words."""

    def add_error(self, field, error) -> None:
        said = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        if field == "password2" and said.get("password1") != said.get("password2"):
            error = NOT_THE_SAME
        super().add_error(field, error)
