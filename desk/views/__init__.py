"""What each role sees first, the lists behind its figures, and what a person chooses there."""

from desk.views.home import home
from desk.views.lists import balance, unmet, unused
from desk.views.sectors import sectors

__all__ = ["balance", "home", "sectors", "unmet", "unused"]
