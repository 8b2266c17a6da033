"""The lines of a landed cost in words, and the quotes, premiums and tariff lines that each rests on."""

from django.urls import reverse
from django.utils.translation import gettext as _

from commodities.facts import Confidence
from corridor.countries import country_name
from corridor.engine import Hop
from corridor.engine.landed import CostLine
from corridor.enums import Cover, Currency
from corridor.models import DutyChoice, FreightQuote, InsurancePremium, Tariff
from corridor.queries import Rate
from corridor.ways import Ways
from matching.one_match.pair_facts import Names, Pair, codes_of
from matching.one_match.waterfall import Ground


def words_of(line: CostLine, hop: Hop | None, pair: Pair, names: Names) -> str:
    """What a line pays for."""
    words = plain_words(line, hop, pair, names)
    return _("Less: %(line)s") % {"line": words} if line.is_taken_out else words


def plain_words(line: CostLine, hop: Hop | None, pair: Pair, names: Names) -> str:
    place = place_name(line.at, names)
    equipment = names.equipment[line.equipment].name if line.equipment in names.equipment else ""
    countries = {
        "origin": country_name(pair.trip.origin_country),
        "country": country_name(pair.trip.destination_country),
    }
    match line.kind:
        case "price":
            asked = pair.departure.asked
            words = {"term": asked.term, "place": place_name(asked.place, names)}
            if not asked.term:
                return _("Asking price without a term, %(place)s") % words
            return _("Asking price %(term)s %(place)s") % words
        case "export":
            return _("Export duty and levy, %(origin)s") % countries
        case "fitting":
            return _("Fitting out in %(place)s: %(equipment)s") % {"place": place, "equipment": equipment}
        case "terminal":
            return _("Handling in %(place)s") % {"place": place}
        case "leg" | "through":
            return way_words(line, hop, equipment, names)
        case "insurance":
            cover = cover_of(line, names)
            return _("Insurance, %(cover)s") % {"cover": cover} if cover else _("Insurance")
        case "import_duty":
            return _("Import duty, %(country)s") % countries
        case _:
            return _("What the price holds, which nobody has said")


def way_words(line: CostLine, hop: Hop | None, equipment: str, names: Names) -> str:
    leg = names.legs.get(line.at)
    if hop is None and leg is None:
        return _("The way to %(place)s") % {"place": place_name(line.at, names)}
    ends = (hop.origin, hop.destination) if hop else (leg.origin.code, leg.destination.code)
    words = {"origin": place_name(ends[0], names), "destination": place_name(ends[1], names), "equipment": equipment}
    if leg is None:
        return _("%(origin)s – %(destination)s at one rate, in %(equipment)s") % words
    return _("%(origin)s – %(destination)s, %(mode)s, in %(equipment)s") % {**words, "mode": leg.get_mode_display()}


def place_name(code: str, names: Names) -> str:
    return names.places[code].name_without_remark if code in names.places else code


def cover_of(line: CostLine, names: Names) -> str:
    covers = {names.premiums[code].cover for code in codes_of(line) if code in names.premiums}
    return str(Cover(covers.pop()).label) if len(covers) == 1 else ""


# --- what a line rests on


def grounds_of(line: CostLine, pair: Pair, ways: Ways, names: Names) -> tuple[Ground, ...]:
    if line.kind == "price":
        rate = ways.rates.get(pair.match.capacity.price_currency)
        return (ground_of_rate(rate),) if rate and rate.currency != Currency.USD else ()
    customs = ways.customs(pair.trip)
    found = []
    for code in codes_of(line):
        if code in names.quotes:
            row = names.quotes[code]
            found.append(ground_of_quote(row, reverse("corridor:quote-detail", args=[row.pk]), ways))
        elif code in names.premiums:
            row = names.premiums[code]
            found.append(ground_of_quote(row, reverse("corridor:rate-list"), ways))
        elif code in customs.tariffs:
            found.append(ground_of_tariff(customs.tariffs[code], line.kind, pair, ways))
        elif customs.choice and code == customs.choice.code:
            found.append(ground_of_choice(customs.choice, pair))
    return tuple(found)


def ground_of_rate(rate: Rate) -> Ground:
    is_example = rate.confidence == Confidence.EXAMPLE
    return Ground(rate.currency, reverse("corridor:rate-list"), rate.source, None, rate.confidence, is_example)


def ground_of_quote(row: FreightQuote | InsurancePremium, address: str, ways: Ways) -> Ground:
    return Ground(
        row.code, address, row.given_by or row.source, row.valid_to, row.confidence, row.code in ways.examples
    )


def ground_of_choice(choice: DutyChoice, pair: Pair) -> Ground:
    """A person picked the line of the tariff, and says on whose word."""
    address = reverse("corridor:duty-detail", args=[pair.trip.commodity.code, choice.market])
    return Ground(choice.code, address, choice.source, choice.tariff.valid_to, Confidence.SECONDARY, is_example=False)


def ground_of_tariff(row: Tariff, kind: str, pair: Pair, ways: Ways) -> Ground:
    address = reverse("corridor:duty-list")
    if kind == "import_duty":
        address = reverse("corridor:duty-detail", args=[pair.trip.commodity.code, row.market])
    return Ground(row.code, address, row.source, row.valid_to, row.confidence, row.code in ways.examples)
