"""Lots, multiples and smallest shares: an arc carries nothing, or at least its minimum, in its steps.

What an arc may not carry are holes between the quantities it may. The flow that ignores them bounds the plan from
above. `rounding.py` closes the holes a few at a time and flows again; `search.py` splits at them and is exact;
`mip.py` asks HiGHS.
"""

import numpy as np

from matching.engine.plan.network import Network


def below_kg(network: Network, kg: np.ndarray) -> np.ndarray:
    """The most an arc may carry that is not more than `kg`; (n_arcs,)."""
    return np.where(kg < network.smallest_kg, 0, kg // network.multiple_kg * network.multiple_kg)


def above_kg(network: Network, kg: np.ndarray) -> np.ndarray:
    """The least an arc may carry that is not less than `kg`; (n_arcs,)."""
    stepped_kg = -(-kg // network.multiple_kg) * network.multiple_kg
    return np.where(kg > 0, np.maximum(network.smallest_kg, stepped_kg), 0)


def in_holes(network: Network, kg: np.ndarray) -> np.ndarray:
    """The arcs that carry what they may not; their rows."""
    return np.flatnonzero(below_kg(network, kg) != kg)
