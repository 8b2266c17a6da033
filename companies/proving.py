"""What a registration number proves by itself, in a sentence each, and where to look it up. No register is asked."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from companies.faults import Refusal
from companies.models import Company
from companies.numbers import BIN_BODIES, NPWP_LENGTH, clean_npwp, clean_registration_number
from corridor.enums import Country

BODIES = {  # digit 5 of a BIN
    "4": gettext_lazy("resident organisation"),
    "5": gettext_lazy("organisation of non-residents"),
    "6": gettext_lazy("joint individual enterprise"),
}
UNITS = {  # digit 6 of a BIN
    "0": gettext_lazy("head office"),
    "1": gettext_lazy("branch"),
    "2": gettext_lazy("representation"),
    "3": gettext_lazy("joint farm"),
}


def what_the_number_proves(company: Company) -> list[str]:
    """What our own check of the number says; empty without a number."""
    number = company.registration_number
    if not number:
        return []
    try:
        clean_registration_number(number, company.country)
    except Refusal as refusal:
        return [str(refusal)]
    if company.country == Country.INDONESIA:
        return [_("13 digits. A NIB has no public check digit: whose it is, only its document or the register says.")]
    if number[4] in BIN_BODIES:
        return [_told_by_bin(number)]
    return [_("IIN of a sole trader: the check digit is right, and it begins with a day of the calendar.")]


def what_the_tax_number_proves(company: Company) -> list[str]:
    """The same for a NPWP."""
    number = company.tax_number
    if not number:
        return []
    try:
        clean_npwp(number)
    except Refusal as refusal:
        return [str(refusal)]
    if number[0] != "0":
        return [
            _("%(digits)s digits of a citizen (NIK): it holds a day of the calendar.")
            % {"digits": figures.decimal(NPWP_LENGTH)}
        ]
    return [_("NPWP: the check digit is right.")]


def where_to_look_it_up(country: str) -> str:
    """Which registers know the number; their addresses are not ours to give."""
    if country == Country.INDONESIA:
        return _("Look it up in OSS, which gives a company its NIB, or hold it against the document.")
    return _(
        "Look it up by the number at eGov or in the business register of stat.gov, or hold it against the document."
    )


def _told_by_bin(number: str) -> str:
    year = 2000 + int(number[:2])
    if year > timezone.localdate().year:
        year -= 100
    return _("BIN: the check digit is right; month of registration: %(month)s; %(body)s, %(unit)s.") % {
        "month": figures.month(date(year, int(number[2:4]), 1)),
        "body": BODIES[number[4]],
        "unit": UNITS[number[5]],
    }
