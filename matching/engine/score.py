"""How well a pair fits: seven components from 0 to 1, and the table that weighs them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matching.engine.pairs import Pairs
from matching.engine.papers import certificate_answers, law_answers, voluntary_share
from matching.engine.parameters import parameter_answers

COMPONENTS = ("price", "quantity", "quality", "time", "certificates", "logistics", "trust")
QUANTITY = COMPONENTS.index("quantity")
STARTING_WEIGHTS = (0.30, 0.15, 0.15, 0.10, 0.10, 0.10, 0.10)

# Points between which a component is linear: (fact, value).
PRICE_POINTS = ((0.0, 0.3), (0.10, 0.8), (0.25, 1.0))
FREEDOM_POINTS = ((0.0, 0.2), (60.0, 1.0))
TRANSIT_POINTS = ((14.0, 1.0), (30.0, 0.7), (60.0, 0.2), (90.0, 0.0))

PPM = 1_000_000


@dataclass(frozen=True)
class ScoreTable:
    """What each component weighs; from 0 to 1 each, together 1."""

    weights: tuple[float, ...] = STARTING_WEIGHTS  # in the order of COMPONENTS

    def __post_init__(self):
        weights = tuple(float(weight) for weight in self.weights)
        if len(weights) != len(COMPONENTS) or not all(0 <= weight <= 1 for weight in weights):
            raise ValueError(f"a score table has {len(COMPONENTS)} weights from 0 to 1")
        if abs(sum(weights) - 1) > 1e-9:
            raise ValueError("the weights of a score table sum to 1")
        object.__setattr__(self, "weights", weights)

    def to_json(self) -> str:
        return json.dumps(dict(zip(COMPONENTS, self.weights, strict=True)))

    @classmethod
    def from_json(cls, stored: str | Mapping[str, float]) -> "ScoreTable":
        """From the text, or from the object it stands for."""
        weights = json.loads(stored) if isinstance(stored, str) else stored
        if set(weights) != set(COMPONENTS):
            raise ValueError(f"a score table weighs exactly {', '.join(COMPONENTS)}")
        return cls(tuple(weights[name] for name in COMPONENTS))

    def score(self, components: np.ndarray) -> np.ndarray:
        """Sum of weight x component; what is not known counts 0 and keeps its weight; float64 (x,)."""
        total = np.zeros(len(components))
        for column, weight in enumerate(self.weights):  # one fixed order of adding, so that ties are exact
            total += weight * np.nan_to_num(components[:, column])
        return total

    def could_reach(self, components: np.ndarray) -> np.ndarray:
        """The score if all that is not known turned out best; float64 (x,)."""
        total = self.score(components)
        for column, weight in enumerate(self.weights):
            total += weight * np.isnan(components[:, column])
        return total

    def plan_value(self, components: np.ndarray) -> np.ndarray:
        """Worth of a kilogram in the plan, in millionths; int64 (x,).

        It is the score without its quantity component, weights renormalised. Where nothing but quantity
        weighs, every kilogram is worth the same.
        """
        total, weighs = np.zeros(len(components)), 0.0
        for column, weight in enumerate(self.weights):
            if column != QUANTITY:
                total += weight * np.nan_to_num(components[:, column])
                weighs += weight
        share = total / weighs if weighs > 0 else np.ones(len(components))
        return np.floor(share * PPM + 0.5).astype(np.int64)


def linear(fact: np.ndarray, points: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Straight lines between the points, flat outside; a nan stays one. Never leaves the values of its two points."""
    value = np.where(np.isnan(fact), np.nan, points[0][1])
    for (x0, y0), (x1, y1) in pairwise(points):
        between = y0 + (y1 - y0) * ((fact - x0) / (x1 - x0))
        value = np.where(fact > x0, np.clip(between, min(y0, y1), max(y0, y1)), value)
    return value


def components(pairs: Pairs) -> np.ndarray:
    """The components of each pair in the order of COMPONENTS; float64 (x, 7), nan: not known."""
    return np.stack(
        [
            _price(pairs),
            _quantity(pairs),
            _quality(pairs),
            _time(pairs),
            _certificates(pairs),
            _logistics(pairs),
            _trust(pairs),
        ],
        axis=1,
    )


def _price(pairs: Pairs) -> np.ndarray:
    """How far below the limit a tonne arrives, at the dearer end."""
    with np.errstate(divide="ignore", invalid="ignore"):
        room = 1 - pairs.landed_high / pairs.limit
    value = np.where(pairs.landed_high <= pairs.limit, linear(np.maximum(room, 0), PRICE_POINTS), 0.0)
    return np.where(np.isnan(pairs.landed_high) | np.isnan(pairs.limit), np.nan, value)


def _quantity(pairs: Pairs) -> np.ndarray:
    """The share of what is wanted that can move; not known while the months are not."""
    share = pairs.movable_kg / np.maximum(pairs.demanded_kg, 1)
    return np.where(pairs.timing.answer == 0, np.nan, share)


def _quality(pairs: Pairs) -> np.ndarray:
    """Mean margin inside what is accepted; nothing asked is 1."""
    checks = parameter_answers(pairs)
    count = np.bincount(checks.pair, minlength=len(pairs))
    total = np.bincount(checks.pair, weights=checks.margin, minlength=len(pairs))
    return np.where(count == 0, 1.0, total / np.maximum(count, 1))


def _time(pairs: Pairs) -> np.ndarray:
    """Days of freedom between the earliest and the latest feasible delivery."""
    timing = pairs.timing
    value = linear((timing.last_day - timing.first_day).astype(float), FREEDOM_POINTS)
    return np.where(timing.answer == 1, value, np.where(timing.answer == 0, np.nan, 0.0))


def _certificates(pairs: Pairs) -> np.ndarray:
    """All that is required is 0.8, the lane's voluntary ones are the rest."""
    required = np.minimum(certificate_answers(pairs).min(axis=1, initial=1), law_answers(pairs).min(axis=1, initial=1))
    required = np.where((pairs.lane < 0) & (required > 0), 0, required)
    value = 0.8 + 0.2 * voluntary_share(pairs)
    return np.where(required == 1, value, np.where(required == 0, np.nan, 0.0))


def _logistics(pairs: Pairs) -> np.ndarray:
    """Transit days at their longest."""
    days = pairs.timing.days_high.astype(float)
    return linear(np.where(pairs.timing.knows_days, days, np.nan), TRANSIT_POINTS)


def _trust(pairs: Pairs) -> np.ndarray:
    return (pairs.book.needs.trust[pairs.need] + pairs.book.capacities.trust[pairs.capacity]) / 2
