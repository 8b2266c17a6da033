"""The best flow through a component of very many arcs, all of which are laid out: nearly first, then exactly."""

import numpy as np

from matching.engine.plan.network import Network
from matching.engine.plan.priced import make_it_best_from_afar
from matching.engine.plan.residual import flow_of, residual_of


def settled_flow(network: Network, value, supply_kg, demand_kg, room_kg) -> np.ndarray:
    """Kilograms on each arc; int64 (n_arcs,). The network must be plain (`is_plain`)."""
    nothing = np.zeros(len(value), np.int64)
    ends = supply_kg, demand_kg, network.tail, network.head
    residual = residual_of(*ends, value, nothing, room_kg, nothing)
    price = np.zeros(residual.n_nodes, np.int64)
    make_it_best_from_afar(residual, price, int(np.abs(value).max(initial=0)))
    return flow_of(residual, nothing)
