"""The best flow through a component of very many arcs, all of which are laid out: nearly first, then exactly."""

import numpy as np

from matching.engine.plan.network import Network
from matching.engine.plan.priced import make_it_best
from matching.engine.plan.residual import flow_of, residual_of
from matching.engine.plan.scaling import FINE, settle

NEARLY = 100, 1_000  # parts of the dearest worth: how near the best the flow comes before it is made exact


def settled_flow(network: Network, value, supply_kg, demand_kg, room_kg) -> np.ndarray:
    """Kilograms on each arc; int64 (n_arcs,). The network must be plain (`is_plain`)."""
    nothing = np.zeros(len(value), np.int64)
    ends = supply_kg, demand_kg, network.tail, network.head
    residual = residual_of(*ends, value, nothing, room_kg, nothing)
    price = np.zeros(residual.n_nodes, np.int64)
    dearest = max(int(np.abs(value).max(initial=0)), 1)
    coarse = dearest
    for part in NEARLY:
        settle(residual, price, FINE * coarse, max(FINE * dearest // part, 1))
        coarse = dearest // part
    price //= FINE
    make_it_best(residual, price)
    return flow_of(residual, nothing)
