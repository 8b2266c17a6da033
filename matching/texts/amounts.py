"""Kilograms that are told exactly, or only as a band, so that nobody is known by a figure."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from accounts import figures

KG_PER_T = 1000
EDGES_T = (0, 10, 50, 200, 1000)
BANDS_KG = (*pairwise(edge * KG_PER_T for edge in EDGES_T), (EDGES_T[-1] * KG_PER_T, None))


@dataclass(frozen=True)
class Amount:
    """Kilograms from - to; both the same: exactly; no upper end: or more."""

    low_kg: int
    high_kg: int | None
    is_monthly: bool = False

    def __str__(self) -> str:
        said = self._words()
        return _("%(quantity)s per month") % {"quantity": said} if self.is_monthly else said

    def _words(self) -> str:
        if self.high_kg is None:
            return _("%(number)s t or more") % {"number": figures.tonnes(self.low_kg)}
        if self.low_kg == self.high_kg:
            return _("%(number)s t") % {"number": figures.tonnes(self.low_kg)}
        if not self.low_kg:
            return _("under %(number)s t") % {"number": figures.tonnes(self.high_kg)}
        return _("%(low)s to %(high)s t") % {
            "low": figures.tonnes(self.low_kg),
            "high": figures.tonnes(self.high_kg),
        }


def exactly(kg: int, *, is_monthly: bool = False) -> Amount:
    return Amount(kg, kg, is_monthly)


def band(kg: int, *, is_monthly: bool = False) -> Amount:
    """The band in which some kilograms lie: from its lower edge on, below its upper one."""
    low, high = next((low, high) for low, high in BANDS_KG if high is None or kg < high)
    return Amount(low, high, is_monthly)
