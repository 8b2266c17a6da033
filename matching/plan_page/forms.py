"""What a person asks of the plan."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.ours import OurForm
from accounts.reading import NumberField
from matching.enums import InstructionKind

KG_PER_T = 1000
MOST_TONNES = 10_000_000


class InstructionForm(OurForm):
    """What staff ask of the plan about one pair."""

    kind = forms.ChoiceField(
        choices=[
            (InstructionKind.PIN, _("keep it in the plan")),
            (InstructionKind.BAN, _("keep it out of the plan")),
        ],
        widget=forms.RadioSelect,
        label=_("What is the plan to do with this pair?"),
    )
    tonnes = NumberField(
        required=False,
        decimals=3,
        least=0,
        most=MOST_TONNES,
        label=_("At least, in tonnes"),
        help_text=_(
            "In all, over the earliest months that fit. Left empty: the smallest shipment. Only to keep it in."
        ),
    )
    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Why?"),
        help_text=_("Colleagues read it beside the plan."),
    )
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def asked(self) -> dict:
        """As the service takes it."""
        facts = self.cleaned_data
        kg = int(facts["tonnes"] * KG_PER_T) if facts["tonnes"] else None
        seen = facts["seen"] if "seen" in self.data else None
        return {"kind": InstructionKind(facts["kind"]), "reason": facts["reason"], "quantity_kg": kg, "seen": seen}
