"""The points that a match does not have, part by part: the facts behind them and what would bring them, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.figures import measured
from matching.engine.score import FREEDOM_POINTS, PRICE_POINTS, TRANSIT_POINTS
from matching.texts import COMPONENT_NAMES, Names, figures
from matching.why_not.margins import margins

FULL_ROOM, FULL_FREEDOM, FULL_TRANSIT = PRICE_POINTS[-1][0], FREEDOM_POINTS[-1][0], TRANSIT_POINTS[0][0]
PPM = 1_000_000
SMALLEST = 500  # millionths: less than half of a tenth of a point is nothing to tell


@dataclass(frozen=True)
class Lost:
    """What one part of the score loses."""

    component: str
    weight_ppm: int
    points_ppm: int | None  # None: not known; it counts 0
    why: str
    step: str  # what would bring the points; empty where nobody can say

    name = property(lambda self: str(COMPONENT_NAMES[self.component]))
    is_known = property(lambda self: self.points_ppm is not None)
    lost_ppm = property(lambda self: self.weight_ppm - (self.points_ppm or 0))


@dataclass(frozen=True)
class Checks:
    """What is checked of both companies, as far as it brings trust; and what is still to be checked."""

    buyer: tuple[str, ...] = ()
    seller: tuple[str, ...] = ()


def lost_points(
    weights: Mapping[str, float],
    values: Mapping[str, float | None],
    facts: Mapping,
    names: Names,
    unchecked: Checks,
) -> list[Lost]:
    """The parts that lose points, the one that loses most first.

    Args:
        weights: component -> weight from 0 to 1.
        values: component -> value from 0 to 1, None where it is not known.
        facts: rule -> the facts it compared, as the run kept them.
        unchecked: what could still be checked of each company.
    """
    rows = []
    for component, weight in weights.items():
        value = values[component]
        why, step = SAYERS[component](value, facts, names, unchecked)
        weighs = round(weight * PPM)
        row = Lost(component, weighs, None if value is None else round(weight * value * PPM), why, step)
        if row.lost_ppm >= SMALLEST:
            rows.append(row)
    return sorted(rows, key=lambda row: -row.lost_ppm)


def price(value: float | None, facts: Mapping, names: Names, unchecked: Checks) -> tuple[str, str]:
    compared = facts.get("price") or {}
    limit, high = compared.get("limit_usd_per_t"), compared.get("landed_high_usd_per_t")
    if compared.get("ask_usd_per_t") is None:
        return _("The seller names no price."), _("Ask the seller for a price.")
    if not limit:
        return _("The buyer names no limit."), _("Ask the buyer up to which price it buys.")
    if high is None:
        return _("A part of the landed cost is not known."), _("Ask for a quote for the part of the way that has none.")
    words = {"landed": figures.price(high), "limit": figures.price(limit), "percent": share(abs(1 - high / limit))}
    full = {
        "landed": figures.price(round(limit * (1 - FULL_ROOM), 2)),
        "limit": figures.price(round(high / (1 - FULL_ROOM), 2)),
    }
    step = _("All its points come with a landed cost of at most %(landed)s, or with a limit from %(limit)s up.") % full
    if high > limit:
        return _("A tonne arrives for up to %(landed)s, %(percent)s over the limit of %(limit)s.") % words, step
    return _("A tonne arrives for up to %(landed)s, %(percent)s under the limit of %(limit)s.") % words, step


def quantity(value: float | None, facts: Mapping, names: Names, unchecked: Checks) -> tuple[str, str]:
    if value is None:
        return (
            _("In which months the goods could move is not known."),
            _("Ask the seller how long it takes until the goods can leave, and for a quote of the way."),
        )
    compared = facts.get("quantity") or {}
    movable, demanded = compared.get("movable_kg"), compared.get("demanded_kg")
    if movable is None or demanded is None:
        return "", ""
    words = {"movable": figures.quantity(movable), "demanded": figures.quantity(demanded)}
    missing = {"missing": figures.quantity(demanded - movable)}
    step = _("The seller would have to offer %(missing)s more in the months of the delivery, or in smaller lots.")
    return _("%(movable)s of the %(demanded)s that are wanted can move.") % words, step % missing


def quality(value: float | None, facts: Mapping, names: Names, unchecked: Checks) -> tuple[str, str]:
    found = margins(facts.get("parameters") or [])
    unknown = [names.parameter(one.key, one.unit) for one in found if one.value is None]
    if unknown:
        return (
            _("The seller does not state this: %(parameters)s.") % {"parameters": ", ".join(unknown)},
            _("Ask the seller for a specification."),
        )
    if not found:
        return "", ""
    worst = min(found, key=lambda one: one.value)
    words = {"parameter": names.parameter(worst.key, worst.unit)}
    if worst.value == 0:
        return _("%(parameter)s is not what is accepted.") % words, ""
    if worst.full_low is not None and worst.full_high is not None and worst.full_low > worst.full_high:
        return "", ""
    span = figures.spread(rounded(worst.full_low), rounded(worst.full_high), worst.unit)
    return (
        _("%(parameter)s is guaranteed close to the edge of what is accepted.") % words,
        _("It loses nothing with a guarantee of this: %(span)s.") % {"span": span},
    )


def time(value: float | None, facts: Mapping, names: Names, unchecked: Checks) -> tuple[str, str]:
    if value is None:
        return (
            _("When the goods could arrive is not known."),
            _("Ask the seller how long it takes until the goods can leave, and for a quote of the way."),
        )
    compared = facts.get("time") or {}
    first, last = compared.get("first_day"), compared.get("last_day")
    if first is None or last is None:
        return (_("The days of shipping and of delivery do not meet."), "") if value == 0 else ("", "")
    free = (date.fromisoformat(last) - date.fromisoformat(first)).days
    missing = {"days": figures.days(int(FULL_FREEDOM) - free), "full": figures.days(int(FULL_FREEDOM))}
    return (
        _("Between the earliest and the latest day of delivery that suits both lie %(days)s.")
        % {"days": figures.days(free)},
        _("All its points come with %(full)s: %(days)s more, by a longer delivery or an earlier shipment.") % missing,
    )


def certificates(value: float | None, facts: Mapping, names: Names, unchecked: Checks) -> tuple[str, str]:
    law = facts.get("law") or {}
    required = [*(facts.get("certificates") or []), *law.get("seller", []), *law.get("buyer", [])]
    missing = papers([one for one in required if one["answer"] < 1], names)
    if missing:
        return (
            _("It is required and not seen as held: %(papers)s.") % {"papers": missing},
            _("Ask for the certificate, and check it."),
        )
    helping = papers([one for one in law.get("voluntary", []) if one["answer"] < 1], names)
    if helping:
        return (
            _("All that is required is held; what helps on this lane is not: %(papers)s.") % {"papers": helping},
            _("Each of them brings an equal share of what is missing."),
        )
    return (_("Which papers the lane asks for is not known."), "") if value is None else ("", "")


def logistics(value: float | None, facts: Mapping, names: Names, unchecked: Checks) -> tuple[str, str]:
    high = (facts.get("time") or {}).get("days_high")
    if value is None or high is None:
        return _("How long the goods travel is not known."), _("Ask for a quote that names the days.")
    return (
        _("The goods travel for up to %(days)s.") % {"days": figures.days(high)},
        _("Only a faster way raises this: all its points come with %(days)s or less.")
        % {"days": figures.days(int(FULL_TRANSIT))},
    )


def trust(value: float | None, facts: Mapping, names: Names, unchecked: Checks) -> tuple[str, str]:
    sides = facts.get("trust") or {}
    if not sides:
        return "", ""
    words = {"buyer": share(sides["buyer"]), "seller": share(sides["seller"])}
    why = _("Of what can be checked of a company, %(buyer)s is checked of the buyer and %(seller)s of the seller.")
    steps = []
    if unchecked.buyer:
        steps.append(_("Still to check of the buyer: %(checks)s.") % {"checks": ", ".join(unchecked.buyer)})
    if unchecked.seller:
        steps.append(_("Still to check of the seller: %(checks)s.") % {"checks": ", ".join(unchecked.seller)})
    return why % words, " ".join(steps)


def share(part: float) -> str:
    return measured(figures.number(round(part * 100, 1)), "%")


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def papers(entries: list[dict], names: Names) -> str:
    return ", ".join(names.certificate(kind) for kind in dict.fromkeys(entry["kind"] for entry in entries))


SAYERS = {
    "price": price,
    "quantity": quantity,
    "quality": quality,
    "time": time,
    "certificates": certificates,
    "logistics": logistics,
    "trust": trust,
}
