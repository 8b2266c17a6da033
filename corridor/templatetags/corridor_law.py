"""Papers and lines of the tariff as words of the reader's language."""

from collections.abc import Iterable
from datetime import date

from django import template
from django.utils.translation import gettext as _

from accounts import figures
from commodities.enums import Sector
from corridor import tariff_words
from corridor.engine import gates
from corridor.enums import LawState, PaperSection, RequirementKind, WhyCounted
from corridor.law import ways_of
from corridor.models import Tariff

register = template.Library()

register.filter("rate", tariff_words.rate)
register.filter("packing", tariff_words.packing)
register.filter("preferred_rate", tariff_words.preferred_rate)
register.filter("measure_name", tariff_words.measure_name)
register.filter("market_name", tariff_words.market_name)


@register.filter
def section_name(section: str) -> str:
    return str(PaperSection(section).label)


@register.filter
def requirement_kind(kind: str) -> str:
    return str(RequirementKind(kind).label)


@register.filter
def why_counted(why: str) -> str:
    return str(WhyCounted(why).label)


@register.filter
def law_state(state: str) -> str:
    return str(LawState(state).label)


@register.filter
def directions_of(direction: str) -> list[tuple[str, str]]:
    """A direction of the reference data as pairs of countries."""
    return ways_of(direction)


@register.filter
def validity(row) -> str:
    """From when to when something holds, in words; empty where no day is known."""
    return in_days(row.valid_from, row.valid_to)


def in_days(since: date | None, until: date | None) -> str:
    words = {"since": since and figures.written_day(since), "until": until and figures.written_day(until)}
    if since and until:
        return _("from %(since)s until %(until)s") % words
    if since:
        return _("from %(since)s") % words
    return _("until %(until)s") % words if until else ""


@register.filter
def age_of_source(row) -> str:
    """How old what something rests on is, where that is too old or not known; empty where it is fresh."""
    if row.source_day is None:
        return _("date of the source not known")
    if row.state == gates.STALE:
        return _("source of %(day)s: look again before relying on it") % {"day": figures.written_day(row.source_day)}
    return _("source of %(day)s") % {"day": figures.written_day(row.source_day)}


@register.filter
def sector_names(sectors: list[str]) -> str:
    return ", ".join(str(Sector(sector).label) for sector in sectors)


@register.filter
def rates(lines: Iterable[Tariff]) -> list[str]:
    """What several lines ask for, each rate once."""
    return list(dict.fromkeys(tariff_words.rate(line) or _("not known") for line in lines))


@register.filter
def preferred_rates(lines: Iterable[Tariff]) -> list[str]:
    return list(dict.fromkeys(tariff_words.preferred_rate(line) for line in lines))
