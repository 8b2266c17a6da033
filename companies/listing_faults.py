"""What a need or capacity may not say: each rule as the faults of those who break it."""

from datetime import date, timedelta

from commodities.enums import ParameterKind
from commodities.quantities import MASS_KG
from companies.enums import PriceBasis, WeightBasis
from companies.facts import ListingFacts, NeedFacts
from companies.faults import Fault
from companies.models import Capacity, Company, Need
from companies.texts import names_of
from corridor.enums import Country, Currency
from corridor.models import Place

LONGEST_WINDOW = timedelta(days=3 * 366)
MOST_PRICE = 999_999_999_999  # the digits of a listing hold no more, whatever the currency
# The most a kilogram may cost: some fifty million US dollars, in round figures that no rate of the day moves. Gold
# costs not two hundred thousand; and a tonne of at most 10^11 USD lands, with insurance and any duty there is, for less
# than a run can keep of it (`matching.services.decimals.MOST_KEPT`).
MOST_PER_KG = {
    Currency.USD: 50_000_000,
    Currency.EUR: 50_000_000,
    Currency.CNY: 500_000_000,
    Currency.RUB: 5_000_000_000,
    Currency.KZT: 50_000_000_000,
    Currency.IDR: 500_000_000_000,
}
# What to write instead of a term of the sea where the named place has no port.
INSTEAD_OF_PORT_TERM = {"FAS": "FCA", "FOB": "FCA", "CFR": "CPT", "CIF": "CIP"}
PORT_ROLES = {"sea_port", "river_port"}


def standing_faults(company: Company | None) -> list[Fault]:
    """Why a company may hold no open listings."""
    if company is None:
        return []
    if company.is_suspended:
        return [Fault("company_suspended", {"company": str(company)}, "company")]
    if company.is_directory:
        return [Fault("company_is_directory", {"company": str(company)}, "company")]
    return []


def share_faults(need: Need) -> list[Fault]:
    """The smallest share of one supplier against the whole."""
    share_kg, quantity_kg = need.smallest_share_kg, need.quantity_kg
    if share_kg and quantity_kg and share_kg > quantity_kg:
        return [Fault("share_above_quantity", {"share": share_kg, "quantity": quantity_kg}, "smallest_share")]
    return []


def lot_faults(capacity: Capacity) -> list[Fault]:
    """The smallest shipment against the whole, and against the multiple in which goods are shipped."""
    lot_kg, multiple_kg, quantity_kg = capacity.lot_kg, capacity.lot_multiple_kg, capacity.quantity_kg
    faults = []
    if lot_kg and quantity_kg and lot_kg > quantity_kg:
        faults.append(Fault("lot_above_quantity", {"lot": lot_kg, "quantity": quantity_kg}, "lot"))
    if lot_kg and multiple_kg and lot_kg % multiple_kg:
        faults.append(Fault("multiple_not_in_lot", {"lot": lot_kg, "multiple": multiple_kg}, "lot_multiple"))
    return faults


def shared_faults(facts: ListingFacts, parameter_kinds: dict[int, str], today: date | None) -> list[Fault]:
    faults = standing_faults(facts.company)
    stated = {"price": facts.price is not None, "currency": facts.currency, "price_unit": facts.price_unit}
    if any(stated.values()) and not all(stated.values()):
        missing = [name for name, value in stated.items() if not value]
        faults.append(Fault("price_incomplete", {"missing": missing}, "price"))
    if facts.price is not None and facts.price <= 0:
        faults.append(Fault("number_not_positive", {}, "price"))
    faults += dear_faults(facts)
    if today and facts.valid_until and facts.valid_until < today:
        faults.append(Fault("valid_until_over", {"until": facts.valid_until}, "valid_until"))
    if facts.weight_basis == WeightBasis.GLAZED and facts.glaze_percent is None:
        faults.append(Fault("glaze_missing", {}, "glaze_percent"))
    faults += _parameter_faults(facts, parameter_kinds)
    return faults


