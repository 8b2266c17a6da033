"""Tax numbers of Indonesia: of today, of before, of citizens."""

import pytest

from companies.faults import Refusal
from companies.numbers import clean_npwp


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("01.312.166.0-091.000", "0013121660091000"),
        ("0013121660091000", "0013121660091000"),
        ("6471 0152 0885 0001", "6471015208850001"),  # the NIK of a woman born on 12 August 1985
        ("6471012902000001", "6471012902000001"),  # 29 February 2000
    ],
)
def test_npwp_is_kept_in_sixteen_digits(typed, stored):
    assert clean_npwp(typed) == stored


@pytest.mark.parametrize(
    ("typed", "code", "params"),
    [
        ("01.312.166.0-091.00", "npwp_length", {"number": "01312166009100", "found_digits": 14}),
        ("0000000000000000", "npwp_zeros", {"number": "0" * 16}),
        ("01.312.166.1-091.000", "npwp_check_digit", {"number": "0013121661091000", "digit": "1"}),
        ("01.312.166.O-091.000", "number_not_digits", {"number": "01.312.166.O-091.000"}),
        ("6471013213850001", "nik_birthday", {"number": "6471013213850001", "day": "321385"}),
        ("6471018508850001", "nik_birthday", {"number": "6471018508850001", "day": "850885"}),
    ],
)
def test_npwp_says_which_rule_failed(typed, code, params):
    with pytest.raises(Refusal) as caught:
        clean_npwp(typed)

    assert (caught.value.code, caught.value.params) == (code, params)
    assert str(caught.value)
