"""What every form of the product does that is not one of a library."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.reading.fields import MISSING

NO_CHOICE = _("%(value)s is no choice here.")


class OurForm(forms.Form):
    """A form that refuses in our words, which exist in all four languages."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = MISSING
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = NO_CHOICE
                if not isinstance(field, forms.ModelChoiceField):  # rows are read when they are shown
                    field.choices = [(value, capfirst(label)) for value, label in field.choices]

    def add_refusal(self, refusal: ValidationError) -> None:
        """What a service refused, each sentence at its field; of fields that are not here, at the top."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)
