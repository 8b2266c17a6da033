from corridor.models.costs import (
    DutyChoice,
    ExchangeRate,
    FreightQuote,
    InsurancePremium,
    Preference,
    Tariff,
    TradeFlow,
)
from corridor.models.law import Requirement
from corridor.models.places import (
    Corridor,
    Equipment,
    Leg,
    LegEquipment,
    LegSwitch,
    Place,
    Region,
    TransportClassEquipment,
)

__all__ = [
    "Corridor",
    "DutyChoice",
    "Equipment",
    "ExchangeRate",
    "FreightQuote",
    "InsurancePremium",
    "Leg",
    "LegEquipment",
    "LegSwitch",
    "Place",
    "Preference",
    "Region",
    "Requirement",
    "Tariff",
    "TradeFlow",
    "TransportClassEquipment",
]
