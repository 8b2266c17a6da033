"""What a what-if run takes to be otherwise: weights, freight, agreements on duties, or only a part of the book."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from corridor.preferred import known_schemes
from corridor.ways import AS_IT_IS, Assumptions
from matching import engine
from matching.models import Run

LEAST_PERCENT, MOST_PERCENT = -90, 300  # of freight, as on the page that asks it of one match

# weights: component -> weight. need, capacity: primary keys. freight_percent: decimal as text. preferences: schemes.
OPTIONS = frozenset({"weights", "need", "capacity", "freight_percent", "preferences"})


def check_options(options: Mapping) -> None:
    """Refuse what no run can take to hold."""
    if not OPTIONS.issuperset(options):
        raise ValueError(f"a what-if knows no {sorted(set(options) - OPTIONS)}")
    if "weights" in options:
        score_table(options["weights"])
    if "freight_percent" in options:
        percent = percent_of(options["freight_percent"])
        if percent is None or not LEAST_PERCENT <= percent <= MOST_PERCENT:
            bounds = {"least": LEAST_PERCENT, "most": MOST_PERCENT}
            raise ValidationError(_("Freight changes by %(least)s to %(most)s percent."), params=bounds)
    if not set(options.get("preferences", ())).issubset(known_schemes()):
        raise ValidationError(_("No duty of the reference names this agreement."))


def percent_of(typed: str) -> Decimal | None:
    try:
        percent = Decimal(typed)
    except InvalidOperation:
        return None
    return percent if percent.is_finite() else None


def score_table(weights: Mapping[str, float]) -> engine.ScoreTable:
    """The weights as the engine takes them; refuses unknown components and a sum other than 1."""
    try:
        return engine.ScoreTable.from_json(dict(weights))
    except (ValueError, TypeError, KeyError) as error:
        raise ValidationError(_("These weights cannot be used: %(reason)s"), params={"reason": error}) from error


def weights_of(run: Run) -> Mapping[str, float]:
    return run.options.get("weights", run.weights.values)


def assumed_by(run: Run) -> Assumptions:
    """What the corridor is taken to be in a run: as it is, unless a what-if asks otherwise."""
    schemes, percent = run.options.get("preferences"), run.options.get("freight_percent")
    if schemes is None and percent is None:
        return AS_IT_IS
    return Assumptions(None if schemes is None else frozenset(schemes), Decimal(percent or 0))
