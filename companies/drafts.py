"""From stated facts to rows not yet saved, with every rule they break."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from commodities.models import Commodity
from companies.enums import CertificateState
from companies.facts import CapacityFacts, ListingFacts, NeedFacts
from companies.faults import Fault, Refusal
from companies.listing_faults import (
    accepted_faults,
    basis_faults,
    buyers_country,
    lies_in,
    lot_faults,
    origin_faults,
    port_term_faults,
    share_faults,
    shared_faults,
    twice,
    window_faults,
)
from companies.models import Capacity, CapacityParameter, Certificate, Need, NeedCommodity, NeedParameter
from companies.texts import names_of
from companies.weights import net_of_glaze, weigh
from corridor.enums import Country
from corridor.terms import names_arrival, names_departure


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
    faults = shared_faults(facts, parameter_kinds, today)
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
    faults += basis_faults(facts)
    faults += accepted_faults(facts)
    faults += origin_faults(facts)
    if facts.destination and facts.destination.country not in Country.values:
        faults.append(Fault("destination_outside", {"place": names_of(facts.destination)}, "destination"))
    if names_departure(facts.incoterm) and lies_in(buyers_country(facts), facts.named_place):
        params = {"incoterm": facts.incoterm, "place": names_of(facts.named_place)}
        faults.append(Fault("incoterm_departs_from_buyer", params, "named_place"))
    else:
        faults += port_term_faults(facts.incoterm, facts.named_place, "named_place")
    faults += twice([kind.code for kind in facts.certificates], "certificate_twice", "code", "certificates")
    return NeedDraft(need, facts, faults)


def draft_capacity(facts: CapacityFacts, *, parameter_kinds: dict[int, str], today: date | None) -> CapacityDraft:
    """The capacity these facts make, and every rule they break; see `draft_need`."""
    faults = shared_faults(facts, parameter_kinds, today)
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
    if names_arrival(facts.incoterm) and lies_in(capacity.origin_country, facts.place):
        params = {"incoterm": facts.incoterm, "place": names_of(facts.place)}
        faults.append(Fault("incoterm_arrives_at_seller", params, "place"))
    else:
        faults += port_term_faults(facts.incoterm, facts.place, "place")
    faults += twice([one.kind.code for one in facts.certificates], "certificate_twice", "code", "certificates")
    faults += [
        Fault("certificate_day_of_not_held", {"code": one.kind.code}, "certificates")
        for one in facts.certificates
        if one.state == CertificateState.NOT_HELD and one.valid_until
    ]
    return CapacityDraft(capacity, facts, faults)


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
