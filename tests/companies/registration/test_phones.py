"""Telephone numbers: the vectors of what people type, kept as dialled from abroad, shown in groups."""

import pytest

from companies.faults import Refusal
from companies.phones import read_phone, shown_phone


@pytest.mark.parametrize(
    ("typed", "country", "stored", "shown"),
    [
        ("0812-3456-7890", "ID", "+6281234567890", "+62 812-3456-7890"),
        ("0542-8520000", "ID", "+625428520000", "+62 542 8520000"),
        ("(021) 520 1234", "ID", "+62215201234", "+62 21 5201234"),
        ("62 542 123456", "ID", "+62542123456", "+62 542 123456"),
        ("8 (727) 258-00-00", "KZ", "+77272580000", "+7 7272 58 00 00"),
        ("87012345678", "KZ", "+77012345678", "+7 701 234 5678"),
        ("701 234 56 78", "KZ", "+77012345678", "+7 701 234 5678"),
        ("8\u00a0727\u00a02580000", "KZ", "+77272580000", "+7 7272 58 00 00"),
        ("+62 542 123456, 12", "KZ", "+62542123456,12", "+62 542 123456, 12"),
        ("0049 30 1234567", "ID", "+49301234567", "+49301234567"),
    ],
)
def test_phone_is_kept_as_dialled_from_abroad_and_shown_in_groups(typed, country, stored, shown):
    assert (read_phone(typed, country), shown_phone(stored)) == (stored, shown)


def test_phone_of_russia_is_a_number_in_either_country():
    assert {read_phone("+7 495 123-45-67", country) for country in ("ID", "KZ")} == {"+74951234567"}


def test_phone_kept_as_typed_is_shown_as_typed():
    assert shown_phone("0542 123456") == "0542 123456"


@pytest.mark.parametrize(
    ("typed", "country", "code"),
    [
        ("call Budi", "ID", "phone_strange_letter"),
        ("+62 542+123456", "ID", "phone_strange_letter"),
        ("０８１２３４５６７８", "ID", "phone_strange_letter"),
        ("0542 12", "ID", "phone_short"),
        ("+7 727 258 00", "KZ", "phone_short"),
        ("0812 3456 7890 1234", "ID", "phone_long"),
        ("812 3456 7890", "ID", "phone_country_unsaid"),
        ("258 00 00", "KZ", "phone_country_unsaid"),
    ],
)
def test_phone_that_cannot_be_dialled_says_which_rule_failed(typed, country, code):
    with pytest.raises(Refusal) as caught:
        read_phone(typed, country)

    assert caught.value.code == code
    assert str(caught.value)
