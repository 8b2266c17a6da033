"""What a person types about a match."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.ours import OurForm
from accounts.reading import LineField, WordsField
from matching.enums import DismissReason, MatchState

MOST_DIGITS = 19


class DecisionForm(forms.Form):
    """Shortlist, propose or dismiss a match; a dismissal says why."""

    state = forms.ChoiceField(choices=[c for c in MatchState.choices if c[0] != MatchState.NEW], label=_("Decision"))
    reason = forms.ChoiceField(
        choices=[("", _("choose a reason")), *DismissReason.choices], required=False, label=_("Reason")
    )
    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label=_("Note, for colleagues only")
    )

    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def clean(self) -> dict:
        facts = super().clean()
        if "seen" not in self.data:
            facts["seen"] = None
        if facts.get("state") == MatchState.DISMISSED and not facts.get("reason"):
            self.add_error("reason", _("Say why the match is dismissed."))
        return facts


class BulkForm(DecisionForm):
    """The same about many matches. Each comes with the state in which it was seen: `12:new`."""

    seen = None

    def clean(self) -> dict:
        facts = forms.Form.clean(self)
        if facts.get("state") == MatchState.DISMISSED and not facts.get("reason"):
            self.add_error("reason", _("Say why the matches are dismissed."))
        return facts


def chosen_matches(typed: list[str]) -> dict[int, str]:
    """Matches as rows send them, with the state in which each was seen. What makes no sense chooses nothing."""
    found = {}
    for value in typed:
        number, _colon, state = value.partition(":")
        if number.isascii() and number.isdigit() and len(number) < MOST_DIGITS and state in MatchState.values:
            found[int(number)] = state
    return found


class SearchForm(OurForm):
    """Whom one looks for."""

    q = LineField(most=100, required=False, label=_("Company, goods or number of the listing"))


class ProposeForm(OurForm):
    """Why two listings that no run lists should meet."""

    reason = WordsField(most=2000, widget=forms.Textarea(attrs={"rows": 3}), label=_("Reason, for colleagues only"))
