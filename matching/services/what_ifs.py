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
# share_cap_percent: the most of a need that one company supplies; micro_floor_percent: the least of the plan that micro
# companies supply; both decimals as text.
OPTIONS = frozenset(
    {"weights", "need", "capacity", "freight_percent", "preferences", "share_cap_percent", "micro_floor_percent"}
)
PPM_OF_A_PERCENT = 10_000


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
    if "share_cap_percent" in options:
        percent = percent_of(options["share_cap_percent"])
        if percent is None or not 0 < percent <= 100:
            raise ValidationError(_("One company may supply more than 0 and up to 100 percent of a need."))
    if "micro_floor_percent" in options:
        percent = percent_of(options["micro_floor_percent"])
        if percent is None or not 0 <= percent <= 100:
            raise ValidationError(_("Micro companies may be kept 0 to 100 percent of the plan."))
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


def limits_of(run: Run) -> engine.Limits:
    """What the plan of a run keeps to beside quantities, in whole millionths."""
    cap, floor = run.options.get("share_cap_percent", "100"), run.options.get("micro_floor_percent", "0")
    return engine.Limits(int(Decimal(cap) * PPM_OF_A_PERCENT), int(Decimal(floor) * PPM_OF_A_PERCENT))


def is_narrowed(run: Run) -> bool:
    """Whether it matches a part of the book only: the goods of one listing."""
    return "need" in run.options or "capacity" in run.options


def assumed_by(run: Run) -> Assumptions:
    """What the corridor is taken to be in a run: as it is, unless a what-if asks otherwise."""
    schemes, percent = run.options.get("preferences"), run.options.get("freight_percent")
    if schemes is None and percent is None:
        return AS_IT_IS
    return Assumptions(None if schemes is None else frozenset(schemes), Decimal(percent or 0))
