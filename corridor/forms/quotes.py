"""A freight quote as people type it: what it is for decides which fields there are."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.ours import OurForm
from accounts.reading import DayField, LineField, NumberField
from corridor.enums import Currency, QuotePer, QuoteScope
from corridor.models import Equipment, FreightQuote, Leg, Place
from corridor.quoting import ENTERED_CONFIDENCES, FACTS, QuoteFacts
from corridor.services.quotes import version

THERE, BACK = "there", "back"
LONGEST_SOURCE = 500
MOST_AMOUNT = Decimal("9999999999.9999")
# What a page keeps when somebody enters a quote for the thing of another one: never its price, days or giver.
LIKE_ANOTHER = ("equipment", "currency", "per", "basis")


class QuoteForm(OurForm):
    """What somebody quoted for one leg, a terminal, fitting out or a whole lane."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    leg = forms.ChoiceField(
        label=_("Which leg, and which way?"), help_text=_("The way decides from where to where the quote holds.")
    )
    origin = forms.ChoiceField(label=_("From"))
    destination = forms.ChoiceField(label=_("To"))
    equipment = forms.ChoiceField(label=_("In what?"), help_text=_("The box, wagon, vessel or truck that is quoted."))
    amount = NumberField(decimals=4, most=MOST_AMOUNT, label=_("How much?"))
    currency = forms.ChoiceField(choices=Currency.choices, label=_("Currency"))
    per = forms.ChoiceField(
        choices=QuotePer.choices,
        label=_("For what?"),
        help_text=_("Boxes are quoted per box, loose goods per tonne or kilogram."),
    )
    valid_from = DayField(label=_("From which day does it hold?"))
    valid_to = DayField(label=_("Until which day?"), help_text=_("The last day on which it holds."))
    given_by = LineField(
        most=200,
        label=_("Who gave it?"),
        help_text=_("The carrier, forwarder or terminal; a person only with consent."),
    )
    basis = LineField(
        most=300,
        label=_("What does it hold, and what not?"),
        help_text=_("For example: port to port, fuel surcharge included, terminals not."),
    )
    source = LineField(
        most=LONGEST_SOURCE,
        required=False,
        label=_("Where is it written?"),
        help_text=_("A letter with its day, a page of a tariff, a telephone call."),
    )
    confidence = forms.ChoiceField(choices=ENTERED_CONFIDENCES, label=_("How sure is it?"))
    keeps_expired = forms.BooleanField(required=False, label=_("Keep it all the same, for the record"))

    def __init__(self, data=None, *, scope: str, quote: FreightQuote | None = None, like: FreightQuote | None = None):
        self.scope = QuoteScope(scope)
        super().__init__(data, initial=initial_of(quote, like))
        if self.scope == QuoteScope.LEG:
            self.legs = {leg.code: leg for leg in Leg.objects.select_related("origin", "destination")}
            self.fields["leg"].choices = leg_choices(self.legs.values())
            del self.fields["origin"], self.fields["destination"]
        else:
            del self.fields["leg"]
            self.places = {place.code: place for place in Place.objects.all()}
            self._name_places()
        self.equipment = {one.code: one for one in Equipment.objects.all()}
        self.fields["equipment"].choices = named_choices(self.equipment.values())

    @property
    def asks_to_keep(self) -> bool:
        """Whether the quote has expired, and the page has to ask what it is entered for."""
        expired = any(error.code == "quote_expired" for error in self.errors.as_data().get("valid_to", []))
        return expired or bool(self.is_bound and self["keeps_expired"].data)

    def see(self, quote: FreightQuote) -> None:
        """The page shows the quote as it is now: what is typed goes on from here."""
        self.data = self.data.copy()
        self.data["seen"] = version(quote)

    def facts(self) -> QuoteFacts:
        """What was typed, as the service takes it."""
        said = self.cleaned_data
        leg = origin = destination = None
        if self.scope == QuoteScope.LEG:
            code, _colon, direction = said["leg"].partition(":")
            leg = self.legs[code]
            origin, destination = (leg.origin, leg.destination)[:: 1 if direction == THERE else -1]
        else:
            origin = self.places[said["origin"]]
            destination = self.places[said["destination"]] if self.scope == QuoteScope.LANE else origin
        plain = {name: said[name] for name in FACTS if name in said and name not in ("leg", "origin", "destination")}
        ways = {"scope": self.scope, "leg": leg, "origin": origin, "destination": destination}
        return QuoteFacts(**{**plain, **ways, "equipment": self.equipment[said["equipment"]]})

    def _name_places(self) -> None:
        choices = named_choices(self.places.values())
        self.fields["origin"].choices = choices
        if self.scope == QuoteScope.LANE:
            self.fields["destination"].choices = choices
            self.fields["origin"].help_text = _("Where the lane begins.")
            return
        del self.fields["destination"]
        self.fields["origin"].label = _("At which place?")


class EndForm(OurForm):
    """Until when a quote holds after all."""

    last_day = DayField(label=_("On which day does it end?"), help_text=_("The last day on which it holds."))


def initial_of(quote: FreightQuote | None, like: FreightQuote | None) -> dict:
    """What the page begins with: the quote itself, or the thing that another one is for."""
    shown = quote or like
    if shown is None:
        return {"valid_from": timezone.localdate(), "currency": Currency.USD, "confidence": ENTERED_CONFIDENCES[-1][0]}
    names = FACTS if quote else LIKE_ANOTHER
    initial = {name: getattr(shown, name) for name in names if name != "scope"}
    initial |= {"origin": shown.origin.code, "destination": shown.destination.code, "equipment": shown.equipment.code}
    if shown.leg:
        is_there = shown.origin_id == shown.leg.origin_id
        initial["leg"] = f"{shown.leg.code}:{THERE if is_there else BACK}"
    if quote:
        return initial | {"seen": version(quote)}
    return initial | {"valid_from": timezone.localdate(), "confidence": ENTERED_CONFIDENCES[-1][0]}


def named_choices(rows) -> list[tuple[str, str]]:
    """Rows of reference data by their names, with the code that files know them by."""
    named = sorted(rows, key=lambda row: row.name.casefold())
    return [("", _("choose")), *((row.code, f"{row.name} ({row.code})") for row in named)]


def leg_choices(legs) -> list[tuple[str, object]]:
    """Every leg in every direction it can be gone, below the place where it begins."""
    ways = []
    for leg in legs:
        ways.append((leg, THERE, leg.origin, leg.destination))
        if leg.is_bidirectional:
            ways.append((leg, BACK, leg.destination, leg.origin))
    groups: dict[str, list] = {}
    for leg, direction, origin, destination in sorted(ways, key=lambda way: (way[2].name, way[3].name, way[0].code)):
        label = (
            f"{origin.name_without_remark} – {destination.name_without_remark}, {leg.get_mode_display()} ({leg.code})"
        )
        groups.setdefault(origin.name, []).append((f"{leg.code}:{direction}", label))
    return [("", _("choose")), *groups.items()]
