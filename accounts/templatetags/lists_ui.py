"""What the parts of every list need: the rest of an address in a form, and a way to hand a list to a colleague."""

from urllib.parse import quote, urlencode

from django import template
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

register = template.Library()
OF_A_PAGE = ("page", "after", "before")
# What an address says beside the filter. The filter's own form carries these; a choice of columns carries the rest.
SHOWN_HOW = ("sort", "size", "columns", "density")


def hidden(query: QueryDict, names: list[str]) -> str:
    """Hidden fields of a form that hold parts of an address."""
    pairs = [(name, value) for name in names for value in query.getlist(name) if value.strip()]
    return format_html_join("\n", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def carried(query: QueryDict, more: str = "") -> str:
    """How a list is shown, and filters without a field of their own: the filter's form does not lose them."""
    return hidden(query, [*SHOWN_HOW, *more.split()])


@register.simple_tag
def carried_but(query: QueryDict, names: str) -> str:
    """All of an address but some of it, which the form says anew; a new choice begins at the first page."""
    left = {*names.split(), *OF_A_PAGE}
    return hidden(query, [name for name in query if name not in left])


@register.simple_tag
def letter_with(address: str) -> str:
    """The address of a letter that holds the address of a list: what handing it over is without script."""
    return "mailto:?" + urlencode({"subject": _("A view in TradeMatch"), "body": address}, quote_via=quote)
