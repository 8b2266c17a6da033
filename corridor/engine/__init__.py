"""The pure heart of the corridor: places and legs in, routes and what they cost out. No Django, no clock, no files."""

from corridor.engine.charges import Charge
from corridor.engine.network import Carrier, Handling, Hop, Network
from corridor.engine.routes import STAY, Route, best_of, best_routes, routes_from, routes_towards

__all__ = [
    "STAY",
    "Carrier",
    "Charge",
    "Handling",
    "Hop",
    "Network",
    "Route",
    "best_of",
    "best_routes",
    "routes_from",
    "routes_towards",
]
