"""Registration numbers: the BIN or IIN of Kazakhstan with its check digit, the NIB and the NPWP of Indonesia.

The check digit follows decree 565 of 11 June 2003. Weight 11 counts for nothing modulo 11, so a slip in the eleventh
digit is often invisible: a valid number still wants a person to read the company's name back.
"""

from datetime import date

from companies.faults import Refusal
from corridor.enums import Country

BIN_LENGTH = 12
NIB_LENGTH = 13
FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
# Digit 5 of a BIN says what kind of body it is; an IIN has the first digit of a day (0 to 3) in that place.
BIN_BODIES = {"4", "5", "6"}
# Digit 7 of an IIN says the century and the sex: 1-2 the 1800s, 3-4 the 1900s, 5-6 the 2000s.
IIN_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
OLD_NPWP_LENGTH, NPWP_LENGTH = 15, 16
SHOWN_DIGITS = 4
WOMENS_DAY = 40  # a NIK adds it to the day of birth of a woman


def check_digit(body: str) -> int | None:
    """The twelfth digit that belongs to eleven; None where both passes give 10 and the number is never issued."""
    digits = [int(digit) for digit in body]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def clean_bin_or_iin(text: str) -> str:
    """A Kazakh registration number: the BIN of an organisation or the IIN of a sole trader."""
    number = _digits_only(text, BIN_LENGTH, "bin_length")
    if number[4] in BIN_BODIES:
        if not 1 <= int(number[2:4]) <= 12:
            raise Refusal("bin_month", number=number, month=number[2:4])
        if number[5] > "3":
            raise Refusal("bin_branch", number=number, digit=number[5])
    else:
        _check_birthday(number)
    expected = check_digit(number[:11])
    if expected is None:
        raise Refusal("bin_never_issued", number=number)
    if expected != int(number[11]):
        raise Refusal("bin_check_digit", number=number, digit=number[11], expected=expected)
    return number


def clean_nib(text: str) -> str:
    """An Indonesian business number. It has no public check digit: only the length can be checked."""
    number = _digits_only(text, NIB_LENGTH, "nib_length")
    if set(number) == {"0"}:
        raise Refusal("nib_zeros", number=number)
    return number


def clean_npwp(text: str) -> str:
    """An Indonesian tax number in its sixteen digits: a zero and the fifteen of before, or the NIK of a citizen."""
    number = _digits_only(text, None, "")
    if len(number) not in (OLD_NPWP_LENGTH, NPWP_LENGTH):
        raise Refusal("npwp_length", number=number, found_digits=len(number))
    number = number.zfill(NPWP_LENGTH)
    if set(number) == {"0"}:
        raise Refusal("npwp_zeros", number=number)
    if number[0] != "0":
        _check_nik(number)
    elif not is_luhn(number[:10]):
        raise Refusal("npwp_check_digit", number=number, digit=number[9])
    return number


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the one that Luhn's rule gives to the others."""
    doubled = [int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def clean_registration_number(text: str, country: str) -> str:
    return clean_bin_or_iin(text) if country == Country.KAZAKHSTAN else clean_nib(text)


def length_of(country: str) -> int:
    return BIN_LENGTH if country == Country.KAZAKHSTAN else NIB_LENGTH


def bare(text: str) -> str:
    """A number without what stands between its groups."""
    return "".join(letter for letter in text.strip() if letter not in " .-\u00a0\u202f")


def shown_end(number: str) -> str:
    """The last digits, by which its own people know a number again; none of an IIN, which is a person's."""
    is_iin = len(number) == BIN_LENGTH and number[4] not in BIN_BODIES
    return "" if is_iin else number[-SHOWN_DIGITS:]


def _digits_only(text: str, length: int | None, code: str) -> str:
    """The bare digits; blanks, dots and dashes between them are how people group a long number."""
    number = bare(text)
    if not (number.isascii() and number.isdigit()):
        raise Refusal("number_not_digits", number=text.strip())
    if length is not None and len(number) != length:
        raise Refusal(code, number=number, found_digits=len(number))
    return number


def _check_birthday(number: str) -> None:
    """An IIN begins with a day of birth. Digit 7 tells its century."""
    century = IIN_CENTURIES.get(number[6])
    if century is None:
        raise Refusal("iin_century", number=number, digit=number[6])
    try:
        date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        raise Refusal("iin_birthday", number=number, day=number[:6]) from None


def _check_nik(number: str) -> None:
    """The number of a citizen holds the day of birth after six digits of the district; its century is not said."""
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    if day > WOMENS_DAY:
        day -= WOMENS_DAY
    try:
        date(2000 + year if year % 4 == 0 else 1900 + year, month, day)
    except ValueError:
        raise Refusal("nik_birthday", number=number, day=number[6:12]) from None
