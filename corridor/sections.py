"""The pages of the corridor, side by side under its heading. Each page adds its line here."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Section:
    """A page of the corridor, and the start of the view names that count as being there."""

    view: str
    label: Promise
    here: str


SECTIONS = (
    Section("corridor:overview", _("Map"), "corridor:overview"),
    Section("corridor:leg-list", _("Legs"), "corridor:leg"),
    Section("corridor:quote-list", _("Freight quotes"), "corridor:quote"),
    Section("corridor:rate-list", _("Rates of exchange"), "corridor:rate"),
    Section("corridor:duty-list", _("Duties"), "corridor:duty"),
    Section("corridor:requirement-list", _("Papers"), "corridor:requirement"),
    Section("corridor:preference-list", _("Preferences"), "corridor:preference"),
)


def sections_for(view_name: str) -> list[dict]:
    """The pages with their addresses, the one of a view marked."""
    return [
        {"url": reverse(section.view), "label": section.label, "is_current": view_name.startswith(section.here)}
        for section in SECTIONS
    ]
