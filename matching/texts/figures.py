"""Numbers, days and lists as the reader's language writes them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.figures import MINUS, measured, span
from commodities.texts import unit_label

NOT_BROKEN = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"


def number(value: float | int | Decimal, decimals: int | None = None) -> str:
    """A number with its own decimals, or with as many as asked."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if decimals is None:
        decimals = max(0, -exact.normalize().as_tuple().exponent)
    return number_format(round(exact, decimals), decimal_pos=decimals, use_l10n=True, force_grouping=True)


def quantity(kg: int) -> str:
    """Tonnes from one tonne up, kilograms below."""
    if abs(kg) < 1000:
        return _("%(number)s kg").replace(" ", NOT_BROKEN) % {"number": number(kg)}
    return _("%(number)s t").replace(" ", NOT_BROKEN) % {"number": number(Decimal(kg) / 1000)}


def price(usd_per_t: float, until: float | None = None) -> str:
    """USD a tonne, without cents where there are none; a range where both ends differ."""
    ends = [usd_per_t] if until is None or until == usd_per_t else [usd_per_t, until]
    decimals = 0 if all(float(end).is_integer() for end in ends) else 2
    amount = DASH.join(number(end, decimals) for end in ends)
    return _("%(number)s USD/t").replace(" ", NOT_BROKEN) % {"number": amount}


def percent(share: float) -> str:
    return measured(number(share, 1), "%")


def day(iso: str | None) -> str:
    """A stored day; open where there is none."""
    return date_format(date.fromisoformat(iso), "DATE_FORMAT") if iso else pgettext("a day that is not set", "open")


def period(first: str | None, last: str | None) -> str:
    return day(first) if first == last else f"{day(first)} {DASH} {day(last)}"


def month(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "YEAR_MONTH_FORMAT")


def days(count: int) -> str:
    return ngettext("%(number)s day", "%(number)s days", count) % {"number": number(count)}


def day_range(low: int, high: int) -> str:
    if low == high:
        return days(low)
    both = f"{number(low)}{DASH}{number(high)}"
    return ngettext("%(number)s day", "%(number)s days", high) % {"number": both}


def any_of(words: Iterable[str]) -> str:
    """ "a", "a or b", "a, b or c"."""
    words = [str(word) for word in words]
    if len(words) < 2:
        return "".join(words)
    return _("%(these)s or %(last)s") % {"these": ", ".join(words[:-1]), "last": words[-1]}


def spread(low: float | None, high: float | None, unit: str) -> str:
    """A range of a parameter with its unit."""
    unit = str(unit_label(unit))
    if low is not None and high is not None:
        return measured(span(signed(low), signed(high)), unit)
    if high is not None:
        return _("at most %(number)s") % {"number": measured(signed(high), unit)}
    if low is not None:
        return _("at least %(number)s") % {"number": measured(signed(low), unit)}
    return _("not stated")


def signed(value: float) -> str:
    """A number that may be below zero, such as a temperature."""
    return number(value).replace("-", MINUS)
