"""How figures are written for the person who reads them: quantities, money, days, moments, in four languages.

Every page, report and sentence writes its numbers here, so that 1.208 USD/t on a page in Indonesian is 1,208 USD/t in
English and 1 208 USD/t (with a no-break space) in Russian and Kazakh. A minus is U+2212, a range has an en dash
(an ellipsis where a figure is below zero: −18…−12).
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache, wraps
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval, format_skeleton
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy

LOCALES = {code: Locale.parse(tag) for code, tag in {"en": "en_GB", "id": "id", "ru": "ru", "kk": "kk"}.items()}
MINUS = "\u2212"
EN_DASH = "\u2013"
ELLIPSIS = "\u2026"
NO_BREAK = "\u00a0"
ASTANA = ZoneInfo("Asia/Almaty")
KG_PER_T = 1000

# Django's own Kazakh catalogue writes months large, which Kazakh does not. Named here so that ours comes first.
MONTHS = (
    pgettext_lazy("alt. month", "January"),
    pgettext_lazy("alt. month", "February"),
    pgettext_lazy("alt. month", "March"),
    pgettext_lazy("alt. month", "April"),
    pgettext_lazy("alt. month", "May"),
    pgettext_lazy("alt. month", "June"),
    pgettext_lazy("alt. month", "July"),
    pgettext_lazy("alt. month", "August"),
    pgettext_lazy("alt. month", "September"),
    pgettext_lazy("alt. month", "October"),
    pgettext_lazy("alt. month", "November"),
    pgettext_lazy("alt. month", "December"),
)

Number = int | float | Decimal


class AtLeast(int):
    """So many, or more: nobody counted any further. It is written 10,000+."""


def reader_locale() -> Locale:
    """The locale of the page's language."""
    return LOCALES.get((get_language() or "en")[:2], LOCALES["en"])


def decimal(value: Number, places: int = 0, *, sign: bool = False) -> str:
    """A number with a fixed count of decimals; `sign` writes a plus before what is added."""
    return _decimal(value, places, sign, reader_locale().language)


@lru_cache(maxsize=10_000, typed=True)
def _decimal(value: Number, places: int, sign: bool, language: str) -> str:
    """A figure of a list comes back row after row, and page after page. `AtLeast(3)` equals 3, but is another type."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    text = format_decimal(abs(rounded), format=pattern, locale=LOCALES[language])
    if rounded < 0:
        return MINUS + text
    if isinstance(value, AtLeast):
        return f"{text}+"
    return f"+{text}" if sign and rounded > 0 else text


def shortest(value: Number, most: int = 4) -> str:
    """A number with as many decimals as it has, at most `most`."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-most)).normalize()
    return decimal(rounded, max(0, -int(rounded.as_tuple().exponent)))


def tonnes(kg: int) -> str:
    """Kilograms as tonnes: whole where they are whole or many, else to the kilogram. The unit is the caller's."""
    if abs(kg) >= 100 * KG_PER_T:
        return decimal(Decimal(kg) / KG_PER_T)
    return shortest(Decimal(kg) / KG_PER_T, most=3)


def usd_per_t(value: Number) -> str:
    """A price per tonne: whole dollars, with cents only where they would be felt (below 10)."""
    return decimal(value, 0 if abs(value) >= 10 or value == int(value) else 2)


def price(amount: Decimal) -> str:
    """A price as it was typed: without cents where there are none."""
    return decimal(amount) if amount == amount.to_integral_value() else shortest(amount)


def percent(share: Number, places: int = 0) -> str:
    """A share of 1 as percent."""
    return measured(decimal(Decimal(str(share)) * 100, places), "%")


def measured(number: str, unit: str) -> str:
    """A written figure and its unit, never torn apart. A percent sign stands close in English and Indonesian."""
    is_close = not unit or (unit == "%" and reader_locale().language not in ("ru", "kk"))
    return f"{number}{unit}" if is_close else f"{number}{NO_BREAK}{unit}"


def span(low: str, high: str) -> str:
    """Two written figures as a range, or the one where they are the same. Between minus signs no dash can be told."""
    if low == high:
        return low
    return f"{low}{ELLIPSIS}{high}" if MINUS in low + high else f"{low}{EN_DASH}{high}"


def _kept(write: Callable[..., str]) -> Callable[..., str]:
    """Writes a day once for each language: the same few days come back row after row, and page after page."""

    @lru_cache(maxsize=10_000)
    def written(_language: str, *dates: date) -> str:
        return write(*dates)

    @wraps(write)
    def of_reader(*dates: date) -> str:
        return written(reader_locale().language, *dates)

    return of_reader


def day(on: date) -> str:
    """24 Nov 2026, 24.11.2026: as short as it can be without being read as another day.

    Of a moment it is the day on the clock of Balikpapan: stored in UTC, the morning there is still the day before.
    """
    if isinstance(on, datetime):
        on = timezone.localtime(on).date()
    return _day(on)


@_kept
def _day(on: date) -> str:
    if reader_locale().language in ("ru", "kk"):
        return on.strftime("%d.%m.%Y")
    return _plain(format_date(on, "d MMM y", locale=reader_locale()))


def written_day(on: date) -> str:
    """24 November 2026, 2026 ж. 24 қараша: with the month as a word, so that nobody takes the day for it."""
    return _plain(format_date(on, "long", locale=reader_locale()))


def weekday(on: date) -> str:
    return format_date(on, "EEEE", locale=reader_locale())


def long_day(on: date) -> str:
    """Tuesday, 24 November 2026."""
    return _plain(format_date(on, "full", locale=reader_locale()))


@_kept
def days(first: date, last: date) -> str:
    """From a day to a day: 10-31 Jan 2027 with an en dash."""
    if first == last:
        return _plain(format_skeleton("yMMMd", first, locale=reader_locale()))
    return _plain(format_interval(first, last, "yMMMd", locale=reader_locale()))


@_kept
def month(on: date) -> str:
    return _plain(format_skeleton("yMMM", on, locale=reader_locale()))


def moment(at: datetime) -> str:
    """24 Nov 2026, 06:10 WITA (03:10 Astana): on the clocks of both ends of the corridor."""
    here, there = timezone.localtime(at), at.astimezone(ASTANA)
    hours = "HH.mm" if reader_locale().language == "id" else "HH:mm"
    return (
        f"{day(here.date())}, {format_datetime(here, hours, locale=reader_locale())} WITA"
        f" ({format_datetime(there, hours, locale=reader_locale())} {_astana()})"
    )


def clock(at: datetime) -> str:
    """The day and the time on the clock of Balikpapan."""
    here = timezone.localtime(at)
    hours = "HH.mm" if reader_locale().language == "id" else "HH:mm"
    return f"{day(here.date())}, {format_datetime(here, hours, locale=reader_locale())}"


def _astana() -> str:
    return "Астана" if reader_locale().language in ("ru", "kk") else "Astana"


def _plain(text: str) -> str:
    """CLDR's thin blanks are not in every font: a no-break space says the same. September is Sep, as in Django."""
    return text.replace("\u2009", " ").replace("\u202f", NO_BREAK).replace("Sept ", "Sep ")
