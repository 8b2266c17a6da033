"""The plan of a component as a mixed-integer program for HiGHS: a good plan and a bound where the search is slow.

HiGHS works in floating point, so nothing it says is taken as it is: of its plan only the choice of arcs is kept, and
the kilograms are flowed anew in whole numbers; its bound is widened by `MARGIN` of the flow's.
"""

import os
from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd

import highspy
import numpy as np
from scipy.sparse import csc_array

from matching.engine.plan.flow import Flow, best_flow
from matching.engine.plan.holes import in_holes
from matching.engine.plan.limits import flow_near, of_group
from matching.engine.plan.network import Network
from matching.engine.plan.problem import exact_sum, narrow

# Ten times the tolerance to which HiGHS keeps reduced costs, on numbers scaled as they are below.
MARGIN = Fraction(1, 1_000_000)
LARGEST = 1_000  # quantities are scaled to at most this: tolerances are absolute
_has_greeted: list[bool] = []


@dataclass(frozen=True)
class MipAnswer:
    """What HiGHS leads to: a plan in whole kilograms (None: none found) and a widened bound (None: none reached)."""

    flow: Flow | None
    bound: int | None
    is_infeasible: bool = False


@dataclass(frozen=True)
class Program:
    """Columns: a quantity for each arc (in units, or in steps), then a yes or no for each arc with a minimum."""

    lp: highspy.HighsLp
    column_kg: np.ndarray  # (n_arcs,) kilograms that 1 of the arc's column stands for, as Python integers
    switched: np.ndarray  # rows of the arcs that have a yes or no
    worth_unit: Fraction  # what 1 of the objective stands for


def solve_mip(network: Network, relaxed: Flow, best: Flow | None, n_nodes: int) -> MipAnswer:
    """A plan and a bound by HiGHS within `n_nodes` nodes, on one thread and from one seed. `best`: a plan to beat."""
    program = program_of(network)
    highs = silent_highs()
    for option, setting in (
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
        ("mip_max_nodes", n_nodes),
    ):
        highs.setOptionValue(option, setting)
    highs.passModel(program.lp)
    if best is not None:
        columns = _columns_of(program, best.kg)
        highs.setSolution(len(columns), np.arange(len(columns), dtype=np.int32), columns)
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return MipAnswer(None, None, is_infeasible=True)
    flow = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        flow = _in_whole_kilograms(network, program, np.array(highs.getSolution().col_value))
    # HiGHS does not fill in the bound when presolve alone solves the program; then the objective is the bound.
    solved = status == highspy.HighsModelStatus.kOptimal
    reached = info.objective_function_value if solved else info.mip_dual_bound
    return MipAnswer(flow, _widened(network, program, relaxed, reached) if np.isfinite(reached) else None)


def silent_highs() -> highspy.Highs:
    """A solver that prints nothing: the first of a process greets on standard output before it can be told not to."""
    if _has_greeted:
        highs = highspy.Highs()
    else:
        kept = os.dup(1)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 1)
            highs = highspy.Highs()
        finally:
            os.dup2(kept, 1)
            os.close(kept)
            os.close(nowhere)
        _has_greeted.append(True)
    highs.setOptionValue("output_flag", False)
    return highs


