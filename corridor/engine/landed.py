"""What a tonne costs at the point of a limit price: the asking price moved along its route, line by line.

Every Incoterm at a place holds some lines on top of the goods handed over at their origin, cleared for export (FCA):
handling, freight, insurance, duty. Landed cost is the asking price, less the lines it holds, and the lines that the
limit holds on top; lines that both hold are no lines at all. Source: Incoterms 2020 (ICC publication 723E), rules A9
and B9 (who pays what) and A5 (insurance).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from corridor.engine.affine import NOTHING, PRICE, Top, amount
from corridor.engine.charges import Charge
from corridor.engine.duties import DutyLine, least_duty, most_duty
from corridor.engine.network import E4
from corridor.engine.routes import Route

INSURED_SHARE = Fraction(11, 10)  # the price and ten percent

ALL_IN = "all_in"  # a limit at the buyer's place, unloaded, duty paid, without VAT
NOT_LOADED = ("EXW", "FCA", "FAS")
DEPARTURE = (*NOT_LOADED, "FOB")
INSURED = ("CIF", "CIP", "DAP", "DPU", "DDP", ALL_IN)  # somebody bears the risk up to the place, and insures it
UNLOADED = ("DPU", ALL_IN)
DUTY_PAID = ("DDP", ALL_IN)
TERMS = frozenset({*DEPARTURE, *INSURED, "CFR", "CPT"})


@dataclass(frozen=True, order=True)
class Point:
    """An Incoterm and the place it names."""

    term: str
    place: str


@dataclass(frozen=True)
class Share:
    """A share of a value, from low to high, and where it is from."""

    low: Fraction
    high: Fraction
    source: str = ""


@dataclass(frozen=True)
class Levy:
    """Duty and levy on leaving a country, USD per tonne; None where something is due and not known how much."""

    low: Fraction | None
    high: Fraction | None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What is known of a way besides its two points.

    Args:
        route: the route that is reckoned with, from place to place; None where none is known.
        loading: fitting out and loading at a place, for goods that go no further; empty: not known.
        territory_of: place -> customs territory.
        duties: the national lines that may apply on import; empty: no line is known.
        export: what is due on leaving; None: nothing.
        premiums: cover "A" (all risks) or "C" (the least) -> share of the insured value; missing: not known.
        vat: as a share of customs value and duty; None: not known.
        packing_kg: net mass of one packing; None: not known.
    """

    route: Callable[[str, str], Route | None]
    territory_of: Mapping[str, str]
    loading: Callable[[str], Sequence[Charge]] = lambda place: ()
    duties: Sequence[DutyLine] = ()
    export: Levy | None = None
    premiums: Mapping[str, Share] = field(default_factory=dict)
    vat: Share | None = None
    packing_kg: int | None = None


@dataclass(frozen=True)
class CostLine:
    """One line: price, export, fitting, terminal, leg, through, insurance or import_duty. None: not known."""

    kind: str
    low: Top | None
    high: Top | None
    at: str = ""
    equipment: str = ""
    sources: tuple[str, ...] = ()
    is_taken_out: bool = False


@dataclass(frozen=True)
class Landed:
    """A landed cost as its lines.

    The total is None where a line is not known; `at_least` too where what is not known would have to be taken out.
    VAT is a matter of cash flow: beside the total, never in it.
    """

    lines: tuple[CostLine, ...]
    low: Top | None
    high: Top | None
    at_least: Top | None
    route: Route | None = None
    vat: tuple[Top, Top] | None = None


