import json
from decimal import Decimal

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.figures import KG_PER_T
from accounts.reading.arguments import day_argument
from commodities.models import Commodity
from corridor.engine import Route
from corridor.engine.network import E4
from corridor.lanes import NoRoute, Why, lane_routes
from corridor.models import Place, TransportClassEquipment
from corridor.ways import Load, Ways


class Command(BaseCommand):
    help = "The routes between two places that no other route beats on both cost and days, with every line of the cost."

    def add_arguments(self, parser):
        parser.add_argument("origin", help="code of a place, such as IDKRG")
        parser.add_argument("destination", help="code of a place, such as KZALA")
        goods = parser.add_mutually_exclusive_group(required=True)
        goods.add_argument("--commodity", help="a tradable commodity, such as rbd-palm-olein")
        goods.add_argument("--transport-class", help="a transport class, such as reefer")
        parser.add_argument("--on", type=day_argument, help="the day of the quotes (default: today)", metavar="DAY")
        parser.add_argument("--shipment-t", type=int, help="smallest shipment in tonnes; vessels come for large ones")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, origin, destination, commodity, transport_class, on, shipment_t, **options):
        for code in (origin, destination):
            if not Place.objects.filter(code=code).exists():
                raise CommandError(f"There is no place '{code}'.")
        transport_class = transport_class or class_of(commodity)
        if not TransportClassEquipment.objects.filter(transport_class=transport_class).exists():
            raise CommandError(f"There is no transport class '{transport_class}'.")
        ways = Ways(on or timezone.localdate())
        load = Load(transport_class, None if shipment_t is None else shipment_t * KG_PER_T)
        routes, none = lane_routes(ways, load, origin, destination)
        if options["json"]:
            self.stdout.write(json.dumps([as_data(route) for route in routes], indent=2))
        elif none:
            self.stdout.write(
                f"No route is known from {origin} to {destination} for {transport_class}: {reason(none)}."
            )
        else:
            self.stdout.write("\n\n".join(in_words(route) for route in routes))


def class_of(code: str) -> str:
    found = Commodity.objects.tradable().filter(code=code).values_list("transport_class", flat=True).first()
    if found is None:
        raise CommandError(f"There is no tradable commodity '{code}'.")
    return found


def reason(none: NoRoute) -> str:
    return {
        Why.NO_EQUIPMENT: "nothing is known that carries it",
        Why.ONLY_SOME_GOODS: "what carries it fits only some of its goods",
        Why.SMALL_SHIPMENT: f"only vessels carry it, from {(none.smallest_kg or 0) // KG_PER_T} t on",
        Why.LEGS_SHUT: f"closed, or without days: {', '.join(leg.code for leg in none.legs)}",
        Why.NO_LEG: f"no leg leads there for {', '.join(none.equipment)}",
    }[none.why]


def as_data(route: Route) -> dict:
    return {
        "places": list(route.places),
        "modes": list(route.modes),
        "days": [route.days_low, route.days_high],
        "distance_km": route.distance_km,
        "usd_per_t": None if route.low_e4 is None else [usd(route.low_e4), usd(route.high_e4)],
        "at_least_usd_per_t": usd(route.at_least_e4),
        "lines": [
            {
                "for": line.kind,
                "at": line.at,
                "equipment": line.equipment,
                "usd_per_t": None if line.low_e4 is None else [usd(line.low_e4), usd(line.high_e4)],
                "quotes": list(line.quotes),
            }
            for line in route.charges
        ],
    }


def usd(e4: int) -> str:
    return str((e4 / Decimal(E4)).normalize().quantize(Decimal("0.0001")))


def in_words(route: Route) -> str:
    cost = cost_in_words(route.low_e4, route.high_e4, route.at_least_e4)
    way = f"{' - '.join(route.places)} ({', '.join(route.modes) or 'no way to go'})"
    distance = "distance not known" if route.distance_km is None else f"{route.distance_km} km"
    lines = [f"{way}: {route.days_low} to {route.days_high} days, {distance}, {cost}"]
    for line in route.charges:
        told = cost_in_words(line.low_e4, line.high_e4)
        lines.append(f"  {line.kind:8} {line.at:20} {line.equipment:6} {told}  {' '.join(line.quotes)}".rstrip())
    return "\n".join(lines)


def cost_in_words(low: int | None, high: int | None, at_least: int | None = None) -> str:
    if low is None:
        return "not known" if not at_least else f"not known, at least {at_least / Decimal(E4):.2f} USD/t"
    return (
        f"{low / Decimal(E4):.2f} USD/t"
        if low == high
        else f"{low / Decimal(E4):.2f} to {high / Decimal(E4):.2f} USD/t"
    )
