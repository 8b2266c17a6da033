"""Whole columns rounded exactly as Python rounds one number: for what is stored, two ways may not differ in a digit."""

from decimal import Decimal

import numpy as np

NO_CENTS = np.iinfo(np.int64).min  # of a sum that is not known
EXACT = 9e9  # below it a sum in millionths is a whole number that a float holds
# A result of a run has columns for landed costs below 10^12 USD/t, with cents; rounding may not reach it.
MOST_KEPT = 999_999_999_999


def is_kept(low, high):
    """Whether a result keeps a landed cost; of a pair or of a column of pairs, nan where it is not known.

    One that is larger comes of a slip of the pen in a price, a quote or a rate. Such a slip may not fail the run of
    everybody else, and cut off it would be a figure that nobody has reckoned: the result says that it is not known.
    What was compared stays among the facts, as it is.
    """
    return ~((np.abs(low) > MOST_KEPT) | (np.abs(high) > MOST_KEPT))


def rounded(values: np.ndarray, digits: int) -> np.ndarray:
    """`round(value, digits)` of each; nan stays."""
    scaled = values * 10.0**digits
    found = np.rint(scaled) / 10.0**digits
    # Near a half the product may have been rounded over it, and far out it has no digits left.
    doubtful = (np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) < 1e-6) | (np.abs(scaled) > EXACT)
    for at in np.flatnonzero(doubtful):
        found[at] = round(float(values[at]), digits)
    return found


def in_cents(values: np.ndarray) -> np.ndarray:
    """Sums of money in hundredths, halves to the even one, as `Decimal.quantize` rounds what is written; int64."""
    is_known = ~np.isnan(values)
    known = np.where(is_known, values, 0.0)
    millionths = np.rint(np.clip(known, -EXACT, EXACT) * 1e6).astype(np.int64)
    cents, rest = np.divmod(millionths, 10_000)
    cents += (rest > 5_000) | ((rest == 5_000) & (cents % 2 == 1))
    for at in np.flatnonzero(millionths / 1e6 != known):  # more digits than a millionth, or far out
        cents[at] = int(Decimal(repr(float(known[at]))).quantize(Decimal("0.01")).scaleb(2))
    return np.where(is_known, cents, NO_CENTS)
