"""The catalogue in the reader's words."""

from django import template
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import figures
from commodities.facts import FALLBACKS
from commodities.models import Commodity, CommodityParameter
from commodities.texts import unit_label

register = template.Library()


@register.filter
def other_names(node: Commodity) -> list[tuple[str, str]]:
    """What it is called in the languages that the reader does not read the page in."""
    own = (get_language() or "en")[:2]
    names = [(code, getattr(node, f"name_{code}")) for code in FALLBACKS if code != own]
    return [(code, name) for code, name in names if name]


@register.filter
def language_name(code: str) -> str:
    """A language in the reader's words."""
    return str(dict(settings.LANGUAGES)[code])


@register.filter
def usual_limits(one: CommodityParameter) -> str:
    """What is usual of a parameter: its values, or at least, at most, from - to, with the unit."""
    if one.values:
        return ", ".join(one.values)
    unit = unit_label(one.parameter.unit)
    low, high = (None if end is None else figures.shortest(end) for end in (one.limit_min, one.limit_max))
    if low is None and high is None:
        return one.text
    if low is None:
        return _("at most %(figure)s") % {"figure": figures.measured(high, unit)}
    if high is None:
        return _("at least %(figure)s") % {"figure": figures.measured(low, unit)}
    return figures.measured(figures.span(low, high), unit)
