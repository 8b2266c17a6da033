from corridor.models.costs import ExchangeRate, FreightQuote, Lane, Tariff, TradeFlow
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
    "Lane",
    "Leg",
    "LegEquipment",
    "Place",
    "Region",
    "Requirement",
    "Tariff",
    "TradeFlow",
    "TransportClassEquipment",
]
