"""How broad printed columns are."""

import pytest

from reports.writing.paper.widths import ACROSS, UPRIGHT, Asked, plan


def columns(*asked: tuple[float, float]) -> list[Asked]:
    return [Asked(least, wanted, is_text=True) for least, wanted in asked]


def test_a_narrow_table_stands_upright_and_fills_the_sheet():
    found = plan(columns((5, 10), (5, 20)))

    ((numbers, widths),) = found.parts
    assert (found.across, found.size, numbers) == (False, 8.5, (0, 1))
    assert sum(widths) == pytest.approx(UPRIGHT, abs=0.1)
    assert widths[0] < widths[1]


def test_a_broad_table_lies_across_the_sheet():
    found = plan(columns(*[(5, 12)] * 8))

    ((_numbers, widths),) = found.parts
    assert (found.across, found.size) == (True, 8.5)
    assert sum(widths) == pytest.approx(ACROSS, abs=0.1)


def test_no_column_is_narrower_than_its_longest_word():
    found = plan(columns((12, 12), (3, 26), (3, 26), (3, 26), (3, 26), (3, 26)))

    ((_numbers, widths),) = found.parts
    assert widths[0] >= 12 * found.size


def test_a_table_that_is_too_broad_becomes_several_that_repeat_the_first_column():
    found = plan(columns(*[(8, 16)] * 25))

    parts = [numbers for numbers, _widths in found.parts]
    assert len(parts) > 1
    assert all(part[0] == 0 for part in parts)
    assert sorted(number for part in parts for number in part[1:]) == list(range(1, 25))
    assert all(sum(widths) == pytest.approx(ACROSS, abs=0.1) for _numbers, widths in found.parts)


def test_tables_of_one_document_share_the_way_the_sheet_lies():
    narrow = columns((5, 10), (5, 20))

    assert plan(narrow, across=True).across
    assert not plan(columns(*[(5, 12)] * 8), across=False).across


def test_one_word_broader_than_the_sheet_does_not_break_it():
    ((_numbers, widths),) = plan(columns((200, 200)), across=False).parts

    assert widths == (UPRIGHT,)
