import json
from argparse import ArgumentTypeError
from decimal import Decimal
from fractions import Fraction

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.figures import KG_PER_T
from accounts.reading.arguments import day_argument, number_argument
from commodities.models import Commodity
from corridor.engine.affine import Top
from corridor.engine.landed import ALL_IN, TERMS, CostLine, Landed, Point
from corridor.models import Place
from corridor.ways import Trip, Ways


class Command(BaseCommand):
    help = "What a tonne costs at another Incoterm and place: the asking price moved along its route, line by line."

    def add_arguments(self, parser):
        parser.add_argument("commodity", help="a tradable commodity, such as rbd-palm-olein")
        parser.add_argument("asked", type=point, help='term and place of the asking price, such as "FOB IDKRG"')
        parser.add_argument(
            "limit", type=point, help='term and place of the limit, such as "DAP KZALA" or "all_in KZALA"'
        )
        parser.add_argument(
            "--price", type=number_argument, required=True, help="asking price in USD per tonne", metavar="USD"
        )
        parser.add_argument("--origin", help="where the goods start, for a price at a term of arrival")
        parser.add_argument(
            "--unit-kg", type=int, help="net mass in one box: what freight is shared by, and what decides some duties"
        )
        parser.add_argument("--shipment-t", type=int, help="smallest shipment in tonnes; vessels come for large ones")
        parser.add_argument(
            "--on", type=day_argument, help="the day of quotes, rates and tariffs (default: today)", metavar="DAY"
        )
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, commodity, asked, limit, price, origin, unit_kg, shipment_t, on, **options):
        goods = Commodity.objects.tradable().filter(code=commodity).first()
        if goods is None:
            raise CommandError(f"There is no tradable commodity '{commodity}'.")
        countries = dict(Place.objects.values_list("code", "country"))
        origin = origin or asked.place
        for code in (asked.place, limit.place, origin):
            if code not in countries:
                raise CommandError(f"There is no place '{code}'.")
        shipment_kg = None if shipment_t is None else shipment_t * KG_PER_T
        trip = Trip(goods, countries[origin], countries[limit.place], shipment_kg, unit_kg)
        try:
            found = Ways(on or timezone.localdate()).landed(trip, asked, limit, origin)
        except ValueError as error:
            raise CommandError(str(error)) from error
        price = Fraction(price)
        told = json.dumps(as_data(found, price), indent=2) if options["json"] else in_words(found, price)
        self.stdout.write(told)


def point(text: str) -> Point:
    term, _, place = text.partition(" ")
    term = term if term == ALL_IN else term.upper()
    if term not in TERMS or not place.strip():
        raise ArgumentTypeError('a point looks like "FOB IDKRG"')
    return Point(term, place.strip().upper())


def cents(found: Top | None, price: Fraction) -> str | None:
    """The amount at the price, to the nearest cent."""
    if found is None:
        return None
    exact = found.at(price)
    return f"{Decimal(round(exact * 100)) / 100:.2f}"


def as_data(found: Landed, price: Fraction) -> dict:
    return {
        "lines": [
            {
                "for": line.kind,
                "at": line.at,
                "equipment": line.equipment,
                "is_taken_out": line.is_taken_out,
                "usd_per_t": [cents(line.low, price), cents(line.high, price)] if line.low else None,
                "sources": list(line.sources),
            }
            for line in found.lines
        ],
        "usd_per_t": [cents(found.low, price), cents(found.high, price)] if found.low else None,
        "at_least_usd_per_t": cents(found.at_least, price),
        "vat_usd_per_t": [cents(end, price) for end in found.vat] if found.vat else None,
        "places": list(found.route.places) if found.route else None,
        "days": [found.route.days_low, found.route.days_high] if found.route else None,
    }


def in_words(found: Landed, price: Fraction) -> str:
    route = found.route
    way = f"{' - '.join(route.places)}, {route.days_low} to {route.days_high} days" if route and route.hops else ""
    rows = [way] if way else []
    rows += [line_in_words(line, price) for line in found.lines]
    if found.low is not None:
        rows.append(f"= {span(found.low, found.high, price)} USD per tonne")
    elif found.at_least is not None:
        rows.append(f"= not known, at least {cents(found.at_least, price)} USD per tonne")
    else:
        rows.append("= not known")
    if found.vat:
        rows.append(f"VAT beside it, a matter of cash flow: {span(*found.vat, price)} USD per tonne")
    return "\n".join(rows)


def line_in_words(line: CostLine, price: Fraction) -> str:
    amount = "not known" if line.low is None else span(line.low, line.high, price)
    what = f"{line.kind.replace('_', ' ')} {line.at} {line.equipment}".strip()
    return f"{'-' if line.is_taken_out else '+'} {what:28} {amount:>20}  {' '.join(line.sources)}".rstrip()


def span(low: Top, high: Top, price: Fraction) -> str:
    ends = cents(low, price), cents(high, price)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)
