"""What people type, and the one thing it means: numbers, days, registration and tax numbers, telephones.

The rows come from the facts that started it: `1.500` was 1,500 in one language and 1.5 in another, 05/06/2026 two days.
Each row is tried at every door of the product: in a form, in a spreadsheet, in a person's own words or a search. There
it has the meaning of this table, in every language, or it is refused; what has two meanings is shown with both.
"""

import datetime as dt
from decimal import Decimal

LANGUAGES = ("id", "en", "ru", "kk")
NB, NARROW, THIN = "\u00a0", "\u202f", "\u2009"

# The one number it means, both it can mean, or none.
NUMBERS = {
    "1.500": (Decimal(1500), Decimal("1.5")),
    "1,500": (Decimal(1500), Decimal("1.5")),
    "1,5": (Decimal("1.5"),),
    "1.5": (Decimal("1.5"),),
    "1 500": (Decimal(1500),),
    "1.500,75": (Decimal("1500.75"),),
    "1,500.75": (Decimal("1500.75"),),
    f"1{NB}500,75": (Decimal("1500.75"),),
    f"1{NARROW}500,75": (Decimal("1500.75"),),
    f"1{THIN}500": (Decimal(1500),),
    "1'500": (Decimal(1500),),
    "1.234.567": (Decimal(1234567),),
    "1500": (Decimal(1500),),
    "1e400": (),
    "9" * 40: (),
    "1_0": (),
    "１５００": (),
    "1\x000": (),
    "15 00": (),
}
DAYS = {
    "2026-06-05": (dt.date(2026, 6, 5),),
    "05/06/2026": (dt.date(2026, 6, 5), dt.date(2026, 5, 6)),
    "05-06-2026": (dt.date(2026, 6, 5), dt.date(2026, 5, 6)),
    "06/13/2026": (dt.date(2026, 6, 13),),
    "13/06/2026": (dt.date(2026, 6, 13),),
    "13.06.2026": (dt.date(2026, 6, 13),),
    "05.06.2026": (dt.date(2026, 6, 5),),
    "13.06.26": (),
    "2026-02-30": (),
    "2026-06-05\x00": (),
}

# (as typed, country): the number that is kept, or the code of the rule that failed.
VALID_BINS = ("970740000838", "941240000193", "020240000555", "940140000385", "971240001315", "990140004654")
SECOND_PASS = ("240461530120", "251261679842", "051152595980")
NEVER_ISSUED = ("23094169253", "12106305258")
REGISTRATION_NUMBERS = {
    **{(number, "KZ"): number for number in (*VALID_BINS, *SECOND_PASS)},
    **{(f"{body}{digit}", "KZ"): "bin_never_issued" for body in NEVER_ISSUED for digit in "07"},
    ("0202 4000 0555", "KZ"): "020240000555",
    (f"020{NB}240{NB}000{NB}555", "KZ"): "020240000555",
    ("020240000554", "KZ"): "bin_check_digit",
    ("02024000055", "KZ"): "bin_length",
    ("0202400005555", "KZ"): "bin_length",
    ("02024000055X", "KZ"): "number_not_digits",
    ("０２０２４００００５５５", "KZ"): "number_not_digits",
    ("021340000555", "KZ"): "bin_month",
    ("020244000555", "KZ"): "bin_branch",
    ("850230300125", "KZ"): "iin_birthday",
    ("850213800125", "KZ"): "iin_century",
    ("9120101234567", "ID"): "9120101234567",
    ("9120 1012 3456 7", "ID"): "9120101234567",
    ("0220100512345", "ID"): "0220100512345",
    ("912010123456", "ID"): "nib_length",
    ("91201012345678", "ID"): "nib_length",
    ("0000000000000", "ID"): "nib_zeros",
    ("912010123456O", "ID"): "number_not_digits",
}
# A number without its leading zero is shown with it where its check digit proves that, and never filled up in silence.
ZERO_LOST = {"20240000555": "020240000555"}
TAX_NUMBERS = {
    "01.312.166.0-091.000": "0013121660091000",
    "0013121660091000": "0013121660091000",
    "6471 0152 0885 0001": "6471015208850001",
    "01.312.166.0-091.00": "npwp_length",
    "01.312.166.1-091.000": "npwp_check_digit",
    "0000000000000000": "npwp_zeros",
    "000000000000000": "npwp_zeros",
    "6471013213850001": "nik_birthday",
    "01.312.166.O-091.000": "number_not_digits",
}
TELEPHONES = {
    ("0812-3456-7890", "ID"): "+6281234567890",
    ("0542-8520000", "ID"): "+625428520000",
    ("62 542 8520000", "ID"): "+625428520000",
    ("8 (727) 258-00-00", "KZ"): "+77272580000",
    ("87012345678", "KZ"): "+77012345678",
    ("+7 701 234 5678", "KZ"): "+77012345678",
    ("+7 495 123-45-67", "KZ"): "+74951234567",
    ("+7 495 123-45-67", "ID"): "+74951234567",
    (f"+62{NB}542{NB}8520000", "KZ"): "+625428520000",
    ("812 3456 7890", "ID"): "phone_country_unsaid",
    ("258 00 00", "KZ"): "phone_country_unsaid",
    ("0812 3456 7890 1234", "ID"): "phone_long",
    ("+7 727 258 00", "KZ"): "phone_short",
    ("０８１２３４５６７８", "ID"): "phone_strange_letter",
    ("6.28123E+12", "ID"): "phone_strange_letter",
}
