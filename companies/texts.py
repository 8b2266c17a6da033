"""Says the codes of `faults.py` and of the book import in the reader's language: what is wrong, what to do."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.reading.sentences import SENTENCES as READING_SENTENCES
from accounts.sheets.sentences import FILE_SENTENCES
from commodities.enums import Unit
from commodities.facts import FALLBACKS
from companies.book.sentences import BOOK_SENTENCES
from companies.enums import CompanyKind, CompanyStatus, ListingStatus
from corridor.enums import Country

SENTENCES = {
    **READING_SENTENCES,
    **FILE_SENTENCES,
    # Numbers
    "number_strange_letter": _(
        "“%(text)s” is not a number because of “%(letter)s”. Write digits only, and the unit in its own column."
    ),
    "number_not_positive": _("The amount is zero. Write an amount above zero."),
    "number_too_large": _("%(amount)s is more than can be kept. Check the amount and the unit."),
    "number_cell_expected": _("“%(text)s” is not a number. Write digits only."),
    # Days
    "day_is_number": _("%(text)s is a number, not a day. Format the cell as a date, or write the day as 2026-06-13."),
    "day_with_time": _("“%(text)s” has a time of day. Write the day alone, for example 2026-06-13."),
    # Registration numbers
    "number_not_digits": _("The number “%(number)s” holds something other than digits."),
    "bin_length": _("A BIN or IIN has 12 digits; %(number)s has %(found_digits)s."),
    "bin_month": _("In the BIN %(number)s digits 3 and 4 are a month; %(month)s is none."),
    "bin_branch": _(
        "In the BIN %(number)s digit 6 is 0, 1, 2 or 3 (head office, branch, representation, joint farm); "
        "%(digit)s is not used."
    ),
    "bin_never_issued": _("The number %(number)s is never issued: no check digit fits its first eleven digits."),
    "bin_check_digit": _(
        "The check digit of %(number)s is %(digit)s but must be %(expected)s. One of the digits is mistyped."
    ),
    "iin_century": _("In the IIN %(number)s digit 7 is 1 to 6 (the century); %(digit)s is not used."),
    "iin_birthday": _("The IIN %(number)s begins with a day of birth; %(day)s is no day of the calendar."),
    "nib_length": _("A NIB has 13 digits; %(number)s has %(found_digits)s."),
    "nib_zeros": _("A NIB is not all zeros."),
    "npwp_length": _("A NPWP has 16 digits, or 15 in its older form; %(number)s has %(found_digits)s."),
    "npwp_zeros": _("A NPWP is not all zeros."),
    "npwp_check_digit": _(
        "In the NPWP %(number)s the check digit %(digit)s does not fit the digits before it. One of them is mistyped."
    ),
    "nik_birthday": _("A NPWP of a citizen is the NIK; its digits 7 to 12 are a day of birth, and %(day)s is none."),
    # Telephones
    "phone_strange_letter": _(
        "“%(text)s” is no telephone number because of “%(letter)s”. It looks like %(example)s; put an extension after"
        " a comma."
    ),
    "phone_short": _("%(text)s has too few digits for a telephone number. It looks like %(example)s."),
    "phone_long": _("%(text)s has too many digits for a telephone number. It looks like %(example)s."),
    "phone_country_unsaid": _(
        "%(text)s names no country. Begin with a plus and the code of the country, such as %(example)s."
    ),
    "registered_elsewhere": _(
        "The registration number %(number)s is here already, as the company “%(code)s”. Use that code."
    ),
    "zero_lost": _(
        "%(text)s was read as a number and has lost its leading zero. Format the column as text and write %(padded)s."
    ),
    "digits_lost": _(
        "“%(text)s” was shortened by the spreadsheet and has lost digits. Format the column as text and write all"
        " digits again."
    ),
    # Companies
    "company_suspended": _("%(company)s is suspended: it can hold no open needs or capacities."),
    "company_is_directory": _(
        "%(company)s is an entry of the public directory and holds no needs or capacities until the company claims it."
    ),
    "company_kind_differs": _("The code “%(code)s” belongs to another kind of entry (%(kind)s). Choose another code."),
    "company_country_fixed": _(
        "The country of “%(code)s” cannot change from %(old)s to %(new)s while it has a registration number."
    ),
    "company_unknown": _(
        "There is no company “%(text)s” in the file or here. Add it to the sheet of companies, or check its code."
    ),
    "company_row_refused": _(
        "The row of the company “%(code)s” is refused, so this row goes with it. Correct row %(row)s of %(sheet)s."
    ),
    "code_not_slug": _("“%(text)s” is not a code. Use the letters a to z, digits and hyphens, at most 40."),
    "company_latin_needed": _("A code is needed, or a name in Latin letters from which to make one."),
    "only_staff_may_say": _("Only city staff and embassy officers fill this column. Leave it empty."),
    # Listings
    "unit_not_allowed": _("%(commodity)s cannot be counted in %(unit)s here. Use one of: %(allowed)s."),
    "quantity_not_whole_kg": _("%(text)s %(unit)s are not a whole number of kilograms. Round to the kilogram."),
    "quantity_too_large": _(
        "%(quantity)s kg is more than this corridor trades in a year. Check the amount and the unit."
    ),
    "quantity_not_positive": _("Enter at least one kilogram."),
    "glaze_missing": _("Say how much of the weight is glaze, in percent: what is compared is the fish without it."),
    "too_many_listings": _(
        "The company has %(open)s needs and capacities in its book, and no more fit. Close or withdraw those that are "
        "over."
    ),
    "promised_already": _(
        "%(promised)s kg of it are held, promised or shipped already: the quantity cannot be less than that."
    ),
    "goods_promised": _("Some of it is held or promised already: the goods cannot change. Open a new one for others."),
    "share_above_quantity": _("The smallest share (%(share)s kg) cannot be more than the quantity (%(quantity)s kg)."),
    "lot_above_quantity": _("The lot (%(lot)s kg) cannot be more than the quantity (%(quantity)s kg)."),
    "multiple_not_in_lot": _("The lot (%(lot)s kg) is not a multiple of the lot multiple (%(multiple)s kg)."),
    "price_incomplete": _("A price needs an amount, a currency and a unit (t or kg). Missing here: %(missing)s."),
    "price_too_high": _(
        "At most %(most_money)s %(currency)s/%(unit)s is taken as a price: no goods cost more. Check the amount, the "
        "currency and the unit."
    ),
    "basis_missing": _("Say what the limit price covers: at the Incoterm, or all-in at your place."),
    "basis_without_price": _("A price basis without a price says nothing. Write the price too, or leave both empty."),
    "incoterm_missing": _("A price at the Incoterm needs an Incoterm and its named place."),
    "window_reversed": _("The last day (%(until)s) lies before the first (%(start)s)."),
    "window_over": _("The last day (%(until)s) has passed. Give days to come."),
    "window_too_long": _("The days from %(start)s to %(until)s are more than three years. Check the years."),
    "valid_until_over": _("It was valid until %(until)s, which has passed."),
    "nothing_accepted": _("Name at least one commodity."),
    "commodity_twice": _("%(commodity)s is named twice."),
    "parameter_not_of_commodity": _("“%(key)s” is not a parameter of %(commodity)s.%(near)s"),
    "parameter_twice": _("“%(key)s” is stated twice."),
    "parameter_empty": _(
        "“%(key)s” is named without a value. Write for example %(key)s<=5, %(key)s 50-55 or %(key)s=a|b."
    ),
    "parameter_reversed": _("The range of “%(key)s” ends (%(high)s) before it begins (%(low)s)."),
    "parameter_not_read": _("“%(text)s” is not a parameter. Write for example ffa<=0.1; iv 50-55; size=16/20|21/25."),
    "parameter_strict": _("“%(text)s” says less or more than. Write <= or >=, which take the limit itself in."),
    "parameter_unit": _("“%(key)s” is measured in %(expected)s, not in %(found)s. Write the value in %(expected)s."),
    "parameter_unit_needed": _("“%(key)s” is measured in more than one unit for these goods. Write %(choices)s."),
    "parameter_value_unknown": _("“%(value)s” is not a value of “%(key)s”. Choose from: %(allowed)s."),
    "parameter_number_needed": _("“%(key)s” takes a number, not “%(value)s”."),
    "parameter_value_needed": _("“%(key)s” takes values from a list, written %(key)s=a|b."),
    "certificate_unknown": _("“%(text)s” is not a kind of certificate.%(near)s"),
    "certificate_twice": _("“%(code)s” is named twice."),
    "certificate_state_unknown": _(
        "“%(text)s” does not say whether the certificate is held. Write %(code)s=checked until 2027-03-01, "
        "%(code)s=unchecked or %(code)s=not_held."
    ),
    "certificate_day_of_not_held": _("“%(code)s” is stated as not held: it has no last day."),
    "origin_accepted_and_excluded": _("%(country)s is both accepted and excluded as an origin."),
    "origin_none_left": _("Every origin is excluded: nobody could supply this."),
    "destination_outside": _(
        "%(place)s lies in neither Indonesia nor Kazakhstan. Name the place where the goods shall arrive."
    ),
    "incoterm_is_for_ports": _(
        "%(incoterm)s is a term for sea ports, and %(place)s is none. Write %(instead)s, or name a port."
    ),
    "incoterm_arrives_at_seller": _(
        "%(incoterm)s names the place of arrival, and %(place)s lies in the country of origin. Name the place where "
        "the goods arrive, or write FCA, FOB or EXW."
    ),
    "incoterm_departs_from_buyer": _(
        "%(incoterm)s names the place of departure, and %(place)s lies in the buyer's own country. Name the place "
        "where the goods leave, or write DAP, CPT or CIF."
    ),
    "listing_not_open": _("%(listing)s is not open: it is %(status)s."),
    "listing_not_paused": _("%(listing)s is not paused: it is %(status)s."),
    "listing_expired": _("%(listing)s expired on %(day)s. Renew it, with new days."),
    "listing_lasts": _("%(listing)s is %(status)s and does not expire soon: there is nothing to renew yet."),
    "listing_not_to_renew": _("%(listing)s is %(status)s and cannot be renewed. Copy it instead."),
    "listing_gone": _("%(listing)s is not there any more."),
    "renewed_until_over": _("The new listing would be over by then (%(until)s). Give a day to come."),
    "reference_taken": _("The company already has a listing with the reference “%(reference)s”."),
}

# What stands in a sentence as a code and is shown as a word of the reader's language.
# Titles of HS headings can fill a paragraph.
LONGEST_NAME = 80
LABELS = {"unit": Unit, "kind": CompanyKind, "status": CompanyStatus, "land": Country, "ended": ListingStatus}
MONEY = ("most_money",)


def sentence(code: str, params: Mapping) -> str:
    """The sentence of a code, with its facts, in the language that is active now."""
    pattern = SENTENCES[code] if code in SENTENCES else BOOK_SENTENCES[code]
    return str(pattern) % {**shown(params), "near": near_sentence(params.get("near"))}


def shown(params: Mapping) -> dict:
    """The facts as they are written in a sentence: days in words, lists with commas."""
    words = {}
    for name, value in params.items():
        if isinstance(value, date):
            words[name] = figures.written_day(value)
            words[f"{name}_iso"] = value.isoformat()
        elif isinstance(value, Mapping):
            words[name] = _in_my_language(value)
        elif isinstance(value, (list, tuple)):
            words[name] = ", ".join(str(item) for item in value)
        elif name in LABELS and value in LABELS[name].values:
            words[name] = LABELS[name](value).label
        elif name in MONEY:
            words[name] = figures.decimal(value)
        else:
            words[name] = value
    return words


def near_sentence(near) -> str:
    """ "Did you mean ..." with what comes close, or nothing."""
    if not near:
        return ""
    return " " + str(_("Near to it: %(near)s.")) % {"near": "; ".join(near)}


def names_of(thing) -> dict[str, str]:
    """The names of a node, place or certificate kind in every language, to be chosen from when it is shown."""
    return {code: name for code in FALLBACKS if (name := getattr(thing, f"name_{code}"))}


def _in_my_language(names: Mapping[str, str]) -> str:
    language = (get_language() or "en")[:2]
    name = next((names[code] for code in FALLBACKS.get(language, ("en",)) if code in names), "")
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 3]}..."