def landed_cost(asked: Point, limit: Point, origin: str, terms: Terms) -> Landed:
    """An asking price moved to the point of a limit price.

    Args:
        asked: the term and place of the asking price.
        limit: the term and place of the limit; the term ALL_IN for one that holds everything but VAT.
        origin: where the goods start. A price at a term of departure starts at its own place.
        terms: routes, duties, premiums.

    Raises ValueError for a term that is none of the eleven, or a price asked ALL_IN.
    """
    if asked.term == ALL_IN or not {asked.term, limit.term} <= TERMS:
        raise ValueError(f"no landed cost from {asked.term} to {limit.term}")
    start = asked.place if asked.term in DEPARTURE else origin
    route = terms.route(start, limit.place)
    held = carried(
        asked, start, route if asked.place in (start, limit.place) else terms.route(start, asked.place), terms
    )
    wanted = carried(limit, start, route, terms)
    lines = balance(held + export_lines(asked, terms), wanted + export_lines(limit, terms))
    lines = insured(lines, asked, limit, terms)
    if asked.term in DUTY_PAID and (limit.term not in DUTY_PAID or asked.place != limit.place):
        # Nobody says on which value and at which rate the duty in a price was reckoned: it cannot be taken out.
        return summed([*lines, CostLine("import_duty", None, None, asked.place, is_taken_out=True)], route)
    if asked.term in DUTY_PAID or limit.term not in DUTY_PAID:
        return summed(lines, route)
    value = customs_value(lines, wanted, limit, route, terms)
    duty = duty_line(value, terms)
    return replace(summed([*lines, duty], route), vat=vat_on(value, duty, terms))


def carried(point: Point, start: str, route: Route | None, terms: Terms) -> list[CostLine]:
    """Fitting out, handling and freight that a price at a point holds, for goods that start FCA at a place."""
    if route is None or not route.hops:
        return carried_somehow(point, start, terms)
    if point.place == start:
        return [] if point.term in NOT_LOADED else [cost_line(one) for one in route.charges[: loaded_at(route)]]
    is_handled_there = route.charges[-1].kind == "terminal" and route.charges[-1].at == point.place
    keeps_all = not is_handled_there or point.term in (*UNLOADED, "FOB")
    return [cost_line(one) for one in (route.charges if keeps_all else route.charges[:-1])]


def carried_somehow(point: Point, start: str, terms: Terms) -> list[CostLine]:
    """The same without a route: loading as the place has it, and a way of which nothing is known."""
    if point.place == start and point.term in NOT_LOADED:
        return []
    loading = [cost_line(one) for one in terms.loading(start)] or [CostLine("terminal", None, None, start)]
    if point.place == start:
        return loading
    unloading = [CostLine("terminal", None, None, point.place)] if point.term in UNLOADED else []
    return [*loading, CostLine("leg", None, None, point.place), *unloading]


def loaded_at(route: Route) -> int:
    """How many charges come before the first leg."""
    return next(i for i, one in enumerate(route.charges) if one.kind in ("leg", "through"))


def cost_line(one: Charge) -> CostLine:
    low = None if one.low_e4 is None else amount(Fraction(one.low_e4, E4))
    high = None if one.high_e4 is None else amount(Fraction(one.high_e4, E4))
    return CostLine(one.kind, low, high, one.at, one.equipment, one.quotes)


def export_lines(point: Point, terms: Terms) -> list[CostLine]:
    """Export duty and levy: every term but EXW has cleared export."""
    if terms.export is None or point.term == "EXW":
        return []
    low, high = (None if usd is None else amount(usd) for usd in (terms.export.low, terms.export.high))
    return [CostLine("export", low, high, sources=terms.export.codes)]


def balance(held: Sequence[CostLine], wanted: Sequence[CostLine]) -> list[CostLine]:
    """The price, what it holds and the limit does not, and what the limit holds on top. What both hold cancels out."""
    left = list(held)
    added = []
    for line in wanted:
        if line in left:
            left.remove(line)
        else:
            added.append(line)
    return [CostLine("price", PRICE, PRICE), *(replace(line, is_taken_out=True) for line in left), *added]


def insured(lines: list[CostLine], asked: Point, limit: Point, terms: Terms) -> list[CostLine]:
    """The lines with insurance: the asked price's own premium taken out, the limit's put on top."""
    held, wanted = cover_of(asked.term), cover_of(limit.term)
    if held == wanted and asked.place == limit.place:
        return lines
    if held:
        premium = terms.premiums.get(held)
        shares = (None, None) if premium is None else (INSURED_SHARE * premium.low, INSURED_SHARE * premium.high)
        low, high = (None if share is None else PRICE.times(share) for share in shares)
        lines = [*lines, CostLine("insurance", low, high, sources=sources_of(premium), is_taken_out=True)]
    if wanted:
        lines = [*lines, premium_on(summed(lines), terms.premiums.get(wanted))]
    return lines


