"""What each role sees first, the lists behind its figures, and what a person chooses there."""

from desk.views.home import home
from desk.views.lists import balance, ending_capacities, ending_needs, unmet, unused
from desk.views.sectors import sectors
from desk.views.ui import ui

__all__ = ["balance", "ending_capacities", "ending_needs", "home", "sectors", "ui", "unmet", "unused"]
