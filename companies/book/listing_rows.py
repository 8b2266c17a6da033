"""Reads the sheets of needs and capacities."""

from datetime import date
from decimal import Decimal

from commodities.enums import Unit
from companies.book.company_rows import certificates_shown
from companies.book.entries import (
    CAPACITY_FIELDS,
    FAULTS_OF_NEW_ONES,
    NEED_FIELDS,
    CapacityEntry,
    Entry,
    NeedEntry,
)
from companies.book.phrases import read_parameters
from companies.book.rights import refuse_listing
from companies.book.rows import RowReader
from companies.drafts import draft_capacity, draft_need
from companies.enums import ListingStatus
from companies.facts import CapacityFacts, NeedFacts, StatedParameter
from companies.faults import Fault, Refusal
from companies.listing_faults import lot_faults, share_faults
from companies.models import Capacity, Company, Need


def read_need(reader: RowReader, company: Company | None, here: Need | None, today: date | None) -> NeedEntry:
    """One row of the sheet of needs, compared with the need that is here under the same company and reference."""
    accepted = reader.value("commodities") or ()
    facts = NeedFacts(
        company=company,
        accepted=accepted,
        **_listing_values(reader, accepted, here),
        smallest_share=reader.value("smallest_share"),
        price_basis=reader.value("price_basis") or "",
        named_place=reader.value("named_place"),
        destination=reader.value("destination"),
        window_from=reader.value("window_from"),
        window_until=reader.value("window_until"),
        certificates=reader.value("certificates") or (),
        accepted_origins=reader.value("accepted_origins") or (),
        excluded_origins=reader.value("excluded_origins") or (),
    )
    draft = draft_need(facts, parameter_kinds=reader.catalogue.parameter_kinds_of(accepted), today=today)
    was = here.status if here else ""
    entry = NeedEntry(reader, key=_key(reader, company, here), draft=draft, here=here, status_before=was)
    if _may_change(reader, here, draft.faults):
        entry.compare(draft.need, NEED_FIELDS)
        draft.faults += share_faults(here)  # a column that is not in the file may no longer fit what is
        entry.changes_accepted = _accepted_changed(entry)
        entry.changes_parameters = _parameters_changed(entry)
        entry.changes_certificates = _required_changed(entry)
    _settle(entry, draft.faults)
    _note_weights(entry, {"quantity": draft.need.quantity_kg, "smallest_share": draft.need.smallest_share_kg})
    refuse_listing(entry, company, reader.sender)
    return entry


def read_capacity(
    reader: RowReader, company: Company | None, here: Capacity | None, today: date | None
) -> CapacityEntry:
    """One row of the sheet of capacities, compared with the one that is here under the same company and reference."""
    commodity = reader.value("commodity")
    nodes = (commodity,) if commodity else ()
    facts = CapacityFacts(
        company=company,
        commodity=commodity,
        **_listing_values(reader, nodes, here),
        place=reader.value("place"),
        available_from=reader.value("available_from"),
        available_until=reader.value("available_until"),
        origin_country=reader.value("origin_country") or "",
        lot=reader.value("lot"),
        lot_multiple=reader.value("lot_multiple"),
        packaging=reader.value("packaging") or "",
        net_kg_per_transport_unit=reader.value("net_kg_per_transport_unit"),
        lead_days=reader.value("lead_days"),
        certificates=reader.value("certificates") or (),
    )
    draft = draft_capacity(facts, parameter_kinds=reader.catalogue.parameter_kinds_of(nodes), today=today)
    was = here.status if here else ""
    entry = CapacityEntry(reader, key=_key(reader, company, here), draft=draft, here=here, status_before=was)
    if _may_change(reader, here, draft.faults):
        entry.compare(draft.capacity, CAPACITY_FIELDS)
        draft.faults += lot_faults(here)
        entry.changes_parameters = _parameters_changed(entry)
        entry.changes_certificates = _stated_changed(entry)
    _settle(entry, draft.faults)
    weights = {"quantity": draft.capacity.quantity_kg, "lot": draft.capacity.lot_kg}
    _note_weights(entry, weights | {"lot_multiple": draft.capacity.lot_multiple_kg})
    refuse_listing(entry, company, reader.sender)
    return entry


def _key(reader: RowReader, company: Company | None, here: Need | Capacity | None) -> str:
    """Company and reference; the same company may be named by its code in one row and by its number in another."""
    reference = here.reference if here is not None else reader.raw("reference")
    return f"{company.code if company else reader.raw('company')}/{reference}"


