"""What a person chooses at their desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commodities.enums import Sector


class SectorsForm(forms.Form):
    sectors = forms.MultipleChoiceField(
        choices=Sector.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Sectors"),
        error_messages={"invalid_choice": _("%(value)s is no choice here.")},
    )
