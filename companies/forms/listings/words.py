"""The first step of a new listing: one box."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.reading import WordsField
from companies.forms.fields import OurForm
from companies.forms.listings.base import LONGEST_WORDS


class WordsForm(OurForm):
    own_words = WordsField(
        most=LONGEST_WORDS,
        label=_("Say it in your own words"),
        help_text=_(
            "Which goods, how much, where, when, at what price: as far as you know. In any of the four languages."
        ),
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
    )
