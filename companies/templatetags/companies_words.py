"""Companies and goods in the reader's words."""

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from commodities.facts import LATIN_LANGUAGES
from commodities.texts import short_name
from companies.models import Company

register = template.Library()

register.filter("short_name", short_name)


@register.filter
def name_in_short(name: str) -> str:
    """A name that fits a row; the whole of a long one shows when pointed at."""
    short = short_name(name)
    return name if short == name else format_html('<span title="{}">{}</span>', name, short)


@register.filter
def for_reader(company: Company) -> str:
    """The name of a company in letters that the reader reads: Latin ones in English and Indonesian."""
    if company.name_latin and get_language() in LATIN_LANGUAGES:
        return company.name_latin
    return str(company)
