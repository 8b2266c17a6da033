"""What whoever merges two entries decides: which values count, and how they know that it is one company."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.reading import LineField
from companies.forms.fields import OurForm, SeenField
from companies.services.merging.comparing import Comparison
from companies.services.merging.merging import LONGEST_REASON

WHOSE = (("stays", _("of the entry that stays")), ("goes", _("of the entry that goes")))


class MergeForm(OurForm):
    """A choice for each field of which the two entries say different things; the value that stays is proposed."""

    seen = SeenField()
    reason = LineField(
        most=LONGEST_REASON,
        label=_("How do you know that it is one company?"),
        help_text=_("It is kept with the merge. The company does not read it."),
    )

    def __init__(self, data=None, *, comparison: Comparison):
        self.comparison = comparison
        super().__init__(data, initial={"seen": comparison.seen})
        for field in comparison.to_choose:
            self.fields[take(field.key)] = forms.ChoiceField(
                choices=WHOSE, widget=forms.RadioSelect, label=field.label, initial="stays", required=False
            )

    def rows(self) -> list[dict]:
        """The fields in their order, each with what was chosen where there is a choice."""
        return [
            {"beside": beside, "name": take(beside.field.key), "whose": self.whose(beside.field.key)}
            for beside in self.comparison.fields
        ]

    def whose(self, key: str) -> str:
        name = take(key)
        return (self[name].value() or "stays") if name in self.fields else ""

    def taken(self) -> dict[str, str]:
        chosen = {field.key: self.cleaned_data.get(take(field.key)) for field in self.comparison.to_choose}
        return {key: whose or "stays" for key, whose in chosen.items()}


def take(key: str) -> str:
    """How the choice of one field is called in the form."""
    return f"take_{key}"
