"""A small book between Indonesia and Kazakhstan: needs and capacities that fit unless a test says otherwise."""

import datetime as dt
from decimal import Decimal
from itertools import count

from companies.enums import CompanyKind, CompanyStatus, FactKind, ListingStatus, PriceBasis, Screening
from companies.models import Capacity, Company, Need, NeedCommodity, VerificationFact
from matching.models import Weights
from tests.factories import CommodityFactory, CorridorFactory, PlaceFactory, RegionFactory
from tests.lanes import quoted_lane

AS_OF = dt.date(2027, 1, 4)
STARTING_WEIGHTS = {
    "price": 0.30,
    "quantity": 0.15,
    "quality": 0.15,
    "time": 0.10,
    "certificates": 0.10,
    "logistics": 0.10,
    "trust": 0.10,
}
numbers = count(1)


def open_corridor() -> None:
    """Weights, both countries, and a lane between their two places that was quoted as an example."""
    Weights.objects.get_or_create(version=1, defaults={"values": STARTING_WEIGHTS, "reason": "a test"})
    CorridorFactory()
    quoted_lane(port(), town())


def port():
    """Kariangau, where Indonesian goods leave."""
    return PlaceFactory(code="IDKRG", country="ID")


def town():
    """Almaty, where they arrive."""
    return PlaceFactory(code="KZALA", country="KZ")


def company(country: str, **facts) -> Company:
    number = next(numbers)
    facts = {
        "kind": CompanyKind.EXAMPLE,
        "code": f"company-{number}",
        "name_registered": f"Company {number}",
        "country": country,
        "region": RegionFactory(code=f"{country}-TEST", country=country),
        "place": port() if country == "ID" else town(),
        "status": CompanyStatus.ACTIVE,
        "screening": Screening.CLEAR,
    } | facts
    made = Company.objects.create(**facts)
    VerificationFact.objects.create(company=made, kind=FactKind.NUMBER_CHECKED, checked_on=AS_OF)
    return made


def capacity(commodity, **facts) -> Capacity:
    """An Indonesian exporter offers 500 t once, FOB Kariangau, at 800 USD/t, in lots of 20 t."""
    facts = {
        "company": facts.get("company") or company("ID"),
        "reference": f"C-{next(numbers)}",
        "commodity": commodity,
        "origin_country": "ID",
        "quantity_kg": 500_000,
        "quantity_typed": Decimal(500),
        "quantity_unit": "t",
        "period": "once",
        "lot_kg": 20_000,
        "price_amount": Decimal(800),
        "price_currency": "USD",
        "price_unit": "t",
        "incoterm": "FOB",
        "place": port(),
        "available_from": dt.date(2027, 1, 1),
        "available_until": dt.date(2027, 6, 30),
        "lead_days": 10,
        "payment_terms": ["letter_of_credit"],
        "status": ListingStatus.OPEN,
    } | facts
    return Capacity.objects.create(**facts)


def need(*commodities, **facts) -> Need:
    """A Kazakh importer wants 100 t once, DAP Almaty by the end of May, for at most 1,150 USD/t."""
    facts = {
        "company": facts.get("company") or company("KZ"),
        "reference": f"N-{next(numbers)}",
        "quantity_kg": 100_000,
        "quantity_typed": Decimal(100),
        "quantity_unit": "t",
        "period": "once",
        "price_amount": Decimal(1150),
        "price_currency": "USD",
        "price_unit": "t",
        "price_basis": PriceBasis.AT_INCOTERM,
        "incoterm": "DAP",
        "named_place": town(),
        "destination": town(),
        "window_from": dt.date(2027, 3, 1),
        "window_until": dt.date(2027, 5, 31),
        "payment_terms": ["letter_of_credit"],
        "status": ListingStatus.OPEN,
    } | facts
    made = Need.objects.create(**facts)
    for position, commodity in enumerate(commodities):
        NeedCommodity.objects.create(need=made, commodity=commodity, position=position)
    return made


def small_book(headings: int = 3) -> None:
    """Some goods with two needs and two capacities each, of which not all fit: one shard a commodity."""
    open_corridor()
    for _heading in range(headings):
        goods = CommodityFactory()
        need(goods)
        need(goods, quantity_kg=700_000, smallest_share_kg=50_000)
        capacity(goods)
        capacity(goods, price_amount=Decimal(1100))