def cover_of(term: str) -> str:
    """CIF asks for the least cover, Institute Cargo Clauses (C); whoever else bears the risk insures all risks, (A)."""
    if term not in INSURED:
        return ""
    return "C" if term == "CIF" else "A"


def premium_on(worth: Landed, premium: Share | None) -> CostLine:
    """The premium on a price and ten percent, the premium itself included: worth x 1.1 r / (1 - 1.1 r)."""
    if premium is None or worth.low is None:
        return CostLine("insurance", None, None, sources=sources_of(premium))
    shares = [INSURED_SHARE * rate / (1 - INSURED_SHARE * rate) for rate in (premium.low, premium.high)]
    return CostLine("insurance", worth.low.times(shares[0]), worth.high.times(shares[1]), sources=sources_of(premium))


def sources_of(share: Share | None) -> tuple[str, ...]:
    return (share.source,) if share and share.source else ()


Value = tuple[Top, Top] | None


def customs_value(
    lines: Sequence[CostLine], wanted: Sequence[CostLine], limit: Point, route: Route | None, terms: Terms
) -> Value:
    """Price, carriage and insurance up to the first place in the customs territory; None: not known.

    A through rate is not split at the border: it counts whole, so the value is rather too high than too low.
    """
    if route is None:
        return None
    inside = behind_the_border(wanted, limit, route, terms)
    value = summed(balance([*taken_out(lines), *inside], added_in(lines)))
    return None if value.low is None else (value.low, value.high)


def taken_out(lines: Sequence[CostLine]) -> list[CostLine]:
    return [replace(line, is_taken_out=False) for line in lines if line.is_taken_out]


def added_in(lines: Sequence[CostLine]) -> list[CostLine]:
    return [line for line in lines if not line.is_taken_out and line.kind != "price"]


def behind_the_border(wanted: Sequence[CostLine], limit: Point, route: Route, terms: Terms) -> list[CostLine]:
    """What is charged at the place of entry and behind it."""
    territory = terms.territory_of[limit.place]
    entry = next((hop.destination for hop in route.hops if terms.territory_of.get(hop.destination) == territory), "")
    hops, is_inside, inside = iter(route.hops), False, []
    for line in wanted:
        if is_inside:
            inside.append(line)
        elif line.kind in ("leg", "through"):
            is_inside = next(hops).destination == entry
    return inside


def duty_line(value: Value, terms: Terms) -> CostLine:
    """Import duty: the range of the national lines that the packing leaves; not known without a line or a value."""
    lines = [line for line in terms.duties if line.may_be_for(terms.packing_kg)]
    codes = tuple(dict.fromkeys(code for line in lines for code in line.sources))
    if lines and all(line.rate == 0 and not line.specific for line in lines):
        return CostLine("import_duty", NOTHING, NOTHING, sources=codes)
    if not lines or value is None:
        return CostLine("import_duty", None, None, sources=codes)
    return CostLine("import_duty", least_duty(lines, value[0]), most_duty(lines, value[1]), sources=codes)


def vat_on(value: Value, duty: CostLine, terms: Terms) -> tuple[Top, Top] | None:
    if value is None or duty.low is None or terms.vat is None:
        return None
    return (value[0] + duty.low).times(terms.vat.low), (value[1] + duty.high).times(terms.vat.high)


def summed(lines: Sequence[CostLine], route: Route | None = None) -> Landed:
    """The total: what is taken out counts at its dearest for the low end and at its cheapest for the high one."""
    out = [line for line in lines if line.is_taken_out]
    known = [line for line in lines if not line.is_taken_out and line.low is not None]
    if any(line.low is None for line in out):
        return Landed(tuple(lines), None, None, None, route)
    low, high = NOTHING, NOTHING
    for line in known:
        low, high = low + line.low, high + line.high
    for line in out:
        low, high = low.less(line.high), high.less(line.low)
    if len(known) + len(out) < len(lines):
        return Landed(tuple(lines), None, None, low, route)
    return Landed(tuple(lines), low, high, low, route)
