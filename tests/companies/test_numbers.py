"""Registration numbers against the decree's rule and published numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.faults import Refusal
from companies.numbers import check_digit, clean_bin_or_iin, clean_nib, clean_registration_number

ORGANISATIONS = ["970740000838", "941240000193", "020240000555", "940140000385", "971240001315", "990140004654"]
NEEDS_SECOND_PASS = ["240461530120", "251261679842", "051152595980"]
NEVER_ISSUED = ["23094169253", "12106305258"]


def refusal_of(function, *args) -> tuple[str, dict]:
    with pytest.raises(Refusal) as caught:
        function(*args)
    return caught.value.code, dict(caught.value.params)


@pytest.mark.parametrize("number", ORGANISATIONS + NEEDS_SECOND_PASS)
def test_check_digit_is_the_twelfth_digit_of_published_numbers(number):
    assert check_digit(number[:11]) == int(number[11])


@pytest.mark.parametrize("body", NEVER_ISSUED)
def test_check_digit_of_a_body_that_is_never_issued_is_none(body):
    assert check_digit(body) is None


@pytest.mark.parametrize("number", ORGANISATIONS)
def test_clean_bin_or_iin_takes_a_published_bin(number):
    assert clean_bin_or_iin(number) == number


def test_clean_bin_or_iin_takes_a_number_written_in_groups():
    assert clean_bin_or_iin(" 0202 4000\u00a00555 ") == "020240000555"


def iin(body: str) -> str:
    """A number with the check digit that belongs to it."""
    return f"{body}{check_digit(body)}"


def test_clean_bin_or_iin_takes_the_iin_of_a_sole_trader():
    number = iin("85021330012")

    assert clean_bin_or_iin(number) == number


@pytest.mark.parametrize(
    ("number", "code", "params"),
    [
        ("02024000055", "bin_length", {"number": "02024000055", "found_digits": 11}),
        ("0202400005555", "bin_length", {"number": "0202400005555", "found_digits": 13}),
        ("02024000055X", "number_not_digits", {"number": "02024000055X"}),
        ("０２０２４００００５５５", "number_not_digits", {"number": "０２０２４００００５５５"}),
        ("020240000554", "bin_check_digit", {"number": "020240000554", "digit": "4", "expected": 5}),
        ("021340000555", "bin_month", {"number": "021340000555", "month": "13"}),
        ("020244000555", "bin_branch", {"number": "020244000555", "digit": "4"}),
        ("850230300125", "iin_birthday", {"number": "850230300125", "day": "850230"}),
        ("850213800125", "iin_century", {"number": "850213800125", "digit": "8"}),
    ],
)
def test_clean_bin_or_iin_says_which_rule_is_broken(number, code, params):
    assert refusal_of(clean_bin_or_iin, number) == (code, params)


def test_clean_bin_or_iin_refuses_a_body_that_no_check_digit_fits():
    # A BIN whose eleven digits give 10 in both passes, found by trying serial numbers.
    body = next(f"0202400{serial:04d}" for serial in range(10_000) if check_digit(f"0202400{serial:04d}") is None)

    assert refusal_of(clean_bin_or_iin, f"{body}0") == ("bin_never_issued", {"number": f"{body}0"})


def test_clean_bin_or_iin_finds_the_birthday_in_the_century_of_digit_seven():
    leap_day_of_1900 = iin("00022930012")  # 1900 had no 29 February
    leap_day_of_2000 = iin("00022950012")

    assert clean_bin_or_iin(leap_day_of_2000) == leap_day_of_2000
    assert refusal_of(clean_bin_or_iin, leap_day_of_1900) == (
        "iin_birthday",
        {"number": leap_day_of_1900, "day": "000229"},
    )


def second_check_digit(body: str) -> int | None:
    """The rule once more, written straight from the decree."""
    d = [int(digit) for digit in body]
    first = sum((i + 1) * d[i] for i in range(11)) % 11
    if first != 10:
        return first
    second = sum(((i + 2) % 11 + 1) * d[i] for i in range(11)) % 11
    return None if second == 10 else second


@given(body=st.text("0123456789", min_size=11, max_size=11))
def test_check_digit_agrees_with_the_rule_written_a_second_time(body):
    assert check_digit(body) == second_check_digit(body)


def test_clean_nib_takes_thirteen_digits():
    assert clean_nib("9120 1012 3456 7") == "9120101234567"


@pytest.mark.parametrize(
    ("number", "code", "params"),
    [
        ("912010123456", "nib_length", {"number": "912010123456", "found_digits": 12}),
        ("0000000000000", "nib_zeros", {"number": "0000000000000"}),
        ("91201012345ab", "number_not_digits", {"number": "91201012345ab"}),
    ],
)
def test_clean_nib_says_which_rule_is_broken(number, code, params):
    assert refusal_of(clean_nib, number) == (code, params)


def test_clean_registration_number_goes_by_the_country():
    assert clean_registration_number("020240000555", "KZ") == "020240000555"
    assert refusal_of(clean_registration_number, "020240000555", "ID")[0] == "nib_length"
