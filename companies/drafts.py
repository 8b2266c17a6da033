"""From stated facts to rows not yet saved, with every rule they break."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from commodities.enums import ParameterKind
from commodities.models import Commodity
from companies.enums import CertificateState, PriceBasis, WeightBasis
from companies.facts import CapacityFacts, ListingFacts, NeedFacts
from companies.faults import Fault, Refusal
from companies.models import (
    Capacity,
    CapacityParameter,
    Certificate,
    Company,
    Need,
    NeedCommodity,
    NeedParameter,
)
from companies.texts import names_of
from companies.weights import net_of_glaze, weigh
from corridor.enums import Country
from corridor.models import Place
from corridor.terms import names_arrival, names_departure

LONGEST_WINDOW = timedelta(days=3 * 366)
# What to write instead of a term of the sea where the named place has no port.
INSTEAD_OF_PORT_TERM = {"FAS": "FCA", "FOB": "FCA", "CFR": "CPT", "CIF": "CIP"}
PORT_ROLES = {"sea_port", "river_port"}


@dataclass
class NeedDraft:
    """A need with its rows beside it, ready to be saved once `faults` is empty."""

    need: Need
    facts: NeedFacts
    faults: list[Fault] = field(default_factory=list)

    def accepted(self) -> list[NeedCommodity]:
        return [
            NeedCommodity(need=self.need, position=position, commodity=node)
            if isinstance(node, Commodity)
            else NeedCommodity(need=self.need, position=position, group=node)
            for position, node in enumerate(self.facts.accepted)
        ]

    def parameters(self) -> list[NeedParameter]:
        return [
            NeedParameter(need=self.need, parameter=one.parameter, low=one.low, high=one.high, values=list(one.values))
            for one in self.facts.parameters
        ]


@dataclass
class CapacityDraft:
    """A capacity with its rows beside it, ready to be saved once `faults` is empty."""

    capacity: Capacity
    facts: CapacityFacts
    faults: list[Fault] = field(default_factory=list)

    def parameters(self) -> list[CapacityParameter]:
        return [
            CapacityParameter(
                capacity=self.capacity, parameter=one.parameter, low=one.low, high=one.high, values=list(one.values)
            )
            for one in self.facts.parameters
        ]

    def certificates(self) -> list[Certificate]:
        return [
            Certificate(
                company=self.capacity.company,
                capacity=self.capacity,
                kind=one.kind,
                state=one.state,
                valid_until=one.valid_until,
            )
            for one in self.facts.certificates
        ]


def draft_need(facts: NeedFacts, *, parameter_kinds: dict[int, str], today: date | None) -> NeedDraft:
    """The need these facts make, and every rule they break.

    `parameter_kinds` are the parameters of the goods accepted (`queries.parameter_kinds_of`). Without `today` any day
    will do. A fact that is None because it could not be read breaks no further rule.
    """
    faults = _listing_faults(facts, parameter_kinds, today)
    quantity_kg = _weighed(facts, "quantity", facts.quantity, faults)
    share_kg = _weighed(facts, "smallest_share", facts.smallest_share, faults)
    need = Need(
        **_listing_columns(facts, quantity_kg),
        smallest_share_kg=share_kg,
        price_basis=facts.price_basis,
        named_place=facts.named_place,
        destination=facts.destination,
        window_from=facts.window_from,
        window_until=facts.window_until,
        accepted_origins=sorted(facts.accepted_origins),
        excluded_origins=sorted(facts.excluded_origins),
    )
    faults += share_faults(need)
    faults += window_faults(facts.window_from, facts.window_until, "window_until", today)
    faults += _basis_faults(facts)
    faults += _accepted_faults(facts)
    faults += _origin_faults(facts)
    if facts.destination and facts.destination.country not in Country.values:
        faults.append(Fault("destination_outside", {"place": names_of(facts.destination)}, "destination"))
    if names_departure(facts.incoterm) and _lies_in(_buyers_country(facts), facts.named_place):
        params = {"incoterm": facts.incoterm, "place": names_of(facts.named_place)}
        faults.append(Fault("incoterm_departs_from_buyer", params, "named_place"))
    else:
        faults += _port_term_faults(facts.incoterm, facts.named_place, "named_place")
    faults += _twice([kind.code for kind in facts.certificates], "certificate_twice", "code", "certificates")
    return NeedDraft(need, facts, faults)


def draft_capacity(facts: CapacityFacts, *, parameter_kinds: dict[int, str], today: date | None) -> CapacityDraft:
    """The capacity these facts make, and every rule they break; see `draft_need`."""
    faults = _listing_faults(facts, parameter_kinds, today)
    quantity_kg = _weighed(facts, "quantity", facts.quantity, faults)
    lot_kg = _weighed(facts, "lot", facts.lot, faults)
    multiple_kg = _weighed(facts, "lot_multiple", facts.lot_multiple, faults)
    capacity = Capacity(
        **_listing_columns(facts, quantity_kg),
        commodity=facts.commodity,
        origin_country=facts.origin_country or (facts.company.country if facts.company else ""),
        lot_kg=lot_kg,
        lot_multiple_kg=multiple_kg,
        packaging=facts.packaging,
        net_kg_per_transport_unit=facts.net_kg_per_transport_unit,
        place=facts.place,
        available_from=facts.available_from,
        available_until=facts.available_until,
        lead_days=facts.lead_days,
    )
    faults += lot_faults(capacity)
    faults += window_faults(facts.available_from, facts.available_until, "available_until", today)
    if names_arrival(facts.incoterm) and _lies_in(capacity.origin_country, facts.place):
        params = {"incoterm": facts.incoterm, "place": names_of(facts.place)}
        faults.append(Fault("incoterm_arrives_at_seller", params, "place"))
    else:
        faults += _port_term_faults(facts.incoterm, facts.place, "place")
    faults += _twice([one.kind.code for one in facts.certificates], "certificate_twice", "code", "certificates")
    faults += [
        Fault("certificate_day_of_not_held", {"code": one.kind.code}, "certificates")
        for one in facts.certificates
        if one.state == CertificateState.NOT_HELD and one.valid_until
    ]
    return CapacityDraft(capacity, facts, faults)


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


def _listing_columns(facts: ListingFacts, quantity_kg: int | None) -> dict:
    """The columns that needs and capacities share. A quantity that could not be weighed has no kilograms."""
    return {
        "company": facts.company,
        "reference": facts.reference,
        "own_words": facts.own_words,
        "language": facts.language,
        "quantity_kg": quantity_kg,
        "quantity_typed": facts.quantity,
        "quantity_unit": facts.unit,
        "unit_kg": facts.unit_kg,
        "weight_basis": facts.weight_basis,
        "glaze_percent": facts.glaze_percent,
        "sent_as": facts.sent_as,
        "made_from_id": facts.made_from_id,
        "period": facts.period,
        "price_amount": facts.price,
        "price_currency": facts.currency,
        "price_unit": facts.price_unit,
        "incoterm": facts.incoterm,
        "payment_terms": sorted(facts.payment_terms),
        "valid_until": facts.valid_until,
        "status": facts.status,
    }


def _listing_faults(facts: ListingFacts, parameter_kinds: dict[int, str], today: date | None) -> list[Fault]:
    faults = standing_faults(facts.company)
    stated = {"price": facts.price is not None, "currency": facts.currency, "price_unit": facts.price_unit}
    if any(stated.values()) and not all(stated.values()):
        missing = [name for name, value in stated.items() if not value]
        faults.append(Fault("price_incomplete", {"missing": missing}, "price"))
    if facts.price is not None and facts.price <= 0:
        faults.append(Fault("number_not_positive", {}, "price"))
    if today and facts.valid_until and facts.valid_until < today:
        faults.append(Fault("valid_until_over", {"until": facts.valid_until}, "valid_until"))
    if facts.weight_basis == WeightBasis.GLAZED and facts.glaze_percent is None:
        faults.append(Fault("glaze_missing", {}, "glaze_percent"))
    faults += _parameter_faults(facts, parameter_kinds)
    return faults


def _weighed(facts: ListingFacts, name: str, amount: Decimal | None, faults: list[Fault]) -> int | None:
    """An amount in net kilograms of the principal goods, or a fault."""
    if amount is None or not facts.unit or not facts.nodes:
        return None
    try:
        kilograms = net_of_glaze(weigh(amount, facts.unit, facts.nodes[0], facts.unit_kg), facts.glaze_percent)
        if not kilograms:
            raise Refusal("quantity_not_positive")
        return kilograms
    except Refusal as refusal:
        fault = refusal.as_fault("unit" if refusal.code == "unit_not_allowed" else name)
        if fault not in faults:
            faults.append(fault)
        return None


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


def _basis_faults(facts: NeedFacts) -> list[Fault]:
    """A limit price says what it covers; at the Incoterm it says which, and where."""
    if facts.price is None:
        return [Fault("basis_without_price", {}, "price_basis")] if facts.price_basis else []
    if not facts.price_basis:
        return [Fault("basis_missing", {}, "price_basis")]
    if facts.price_basis == PriceBasis.AT_INCOTERM and not (facts.incoterm and facts.named_place):
        return [Fault("incoterm_missing", {}, "named_place" if facts.incoterm else "incoterm")]
    return []


def _accepted_faults(facts: NeedFacts) -> list[Fault]:
    if not facts.accepted:
        return [Fault("nothing_accepted", {}, "commodities")]
    return _twice([node.code for node in facts.accepted], "commodity_twice", "commodity", "commodities")


def _origin_faults(facts: NeedFacts) -> list[Fault]:
    both = set(facts.accepted_origins) & set(facts.excluded_origins)
    faults = [
        Fault("origin_accepted_and_excluded", {"country": country}, "excluded_origins") for country in sorted(both)
    ]
    if not faults and set(facts.excluded_origins) >= set(Country.values):
        faults.append(Fault("origin_none_left", {}, "excluded_origins"))
    return faults


def _port_term_faults(incoterm: str, place, field_name: str) -> list[Fault]:
    instead = INSTEAD_OF_PORT_TERM.get(incoterm)
    if not instead or place is None or PORT_ROLES & set(place.roles):
        return []
    return [
        Fault("incoterm_is_for_ports", {"incoterm": incoterm, "place": names_of(place), "instead": instead}, field_name)
    ]


def _lies_in(country: str, place: Place | None) -> bool:
    return place is not None and place.country == country


def _buyers_country(facts: NeedFacts) -> str:
    """The country where the goods shall arrive."""
    if facts.destination:
        return facts.destination.country
    return facts.company.country if facts.company else ""


def _parameter_faults(facts: ListingFacts, kinds: dict[int, str]) -> list[Fault]:
    faults = _twice([str(one.parameter.key) for one in facts.parameters], "parameter_twice", "key", "parameters")
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


def _twice(names: list[str], code: str, param: str, field_name: str) -> list[Fault]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    return [Fault(code, {param: name}, field_name) for name in repeated]
