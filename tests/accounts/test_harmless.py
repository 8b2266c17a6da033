"""Texts of a csv: made harmless when they go out, and again what they were when they come back."""

import pytest

from accounts.sheets.csvs import read_csv
from accounts.sheets.harmless import as_it_was, harmless
from tests.reports.hostile import TEXTS


@pytest.mark.parametrize("text", [text for text in TEXTS if text != "'=1+1"])
def test_text_that_was_made_harmless_comes_back_as_it_was(text):
    assert as_it_was(harmless(text)) == text


def test_telephone_number_of_a_csv_of_ours_is_read_as_it_was():
    sheet = read_csv("m.csv", b"telephone,words\n'+77272580000,'tis\n")

    assert [cell.value for cell in sheet.rows[0].cells] == ["+77272580000", "'tis"]
