"""The plan of a component that has shares or a floor beside its ends and arcs.

HiGHS solves the linear programme without lots. Of its answer nothing is believed: its prices of the shares and of the
floor, whatever they are, go into the values of the arcs (J.-L. Lagrange's multipliers: R. K. Ahuja, T. L. Magnanti,
J. B. Orlin, Network Flows, Prentice Hall 1993, sections 16.2 and 16.4), and the best flow by these values, exact and
proven, bounds every plan that keeps the limits. Its kilograms are made whole by `limits.py`.
"""

from dataclasses import dataclass, replace

import highspy
import numpy as np

from matching.engine.plan.flow import Flow, best_flow
from matching.engine.plan.holes import above_kg, below_kg, in_holes
from matching.engine.plan.limits import check_limits, flow_near, group_kg, of_group, share_out
from matching.engine.plan.mip import program_of, silent_highs, solve_mip, whole_kg
from matching.engine.plan.network import Network, is_plain
from matching.engine.plan.part import Part
from matching.engine.plan.problem import Budget, exact_worth, narrow
from matching.engine.plan.proof import Prices
from matching.engine.plan.rounding import rounded_plan

FINE = 1, 1_000  # parts of the unit of value to which prices of limits are rounded, the coarser first
BONUSES = 10  # plans that are made until lots reach the floor at the least cost
REPAIR_ARCS = 150  # from which on each of these plans is repaired, not rounded


@dataclass(frozen=True)
class _Relaxed:
    """The plan without lots, the prices of the limits, and the most that any plan could be worth."""

    flow: Flow
    floor_price: int
    bound: int


def limited_part(network: Network, budget: Budget) -> Part:
    """The plan of a component with shares or a floor. Where a floor cannot be reached, `network` holds a lower one."""
    plain = _without_lots(network)
    relaxed = _relaxed(plain)
    if relaxed is None and network.floor_kg:
        most_kg = _most_of_group(plain)
        if most_kg is None:
            return Part(network, reason="cannot_ship_all")
        network, plain = (replace(one, floor_kg=min(network.floor_kg, most_kg)) for one in (network, plain))
        relaxed = _relaxed(plain)
    if relaxed is None:
        return Part(network, reason="cannot_ship_all")
    found = relaxed.flow
    if len(in_holes(network, found.kg)):
        found = _with_lots(network, relaxed, budget) or _pins_alone(network)
        if found is None:
            return Part(network, replace(relaxed.flow, value=relaxed.bound), bound=relaxed.bound, reason="not_found")
        reached_kg = group_kg(network, found.kg)
        if reached_kg < network.floor_kg:
            network, plain = (replace(one, floor_kg=reached_kg) for one in (network, plain))
            relaxed = _relaxed(plain)
    check_limits(network, found.kg)
    # What the bound allows stands for the flow: nothing that is worth more can be.
    bound = max(relaxed.bound, found.value)
    return Part(network, replace(relaxed.flow, value=bound), found, bound)


def _dearest(network: Network) -> int:
    return max(-int(network.value.min(initial=0)), int(network.value.max(initial=0)), 1)


def _without_lots(network: Network) -> Network:
    ones = np.ones(len(network.value), np.int64)
    return replace(network, smallest_kg=np.maximum(network.low_kg, 1), multiple_kg=ones)


