"""Codes of the matching in the reader's words."""

from decimal import Decimal
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import figures
from accounts.templatetags.figures import of_whole, points, with_unit
from commodities.texts import short_name
from companies.templatetags.companies_words import for_reader, name_in_short
from corridor.enums import Mode
from matching import texts
from matching.engine import RULE_CODES

register = template.Library()

PPM = 1_000_000
MILLION = 1_000_000
# The signs between two facts are drawn, so that no font has to know them.
SIGN_ICONS = {
    "=": "same",
    "≠": "other",
    "≤": "less",
    "≥": "more",
    "<": "under",
    ">": "over",
    "∋": "holds",
    "∌": "lacks",
}


for name_filter in (short_name, name_in_short, for_reader):
    register.filter(name_filter.__name__, name_filter)


@register.simple_tag
def direction(origin: str, destination: str) -> str:
    """From a country to a country, drawn."""
    return _direction(origin, destination, get_language())


@lru_cache(maxsize=100)
def _direction(origin: str, destination: str, _language: str) -> str:
    """A page says the same two or three ways row after row."""
    return render_to_string("ui/_direction.html", {"origin": origin, "destination": destination})


@register.filter
def mode_icon(mode: str) -> str:
    return {Mode.SEA: "sea", Mode.RAIL: "rail", Mode.ROAD: "road", Mode.RAIL_SEA: "rail"}.get(mode, "next")


@register.filter
def rule_name(code: str) -> str:
    return str(texts.RULE_NAMES[code])


@register.filter
def unknown_rules(result) -> list[str]:
    """The rules that found too little to answer, in their order."""
    return [rule for rule in RULE_CODES if result.verdicts.get(rule) == 0]


@register.filter
def score_words(result, rules: int) -> dict:
    """A score with the length of its bar, how the bar looks, and how much is known."""
    return {
        "points": points(result.score_ppm),
        "length": of_whole(result.score_ppm, PPM),
        "tone": score_tone(result),
        "known": known_words(result.known_rules, rules),
    }


def score_tone(result) -> str:
    """The class of the bar: a rule that fails is seen."""
    return "tm-m-warn" if result.failed_rules else "tm-m-sky"


def known_words(known: int, rules: int) -> str:
    """How many of the rules found enough to answer."""
    return _("%(known)s of %(rules)s known") % {"known": known, "rules": rules}


@register.filter
def failure_words(code: str) -> str:
    """Why a run did not finish, what is safe and what to do."""
    return texts.failure(code)


@register.filter
def sign_icon(sign: str) -> str:
    """The icon of a sign; none for the question mark, which every font has."""
    return SIGN_ICONS.get(sign, "")


@register.simple_tag
def usd_sum(low: Decimal, high: Decimal):
    """A sum of money in whole USD: one figure, or from - to."""
    return with_unit(figures.span(figures.decimal(low), figures.decimal(high)), "USD")


@register.simple_tag
def usd_in_all(low: Decimal, high: Decimal):
    """A large sum of money: in millions where it is one, from - to."""
    if high < MILLION:
        return usd_sum(low, high)
    return with_unit(figures.span(*(figures.decimal(amount / MILLION, 1) for amount in (low, high))), _("million USD"))
