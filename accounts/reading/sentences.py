"""Says in the reader's language why a typed number or day is not taken, and what to type instead."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts import figures

SENTENCES = {
    "number_missing": _("A number is missing."),
    "number_two_readings": _("“%(text)s” can be read as %(one)s or as %(two)s. Write %(one)s or %(two)s."),
    "number_negative": _("“%(text)s” is below zero. Write an amount above zero."),
    "number_exponent": _("“%(text)s” is written with an exponent. Write all its digits."),
    "number_too_long": _("“%(text)s” has more than %(digits)s digits. Check the amount."),
    "number_too_fine": _("“%(text)s” has more than %(decimals)s digits after the decimal sign. Round it."),
    "number_not_whole": _("“%(text)s” is not a whole number. Write it without decimals."),
    "number_other_digits": _("“%(text)s” is written with digits such as “%(letter)s”. Use the digits 0 to 9."),
    "number_strange_letter": _(
        "“%(text)s” is not a number because of “%(letter)s”. Write digits only, without a unit."
    ),
    "number_bad_groups": _(
        "“%(text)s” is not a number: its groups of digits do not fit. Write it without separators, for example "
        "1500 or 1500.5."
    ),
    "number_below_least": _("%(text)s is too small. Write %(least)s or more."),
    "number_above_most": _("%(text)s is too large. Write %(most)s or less."),
    "day_missing": _("A day is missing."),
    "day_two_readings": _("“%(text)s” can be %(one)s or %(two)s. Write the year first: %(one_iso)s or %(two_iso)s."),
    "day_short_year": _(
        "“%(text)s” has a year of two digits. Write the year first and in full, for example 2026-06-13."
    ),
    "day_not_read": _("“%(text)s” is not a day. Write the year first, for example 2026-06-13."),
    "day_not_in_calendar": _("There is no day “%(text)s”. Write the year first, for example 2026-06-13."),
    "day_far_away": _("The day %(text)s is not between %(first)s and %(last)s. Check the year."),
    "day_too_early": _("%(text)s is too early. Choose %(least)s or a later day."),
    "day_too_late": _("%(text)s is too late. Choose %(most)s or an earlier day."),
    "cell_has_control_letters": _("The text holds invisible control characters. Write it again by hand."),
    "cell_has_lines": _("The text has line breaks or tabs. Write it on one line."),
    "text_too_long": _("The text has %(letters)s characters; at most %(most)s can be kept."),
}


def sentence(code: str, params: Mapping) -> str:
    """The sentence of a code with its facts; days with the month as a word, so that nobody takes the day for it."""
    facts = {}
    for name, value in params.items():
        if isinstance(value, date):
            facts[name] = figures.written_day(value)
            facts[f"{name}_iso"] = value.isoformat()
        else:
            facts[name] = value
    return str(SENTENCES[code]) % facts