def _listing_values(reader: RowReader, nodes: tuple, here) -> dict:
    """What needs and capacities have in common. A blank status leaves a listing as it stands."""
    return {
        "reference": reader.value("reference") or "",
        "own_words": reader.value("own_words") or "",
        "language": reader.value("language") or "",
        "quantity": reader.value("quantity"),
        "unit": reader.value("unit") or "",
        "period": reader.value("period") or "",
        "price": reader.value("price"),
        "currency": reader.value("currency") or "",
        "price_unit": reader.value("price_unit") or "",
        "incoterm": reader.value("incoterm") or "",
        "payment_terms": reader.value("payment_terms") or (),
        "valid_until": reader.value("valid_until"),
        "status": reader.value("status") or (here.status if here else ListingStatus.OPEN),
        "parameters": _parameters(reader, nodes),
    }


def _parameters(reader: RowReader, nodes: tuple) -> tuple[StatedParameter, ...]:
    text = reader.value("parameters")
    if not text or not nodes:
        return ()
    try:
        return read_parameters(text, nodes, reader.catalogue)
    except Refusal as refusal:
        reader.refuse("parameters", refusal.as_fault())
        return ()


def _may_change(reader: RowReader, here, faults: list[Fault]) -> bool:
    return here is not None and not reader.keeps_what_is_here and not _blocking(reader, faults)


def _blocking(reader: RowReader, faults: list[Fault]) -> bool:
    return bool(reader.faults) or any(fault.code not in FAULTS_OF_NEW_ONES for fault in faults)


def _settle(entry: Entry, faults: list[Fault]) -> None:
    """Put the faults of the whole row at their cells. What is here and unchanged may be out of date."""
    if entry.existing is not None and not entry.changes and not _blocking(entry.reader, faults):
        return
    entry.reader.refuse_all(faults, fallback="reference")


def _note_weights(entry: Entry, weights: dict[str, int | None]) -> None:
    """Say how many kilograms an amount in another unit came to."""
    facts = entry.draft.facts
    for key, kilograms in weights.items():
        amount: Decimal | None = getattr(facts, key)
        if kilograms and amount is not None and facts.unit != Unit.KILOGRAM:
            params = {"amount": f"{amount.normalize():f}", "unit": facts.unit, "kg": kilograms}
            entry.reader.convert(key, "converted_quantity", params)


def _accepted_changed(entry: NeedEntry) -> bool:
    old = [row.commodity or row.group for row in entry.here.accepted.all()]
    new = list(entry.draft.facts.accepted)
    return _changed(entry, "commodities", [node.code for node in old], [node.code for node in new])


def _required_changed(entry: NeedEntry) -> bool:
    old = sorted(kind.code for kind in entry.here.required_certificates.all())
    new = sorted(kind.code for kind in entry.draft.facts.certificates)
    return _changed(entry, "certificates", old, new)


def _parameters_changed(entry: NeedEntry | CapacityEntry) -> bool:
    old = sorted(_parameter_shown(row) for row in entry.here.parameters.all())
    new = sorted(_parameter_shown(one) for one in entry.draft.facts.parameters)
    return _changed(entry, "parameters", old, new)


def _stated_changed(entry: CapacityEntry) -> bool:
    old = {(row.kind.code, row.state, row.valid_until) for row in entry.here.own_certificates.all()}
    new = {(one.kind.code, one.state, one.valid_until) for one in entry.draft.facts.certificates}
    if entry.reader.is_absent("certificates") or old == new:
        return False
    entry.note_change("certificates", certificates_shown(old), certificates_shown(new))
    return True


def _changed(entry: Entry, key: str, old: list[str], new: list[str]) -> bool:
    if entry.reader.is_absent(key) or old == new:
        return False
    entry.note_change(key, "; ".join(old) or "-", "; ".join(new) or "-")
    return True


def _parameter_shown(one) -> str:
    """A parameter as it is written in a cell."""
    name = f"{one.parameter.key}[{one.parameter.unit}]"
    if one.values:
        return f"{name}={'|'.join(one.values)}"
    low, high = (None if side is None else f"{side.normalize():f}" for side in (one.low, one.high))
    if low is None:
        return f"{name}<={high}"
    return f"{name}>={low}" if high is None else f"{name} {low}..{high}"
