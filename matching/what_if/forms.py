"""What is taken to be otherwise, as a person asks for it in the address of a page."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.forms.ours import OurForm
from accounts.reading import DayField, NumberField
from companies.enums import PriceBasis
from corridor.engine.landed import ALL_IN
from corridor.enums import Currency, Incoterm
from corridor.models import Place
from matching.engine import COMPONENTS, ScoreTable
from matching.models import Match
from matching.texts import COMPONENT_NAMES

LEAST_PERCENT, MOST_PERCENT = -90, 300
MOST_USD = 1_000_000
MOST_TONNES = 1_000_000
KG_PER_T = 1000
IN_USD = {"price_currency": Currency.USD, "price_unit": "t"}


class WhatIfForm(OurForm):
    """Each field that is left as it is changes nothing."""

    route = forms.ChoiceField(required=False, label=_("Route"))
    freight = NumberField(
        required=False,
        decimals=1,
        least=LEAST_PERCENT,
        most=MOST_PERCENT,
        label=_("Freight changes by"),
        help_text=_("Every quote for a leg or a whole lane; -10 is a tenth cheaper. Handling stays."),
    )
    preference = forms.ChoiceField(required=False, label=_("Agreement in force"))
    ask = NumberField(required=False, decimals=2, most=MOST_USD, label=_("Asking price"))
    ask_term = forms.ChoiceField(required=False, label=_("Term"))
    ask_place = forms.ChoiceField(required=False, label=_("Place"))
    limit = NumberField(required=False, decimals=2, most=MOST_USD, label=_("Limit price"))
    limit_term = forms.ChoiceField(required=False, label=_("Term"), help_text=_("All-in is at the place of delivery."))
    limit_place = forms.ChoiceField(required=False, label=_("Place"))
    offers = NumberField(required=False, decimals=3, most=MOST_TONNES, label=_("Offers"))
    available_from = DayField(required=False, label=_("Available from"))
    available_until = DayField(required=False, label=_("Available until"))
    wants = NumberField(required=False, decimals=3, most=MOST_TONNES, label=_("Wants"))
    window_from = DayField(required=False, label=_("Delivery from"))
    window_until = DayField(required=False, label=_("Delivery until"))

    def __init__(
        self,
        data,
        match: Match,
        places: Sequence[Place],
        routes: Sequence[tuple[str, str]],
        schemes: Sequence[str],
        weights: Mapping[str, float],
    ):
        super().__init__(data)
        self.match, self.weights_now = match, weights
        for component in COMPONENTS:
            self.fields[f"weight_{component}"] = NumberField(
                required=False,
                decimals=1,
                least=0,
                most=100,
                label=COMPONENT_NAMES[component],
                help_text=_("%(percent)s now") % {"percent": figures.percent(weights[component])},
            )
        unchanged = [("", _("as it is"))]
        terms = [(term, term) for term in Incoterm.values]
        named = sorted(((place.code, place.name) for place in places), key=lambda choice: choice[1].casefold())
        choices = {
            "route": [("", _("the cheapest that arrives in time")), *routes],
            "preference": [*unchanged, *((scheme, scheme) for scheme in schemes)],
            "ask_term": [*unchanged, *terms],
            "ask_place": [*unchanged, *named],
            "limit_term": [*unchanged, *terms, (ALL_IN, _("all-in, without VAT"))],
            "limit_place": [*unchanged, *named],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered

    def clean(self) -> dict:
        asked = super().clean()
        is_all_in = asked.get("limit_term") == ALL_IN or (
            not asked.get("limit_term") and self.match.need.price_basis == PriceBasis.ALL_IN
        )
        if is_all_in and asked.get("limit_place"):
            said = _("A limit that is all-in is at the place of delivery: leave the place as it is.")
            self.add_error("limit_place", ValidationError(said, code="all_in_elsewhere"))
        self.check_days("available", self.match.capacity)
        self.check_days("window", self.match.need)
        self.check_weights()
        return asked

    def check_days(self, name: str, listing) -> None:
        """The first day stands before the last, whichever of them is taken to be otherwise."""
        first, last = (
            self.cleaned_data.get(f"{name}_{end}") or getattr(listing, f"{name}_{end}") for end in ("from", "until")
        )
        if first > last:
            end = "until" if self.cleaned_data.get(f"{name}_until") else "from"
            self.add_error(f"{name}_{end}", _("The last day is before the first one."))

    def check_weights(self) -> None:
        typed, rest = self.typed_weights, 100 - sum(self.typed_weights.values())
        others = sum(weight for component, weight in self.weights_now.items() if component not in typed)
        if typed and (rest < 0 or (rest > 0 and others == 0)):
            said = _("Together the weights are 100: these are %(sum)s.")
            total = figures.shortest(sum(typed.values()), 1)
            self.add_error(f"weight_{next(iter(typed))}", ValidationError(said, params={"sum": total}))

    def weight_fields(self) -> list[forms.BoundField]:
        return [self[f"weight_{component}"] for component in COMPONENTS]

    @property
    def typed_weights(self) -> dict[str, Decimal]:
        """In percent, by component."""
        cleaned = getattr(self, "cleaned_data", {})
        asked = {component: cleaned.get(f"weight_{component}") for component in COMPONENTS}
        return {component: weight for component, weight in asked.items() if weight is not None}

    @property
    def table(self) -> ScoreTable | None:
        """The weights that are asked for; the others share what is left, in their present proportion. None: as now."""
        typed = self.typed_weights
        if not typed:
            return None
        rest = float(100 - sum(typed.values())) / 100
        others = sum(weight for component, weight in self.weights_now.items() if component not in typed)
        weights = [
            float(typed[component]) / 100
            if component in typed
            else rest * self.weights_now[component] / others
            if others
            else 0.0
            for component in COMPONENTS
        ]
        return ScoreTable(tuple(weights))

    @property
    def is_something(self) -> bool:
        """Whether anything is otherwise."""
        return any(value not in (None, "") for value in self.cleaned_data.values())

    @property
    def offered(self) -> dict:
        """Columns of the capacity that are otherwise."""
        asked, found = self.cleaned_data, {}
        if asked["ask"] is not None:
            found |= {"price_amount": asked["ask"], **IN_USD}
        if asked["ask_term"]:
            found["incoterm"] = asked["ask_term"]
        if asked["ask_place"]:
            found["place__code"] = asked["ask_place"]
        return found | self.others("offers", "available_from", "available_until")

    @property
    def wanted(self) -> dict:
        """Columns of the need that are otherwise."""
        asked, need = self.cleaned_data, self.match.need
        found = self.others("wants", "window_from", "window_until")
        if asked["limit"] is not None:
            found |= {"price_amount": asked["limit"], **IN_USD}
        if asked["limit_term"] == ALL_IN:
            return found | {"price_basis": PriceBasis.ALL_IN}
        if asked["limit_term"]:
            found |= {"price_basis": PriceBasis.AT_INCOTERM, "incoterm": asked["limit_term"]}
            if not asked["limit_place"] and need.named_place is None:
                found["named_place__code"] = need.destination.code
        if asked["limit_place"]:
            found["named_place__code"] = asked["limit_place"]
        return found

    def others(self, quantity: str, *days: str) -> dict:
        """Quantity and days of one side that are otherwise. A quantity is for the same period as the listing's."""
        asked = self.cleaned_data
        found = {name: asked[name] for name in days if asked[name]}
        if asked[quantity] is not None:
            found["quantity_kg"] = int(asked[quantity] * KG_PER_T)
        return found