def _relaxed(plain: Network) -> _Relaxed | None:
    """The best plan that keeps shares and floor where there are no lots; None where there is none."""
    program = program_of(plain)
    highs = silent_highs()
    for option, setting in (("threads", 1), ("parallel", "off"), ("random_seed", 0), ("solver", "simplex")):
        highs.setOptionValue(option, setting)
    highs.passModel(program.lp)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = highs.getSolution()
    flow = flow_near(plain, whole_kg(program, np.array(solution.col_value)), plain.low_kg, plain.high_kg)
    if flow is None:
        return None
    # The programme counts values in parts of the dearest.
    row_price = np.abs(np.array(solution.row_dual)[len(plain.supply_kg) + len(plain.demand_kg) :]) * _dearest(plain)
    bound, prices, floor_price = None, None, 0
    for fine in FINE:
        shares, floor = _rounded_prices(plain, row_price, fine)
        some_bound, some_prices = _bound(plain, shares, floor, fine)
        if bound is None or some_bound < bound:
            bound, prices, floor_price = some_bound, some_prices, -(-floor // fine)
        if bound <= flow.value:
            break
    return _Relaxed(replace(flow, prices=prices), floor_price, bound)


def _rounded_prices(plain: Network, row_price: np.ndarray, fine: int) -> tuple[np.ndarray, int]:
    """What a kilogram of each share and of the floor costs, in parts of the unit of value."""
    prices = [round(price * fine) for price in row_price.tolist()]
    shares = narrow(np.array([*prices[: len(plain.share_kg)], 0], dtype=object))
    return shares, prices[-1] if plain.floor_kg else 0


def _bound(plain: Network, shares: np.ndarray, floor: int, fine: int) -> tuple[int, Prices]:
    """The most that a plan within the limits could be worth, by any prices of the limits that are not negative.

    `shares` (n_shares + 1,): the last is what an arc without a share pays, nothing.
    """
    value = plain.value.astype(object) * fine - shares.astype(object)[plain.share]
    value += np.where(of_group(plain), floor, 0).astype(object)
    best = best_flow(replace(plain, value=narrow(value)), plain.low_kg, plain.high_kg)
    limits = sum(price * kg for price, kg in zip(shares.tolist(), plain.share_kg.tolist(), strict=False))
    prices = Prices(supply=best.prices.supply // fine, demand=best.prices.demand // fine)
    return (best.value + limits - floor * plain.floor_kg) // fine, prices


def _most_of_group(plain: Network) -> int | None:
    """What the group can ship within the shares, in whole kilograms; None where there is no plan at all."""
    of_its_own = of_group(plain).astype(np.int64)
    most = _relaxed(replace(plain, value=of_its_own, floor_kg=0))
    return None if most is None else most.flow.value


# --- lots


def _with_lots(network: Network, relaxed: _Relaxed, budget: Budget) -> Flow | None:
    """A plan that keeps every lot, and the floor if one is found that does; else the one that comes nearest to it."""
    best = _by_bonus(network, relaxed, budget)
    if best is not None and group_kg(network, best.kg) >= network.floor_kg:
        return best
    n_arcs = len(network.value)
    if budget.may_be_mip(n_arcs, network.floor_kg):
        found = solve_mip(network, relaxed.flow, None, max(1, min(budget.mip_nodes, budget.mip_work // n_arcs))).flow
        best = best if found is None else found
    return best


def _pins_alone(network: Network) -> Flow | None:
    """Shipping nothing but the pins is always a plan, unless all must be shipped."""
    if network.ship_supply or network.fill_demand:
        return None
    return Flow(kg=network.low_kg, value=exact_worth(network.value, network.low_kg), prices=None)


def _by_bonus(network: Network, relaxed: _Relaxed, budget: Budget) -> Flow | None:
    """The shares handed down to the arcs, and every kilogram of the group worth as much more as the floor takes.

    The bonus begins with the price of the floor, is raised until lots reach the floor, and then halved in between.
    """
    high_kg, grouped = _lots_of_shares(network, relaxed.flow.kg), of_group(network)
    bonus, missed, best, nearest = relaxed.floor_price if network.floor_kg else 0, None, None, None
    for _ in range(BONUSES if network.floor_kg else 1):
        kg = _planned(
            network, network.value.astype(object) + np.where(grouped, bonus, 0).astype(object), high_kg, budget
        )
        found = None if kg is None else Flow(kg=kg, value=exact_worth(network.value, kg), prices=None)
        if found is not None and group_kg(network, kg) >= network.floor_kg:
            best = found if best is None or found.value > best.value else best
            if missed is None:
                break
            reached = bonus
        else:
            if found is not None and (nearest is None or group_kg(network, kg) > group_kg(network, nearest.kg)):
                nearest = found
            missed = bonus
        bonus = max(4 * bonus, _dearest(network) // 16, 1) if best is None else (missed + reached) // 2
        if bonus == missed:
            break
    return best or nearest


def _planned(network: Network, value: np.ndarray, high_kg: np.ndarray, budget: Budget) -> np.ndarray | None:
    """A plan with lots by other values, within limits of the arcs instead of shares and floor."""
    no_share = np.full(len(value), -1)
    trial = replace(network, value=narrow(value), high_kg=high_kg, share=no_share, share_kg=no_share[:0], floor_kg=0)
    flow = best_flow(trial, trial.low_kg, trial.high_kg)
    if flow is None:
        return None
    if len(in_holes(trial, flow.kg)) == 0:
        return flow.kg
    if len(trial.value) >= min(budget.repair_arcs, REPAIR_ARCS) and is_plain(trial):
        # Compiled code, for which a small plan need not wait.
        from matching.engine.plan.repaired import repaired_plan

        return repaired_plan(trial, flow, budget).kg
    found = rounded_plan(trial, flow, budget)
    return None if found is None else found.kg


def _lots_of_shares(network: Network, kg: np.ndarray) -> np.ndarray:
    """Limits of the arcs that sum to no more than their share, wide enough for the lots that an arc is to carry."""
    left = [*network.share_kg.tolist(), 0]
    shared = np.flatnonzero((network.share >= 0) & (kg > 0))
    above, below = above_kg(network, kg), below_kg(network, kg)
    given = np.where(network.share >= 0, network.low_kg, 0)
    for arc in np.flatnonzero((network.share >= 0) & (network.low_kg > 0)).tolist():
        left[network.share[arc]] -= int(network.low_kg[arc])
    for arc in shared[np.argsort(-kg[shared], kind="stable")].tolist():
        room = left[network.share[arc]] + int(given[arc])
        wanted = next((int(some[arc]) for some in (above, below) if some[arc] <= min(room, network.high_kg[arc])), 0)
        if wanted > given[arc]:
            left[network.share[arc]] -= wanted - int(given[arc])
            given[arc] = wanted
    return share_out(network, given, network.high_kg)
