"""Prices of which nobody can tell what they hold: without a term, or at a term that its place contradicts."""

from collections.abc import Mapping
from dataclasses import replace

from corridor.engine.affine import PRICE
from corridor.engine.landed import DEPARTURE, CostLine, Landed, Point, summed

FOB = "FOB"  # of all prices at a place of the origin it holds most
PRICE_LINE = CostLine("price", PRICE, PRICE)
TERM_LINE = CostLine("term", None, None)  # what a price without a clear term does not hold, or holds on top


def contradicts_its_place(
    asked: Point, origin: str, limit: Point, destination: str, country_of: Mapping[str, str]
) -> bool:
    """Whether a price is at a term of arrival in its own country, or a limit at one of departure in the buyer's.

    Nobody can tell how far such a price carries the goods. Countries are those the goods leave and go to.
    """
    is_arrival = bool(asked.term) and asked.term not in DEPARTURE
    arrives_at_home = is_arrival and country_of[asked.place] == origin
    return arrives_at_home or (limit.term in DEPARTURE and country_of[limit.place] == destination)


def not_priced() -> Landed:
    """A price from which something not known would have to be taken out: not known, without a lower bound."""
    return summed([PRICE_LINE, replace(TERM_LINE, is_taken_out=True)])


def in_part(found: Landed) -> Landed:
    """The same with a line more that is not known: the total is not known, at least what it was."""
    return replace(found, lines=(*found.lines, TERM_LINE), low=None, high=None, vat=None)
