"""What is filled in to switch a preferential tariff on, or to set its day or its reference right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.ours import OurForm
from accounts.reading import DayField, LineField
from corridor.models import Preference
from corridor.services.preferences import LONGEST_REFERENCE, stamp_of


class SwitchOnForm(OurForm):
    """Since when, and by which law."""

    in_force_from = DayField(
        label=_("In force from"), help_text=_("The day from which customs grant the preferential rates.")
    )
    legal_reference = LineField(
        most=LONGEST_REFERENCE,
        label=_("Legal reference"),
        help_text=_("The law or decision that puts it into force, with its number and day, and where it can be read."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, preference: Preference | None) -> "SwitchOnForm":
        """A form that has seen how the preference is switched."""
        facts = {"seen": stamp_of(preference)}
        if preference:
            facts |= {"in_force_from": preference.in_force_from, "legal_reference": preference.legal_reference}
        return cls(initial=facts)

    def seen_now(self, preference: Preference | None) -> "SwitchOnForm":
        """The same form, typed as before, that has seen the switch which stands."""
        self.data = self.data.copy()
        self.data["seen"] = stamp_of(preference)
        self.data.pop("confirmed", None)
        return self
