"""Which notices a person has seen."""

from django import forms


class ReadForm(forms.Form):
    newest = forms.IntegerField(min_value=0, max_value=2**63 - 1)
