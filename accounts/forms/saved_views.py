"""Naming a saved view."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.names import clean_name
from accounts.forms.ours import OurForm
from accounts.reading import LineField

LONGEST_NAME = 80


class ViewNameForm(OurForm):
    """What a view is called."""

    name = LineField(most=LONGEST_NAME, label=_("Name of the view"), help_text=_("such as “Palm oil to Almaty, new”"))

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


class SaveViewForm(ViewNameForm):
    """A list under a name; the list itself comes with it."""

    is_shared = forms.BooleanField(required=False, label=_("Share it with colleagues"))
    page = forms.CharField(widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput)
