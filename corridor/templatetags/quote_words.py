"""Quotes, rates and premiums in the reader's words."""

from django import template

from corridor.enums import QuoteScope
from corridor.quotes import QuoteState

register = template.Library()

TONES = {
    QuoteState.IN_FORCE: "sky",
    QuoteState.ENDS_SOON: "warn",
    QuoteState.EXPIRED: "warn",
    QuoteState.LATER: "line",
    QuoteState.REPLACED: "line",
    QuoteState.WITHDRAWN: "line",
}


@register.filter
def state_name(state: str) -> str:
    return str(QuoteState(state).label)


@register.filter
def state_tone(state: str) -> str:
    return TONES[QuoteState(state)]


@register.filter
def is_at_one_place(quote) -> bool:
    """A terminal or fitting out: nothing moves."""
    return quote.scope in (QuoteScope.TERMINAL, QuoteScope.FITTING)


@register.filter
def is_among(rate, counting: set) -> bool:
    """Whether a rate of exchange is one of those that count, told by currency and day."""
    return (rate.currency, rate.on) in counting
