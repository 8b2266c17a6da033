"""Figures in templates: `{{ kg|tonnes }}` gives the number, `{% quantity kg %}` the number with its unit."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import figures
from accounts.markup import filled

register = template.Library()


NOTHING = object()


def _if_known(write):
    """A filter that leaves "not known" to the template: None stays None."""

    def filtered(value, argument=NOTHING):
        if value is None or value == "":
            return None
        return write(value) if argument is NOTHING else write(value, argument)

    return filtered


register.filter("decimal", _if_known(figures.decimal))
register.filter("shortest", _if_known(figures.shortest))
register.filter("tonnes", _if_known(figures.tonnes))
register.filter("usd_per_t", _if_known(figures.usd_per_t))
register.filter("price", _if_known(figures.price))
register.filter("percent", _if_known(figures.percent))
register.filter("day", _if_known(figures.day))
register.filter("long_day", _if_known(figures.long_day))
register.filter("days_until", _if_known(figures.days))
register.filter("month", _if_known(figures.month))
register.filter("moment", _if_known(figures.moment))
register.filter("clock", _if_known(figures.clock))


@register.filter
def points(ppm: int | None, places: int = 0) -> str | None:
    """A score in millionths as points of 100."""
    return None if ppm is None else figures.decimal(Decimal(ppm) / 10_000, places)


@register.filter
def of_whole(part: float, whole: float) -> str:
    """A length in hundredths of a bar, as SVG writes it in every language."""
    return f"{100 * max(0, min(part, whole)) / whole:.2f}" if whole else "0"


@register.simple_tag
def with_unit(number, unit: str):
    """A figure and its unit after a thin gap; in words where it is not known."""
    if number is None or number == "":
        return filled('<span class="tm-unk">{}</span>', _("not known"))
    return filled('{}<span class="tm-u">{}</span>', number, unit)


@register.simple_tag
def quantity(kg: int | None, period: str = ""):
    """Kilograms in tonnes, and "per month" where they recur."""
    unit = _("t/month") if period == "monthly" else _("t")
    return with_unit(None if kg is None else figures.tonnes(kg), unit)


@register.simple_tag
def usd_range(low, high):
    """A landed cost: one figure, or from - to."""
    if low is None or high is None:
        return with_unit(None, "")
    return with_unit(figures.span(figures.usd_per_t(low), figures.usd_per_t(high)), _("USD/t"))


@register.simple_tag
def day_range(low, high):
    """Days on the way under a head that says so: the figures alone."""
    if low is None or high is None:
        return with_unit(None, "")
    return figures.span(figures.decimal(low), figures.decimal(high))


@register.simple_tag
def day_count(low, high):
    """Days on the way: one figure, or from - to."""
    if low is None or high is None:
        return with_unit(None, "")
    return with_unit(figures.span(figures.decimal(low), figures.decimal(high)), ngettext("day", "days", high))
