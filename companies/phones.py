"""Telephone numbers as people type them at home, kept as they are dialled from abroad: +62 542 ..., +7 727 ...

A number without a country is read as one of the company's own country. +7 is shared: a number of Russia is a number,
and says nothing about where a company sits.
"""

import re

from companies.faults import Refusal
from corridor.enums import Country

EXAMPLES = {Country.INDONESIA: "+62 542 123456", Country.KAZAKHSTAN: "+7 727 258 0000"}
CODES = {Country.INDONESIA: "62", Country.KAZAKHSTAN: "7"}
# What people dial before a number within their country.
TRUNKS = {Country.INDONESIA: "0", Country.KAZAKHSTAN: "8"}
# How many digits follow the code of the country.
LENGTHS = {"62": (7, 12), "7": (10, 10)}
ANY_LENGTH = (7, 15)  # of a whole number, by ITU-T E.164
EXTENSION = re.compile(r"\s*[,#]\s*([0-9]{1,6})$")
GROUPING = " ()./-\u00a0\u202f\u2009"
SHORT_AREAS = ("21", "22", "24", "31", "61")  # the five largest towns of Indonesia have areas of two digits
KAZAKH_MOBILE = re.compile(r"7(0|4[7]|6|7[1-8])")


def read_phone(text: str, country: str) -> str:
    """The number as +countrydigits, with its extension after a comma. Raises Refusal, saying which rule failed."""
    example = EXAMPLES[country]
    found = EXTENSION.search(text)
    extension = f",{found[1]}" if found else ""
    typed = text[: found.start()].strip() if found else text.strip()
    if strange := next((letter for letter in typed if letter not in f"+0123456789{GROUPING}"), ""):
        raise Refusal("phone_strange_letter", text=typed, letter=strange, example=example)
    if "+" in typed[1:]:
        raise Refusal("phone_strange_letter", text=typed, letter="+", example=example)
    digits = _international(typed, "".join(letter for letter in typed if letter.isdigit()), country)
    code = next((code for code in LENGTHS if digits.startswith(code)), "")
    least, most = LENGTHS.get(code, ANY_LENGTH)
    if len(digits) - len(code) < least:
        raise Refusal("phone_short", text=typed, example=example)
    if len(digits) - len(code) > most:
        raise Refusal("phone_long", text=typed, example=example)
    return f"+{digits}{extension}"


def _international(typed: str, digits: str, country: str) -> str:
    """The digits with the code of their country in front."""
    code, trunk = CODES[country], TRUNKS[country]
    if typed.startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    if digits.startswith(trunk) and (country == Country.INDONESIA or len(digits) == 11):
        return code + digits[1:]
    if digits.startswith(code) and len(digits) - len(code) >= LENGTHS[code][0]:
        return digits
    if country == Country.KAZAKHSTAN and len(digits) == 10:
        return code + digits
    raise Refusal("phone_country_unsaid", text=typed, example=EXAMPLES[country])


def shown_phone(stored: str) -> str:
    """A number in groups, as it is read aloud; one that was kept as it was typed stays so."""
    digits, _, extension = stored.partition(",")
    if not re.fullmatch(r"\+[0-9]{8,15}", digits):
        return stored
    return _grouped(digits) + (f", {extension}" if extension else "")


def _grouped(digits: str) -> str:
    if digits.startswith("+62"):
        rest = digits[3:]
        if rest.startswith("8"):
            return f"+62 {rest[:3]}-{rest[3:7]}-{rest[7:]}".rstrip("-")
        area = 2 if rest.startswith(SHORT_AREAS) else 3
        return f"+62 {rest[:area]} {rest[area:]}"
    if digits.startswith("+7"):
        rest = digits[2:]
        if KAZAKH_MOBILE.match(rest):
            return f"+7 {rest[:3]} {rest[3:6]} {rest[6:]}"
        return f"+7 {rest[:4]} {rest[4:6]} {rest[6:8]} {rest[8:]}"
    return digits
