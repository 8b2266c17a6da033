"""How well one pair fits: `matching.engine.score`, number by number in the same order of adding."""

import numpy as np

from matching.engine.fast.compiled import inner
from matching.engine.score import COMPONENTS, FREEDOM_POINTS, PPM, PRICE_POINTS, QUANTITY, TRANSIT_POINTS

N_COMPONENTS = len(COMPONENTS)


@inner
def _linear(fact, points):
    """Straight lines between the points, flat outside; a nan stays one."""
    if fact != fact:
        return np.nan
    value = points[0][1]
    for at in range(1, len(points)):
        x0, y0 = points[at - 1]
        x1, y1 = points[at]
        if fact > x0:
            between = y0 + (y1 - y0) * ((fact - x0) / (x1 - x0))
            value = min(max(between, min(y0, y1)), max(y0, y1))
    return value


@inner
def price_part(landed_high, limit):
    if landed_high != landed_high or limit != limit:
        return np.nan
    if landed_high > limit:
        return 0.0
    room = 1 - landed_high / limit
    return _linear(0.0 if room < 0 else room, PRICE_POINTS)


@inner
def quantity_part(answer, movable, demanded):
    return np.nan if answer == 0 else movable / max(demanded, 1)


@inner
def time_part(day):
    if day.answer == 0:
        return np.nan
    return _linear(float(day.last_day - day.first_day), FREEDOM_POINTS) if day.answer == 1 else 0.0


@inner
def certificates_part(required, share):
    if required == 1:
        return 0.8 + 0.2 * share
    return np.nan if required == 0 else 0.0


@inner
def logistics_part(days_high):
    return np.nan if days_high < 0 else _linear(float(days_high), TRANSIT_POINTS)


@inner
def known(part):
    """What is not known counts 0."""
    return 0.0 if part != part else part


@inner
def score(parts, weights):
    """Sum of weight x component; both float64 (7,)."""
    total = 0.0
    for column in range(N_COMPONENTS):
        total += weights[column] * known(parts[column])
    return total


@inner
def could_reach(parts, weights):
    """The score if all that is not known turned out best."""
    total = score(parts, weights)
    for column in range(N_COMPONENTS):
        if parts[column] != parts[column]:
            total += weights[column]
    return total


@inner
def plan_value(parts, weights):
    """Worth of a kilogram in the plan, in millionths."""
    total, weighs = 0.0, 0.0
    for column in range(N_COMPONENTS):
        if column != QUANTITY:
            total += weights[column] * known(parts[column])
            weighs += weights[column]
    return rounded_ppm(total / weighs if weighs > 0 else 1.0)


@inner
def rounded_ppm(share):
    return int(np.floor(share * PPM + 0.5))
