"""Shares and the floor in whole kilograms: a flow near one that a floating-point solver found, with every limit kept.

The limits are handed down to the arcs: an arc of a share may carry what it was given of that share, an arc of the group
carries at least what it was given of the floor. What is then best is a flow like any other, found and proven exactly.
"""

import numpy as np

from matching.engine.plan.flow import Flow, best_flow
from matching.engine.plan.holes import in_holes
from matching.engine.plan.network import Network
from matching.engine.plan.problem import exact_sum


def of_group(network: Network) -> np.ndarray:
    """The arcs that leave supplies of the group; (n_arcs,) bool."""
    return network.group[network.tail]


def group_kg(network: Network, kg: np.ndarray) -> int:
    return exact_sum(kg[of_group(network)])


def flow_near(network: Network, target_kg: np.ndarray, low_kg: np.ndarray, high_kg: np.ndarray) -> Flow | None:
    """The best flow that shares every share and the floor out among the arcs as the target does; None: there is none.

    `target_kg` (n_arcs,) are whole kilograms, `low_kg` and `high_kg` limits within which they are moved first.
    """
    kg = np.minimum(np.maximum(target_kg, low_kg), high_kg)
    for row, limit_kg in _limits(network):
        _take_off(network, kg, low_kg, row, limit_kg)
    if network.floor_kg and not _fill_up(network, kg, high_kg):
        return None
    low_kg = np.where(of_group(network), kg, low_kg) if network.floor_kg else low_kg
    return best_flow(network, low_kg, share_out(network, kg, high_kg))


def share_out(network: Network, kg: np.ndarray, high_kg: np.ndarray) -> np.ndarray:
    """Limits of the arcs that sum to no more than their share: what each carries, the dearest with what is left."""
    shared = np.flatnonzero(network.share >= 0)
    if len(shared) == 0:
        return high_kg
    left = _left(network.share[shared], kg[shared], network.share_kg)
    limit = high_kg.copy()
    limit[shared] = kg[shared]
    for arc in shared[np.argsort(-network.value[shared], kind="stable")].tolist():
        more = min(left[network.share[arc]], int(high_kg[arc] - kg[arc]))
        limit[arc] += more
        left[network.share[arc]] -= more
    return limit


def check_limits(network: Network, kg: np.ndarray) -> None:
    """No kilogram twice, no arc in a hole, every share and the floor kept: no solver is believed."""
    keeps_arcs = (kg >= network.low_kg).all() and (kg <= network.high_kg).all() and not len(in_holes(network, kg))
    keeps_sums = all(min(_left(row[row >= 0], kg[row >= 0], most), default=0) >= 0 for row, most in _limits(network))
    if not keeps_arcs or not keeps_sums or group_kg(network, kg) < network.floor_kg:
        raise ArithmeticError("the plan breaks a limit")


def _limits(network: Network) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """What each arc draws upon, by row (-1: nothing), and how much there is of it."""
    return (
        (network.tail, network.supply_kg),
        (network.head, network.demand_kg),
        (network.share, network.share_kg),
    )


def _left(row: np.ndarray, kg: np.ndarray, limit_kg: np.ndarray) -> list[int]:
    left = limit_kg.astype(object)
    np.subtract.at(left, row, kg.astype(object))
    return left.tolist()


def _take_off(network: Network, kg: np.ndarray, low_kg: np.ndarray, row: np.ndarray, limit_kg: np.ndarray) -> None:
    """Take off what is drawn beyond a limit, in place, from the arcs that are worth the least first."""
    drawing = np.flatnonzero(row >= 0)
    left = _left(row[drawing], kg[drawing], limit_kg)
    if min(left, default=0) >= 0:
        return
    for arc in drawing[np.argsort(network.value[drawing], kind="stable")].tolist():
        less = min(-left[row[arc]], int(kg[arc] - low_kg[arc]))
        if less > 0:
            kg[arc] -= less
            left[row[arc]] += less


def _fill_up(network: Network, kg: np.ndarray, high_kg: np.ndarray) -> bool:
    """Bring the group up to the floor, in place, by the arcs that are worth the most; False where it stays below."""
    lacking = network.floor_kg - group_kg(network, kg)
    if lacking <= 0:
        return True
    limits = [(row, _left(row[row >= 0], kg[row >= 0], limit_kg)) for row, limit_kg in _limits(network)]
    arcs = np.flatnonzero(of_group(network))
    for arc in arcs[np.argsort(-network.value[arcs], kind="stable")].tolist():
        rooms = [left[row[arc]] for row, left in limits if row[arc] >= 0]
        more = min(lacking, int(high_kg[arc] - kg[arc]), *rooms)
        if more > 0:
            kg[arc] += more
            lacking -= more
            for row, left in limits:
                if row[arc] >= 0:
                    left[row[arc]] -= more
    return lacking <= 0
