"""Reads the phrases inside a cell: `haccp=checked until 2027-03-01; rspo=not_held`, `ffa<=0.1; size=16/20|21/25`."""

import re
from decimal import Decimal

from commodities.enums import ParameterKind
from commodities.models import CertificateKind
from companies.book.catalogue import Catalogue, ParameterUse
from companies.book.words import CERTIFICATE_STATES, UNTIL, by_word, folded
from companies.enums import CertificateState
from companies.facts import FARTHEST_PARAMETER, Node, StatedCertificate, StatedParameter
from companies.faults import Refusal
from companies.parsing import parse_day, parse_number
from companies.texts import names_of

STATES = by_word(CERTIFICATE_STATES)
UNTIL_DAY = re.compile(rf"^(.*?)(?:\s+(?:{'|'.join(UNTIL)})\s+(\S+))?$", re.IGNORECASE)

# ffa<=0.1 | iv 50-55 | iv=50..55 | size=16/20|21/25 | ffa[%]<=0.1 | ffa <= 0.1 %
PARAMETER = re.compile(r"^([A-Za-z][A-Za-z0-9_]*)\s*(?:\[([^\]]+)\])?\s*(<=|>=|≤|≥|=|<|>|:)?\s*(.*)$", re.DOTALL)
NUMBER = r"[-\u2212]?[0-9][0-9.,\u00a0\u202f]*"
RANGE = re.compile(rf"^({NUMBER})\s*(?:-|–|…|\.\.)\s*({NUMBER})\s*(.*)$")
SINGLE = re.compile(rf"^({NUMBER})\s*(.*)$")
PARAMETER_DECIMALS = 4


def read_certificate_kinds(text: str, catalogue: Catalogue) -> tuple[CertificateKind, ...]:
    """What a buyer asks for: `halal_bpjph; haccp`."""
    return tuple(catalogue.certificate_kinds.find(part) for part in _parts(text))


def read_stated_certificates(text: str, catalogue: Catalogue) -> tuple[StatedCertificate, ...]:
    """What a seller says of each certificate: held and checked (until when), held but unchecked, or not held."""
    stated = []
    for part in _parts(text):
        name, _, said = (piece.strip() for piece in part.partition("="))
        kind = catalogue.certificate_kinds.find(name)
        words, day = UNTIL_DAY.match(said).groups()
        state = STATES.get(folded(words or ""))
        if state is None:
            raise Refusal("certificate_state_unknown", text=part, code=kind.code)
        valid_until = parse_day(day) if day else None
        if state == CertificateState.NOT_HELD and valid_until:
            raise Refusal("certificate_day_of_not_held", code=kind.code)
        stated.append(StatedCertificate(kind, state, valid_until))
    return tuple(stated)


def read_parameters(text: str, nodes: tuple[Node, ...], catalogue: Catalogue) -> tuple[StatedParameter, ...]:
    """The ranges and values stated of some goods. Raises Refusal at the first that cannot be read."""
    known = catalogue.parameters_of(nodes)
    return tuple(_read_parameter(part, nodes, known) for part in _parts(text))


def _read_parameter(text: str, nodes: tuple[Node, ...], known: dict[str, list[ParameterUse]]) -> StatedParameter:
    if not (found := PARAMETER.match(text)):
        raise Refusal("parameter_not_read", text=text)
    key, unit, sign, said = found[1].lower(), found[2], found[3] or "", found[4].strip()
    use = _use_of(key, unit, nodes, known)
    if sign in ("<", ">"):
        raise Refusal("parameter_strict", text=text)
    if not said:
        raise Refusal("parameter_empty", key=key)
    if use.kind == ParameterKind.CHOICE or not use.is_numeric:
        return StatedParameter(use.parameter, values=_read_values(key, sign, said, use))
    low, high = _read_range(key, sign, said, use)
    if low is not None and high is not None and low > high:
        raise Refusal("parameter_reversed", key=key, low=f"{low:f}", high=f"{high:f}")
    return StatedParameter(use.parameter, low=low, high=high)


def _use_of(key: str, unit: str | None, nodes: tuple[Node, ...], known: dict[str, list[ParameterUse]]) -> ParameterUse:
    uses = known.get(key)
    if not uses:
        raise Refusal("parameter_not_of_commodity", key=key, commodity=names_of(nodes[0]), near=sorted(known))
    if unit:
        uses = [use for use in uses if folded(use.parameter.unit) == folded(unit)] or uses
        if folded(uses[0].parameter.unit) != folded(unit):
            raise Refusal("parameter_unit", key=key, expected=uses[0].parameter.unit, found=unit)
    if len(uses) > 1:
        choices = [f"{key}[{use.parameter.unit}]" for use in uses]
        raise Refusal("parameter_unit_needed", key=key, choices=choices)
    return uses[0]


def _read_values(key: str, sign: str, said: str, use: ParameterUse) -> tuple[str, ...]:
    """Values of a list, parted by |. Where the catalogue lists them all, others are refused."""
    if sign not in ("=", ":", ""):
        raise Refusal("parameter_value_needed", key=key)
    listed = {folded(value): value for value in use.values}
    values = []
    for value in (part.strip() for part in said.split("|")):
        if not value:
            continue
        if listed and not use.is_open and folded(value) not in listed:
            raise Refusal("parameter_value_unknown", key=key, value=value, allowed=use.values)
        values.append(listed.get(folded(value), value)[:80])
    if not values:
        raise Refusal("parameter_empty", key=key)
    return tuple(dict.fromkeys(values))


def _read_range(key: str, sign: str, said: str, use: ParameterUse) -> tuple[Decimal | None, Decimal | None]:
    if sign in ("=", ":", "") and (found := RANGE.match(said)):
        low, high, unit = _number(found[1], use), _number(found[2], use), found[3]
    elif found := SINGLE.match(said):
        number, unit = _number(found[1], use), found[2]
        low = number if sign in (">=", "≥", "=", ":", "") else None
        high = number if sign in ("<=", "≤", "=", ":", "") else None
    else:
        raise Refusal("parameter_number_needed", key=key, value=said)
    unit = unit.strip()
    if unit and folded(unit) != folded(use.parameter.unit):
        raise Refusal("parameter_unit", key=key, expected=use.parameter.unit, found=unit)
    return low, high


def _number(text: str, use: ParameterUse) -> Decimal:
    most = Decimal(100) if use.parameter.unit == "%" else None
    number = parse_number(text, decimals=PARAMETER_DECIMALS, signed=True, most=most)
    if abs(number) > FARTHEST_PARAMETER:
        raise Refusal("number_too_large", amount=f"{number:f}")
    return number


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
