"""What lane is asked for: from, to, which goods, on which day, how much at a time."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.alphabet import by_alphabet
from accounts.figures import KG_PER_T
from accounts.forms.ours import OurForm
from accounts.reading import DayField, NumberField
from commodities.models import Commodity
from commodities.texts import short_name
from corridor.classes import class_name
from corridor.forms.legs import place_choices
from corridor.lanes import HUB
from corridor.models import TransportClassEquipment
from corridor.ways import Load

CLASS = "class:"  # begins a choice that is a transport class, not a commodity
USUAL_DESTINATION = "KZALA"
MOST_TONNES = 1_000_000


class LaneForm(OurForm):
    """A lane of the corridor. It is asked for in the address, so that it can be sent to somebody."""

    origin = forms.ChoiceField(label=_("From"), initial=HUB)
    destination = forms.ChoiceField(label=_("To"), initial=USUAL_DESTINATION)
    goods = forms.ChoiceField(label=_("Goods"))
    on = DayField(required=False, label=_("On which day?"), help_text=_("Empty: today."))
    shipment_t = NumberField(
        required=False,
        decimals=3,
        most=MOST_TONNES,
        label=_("Smallest shipment"),
        help_text=_("Empty: boxes, wagons and trucks only."),
    )

    def __init__(self, data=None):
        super().__init__(data)
        places = place_choices()
        for name in ("origin", "destination"):
            self.fields[name].choices = places
        goods = by_alphabet(Commodity.objects.tradable(), lambda one: one.name)
        self.classes = {one.code: one.transport_class for one in goods}
        classes = TransportClassEquipment.objects.order_by().values_list("transport_class", flat=True).distinct()
        self.fields["goods"].choices = [
            ("", _("choose")),
            (_("Goods"), [(one.code, short_name(one.name)) for one in goods]),
            (
                _("How it travels"),
                [(CLASS + code, capfirst(class_name(code))) for code in sorted(classes, key=class_name)],
            ),
        ]

    def clean_on(self):
        return self.cleaned_data["on"] or timezone.localdate()

    def clean(self) -> dict:
        asked = super().clean()
        if asked.get("origin") and asked.get("origin") == asked.get("destination"):
            self.add_error("destination", ValidationError(_("Choose another place than the first."), code="same_place"))
        return asked

    def load(self) -> Load:
        """Which equipment comes for it."""
        goods, tonnes = self.cleaned_data["goods"], self.cleaned_data["shipment_t"]
        transport_class = goods.removeprefix(CLASS) if goods.startswith(CLASS) else self.classes[goods]
        return Load(transport_class, None if tonnes is None else int(tonnes * KG_PER_T))
