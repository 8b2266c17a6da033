"""What a tonne of one match costs on arrival, told line by line at the capacity's asking price."""

from decimal import Decimal
from fractions import Fraction

from accounts import figures
from corridor.engine import Charge, Hop
from corridor.engine.affine import Top
from corridor.engine.landed import Landed
from corridor.enums import Currency
from corridor.queries import Rate
from corridor.side_by_side import key_of, with_hops
from corridor.ways import Ways
from matching.one_match.line_words import grounds_of, words_of
from matching.one_match.pair_facts import Names, Pair, codes_of
from matching.one_match.waterfall import Amount, Row, Told


def told(pair: Pair, landed: Landed, ways: Ways, names: Names) -> Told:
    """A landed cost with its lines in words."""
    rows, before, hops = [], Decimal(0), hops_of(landed)
    for line in landed.lines:
        low, high = at(line.low, pair.ask), at(line.high, pair.ask)
        charge = hops.get((line.kind, line.at, line.equipment))
        row = Row(
            kind=line.kind,
            words=words_of(line, charge and charge[1], pair, names),
            low=low,
            high=high,
            is_taken_out=line.is_taken_out,
            grounds=grounds_of(line, pair, ways, names),
            lapsed=names.lapsed.get(key_of(*charge)) if charge else None,
            before=before,
            key=(
                line.kind,
                pair.departure.asked if line.kind == "price" else line.at,
                line.equipment,
                line.is_taken_out,
            ),
        )
        rows.append(row)
        if low is not None:
            before = max(before - high, Decimal(0)) if line.is_taken_out else before + low
    customs = ways.customs(pair.trip)
    vat = None
    if landed.vat and pair.ask is not None:
        vat = at(landed.vat[0], pair.ask), at(landed.vat[1], pair.ask)
    return Told(
        rows=rows,
        low=at(landed.low, pair.ask),
        high=at(landed.high, pair.ask),
        at_least=at_least(landed, pair.ask),
        limit=usd(pair.limit),
        vat=vat,
        vat_percent=figures.span(*(figures.percent(float(end)) for end in (customs.vat.low, customs.vat.high)))
        if customs.vat
        else "",
        rates=rates_used(pair, landed, ways, names),
        landed=landed,
    )


def hops_of(landed: Landed) -> dict[tuple, tuple[Charge, Hop | None]]:
    """The charges of the way by what their lines are called by, each with its hop, if it is of one."""
    if not landed.route:
        return {}
    return {(charge.kind, charge.at, charge.equipment): (charge, hop) for charge, hop in with_hops(landed.route)}


def at(amount: Top | None, price: Fraction | None) -> Amount:
    """An amount at a price; without a price it is known only where no price changes it."""
    if amount is None or (price is None and any(slope for slope, _constant in amount.lines)):
        return None
    return usd(amount.at(price or 0))


def at_least(landed: Landed, price: Fraction | None) -> Amount:
    """What a total that is not known comes to at least; without a price that is what nobody's price changes."""
    known = landed.at_least if landed.low is None else landed.low
    return None if known is None else usd(max(known.at(price or 0), Fraction(0)))


def usd(amount: Fraction | None) -> Amount:
    return None if amount is None else Decimal(amount.numerator) / Decimal(amount.denominator)


def rates_used(pair: Pair, landed: Landed, ways: Ways, names: Names) -> list[Rate]:
    """The rates of exchange that the prices, the quotes and a duty in euro were converted at."""
    used = {str(pair.match.capacity.price_currency), str(pair.match.need.price_currency)}
    customs = ways.customs(pair.trip)
    for line in landed.lines:
        for code in codes_of(line):
            if code in names.quotes:
                used.add(names.quotes[code].currency)
            elif code in customs.tariffs and customs.tariffs[code].specific_eur:
                used.add(Currency.EUR.value)
    return [ways.rates[code] for code in sorted(used - {Currency.USD.value}) if code in ways.rates]
