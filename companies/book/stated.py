"""The way back: what is here as the cells of a row of the book, so that the row, sent in again, changes nothing."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from accounts.reading import typed_form
from commodities.quantities import kilograms_per_unit
from companies.book.columns import FACT_COLUMNS, SHEETS
from companies.enums import CertificateState
from companies.facts import Node
from companies.faults import Refusal
from companies.models import Capacity, Certificate, Company, Need
from companies.weights import weigh

Value = str | Decimal | int | date | None
PLACES = Decimal("0.001")  # as fine as a quantity can be typed


def company_values(company: Company, *, with_screening: bool) -> dict[str, Value]:
    """Expects its facts, and what is stated of certificates as `certificates_of_company`."""
    days = {fact.kind: fact.checked_on for fact in company.facts.all()}
    plain = ("code", "name_registered", "name_latin", "name_short", "country", "registration_number")
    plain += ("first_mile_km", "city", "size", "website", "role_mailbox", "switchboard", "description", "status")
    return {
        **{key: getattr(company, key) for key in plain},
        "region": company.region and company.region.code,
        "place": company.place and company.place.code,
        "sectors": "; ".join(company.sectors),
        "languages": "; ".join(company.languages),
        "certificates": _certificates(company.certificates_of_company),
        "screening": company.screening if with_screening else None,
        **{key: days.get(kind) for key, kind in FACT_COLUMNS.items()},
    }


def need_values(need: Need) -> dict[str, Value]:
    nodes = [row.commodity or row.group for row in need.accepted.all()]
    plain = ("price_basis", "incoterm", "window_from", "window_until")
    return {
        **_listing_values(need),
        **{key: getattr(need, key) for key in plain},
        "commodities": "; ".join(node.code for node in nodes),
        "smallest_share": _amount_of(need.smallest_share_kg, need, nodes[0]) if nodes else None,
        "named_place": need.named_place and need.named_place.code,
        "destination": need.destination.code,
        "certificates": "; ".join(sorted(kind.code for kind in need.required_certificates.all())),
        "accepted_origins": "; ".join(need.accepted_origins),
        "excluded_origins": "; ".join(need.excluded_origins),
    }


def capacity_values(capacity: Capacity) -> dict[str, Value]:
    plain = ("origin_country", "packaging", "net_kg_per_transport_unit", "incoterm", "available_from")
    plain += ("available_until", "lead_days")
    return {
        **_listing_values(capacity),
        **{key: getattr(capacity, key) for key in plain},
        "commodity": capacity.commodity.code,
        "lot": _amount_of(capacity.lot_kg, capacity, capacity.commodity),
        "lot_multiple": _amount_of(capacity.lot_multiple_kg, capacity, capacity.commodity),
        "place": capacity.place.code,
        "certificates": _certificates(capacity.own_certificates.all()),
    }


def cells_of(sheet: str, values: dict[str, Value]) -> list[Value]:
    """In the order of the sheet's columns."""
    kind = next(kind for kind in SHEETS if kind.key == sheet)
    return [values[column.key] if values[column.key] != "" else None for column in kind.columns]


def _listing_values(listing: Need | Capacity) -> dict[str, Value]:
    return {
        "company": listing.company.code,
        "reference": listing.reference,
        "own_words": listing.own_words,
        "language": listing.language,
        "quantity": listing.quantity_typed,
        "unit": listing.quantity_unit,
        "period": listing.period,
        "price": listing.price_amount,
        "currency": listing.price_currency,
        "price_unit": listing.price_unit,
        "parameters": "; ".join(_parameter(row) for row in listing.parameters.all()),
        "payment_terms": "; ".join(listing.payment_terms),
        "valid_until": listing.valid_until,
        "status": listing.status,
    }


def _amount_of(kilograms: int | None, listing: Need | Capacity, node: Node) -> Decimal | None:
    """Kilograms in the unit in which the quantity was typed, as fine as a cell can say it."""
    if kilograms is None:
        return None
    one = listing.unit_kg or kilograms_per_unit(listing.quantity_unit, node)
    if not one:
        return None
    near = (Decimal(kilograms) / one).quantize(PLACES, rounding=ROUND_HALF_EVEN)
    for amount in (near, near + PLACES, near - PLACES):
        with suppress(Refusal):
            if weigh(amount, listing.quantity_unit, node, listing.unit_kg) == kilograms:
                return amount
    return near


def _certificates(rows: Iterable[Certificate]) -> str:
    return "; ".join(_certificate(row) for row in sorted(rows, key=lambda row: row.kind.code))


def _certificate(row: Certificate) -> str:
    said = f"{row.kind.code}={row.state}"
    return f"{said} until {row.valid_until}" if row.valid_until and row.state != CertificateState.NOT_HELD else said


def _parameter(row) -> str:
    """A range or a list of values, its numbers so written that they have one meaning."""
    unit = row.parameter.unit
    name = f"{row.parameter.key}[{unit}]" if unit else row.parameter.key
    if row.values:
        return f"{name}={'|'.join(row.values)}"
    low, high = (None if side is None else typed_form(side) for side in (row.low, row.high))
    if low is None:
        return f"{name}<={high}"
    return f"{name}>={low}" if high is None else f"{name}={low}..{high}"
