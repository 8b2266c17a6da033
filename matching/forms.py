"""What a person types about a match."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.enums import DismissReason, MatchState


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
