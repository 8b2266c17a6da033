"""A way from Kariangau to Almaty by sea and rail, and a dear one by air, with quotes that somebody gave."""

import datetime as dt
from decimal import Decimal

from corridor.enums import Mode, QuotePer
from corridor.models import InsurancePremium, TransportClassEquipment
from matching.models import Weights
from tests.factories import (
    ClassEquipmentFactory,
    CorridorFactory,
    FreightQuoteFactory,
    LegEquipmentFactory,
    LegFactory,
    PlaceFactory,
)
from tests.lanes import ALWAYS
from tests.matching.book import STARTING_WEIGHTS, port, town

GIVEN = {"given_by": "Pelni Logistics", **ALWAYS}


def box():
    """What dry goods travel in."""
    known = TransportClassEquipment.objects.filter(transport_class="dry_container").first()
    return (known or ClassEquipmentFactory()).equipment


def leg(origin, destination, days: tuple[int, int], usd: int | None, mode: str = Mode.RAIL, **facts):
    """A leg for boxes, quoted by the tonne; without a quote where no price is given."""
    equipment = box()
    facts = {"transit_method": "timetable", **facts}
    made = LegFactory(
        origin=origin, destination=destination, mode=mode, transit_days_low=days[0], transit_days_high=days[1], **facts
    )
    LegEquipmentFactory(leg=made, equipment=equipment)
    if usd is not None:
        FreightQuoteFactory(leg=made, equipment=equipment, amount=Decimal(usd), per=QuotePer.TONNE, **GIVEN)
    return made


def handling(*places, usd: int = 5) -> None:
    for place in places:
        FreightQuoteFactory(at=place, equipment=box(), amount=Decimal(usd), per=QuotePer.TONNE, **GIVEN)


def harbour():
    return PlaceFactory(code="CNLYG", country="CN", name_en="Lianyungang")


def ways_there(*, by_rail: int | None = 100, with_air: bool = True) -> None:
    """By sea 40 and rail 100 USD/t in 20 to 28 days; by air 400 USD/t in 3 to 4. Handling is 5 each time."""
    Weights.objects.get_or_create(version=1, defaults={"values": STARTING_WEIGHTS, "reason": "a test"})
    CorridorFactory()
    leg(port(), harbour(), (12, 16), 40, Mode.SEA, code="L-SEA", distance_km=4500)
    leg(harbour(), town(), (8, 12), by_rail, code="L-RAIL", distance_km=4700)
    if with_air:
        leg(port(), town(), (3, 4), 400, Mode.AIR, code="L-AIR")
    handling(port(), harbour(), town())
    for cover, percent in (("A", 1), ("C", "0.5")):
        facts = {"percent_low": percent, "percent_high": percent, "basis": "a test", "source": "a test"}
        InsurancePremium.objects.get_or_create(
            code=f"P-{cover}", defaults={"cover": cover, "confidence": "verified", **facts, **ALWAYS}
        )


def ended(leg, on: dt.date, code: str = "Q-OLD"):
    """A quote for the leg that held until a day."""
    return FreightQuoteFactory(
        code=code,
        leg=leg,
        equipment=box(),
        per=QuotePer.TONNE,
        valid_from=dt.date(2020, 1, 1),
        valid_to=on,
    )
