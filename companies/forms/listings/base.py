"""What the forms of a need and of a capacity share: fields filled from the person's own words, questions, the echo."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts import figures
from accounts.reading import DayField, LineField, NumberField, WordsField
from commodities.enums import Unit
from commodities.models import Commodity
from commodities.quantities import MASS_KG, kilograms_per_unit
from companies.enums import PaymentTerm, Period, WeightBasis
from companies.facts import Node
from companies.forms.choosing import under_headings
from companies.forms.fields import SeenField
from companies.forms.listings.goods import Choice, Offered, choices_of, is_iced, is_plain, values_of_listing
from companies.forms.listings.parameters import uses_of
from companies.forms.listings.telling import TellingForm
from companies.listing_faults import MOST_PRICE
from companies.listing_states import Listing
from companies.models import Company
from companies.models.listings import PRICE_UNITS
from companies.own_words.prefill import Filled
from companies.own_words.prefill_parameters import fill_parameters
from companies.weights import MAX_QUANTITY_KG, allowed_units
from corridor.enums import Country, Currency, Incoterm
from corridor.models import Place

LONGEST_WORDS = 2000
USUAL_TERM, LONGEST_TERM = timedelta(days=90), timedelta(days=3 * 366)
USUAL_WINDOW = timedelta(days=180)
NOT_STATED = gettext_lazy("not stated")
NEAREST_PLACE = gettext_lazy("Your nearest place. Change it where it is another.")
FILLED_BY_US = gettext_lazy("We have filled this in. Change it where it is not so.")


def last_day() -> date:
    return timezone.localdate() + LONGEST_TERM


class ListingForm(TellingForm):
    """One need or capacity. Begins with what was read, what a stored listing says, or what was typed before."""

    kind = ""
    goods_field = ""
    place_field = ""
    window_fields: tuple[str, str] = ("", "")

    sent_as = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen_at = SeenField()
    made_from = NumberField(required=False, widget=forms.HiddenInput)
    reads = forms.CharField(required=False, widget=forms.HiddenInput)
    shown_for = forms.CharField(required=False, widget=forms.HiddenInput)
    offered = forms.CharField(required=False, widget=forms.HiddenInput)
    looked = forms.CharField(required=False, widget=forms.HiddenInput)
    own_words = WordsField(most=LONGEST_WORDS, required=False, label=gettext_lazy("Your own words"))
    look = LineField(
        most=200,
        required=False,
        label=gettext_lazy("Not among them? Say it in other words"),
        help_text=gettext_lazy("A trade name or an HS code, in any of the four languages."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    quantity = NumberField(decimals=3, most=MAX_QUANTITY_KG, label=gettext_lazy("Quantity"))
    unit = forms.ChoiceField(choices=Unit.choices, label=gettext_lazy("Unit of the quantity"))
    unit_kg = NumberField(
        decimals=4,
        most=10_000_000,
        required=False,
        label=gettext_lazy("What does one of them weigh, in kilograms?"),
        help_text=gettext_lazy("Net, without the packing."),
    )
    weight_basis = forms.ChoiceField(
        choices=WeightBasis.choices,
        required=False,
        widget=forms.RadioSelect,
        label=gettext_lazy("Which weight is it?"),
        help_text=gettext_lazy("Fish is compared by its net weight, without glaze."),
    )
    glaze_percent = NumberField(
        decimals=2,
        most=Decimal("99.99"),
        required=False,
        label=gettext_lazy("How much of it is glaze?"),
        help_text=gettext_lazy("In percent of the weight with glaze. Leave it empty for net weight."),
    )
    period = forms.ChoiceField(choices=Period.choices, widget=forms.RadioSelect, label=gettext_lazy("How often?"))
    price = NumberField(decimals=4, most=MOST_PRICE, required=False)
    currency = forms.ChoiceField(choices=[("", NOT_STATED), *Currency.choices], required=False)
    price_unit = forms.ChoiceField(choices=[("", NOT_STATED), *PRICE_UNITS], required=False)
    incoterm = forms.ChoiceField(
        choices=[("", NOT_STATED), *Incoterm.choices], required=False, label=gettext_lazy("Incoterm")
    )
    payment_terms = forms.MultipleChoiceField(
        choices=PaymentTerm.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("How may be paid?"),
        help_text=gettext_lazy("Tick all that you take."),
    )
    valid_until = DayField(
        earliest=timezone.localdate,
        latest=last_day,
        label=gettext_lazy("Until when does it hold?"),
        help_text=gettext_lazy("After that day it leaves the book. You are reminded before, and can renew it."),
    )
    reference = LineField(
        most=40,
        required=False,
        label=gettext_lazy("Your own number for it"),
        help_text=gettext_lazy("Leave it empty, and it gets one."),
    )

    def __init__(
        self,
        data: Mapping | None = None,
        *,
        company: Company,
        offered: Sequence[Offered] = (),
        filled: Filled | None = None,
        initial: dict[str, Any] | None = None,
        stands: Listing | None = None,
    ):
        self.company, self.filled, self.stands = company, filled or Filled(), stands
        super().__init__(data, initial=self._defaults() | self.filled.values | (initial or {}))
        self._choose_goods(offered)
        self._choose_places()
        # As they are written after a figure: OurForm begins choices with a capital letter.
        self.fields["unit"].choices = Unit.choices
        self.fields["price_unit"].choices = [("", capfirst(NOT_STATED)), *PRICE_UNITS]
        self.uses = uses_of(self.nodes)
        self._keep_values_that_stand()
        for use in self.uses:
            self.fields |= use.fields()
        self._fill_from_goods()
        self.initial |= {name: value for name, value in self.filled.values.items() if name not in self.initial}
        self._clear_what_is_asked()
        self.initial["shown_for"] = self.goods_chosen
        if data is None and not stands:
            self._say_what_we_filled_in(initial or {})
        if not self.asks_ice:
            del self.fields["weight_basis"], self.fields["glaze_percent"]
        self.fields["own_words"].widget.attrs["rows"] = 4
        self.fields["unit_kg"].help_text = self._usual_weight() or self.fields["unit_kg"].help_text
        if data is not None:
            self.data = self._answered(data)

    def _defaults(self) -> dict[str, Any]:
        today = timezone.localdate()
        first, last = self.window_fields
        return {
            "unit": Unit.TONNE,
            first: today,
            last: today + USUAL_WINDOW,
            "valid_until": today + USUAL_TERM,
            self.place_field: self.company.place_id,
        }

    def _fill_from_goods(self) -> None:
        """What the words say of the goods, once it is known which they are."""
        if self.nodes:
            fill_parameters(self.filled, self.uses)

    def _say_what_we_filled_in(self, initial: dict[str, Any]) -> None:
        """Days and places that nobody said are told as ours."""
        for name, said in ((self.window_fields[0], FILLED_BY_US), (self.place_field, NEAREST_PLACE)):
            if self.initial.get(name) and name not in self.filled.sources and name not in initial:
                self.fields[name].help_text = said

    def _keep_values_that_stand(self) -> None:
        """Values that a stored listing states and the catalogue does not list: an edit does not drop them."""
        by_pk = {use.parameter.pk: use for use in self.uses if use.values}
        for one in self.stands.parameters.all() if self.stands else ():
            if use := by_pk.get(one.parameter_id):
                use.values += [value for value in one.values if value not in use.values]

    def _choose_goods(self, offered: Sequence[Offered]) -> None:
        """What was offered, and whatever is chosen already."""
        chosen = [value for value in self._sent(self.goods_field) if is_plain(value)]
        known = {one.value for one in offered}
        offered = [*offered, *(Offered(value) for value in chosen[:20] if value not in known)]
        standing = set(values_of_listing(self.stands)) if self.stands else set()
        self.choices = choices_of(offered, for_need=self.is_need, standing=standing)
        self.fields[self.goods_field].choices = [(one.value, one.node.name) for one in self.choices]
        self.initial["offered"] = " ".join(str(Offered(one.value, one.score)) for one in self.choices)

    def _choose_places(self) -> None:
        places = list(Place.objects.all())
        self.places = {place.pk: place for place in places}
        own = [place for place in places if place.country == self.company.country]
        other = [place for place in places if place.country in set(Country.values) - {self.company.country}]
        between = [place for place in places if place.country not in Country.values]
        countries = dict(Country.choices)
        title = countries.get(other[0].country, "") if other else ""
        groups = [(countries[self.company.country], own), (title, other)]
        for name in self.place_names:
            wide = groups if name == "destination" else [*groups, (_("On the way"), between)]
            self.fields[name].choices = under_headings(wide)

    def _sent(self, name: str) -> list[str]:
        """The values of a field with several, as they were sent or as the form begins."""
        if not self.is_bound:
            value = self.initial.get(name) or []
            return [value] if isinstance(value, str) else [str(one) for one in value]
        getter = getattr(self.data, "getlist", None)
        value = getter(name) if getter else self.data.get(name, [])
        return [value] if isinstance(value, str) else [str(one) for one in value]

    def _usual_weight(self) -> str:
        """What the catalogue knows of the weight of one box, piece or litre, which holds where nothing is said."""
        unit, node = self._read("unit"), self.nodes[0] if self.nodes else None
        if not isinstance(node, Commodity) or unit in (None, *MASS_KG) or unit not in allowed_units(node):
            return ""
        usual = figures.shortest(kilograms_per_unit(unit, node))
        return _("Net, without the packing. Left empty, it is the usual one: %(kg)s kg.") % {"kg": usual}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._need_answers(cleaned)
        self._weigh_units(cleaned)
        if self.asks_ice and not cleaned.get("weight_basis") and "weight_basis" not in self.errors:
            self.add_error("weight_basis", _("Say whether the quantity is net weight or weight with glaze."))
        return cleaned

    def _weigh_units(self, cleaned: dict[str, Any]) -> None:
        unit = cleaned.get("unit")
        if not unit or not self.nodes:
            return
        if unit in MASS_KG:
            cleaned["unit_kg"] = None
        elif not cleaned.get("unit_kg") and unit not in allowed_units(self.nodes[0]) and "unit_kg" not in self.errors:
            self.add_error("unit_kg", _("Nobody here knows what one of them weighs. Say it in kilograms."))

    def stated(self) -> dict[str, Any]:
        """The facts that a need and a capacity share, as the services take them."""
        cleaned = self.cleaned_data
        is_iced_weight = cleaned.get("weight_basis") == WeightBasis.GLAZED
        return {
            "company": self.company,
            "reference": cleaned["reference"],
            "own_words": cleaned["own_words"],
            "language": (get_language() or "en")[:2] if cleaned["own_words"] else "",
            "quantity": Decimal(cleaned["quantity"]),
            "unit": cleaned["unit"],
            "unit_kg": cleaned.get("unit_kg"),
            "weight_basis": cleaned.get("weight_basis", ""),
            "glaze_percent": cleaned.get("glaze_percent") if is_iced_weight else None,
            "period": cleaned["period"],
            "price": cleaned["price"],
            "currency": cleaned["currency"],
            "price_unit": cleaned["price_unit"],
            "incoterm": cleaned["incoterm"],
            "payment_terms": tuple(cleaned["payment_terms"]),
            "parameters": tuple(filter(None, (use.stated(cleaned) for use in self.uses))),
            "valid_until": cleaned["valid_until"],
            "sent_as": cleaned["sent_as"],
        }

    def place_of(self, name: str) -> Place | None:
        return self.places.get(self.cleaned_data.get(name))

    @property
    def is_need(self) -> bool:
        return self.kind == "need"

    @property
    def place_names(self) -> tuple[str, ...]:
        return (self.place_field,)

    @property
    def chosen(self) -> list[Choice]:
        values = self._sent(self.goods_field)
        return [choice for choice in self.choices if choice.value in values]

    @property
    def goods_chosen(self) -> str:
        """The goods whose properties are asked."""
        return " ".join(choice.value for choice in self.chosen)

    @property
    def nodes(self) -> list[Node]:
        return [choice.node for choice in self.chosen]

    @property
    def asks_ice(self) -> bool:
        return any(is_iced(node) for node in self.nodes)
