"""Which notices a person has seen."""

from django import forms

from accounts.reading import NumberField


class ReadForm(forms.Form):
    newest = NumberField()
