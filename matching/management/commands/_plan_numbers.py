"""Numbers of a plan file, which never pass through a float, and the error that says what is wrong with one."""

import json
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

MOST_DIGITS = 1_000  # before and after the point together: beyond, a short text would stand for an endless number


class PlanFileError(ValueError):
    """The file cannot be read as a plan problem; the message says what and where."""


def optional_kg(entry: dict, key: str, otherwise: int) -> int:
    return otherwise if entry.get(key) is None else whole_kg(entry[key], f"{entry['place']}.{key}")


def whole_kg(given, place: str) -> int:
    """Whole kilograms, at least 0."""
    number = number_in(given, place)
    if number != number.to_integral_value():
        raise PlanFileError(
            _("%(place)s must be whole kilograms, not %(given)s.") % {"place": place, "given": shown(given)}
        )
    if number < 0:
        raise PlanFileError(
            _("%(place)s must be at least 0 kg, not %(given)s.") % {"place": place, "given": shown(given)}
        )
    return scaled(number, 0)


def number_in(given, place: str) -> Decimal:
    """A decimal number, written as a JSON number or as text, of at most MOST_DIGITS digits when written out."""
    number = None
    if isinstance(given, Decimal):
        number = given
    elif isinstance(given, str) and given.isascii() and "_" not in given:
        try:
            number = Decimal(given)
        except InvalidOperation:
            number = None
    if number is None or not number.is_finite():
        raise PlanFileError(_("%(place)s must be a number, not %(given)s.") % {"place": place, "given": shown(given)})
    _sign, digits, exponent = number.as_tuple()
    if max(len(digits) + max(exponent, 0), -exponent) > MOST_DIGITS:
        raise PlanFileError(
            _("%(place)s has more than %(most)s digits when written out.") % {"place": place, "most": MOST_DIGITS}
        )
    return number


def decimal_in(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise PlanFileError(_("%(given)s is too long a number.") % {"given": shown(text)}) from error


def scaled(number: Decimal, decimals: int) -> int:
    """The number times 10^decimals, exactly."""
    sign, digits, exponent = number.as_tuple()
    whole = int("".join(map(str, digits)) or "0")
    shift = exponent + decimals
    return (-1 if sign else 1) * (whole * 10**shift if shift >= 0 else whole // 10**-shift)


def written_out(number: int, decimals: int) -> str:
    """number / 10^decimals as a plain decimal, digit by digit: neither rounded nor with an exponent."""
    digits = str(abs(number)).rjust(decimals + 1, "0")
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :].rstrip("0")
    return ("-" if number < 0 else "") + whole + (f".{fraction}" if fraction else "")


def shown(given) -> str:
    """What was given, as it stood in the file, cut where it is long."""
    text = str(given) if isinstance(given, Decimal) else json.dumps(given, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
