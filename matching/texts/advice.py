"""What a company could change to open partners that nearly fit: many near misses as a few lines, none of them exact.

A step is told by its band (price up to 3, 8 or 15 %, days up to 7, 21 or 60, quantities up to 10, 50 or 100 %). Of a
price the whole percent, rounded up, is told where at least two partners lie in the band. Figures of the other side
(its limit, days, lot, terms of specification) are not read.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.figures import measured
from matching.enums import Side
from matching.texts import figures
from matching.texts.names import BY_CODE, Names, term

PERCENT_OF_PRICE = (3, 8, 15)
DAYS = (7, 21, 60)
PERCENT_OF_QUANTITY = (10, 50, 100)
ENOUGH_FOR_A_PERCENT = 2  # partners in a band, before a whole percent is told
Key = tuple


@dataclass(frozen=True)
class Opened:
    """A near miss as advice needs it: whose change, of what, by how much; and which company it would open."""

    partner: int
    rule: str
    side: str
    change: dict


@dataclass(frozen=True)
class Advice:
    """One change of one's own, and how many partners it would open."""

    text: str
    partners: int
    side: str  # one's own

    @property
    def opens(self) -> str:
        number = {"number": figures.number(self.partners)}
        if self.side == Side.SELLER:
            return ngettext("opens %(number)s buyer", "opens %(number)s buyers", self.partners) % number
        return ngettext("opens %(number)s supplier", "opens %(number)s suppliers", self.partners) % number


def advice(misses: Iterable[Opened], side: str, names: Names = BY_CODE) -> list[Advice]:
    """Changes by one's own side, the one that opens most first."""
    groups: dict[Key, list[Opened]] = defaultdict(list)
    for miss in misses:
        if miss.side == side:
            groups[key_of(miss.change)].append(miss)
    lines = [Advice(words(key, rows, names), len({row.partner for row in rows}), side) for key, rows in groups.items()]
    return sorted(lines, key=lambda line: (-line.partners, line.text))


def partners_that_may_change(misses: Iterable[Opened], side: str) -> int:
    """How many partners would fit after a change on their side."""
    return len({miss.partner for miss in misses if miss.side != side})


def key_of(change: dict) -> Key:
    """What makes two near misses one line: the change and its band."""
    code = change["code"]
    if code in ("lower_ask", "raise_limit"):
        return code, band_of(percent_of_price(change), PERCENT_OF_PRICE)
    if code in ("ship_earlier", "ship_later", "accept_earlier", "accept_later"):
        return code, band_of(change["amount"], DAYS)
    if code in ("lower_lot", "lower_share", "offer_more", "want_more"):
        return code, band_of(percent_of_quantity(change), PERCENT_OF_QUANTITY)
    if code in ("get_certificate", "renew_certificate"):
        return code, change["kind"]
    if code == "accept_term":
        return code, change["term"]
    return code, change["parameter"], change.get("unit", "")


def band_of(size, edges: tuple[int, ...]) -> int | None:
    """The first edge that is far enough; None beyond the last."""
    return next((edge for edge in edges if size <= edge), None)


def percent_of_price(change: dict) -> int:
    """Of one's own price, rounded up."""
    return int(Decimal(str(change["percent"])).to_integral_value(ROUND_CEILING))


def percent_of_quantity(change: dict) -> float:
    before = change["from"]
    return 100 * abs(change["to"] - before) / before if before else float("inf")


def words(key: Key, rows: list[Opened], names: Names) -> str:
    code, what, *rest = key
    if code in ("lower_ask", "raise_limit"):
        return price_words(code, what, rows)
    if code in ("lower_lot", "lower_share", "offer_more", "want_more"):
        return quantity_words(code, what)
    if code in ("get_certificate", "renew_certificate"):
        said = (
            _("This certificate: %(paper)s") if code == "get_certificate" else _("Renewed, this certificate: %(paper)s")
        )
        return said % {"paper": names.certificate(what)}
    if code == "accept_term":
        return _("This payment term as well: %(term)s") % {"term": term(what)}
    if code in ("tighten_guarantee", "widen_accepted"):
        said = (
            _("A closer guarantee: %(parameter)s") if code == "tighten_guarantee" else _("Wider limits: %(parameter)s")
        )
        return said % {"parameter": names.parameter(what, *rest)}
    return {
        "ship_earlier": _("Ready up to %(days)s earlier"),
        "ship_later": _("Shipping up to %(days)s longer"),
        "accept_earlier": _("Goods taken up to %(days)s earlier"),
        "accept_later": _("Goods taken up to %(days)s later"),
    }[code] % {"days": figures.days(what or DAYS[-1])}


def price_words(code: str, edge: int | None, rows: list[Opened]) -> str:
    edge = edge or PERCENT_OF_PRICE[-1]
    is_close = len({row.partner for row in rows}) >= ENOUGH_FOR_A_PERCENT
    percent = {
        "percent": measured(
            figures.number(max(percent_of_price(row.change) for row in rows) if is_close else edge), "%"
        )
    }
    if is_close:
        return (
            _("Your price %(percent)s lower") if code == "lower_ask" else _("Your limit %(percent)s higher")
        ) % percent
    if code == "lower_ask":
        return _("Your price up to %(percent)s lower") % percent
    return _("Your limit up to %(percent)s higher") % percent


def quantity_words(code: str, edge: int | None) -> str:
    if edge is None:
        return _("More than twice as much offered") if code == "offer_more" else _("More than twice as much taken")
    return {
        "lower_lot": _("Lots smaller by up to %(percent)s"),
        "lower_share": _("A smallest share lower by up to %(percent)s"),
        "offer_more": _("Up to %(percent)s more offered"),
        "want_more": _("Up to %(percent)s more taken"),
    }[code] % {"percent": measured(figures.number(edge), "%")}