def program_of(network: Network) -> Program:
    """The component as columns and rows, scaled so that absolute tolerances mean the same whatever the units."""
    n_supplies, n_demands, n_arcs = len(network.supply_kg), len(network.demand_kg), len(network.value)
    most_kg = max(int(network.supply_kg.max(initial=1)), int(network.demand_kg.max(initial=1)))
    unit_kg = Fraction(most_kg, min(most_kg, LARGEST))
    unit_value = max(-int(network.value.min(initial=0)), int(network.value.max(initial=0)), 1)
    stepped = network.multiple_kg > 1
    column_units = np.where(stepped, _ratio(network.multiple_kg, unit_kg), 1.0)
    switched = np.flatnonzero((network.low_kg == 0) & (network.smallest_kg > network.multiple_kg))
    n_switched = len(switched)

    low, high = _ratio(network.low_kg, unit_kg) / column_units, _ratio(network.high_kg, unit_kg) / column_units
    low[stepped], high[stepped] = np.round(low[stepped]), np.round(high[stepped])
    smallest = _ratio(network.smallest_kg, unit_kg)[switched] / column_units[switched]
    supply, demand = _ratio(network.supply_kg, unit_kg), _ratio(network.demand_kg, unit_kg)
    none = np.full(n_switched, highspy.kHighsInf)
    shared, n_shares = np.flatnonzero(network.share >= 0), len(network.share_kg)
    floor = [float(Fraction(network.floor_kg) / unit_kg)] if network.floor_kg else []
    grouped = np.flatnonzero(of_group(network)) if floor else shared[:0]

    lp = highspy.HighsLp()
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.num_col_, lp.num_row_ = n_arcs + n_switched, n_supplies + n_demands + 2 * n_switched + n_shares + len(floor)
    lp.col_cost_ = np.concatenate((_ratio(network.value, Fraction(unit_value)) * column_units, np.zeros(n_switched)))
    lp.col_lower_ = np.concatenate((low, np.zeros(n_switched)))
    lp.col_upper_ = np.concatenate((high, np.ones(n_switched)))
    lp.row_lower_ = np.concatenate(
        (
            supply if network.ship_supply else np.zeros(n_supplies),
            demand if network.fill_demand else np.zeros(n_demands),
            -none,  # quantity <= most x yes
            np.zeros(n_switched),  # quantity >= smallest x yes
            np.zeros(n_shares),
            floor,
        )
    )
    share = _ratio(network.share_kg, unit_kg)
    lp.row_upper_ = np.concatenate(
        (supply, demand, np.zeros(n_switched), none, share, [highspy.kHighsInf] * len(floor))
    )
    whole = highspy.HighsVarType.kInteger
    lp.integrality_ = [whole if step else highspy.HighsVarType.kContinuous for step in stepped] + [whole] * n_switched

    arc, yes = np.arange(n_arcs), np.arange(n_switched)
    first_row = n_supplies + n_demands
    rows = (network.tail, n_supplies + network.head, *(first_row + yes,) * 2, *(first_row + n_switched + yes,) * 2)
    columns = (arc, arc, switched, n_arcs + yes, switched, n_arcs + yes)
    one = np.ones(n_switched)
    numbers = (column_units, column_units, one, -high[switched], one, -smallest)
    first_row += 2 * n_switched
    rows += first_row + network.share[shared], np.full(len(grouped), first_row + n_shares)
    columns += shared, grouped
    numbers += column_units[shared], column_units[grouped]
    matrix = csc_array(
        (np.concatenate(numbers), (np.concatenate(rows), np.concatenate(columns))), shape=(lp.num_row_, lp.num_col_)
    )
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    column_kg = np.where(stepped, network.multiple_kg, unit_kg)
    return Program(lp, column_kg, switched, worth_unit=unit_value * unit_kg)


def _columns_of(program: Program, kg: np.ndarray) -> np.ndarray:
    """A plan as HiGHS sees it; shape (n_columns,)."""
    quantities = [float(amount / one) for amount, one in zip(kg.tolist(), program.column_kg.tolist(), strict=True)]
    return np.array(quantities + [float(kg[arc] > 0) for arc in program.switched])


def _in_whole_kilograms(network: Network, program: Program, columns: np.ndarray) -> Flow | None:
    """The plan that makes HiGHS's choices: the same arcs used, the same number of steps; None where that fails."""
    low_kg, high_kg = network.low_kg.copy(), network.high_kg.copy()
    used = columns[len(network.value) :] > 0.5
    low_kg[program.switched[used]] = network.smallest_kg[program.switched[used]]
    high_kg[program.switched[~used]] = 0
    for arc in np.flatnonzero(network.multiple_kg > 1).tolist():
        low_kg[arc] = high_kg[arc] = network.multiple_kg[arc] * round(columns[arc])
    if network.is_limited:
        flow = flow_near(network, whole_kg(program, columns), low_kg, high_kg)
    else:
        flow = best_flow(network, low_kg, high_kg)
    return None if flow is None or len(in_holes(network, flow.kg)) else flow


def whole_kg(program: Program, columns: np.ndarray) -> np.ndarray:
    """What HiGHS lets each arc carry, to the nearest kilogram; (n_arcs,)."""
    quantities = zip(columns.tolist(), program.column_kg.tolist(), strict=False)  # the choices come after the arcs
    return narrow(np.array([round(Fraction(column) * one) for column, one in quantities] + [0], dtype=object)[:-1])


def _widened(network: Network, program: Program, relaxed: Flow, reached: float) -> int:
    """The bound in whole units of value, no nearer than the margin, and never above the flow's."""
    dearest = max(-int(network.value.min(initial=0)), int(network.value.max(initial=0)))
    bound = Fraction(reached) * program.worth_unit + MARGIN * dearest * exact_sum(relaxed.kg)
    unit = gcd(*network.value.tolist()) or 1  # every plan is worth a multiple of it
    return min(floor(bound / unit) * unit, relaxed.value)


def _ratio(numbers: np.ndarray, divisor: Fraction) -> np.ndarray:
    """The numbers over the divisor as floats, whatever their size."""
    return np.array([float(Fraction(number) / divisor) for number in numbers.tolist()], dtype=float)
