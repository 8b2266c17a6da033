"""Companies and goods in the reader's words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import figures
from commodities.enums import Sector
from commodities.facts import LATIN_LANGUAGES
from commodities.texts import short_name
from companies.enums import Activity, PaymentTerm
from companies.listing_states import Listing, state_of
from companies.models import Company
from companies.models.listings import ListingParameter
from companies.phones import shown_phone
from corridor.enums import Country

register = template.Library()

register.filter("short_name", short_name)
register.filter("shown_phone", shown_phone)


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


@register.filter
def or_not_known(text: str | None):
    """What is stated, or that it is not: in words, dashed."""
    return text or format_html('<span class="tm-unk">{}</span>', _("not known"))


@register.filter
def stands(listing: Listing) -> str:
    """How a need or capacity stands today, in a word: also that it has expired."""
    return str(state_of(listing, timezone.localdate()).label)


@register.filter
def is_web_address(text: str) -> bool:
    """Whether a link may lead there. A book may have brought in anything."""
    return text.startswith(("https://", "http://"))


@register.filter
def dialled(number: str) -> str:
    """A telephone number as a telephone takes it."""
    return "".join(letter for letter in number.partition(",")[0] if letter in "+0123456789")


def _labels(values: Iterable[str], labels: Mapping) -> str:
    return ", ".join(str(labels[value]) for value in values if value in labels)


@register.filter
def country_names(countries: list[str]) -> str:
    return _labels(countries, dict(Country.choices))


@register.filter
def sector_names(sectors: list[str]) -> str:
    return capfirst(_labels(sectors, dict(Sector.choices)))


@register.filter
def activity_names(activities: list[str]) -> str:
    return capfirst(_labels(activities, dict(Activity.choices)))


@register.filter
def language_names(languages: list[str]) -> str:
    """Each language as its own readers call it."""
    return _labels(languages, dict(settings.LANGUAGES))


@register.filter
def payment_names(terms: list[str]) -> str:
    return _labels(terms, dict(PaymentTerm.choices))


@register.filter
def stated_range(stated: ListingParameter) -> str:
    """What a listing says of one parameter: its values, or from - to, with the unit."""
    if stated.values:
        return ", ".join(stated.values)
    unit = stated.parameter.unit
    low, high = (None if end is None else figures.shortest(end) for end in (stated.low, stated.high))
    if low is None:
        return _("at most %(figure)s") % {"figure": figures.measured(high, unit)}
    if high is None:
        return _("at least %(figure)s") % {"figure": figures.measured(low, unit)}
    return figures.measured(figures.span(low, high), unit)


@register.filter
def date_of(moment: datetime) -> date:
    """The day of a moment on the clock of Balikpapan."""
    return timezone.localtime(moment).date()
