"""Numbers of the search index: 32 bits wide, always rounded towards the side that promises more.

What the index says of a listing, or of 64 of them, must never be less than what the exact rules and the score say. A
number that is not known is as large, or as small, as it takes to refuse nobody.
"""

import numpy as np

from matching.engine.fast.compiled import inner

LANES = 64  # listings in a block: they are looked at together
SLOTS = 4  # of the parameters of a block, those most often stated, have columns of their own
BITS = 31  # flags of one number; the sign has a meaning of its own
_u = np.uint64
BIG = 1e30  # more than any fact, and still finite when it is multiplied by one
TINY_USD = 2e-6  # what rounding to a millionth may add to a price, and then some


def at_least(values: np.ndarray) -> np.ndarray:
    """The nearest float32 that is not above; nan stays one, infinities are as large as `BIG`."""
    return _rounded(values, np.less_equal, -np.inf)


def at_most(values: np.ndarray) -> np.ndarray:
    """The nearest float32 that is not below."""
    return _rounded(values, np.greater_equal, np.inf)


def _rounded(values, holds, towards) -> np.ndarray:
    wide = np.clip(np.asarray(values, np.float64), -BIG, BIG)
    narrow = wide.astype(np.float32)
    strays = ~holds(narrow.astype(np.float64), wide) & ~np.isnan(wide)
    return np.where(strays, np.nextafter(narrow, np.float32(towards)), narrow).astype(np.float32)


@inner
def down(value):
    """The same for one number, without a branch: half of all numbers are above, and nobody guesses which."""
    value = min(max(value, -BIG), BIG)
    narrow = np.float32(value)
    return _further(narrow, -1 if np.float64(narrow) > value else 0)


@inner
def up(value):
    value = min(max(value, -BIG), BIG)
    narrow = np.float32(value)
    return _further(narrow, 1 if np.float64(narrow) < value else 0)


@inner
def _further(narrow, steps):
    """So many numbers of 32 bits further up; rounding never asks that of 0.0 downwards or of -0.0 upwards."""
    bits = np.float32(narrow).view(np.int32)
    return np.int32(bits + (steps if bits >= 0 else -steps)).view(np.float32)


@inner
def ones(flags):
    """How many flags are set, so written that the compiler knows it for one instruction (Hacker's Delight, 5-1)."""
    bits = np.uint64(flags)
    bits -= (bits >> _u(1)) & _u(0x5555555555555555)
    bits = (bits & _u(0x3333333333333333)) + ((bits >> _u(2)) & _u(0x3333333333333333))
    bits = (bits + (bits >> _u(4))) & _u(0x0F0F0F0F0F0F0F0F)
    return np.int64((bits * _u(0x0101010101010101)) >> _u(56))


@inner
def folded(bits):
    """Up to 62 flags laid over each other as 31: where two meet they still do, so nobody is refused; none meet all."""
    every = (1 << BITS) - 1
    return (bits & every) | ((bits >> BITS) & every) if bits else every
