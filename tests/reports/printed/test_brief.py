"""The brief of a pair: one sheet, whatever its language, and in two languages as well."""

from dataclasses import replace

import pytest

from reports.document import Facts, Line, Questions, Text, Verdicts, Waterfall, Words
from reports.frozen import Frozen
from tests.reports.printed.reading import LANGUAGES, pages_of, printed
from tests.reports.printed.samples import brief

IN = [*((language,) for language in LANGUAGES), ("id", "ru"), ("en", "kk"), ("ru", "kk")]
FIRST_RULE = {"id": "Barang", "en": "Goods", "ru": "Товар", "kk": "Тауар"}
LAST_QUESTION = {"id": "Berapa biaya", "en": "What does storage", "ru": "Сколько стоит хранение", "kk": "Ляньюньганда"}


@pytest.mark.parametrize("languages", IN)
def test_brief_is_one_sheet(tmp_path, languages):
    pages = pages_of(printed(tmp_path, brief(), *languages))

    assert len(pages) == 1
    for language in languages:
        assert FIRST_RULE[language] in pages[0]
        assert LAST_QUESTION[language] in pages[0]


def test_brief_has_the_same_figures_in_every_language(tmp_path):
    digits = {}
    for language in LANGUAGES:
        (page,) = pages_of(printed(tmp_path, brief(), language))
        cost = page[page.index("USD/") :]
        digits[language] = [digit for digit in ("985", "58", "20", "126", "35", "4", "45", "7", "45") if digit in cost]

    assert digits["id"] == ["985", "58", "20", "126", "35", "4", "45", "7", "45"]
    assert all(found == digits["id"] for found in digits.values())


@pytest.mark.parametrize("languages", IN)
def test_brief_with_texts_as_long_as_those_of_the_book_is_one_sheet(tmp_path, languages):
    pages = pages_of(printed(tmp_path, as_long_as_real_ones(), *languages))

    assert len(pages) == 1


def as_long_as_real_ones() -> Frozen:
    """What the longest pairs of the example book say: specifications, windows, ways and papers in several lines."""
    frozen = brief()
    blocks = []
    for block in frozen.document.blocks:
        if isinstance(block, Verdicts):
            rows = [replace(row, asked=longer(row.asked, 2), offered=longer(row.offered, 3)) for row in block.rows]
            block = replace(block, rows=tuple(rows))
        if isinstance(block, Waterfall):
            block = replace(block, steps=tuple(replace(step, label=longer(step.label, 2)) for step in block.steps))
        if isinstance(block, Facts):
            block = replace(block, lines=tuple(Line(line.label, longer(line.value, 2)) for line in block.lines))
        blocks.append(block)
    return replace(frozen, document=replace(frozen.document, blocks=tuple(blocks)))


def longer(text: Text, times: int) -> Text:
    if isinstance(text, str):
        return text
    return {language: "; ".join([said] * times) for language, said in text.items()}


def test_brief_that_says_too_much_goes_on_to_a_second_sheet(tmp_path):
    long = brief()
    questions = tuple(f"Question {number}: " + "what is the price of it? " * 12 for number in range(14))
    blocks = tuple(
        replace(block, items=questions) if isinstance(block, Questions) else block for block in long.document.blocks
    )
    frozen = replace(long, document=replace(long.document, blocks=blocks))

    pages = pages_of(printed(tmp_path, frozen, "en"))

    text = " ".join(pages)
    assert len(pages) == 2
    assert all(f"Question {number}:" in text for number in range(14))
    assert "Notes of the meeting" in text


def test_brief_bears_the_name_of_its_recipient_where_it_holds_contacts(tmp_path):
    blocks = (*brief().document.blocks, Words(text="Aigerim, +7 700 000 00 00"))

    (page,) = pages_of(printed(tmp_path, brief(blocks=blocks, has_contacts=True, recipient="Айгерим"), "ru"))

    assert page.count("Айгерим") == 1
    assert "+7 700 000 00 00" in page
