"""Sums of money of the overview: in millions where they are large, always with their currency."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from accounts import figures
from accounts.templatetags.figures import with_unit

register = template.Library()
MILLION = Decimal(1_000_000)


@register.simple_tag
def usd_sum(low: Decimal | None, high: Decimal | None = None):
    """An amount, or from - to; in words where it is not known."""
    if low is None:
        return with_unit(None, "")
    high = low if high is None else high
    if high >= MILLION:
        written, unit = [figures.decimal(amount / MILLION, 1) for amount in (low, high)], _("million USD")
    else:
        written, unit = [figures.decimal(amount) for amount in (low, high)], _("USD")
    return with_unit(figures.span(*written), unit)
