"""What is taken to be otherwise, as a person asks for it in the address of a page."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.ours import OurForm
from accounts.reading import NumberField
from companies.enums import PriceBasis
from corridor.engine.landed import ALL_IN
from corridor.enums import Currency, Incoterm
from corridor.models import Place
from matching.models import Match

LEAST_PERCENT, MOST_PERCENT = -90, 300
MOST_USD = 1_000_000
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

    def __init__(
        self,
        data,
        match: Match,
        places: Sequence[Place],
        routes: Sequence[tuple[str, str]],
        schemes: Sequence[str],
    ):
        super().__init__(data)
        self.match = match
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
        return asked

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
        return found

    @property
    def wanted(self) -> dict:
        """Columns of the need that are otherwise."""
        asked, need, found = self.cleaned_data, self.match.need, {}
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