def dear_faults(facts: ListingFacts) -> list[Fault]:
    """A price above what any goods cost is a slip of the pen, of the unit or of the currency."""
    if facts.price is None or facts.currency not in MOST_PER_KG or facts.price_unit not in MASS_KG:
        return []
    most = int(MOST_PER_KG[facts.currency] * MASS_KG[facts.price_unit])
    if facts.price <= most:
        return []
    said = {"most_money": most, "currency": facts.currency, "unit": facts.price_unit}
    return [Fault("price_too_high", said, "price")]


def window_faults(start: date | None, until: date | None, field_name: str, today: date | None) -> list[Fault]:
    if start is None or until is None:
        return []
    if until < start:
        return [Fault("window_reversed", {"start": start, "until": until}, field_name)]
    if until - start > LONGEST_WINDOW:
        return [Fault("window_too_long", {"start": start, "until": until}, field_name)]
    if today and until < today:
        return [Fault("window_over", {"until": until}, field_name)]
    return []


def basis_faults(facts: NeedFacts) -> list[Fault]:
    """A limit price says what it covers; at the Incoterm it says which, and where."""
    if facts.price is None:
        return [Fault("basis_without_price", {}, "price_basis")] if facts.price_basis else []
    if not facts.price_basis:
        return [Fault("basis_missing", {}, "price_basis")]
    if facts.price_basis == PriceBasis.AT_INCOTERM and not (facts.incoterm and facts.named_place):
        return [Fault("incoterm_missing", {}, "named_place" if facts.incoterm else "incoterm")]
    return []


def accepted_faults(facts: NeedFacts) -> list[Fault]:
    if not facts.accepted:
        return [Fault("nothing_accepted", {}, "commodities")]
    return twice([node.code for node in facts.accepted], "commodity_twice", "commodity", "commodities")


def origin_faults(facts: NeedFacts) -> list[Fault]:
    both = set(facts.accepted_origins) & set(facts.excluded_origins)
    faults = [
        Fault("origin_accepted_and_excluded", {"country": country}, "excluded_origins") for country in sorted(both)
    ]
    if not faults and set(facts.excluded_origins) >= set(Country.values):
        faults.append(Fault("origin_none_left", {}, "excluded_origins"))
    return faults


def port_term_faults(incoterm: str, place, field_name: str) -> list[Fault]:
    instead = INSTEAD_OF_PORT_TERM.get(incoterm)
    if not instead or place is None or PORT_ROLES & set(place.roles):
        return []
    return [
        Fault("incoterm_is_for_ports", {"incoterm": incoterm, "place": names_of(place), "instead": instead}, field_name)
    ]


def lies_in(country: str, place: Place | None) -> bool:
    return place is not None and place.country == country


def buyers_country(facts: NeedFacts) -> str:
    """The country where the goods shall arrive."""
    if facts.destination:
        return facts.destination.country
    return facts.company.country if facts.company else ""


def _parameter_faults(facts: ListingFacts, kinds: dict[int, str]) -> list[Fault]:
    faults = twice([str(one.parameter.key) for one in facts.parameters], "parameter_twice", "key", "parameters")
    for one in facts.parameters:
        key = one.parameter.key
        if one.parameter.pk not in kinds:
            params = {"key": key, "commodity": names_of(facts.nodes[0])}
            faults.append(Fault("parameter_not_of_commodity", params, "parameters"))
        elif one.low is None and one.high is None and not one.values:
            faults.append(Fault("parameter_empty", {"key": key}, "parameters"))
        elif kinds[one.parameter.pk] == ParameterKind.CHOICE and not one.values:
            faults.append(Fault("parameter_value_needed", {"key": key}, "parameters"))
        elif one.low is not None and one.high is not None and one.high < one.low:
            faults.append(Fault("parameter_reversed", {"key": key, "low": one.low, "high": one.high}, "parameters"))
    return faults


def twice(names: list[str], code: str, param: str, field_name: str) -> list[Fault]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    return [Fault(code, {param: name}, field_name) for name in repeated]
