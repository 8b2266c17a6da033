"""What a freight quote says, and what is wrong with it: asked by the form, by the import and by the services alike."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.reading.fields import MISSING
from commodities.facts import Confidence
from corridor.enums import QuotePer, QuoteScope
from corridor.models import Equipment, FreightQuote, Leg, LegEquipment, Place
from corridor.models.costs import EXAMPLE

AT_ONE_PLACE = (QuoteScope.TERMINAL, QuoteScope.FITTING)
# What people vouch for when they enter something; examples ship with the product and are not entered.
ENTERED_CONFIDENCES = [choice for choice in Confidence.choices if choice[0] != Confidence.EXAMPLE]
NEEDED = ("scope", "equipment", "amount", "currency", "per", "valid_from", "valid_to", "given_by", "basis")
EXPIRED = "quote_expired"

Faults = dict[str, list[ValidationError]]


@dataclass(frozen=True)
class QuoteFacts:
    """What a quote says. A leg names its direction by origin and destination; a terminal is both of them."""

    scope: str
    leg: Leg | None
    origin: Place | None
    destination: Place | None
    equipment: Equipment | None
    amount: Decimal | None
    currency: str
    per: str
    valid_from: date | None
    valid_to: date | None
    given_by: str
    basis: str
    source: str = ""
    confidence: str = Confidence.UNSURE

    @property
    def thing(self) -> tuple:
        """What is quoted: two quotes for one thing are a range, or one of them is out of date."""
        ends = (self.leg, self.origin, self.destination or self.origin, self.equipment)
        return (self.scope, *(end.pk if end else 0 for end in ends))

    @property
    def giver(self) -> str:
        return " ".join(self.given_by.split()).casefold()


FACTS = tuple(field.name for field in fields(QuoteFacts))


def facts_of(quote: FreightQuote) -> QuoteFacts:
    return QuoteFacts(**{name: getattr(quote, name) for name in FACTS})


@dataclass(frozen=True)
class Standing:
    """A quote that another may not overlap: what it is called, and its days."""

    name: str
    valid_from: date
    valid_to: date


class QuoteBook:
    """What every quote is compared with, read once: two queries, however many quotes are asked about."""

    def __init__(self):
        self.passing = set(LegEquipment.objects.values_list("leg_id", "equipment_id"))
        self.standing: dict[tuple, dict[str, Standing]] = defaultdict(dict)
        entered = FreightQuote.objects.exclude(EXAMPLE).filter(withdrawn_at__isnull=True)
        for quote in entered.select_related("leg", "origin", "destination", "equipment"):
            self.add(quote.code, facts_of(quote))

    def add(self, name: str, facts: QuoteFacts) -> None:
        self.standing[facts.thing, facts.giver][name] = Standing(name, facts.valid_from, facts.valid_to)

    def remove(self, name: str, facts: QuoteFacts) -> None:
        self.standing[facts.thing, facts.giver].pop(name, None)

    def faults(self, facts: QuoteFacts, *, today: date, named: str = "", keeps_expired: bool = False) -> Faults:
        """Everything that is wrong with a quote, by field. `named` is the quote itself where it is here already."""
        found: Faults = defaultdict(list)
        for name, fault in [*faults_alone(facts), *self.faults_of_leg(facts)]:
            found[name].append(fault)
        if facts.valid_to and facts.valid_to < today and "valid_to" not in found and not keeps_expired:
            found["valid_to"].append(expired(facts.valid_to))
        if not found and (other := self.overlapping(facts, named)):
            found["valid_from"].append(overlaps(facts, other))
        return dict(found)

    def faults_of_leg(self, facts: QuoteFacts) -> Iterable[tuple[str, ValidationError]]:
        leg, equipment = facts.leg, facts.equipment
        if leg and equipment and (leg.pk, equipment.pk) not in self.passing:
            yield (
                "equipment",
                refusal(
                    "quote_cannot_pass",
                    _("%(equipment)s cannot pass the leg %(leg)s. Choose what can, or another leg."),
                    equipment=equipment.name,
                    leg=leg.code,
                ),
            )

    def overlapping(self, facts: QuoteFacts, named: str = "") -> Standing | None:
        """Another quote of the same giver for the same thing, of which a day is among the days of this one."""
        others = self.standing.get((facts.thing, facts.giver), {}).values()
        meeting = (
            other
            for other in others
            if other.name != named and other.valid_from <= facts.valid_to and other.valid_to >= facts.valid_from
        )
        return next(meeting, None)


def refusal(code: str, words, **params) -> ValidationError:
    return ValidationError(words, code=code, params=params)


def expired(valid_to: date) -> ValidationError:
    return refusal(
        EXPIRED,
        _("This quote has expired already: its last day is %(day)s. Say below that it is to be kept all the same."),
        day=figures.written_day(valid_to),
    )


def overlaps(facts: QuoteFacts, other: Standing) -> ValidationError:
    return refusal(
        "quote_overlaps",
        _(
            "%(giver)s has quoted the same thing for some of these days: %(other)s holds from %(first)s to %(last)s. "
            "Choose other days, or end that quote first."
        ),
        giver=facts.given_by.strip(),
        other=other.name,
        first=figures.written_day(other.valid_from),
        last=figures.written_day(other.valid_to),
    )


def faults_alone(facts: QuoteFacts) -> Iterable[tuple[str, ValidationError]]:
    """What is wrong with a quote whatever else there is."""
    for name in NEEDED:
        if getattr(facts, name) in (None, ""):
            yield name, ValidationError(MISSING, code="required")
    yield from faults_of_way(facts)
    yield from faults_of_price(facts)
    if facts.valid_from and facts.valid_to and facts.valid_to < facts.valid_from:
        yield (
            "valid_to",
            refusal(
                "quote_days_turned",
                _("The last day, %(last)s, is before the first, %(first)s."),
                first=figures.written_day(facts.valid_from),
                last=figures.written_day(facts.valid_to),
            ),
        )
    if facts.confidence == Confidence.EXAMPLE:
        yield (
            "confidence",
            refusal("quote_no_example", _("Examples ship with the product. Say how sure this quote is.")),
        )


def faults_of_way(facts: QuoteFacts) -> Iterable[tuple[str, ValidationError]]:
    """Whether the places and the leg are those of the scope."""
    if facts.scope == QuoteScope.LEG:
        yield from faults_of_direction(facts)
        return
    if facts.leg is not None:
        yield "leg", refusal("quote_names_leg", _("Only a quote for a leg names one. Leave the leg empty."))
    if facts.origin is None:
        yield "origin", ValidationError(MISSING, code="required")
    elif facts.scope in AT_ONE_PLACE and facts.destination not in (None, facts.origin):
        yield (
            "destination",
            refusal("quote_at_one_place", _("A terminal and fitting out have one place. Leave the second one empty.")),
        )
    elif facts.scope == QuoteScope.LANE and facts.destination is None:
        yield "destination", ValidationError(MISSING, code="required")
    elif facts.scope == QuoteScope.LANE and facts.destination == facts.origin:
        yield "destination", refusal("quote_of_no_way", _("A lane ends at another place than where it begins."))


def faults_of_direction(facts: QuoteFacts) -> Iterable[tuple[str, ValidationError]]:
    leg = facts.leg
    if leg is None:
        yield "leg", ValidationError(MISSING, code="required")
        return
    ways = [(leg.origin, leg.destination)]
    if leg.is_bidirectional:
        ways.append((leg.destination, leg.origin))
    if (facts.origin, facts.destination) not in ways:
        yield (
            "leg",
            refusal(
                "quote_off_the_leg",
                _("The leg %(leg)s joins %(one)s and %(two)s. Take both places from the leg."),
                leg=leg.code,
                one=leg.origin.code,
                two=leg.destination.code,
            ),
        )


def faults_of_price(facts: QuoteFacts) -> Iterable[tuple[str, ValidationError]]:
    if facts.amount is not None and facts.amount <= 0:
        yield "amount", refusal("quote_not_positive", _("A quote is above zero. Write what is to be paid."))
    if facts.equipment is None or facts.equipment.unit_kind != "loose":
        return
    if facts.per == QuotePer.BOX:
        yield (
            "per",
            refusal(
                "quote_no_box",
                _("%(equipment)s: this carries loose goods and no boxes. Quote it per tonne or per kilogram."),
                equipment=facts.equipment.name,
            ),
        )
    if facts.scope == QuoteScope.FITTING:
        yield (
            "equipment",
            refusal(
                "quote_not_fitted",
                _("%(equipment)s: only a box is fitted out. Choose a box."),
                equipment=facts.equipment.name,
            ),
        )
