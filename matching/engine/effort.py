"""The published table of effort: which change is asked for first. A smaller row is less to ask.

Percent are of the price that changes (the asking price or the limit), or of the larger of the old and new kilograms.
"""

import numpy as np

TERM = 1
PRICE = ((3.0, 2), (8.0, 5), (15.0, 9))  # up to so many percent: row
DAYS = ((7, 3), (21, 6), (60, 10))
QUANTITY = ((10.0, 4), (50.0, 7), (100.0, 12))
PARAMETER = 8
RENEWED_CERTIFICATE = 11
NEW_CERTIFICATE = 13

MOST_PERCENT = PRICE[-1][0]  # of a price
MOST_DAYS = DAYS[-1][0]
MOST_PER_LISTING = 5


def row(bands: tuple[tuple[float, int], ...], size: np.ndarray) -> np.ndarray:
    """The row of the first band that is wide enough, for sizes within the last; int64, shape of size."""
    most, rows = zip(*bands, strict=True)
    place = np.minimum(np.searchsorted(most, size), len(rows) - 1)
    return np.array(rows, np.int64)[place]
