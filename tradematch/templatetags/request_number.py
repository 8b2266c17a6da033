"""The request number, on pages that must come out without a request in their context."""

from django import template

from tradematch import request_ids

register = template.Library()


@register.simple_tag
def request_number() -> str:
    return request_ids.current()
