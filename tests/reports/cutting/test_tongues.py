"""Tellings in four languages, laid over each other: words may differ, figures and shapes may not."""

from dataclasses import dataclass

import pytest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.cutting.tongues import Said, in_all_languages, with_words
from reports.document import Column, Kind, Line, Step, Table


def test_words_that_differ_become_a_text_and_others_stay_as_they_are():
    told = in_all_languages(lambda: (Line("HS 1511", _("Price")), Step(label="Almaty", low="5.00", high=None)))

    price = {"id": "Harga", "en": "Price", "ru": "Цена", "kk": "Баға"}
    assert told == (Line("HS 1511", price), Step(label="Almaty", low="5.00", high=None))


@dataclass(frozen=True)
class Figure:
    kg: int


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (lambda: Figure(1 if get_language() == "kk" else 2), ValueError),
        (lambda: ["a"] * (1 + (get_language() == "ru")), ValueError),
        (lambda: {get_language(): "a"}, ValueError),
        (lambda: None if get_language() == "id" else "5.00", TypeError),
    ],
)
def test_a_figure_or_a_shape_that_differs_between_languages_is_an_error(told, error):
    with pytest.raises(error):
        in_all_languages(told)


def test_sentences_in_cells_stand_with_their_column_each_once():
    column = Column(key="words", title="Words", kind=Kind.TEXT)
    figure = Column(key="kg", title="kg", kind=Kind.NUMBER)
    fits, fails = {"id": "a", "en": "b", "ru": "c", "kk": "ҚҢҒ"}, "same everywhere"

    table, rows = with_words(
        Table(key="rules", title="Rules", columns=(column, figure)),
        [(Said(fits), "1"), (Said(fails), None), (Said(fits), "3"), (None, "4")],
    )

    assert rows == [["1", "1"], ["2", None], ["1", "3"], [None, "4"]]
    assert table.columns[0].kind == Kind.CODE
    assert table.columns[0].words == {"1": fits, "2": fails}
    assert table.columns[1] == figure
