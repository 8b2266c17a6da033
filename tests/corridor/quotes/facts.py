"""A small corridor to quote for, and quotes as people give them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from corridor.enums import QuotePer, QuoteScope
from corridor.models import Equipment, InsurancePremium, Leg, Place
from corridor.quoting import QuoteFacts
from tests.factories import EquipmentFactory, LegEquipmentFactory, LegFactory, PlaceFactory

TODAY = dt.date(2027, 1, 15)
FIRST, LAST = dt.date(2027, 1, 1), dt.date(2027, 6, 30)


@dataclass
class Ways:
    leg: Leg
    origin: Place
    destination: Place
    box: Equipment
    vessel: Equipment

    @classmethod
    def made(cls) -> "Ways":
        origin = PlaceFactory(code="IDAAA", name_en="Alpha")
        destination = PlaceFactory(code="KZBBB", name_en="Beta", country="KZ")
        leg = LegFactory(code="L900", origin=origin, destination=destination)
        box = EquipmentFactory(code="20DC", name_en="Dry box")
        vessel = EquipmentFactory(code="BULKV", name_en="Bulk vessel", chain_groups=["loose_dry"])
        LegEquipmentFactory(leg=leg, equipment=box)
        return cls(leg, origin, destination, box, vessel)

    def quoted(self, **facts) -> QuoteFacts:
        """What Northline asks for a box on the leg, but for what the test says."""
        plain = {
            "scope": QuoteScope.LEG,
            "leg": self.leg,
            "origin": self.origin,
            "destination": self.destination,
            "equipment": self.box,
            "amount": Decimal(1500),
            "currency": "USD",
            "per": QuotePer.BOX,
            "valid_from": FIRST,
            "valid_to": LAST,
            "given_by": "Northline",
            "basis": "station to station",
            "source": "letter of 2 January",
            "confidence": "secondary",
        }
        return QuoteFacts(**{**plain, **facts})

    def at_terminal(self, **facts) -> QuoteFacts:
        place = {"scope": QuoteScope.TERMINAL, "leg": None, "destination": self.origin}
        return self.quoted(**{**place, **facts})

    def typed(self, **said) -> dict:
        """The same, as a browser sends it."""
        plain = {
            "leg": "L900:there",
            "equipment": "20DC",
            "amount": "1500",
            "currency": "USD",
            "per": "box",
            "valid_from": "2027-01-01",
            "valid_to": "2027-06-30",
            "given_by": "Northline",
            "basis": "station to station",
            "source": "letter of 2 January",
            "confidence": "secondary",
        }
        return {**plain, **said}


def premium(**facts) -> InsurancePremium:
    """What an insurer asks for all risks; the same one when asked twice."""
    plain = {
        "cover": "A",
        "percent_low": Decimal("0.3"),
        "percent_high": Decimal("0.5"),
        "valid_from": FIRST,
        "valid_to": LAST,
        "given_by": "Insurer",
        "basis": "in containers",
        "confidence": "secondary",
    }
    code = facts.pop("code", "E01")
    return InsurancePremium.objects.get_or_create(code=code, defaults={**plain, **facts})[0]
