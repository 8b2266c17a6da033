"""Lanes that somebody quoted, as few rows as there can be."""

import datetime as dt
from decimal import Decimal

from commodities.facts import Confidence
from corridor.enums import Cover, QuotePer, QuoteScope
from corridor.models import InsurancePremium, Leg, Place, TransportClassEquipment
from tests.factories import ClassEquipmentFactory, FreightQuoteFactory, LegEquipmentFactory, LegFactory

ALWAYS = {"valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2040, 12, 31)}


def quoted_lane(
    origin: Place,
    destination: Place,
    *,
    days: tuple[int, int] = (25, 35),
    usd: tuple[int, ...] = (200, 230),
    transport_class: str = "dry_container",
    confidence: str = Confidence.EXAMPLE,
) -> Leg:
    """One leg for boxes, through rates per tonne with their terminals (none: nobody quoted), insurance for nothing."""
    leg = LegFactory(origin=origin, destination=destination, transit_days_low=days[0], transit_days_high=days[1])
    carried = TransportClassEquipment.objects.filter(transport_class=transport_class).first()
    equipment = (carried or ClassEquipmentFactory(transport_class=transport_class)).equipment
    LegEquipmentFactory(leg=leg, equipment=equipment)
    for amount in usd:
        FreightQuoteFactory(
            scope=QuoteScope.LANE,
            origin=origin,
            destination=destination,
            equipment=equipment,
            amount=Decimal(amount),
            per=QuotePer.TONNE,
            confidence=confidence,
            **ALWAYS,
        )
    insured_for_nothing()
    return leg


def insured_for_nothing() -> None:
    for cover in Cover.values:
        facts = {"cover": cover, "percent_low": 0, "percent_high": 0, "basis": "a test", "source": "a test"}
        sure = {"confidence": Confidence.VERIFIED}
        InsurancePremium.objects.get_or_create(code=f"P-{cover}", defaults=facts | sure | ALWAYS)
