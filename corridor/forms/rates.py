"""Rates of exchange and premiums of insurance as people type them."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.ours import OurForm
from accounts.reading import DayField, LineField, NumberField
from corridor.enums import Cover, Currency
from corridor.models import ExchangeRate
from corridor.quoting import ENTERED_CONFIDENCES

CURRENCIES = [choice for choice in Currency.choices if choice[0] != Currency.USD]
DECIMALS = 10
SMALLEST, LARGEST = Decimal("0.0000000001"), Decimal("99999999")
MOST_PERCENT = 20


class RateFactsForm(OurForm):
    """What a currency is worth, and on whose word."""

    usd_per_unit = NumberField(
        decimals=DECIMALS,
        least=SMALLEST,
        most=LARGEST,
        label=_("How many US dollars is one unit worth?"),
        help_text=_("Below 1 for rupiah, tenge, rouble and yuan: 0.0000595 for one rupiah."),
    )
    source = LineField(most=500, label=_("Whose rate is it?"), help_text=_("A central bank or a bank, with the page."))
    confidence = forms.ChoiceField(choices=ENTERED_CONFIDENCES, label=_("How sure is it?"))
    accepts_leap = forms.BooleanField(required=False, label=_("The rate is right"))

    @property
    def asks_again(self) -> bool:
        """Whether the rate is far from the last one, and the page has to ask whether it is right."""
        leaps = any(error.code == "rate_leaps" for error in self.errors.as_data().get("usd_per_unit", []))
        return leaps or bool(self.is_bound and self["accepts_leap"].data)


class RateForm(RateFactsForm):
    """A new rate, of a currency and a day."""

    on = DayField(latest=timezone.localdate, initial=timezone.localdate, label=_("Of which day?"))
    currency = forms.ChoiceField(choices=CURRENCIES, label=_("Currency"))
    field_order = ("currency", "on", "usd_per_unit", "accepts_leap", "source", "confidence")


class CorrectionForm(RateFactsForm):
    """A rate that was mistyped."""

    def __init__(self, data=None, *, rate: ExchangeRate):
        facts = ("usd_per_unit", "source", "confidence")
        super().__init__(data, initial={name: getattr(rate, name) for name in facts})


class PremiumForm(OurForm):
    """What an insurer asks for a cover: from a lower to a higher share of the value insured."""

    cover = forms.ChoiceField(choices=Cover.choices, label=_("Which cover?"), help_text=_("Institute Cargo Clauses."))
    percent_low = NumberField(
        decimals=4, most=MOST_PERCENT, label=_("Percent at least"), help_text=_("Of the price and ten percent.")
    )
    percent_high = NumberField(
        decimals=4,
        most=MOST_PERCENT,
        label=_("Percent at most"),
        help_text=_("The same once more where it is one figure."),
    )
    valid_from = DayField(initial=timezone.localdate, label=_("From which day does it hold?"))
    valid_to = DayField(label=_("Until which day?"), help_text=_("The last day on which it holds."))
    given_by = LineField(most=200, label=_("Which insurer or broker gave it?"))
    basis = LineField(most=300, label=_("What does it hold, and what not?"))
    source = LineField(most=500, required=False, label=_("Where is it written?"))
    confidence = forms.ChoiceField(choices=ENTERED_CONFIDENCES, label=_("How sure is it?"))
