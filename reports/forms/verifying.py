"""What somebody asks about who holds a paper or a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.ours import OurForm

MOST_LETTERS = 300


class AskedForm(OurForm):
    of = forms.CharField(
        max_length=MOST_LETTERS,
        label=_("Number of the report, or SHA-256 of the file"),
        help_text=_("As it is printed at the foot of each page. Blanks and line breaks do no harm."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )


class BroughtForm(OurForm):
    file = forms.FileField(
        label=_("The file"),
        help_text=_("It is counted while it is sent, and neither opened nor kept."),
        error_messages={"empty": _("This file is empty.")},
    )
