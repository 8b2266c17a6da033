"""Codes of the corridor as words of the reader's language."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from accounts import figures
from commodities.facts import Confidence
from corridor.enums import Bearer, Mode, Stage
from corridor.legs import LegState
from corridor.sections import sections_for

register = template.Library()


@register.simple_tag(takes_context=True)
def corridor_sections(context) -> list[dict]:
    match = context["request"].resolver_match
    return sections_for(match.view_name if match else "")


@register.filter
def stage_name(stage: str) -> str:
    return str(Stage(stage).label)


@register.filter
def bearer_name(bearer: str) -> str:
    return str(Bearer(bearer).label) if bearer else ""


@register.filter
def sureness(confidence: str) -> str:
    """How sure a fact is; one that is not is a question."""
    return _("to be asked") if confidence == Confidence.UNSURE else str(Confidence(confidence).label)


@register.filter
def spot(place) -> str:
    """ "Kariangau container terminal" of "Kariangau container terminal, Balikpapan": a place where many stand."""
    return place.name_without_remark.partition(",")[0]


@register.filter
def leg_icon(mode: str) -> str:
    return {Mode.SEA: "sea", Mode.RAIL: "rail", Mode.ROAD: "road", Mode.RAIL_SEA: "rail"}.get(mode, "next")


@register.filter
def leg_state(state: str) -> str:
    return str(LegState(state).label)


@register.filter
def cents(low: Decimal, high: Decimal | None = None) -> str:
    """A line of a cost in USD and cents; from - to where it is a range."""
    return figures.span(figures.decimal(low, 2), figures.decimal(low if high is None else high, 2))
