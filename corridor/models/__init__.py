from corridor.models.costs import ExchangeRate, FreightQuote, InsurancePremium, Lane, Preference, Tariff, TradeFlow
from corridor.models.law import Requirement
from corridor.models.places import (
    Corridor,
    Equipment,
    Leg,
    LegEquipment,
    Place,
    Region,
    TransportClassEquipment,
)

__all__ = [
    "Corridor",
    "Equipment",
    "ExchangeRate",
    "FreightQuote",
    "InsurancePremium",
    "Lane",
    "Leg",
    "LegEquipment",
    "Place",
    "Preference",
    "Region",
    "Requirement",
    "Tariff",
    "TradeFlow",
    "TransportClassEquipment",
]
