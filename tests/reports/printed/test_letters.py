"""What the fonts of paper can draw: every letter of the product, and a code for all that they cannot."""

import pytest

from reports.writing import pdfs
from reports.writing.paper.letters import HEADS, MAY_BREAK, READING, breadth, breadths, drawn, printable
from tests.languages.test_letters import letters_of_catalogues
from tests.reports.frozen import frozen, text_column
from tests.reports.hostile import TEXTS
from tests.reports.printed.reading import fonts_of, letters_in_order, printed, read, text_of

KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі₸№"
TITLES = ("Literata-Regular.ttf", "Literata-SemiBold.ttf")


@pytest.mark.parametrize("font", [READING, HEADS, *TITLES])
def test_each_font_has_the_letters_of_kazakh(font):
    assert [letter for letter in KAZAKH if ord(letter) not in breadths(font)] == []


def test_fonts_have_every_letter_of_the_catalogues():
    assert [letter for letter in letters_of_catalogues() if letter not in drawn()] == []


def test_letters_come_out_as_they_went_in(tmp_path):
    texts = [KAZAKH, "Rp 1.000 €£¥", "½ m³ ± 5 °C", "→ ≥ ≤ ≈", "Đặng Ångström Łódź"]

    pdf = printed(tmp_path, frozen([text_column()], [[text] for text in texts]), "kk")

    text = letters_in_order([text_of(pdf)])
    assert [one for one in texts if letters_in_order([one]) not in text] == []
    assert {name.rsplit("+")[-1] for name in fonts_of(pdf)} >= {"NotoSans-Regular", "NotoSansMath-Regular"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\U0001f9c0", "[U+1F9C0]"),
        ("中", "[U+4E2D]"),
        ("a\u202eb", "a[U+202E]b"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("bell\x07", "bell[U+0007]"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("tab\there", "tab here"),
        ("Қазақстан ₸", "Қазақстан ₸"),
    ],
)
def test_what_no_font_draws_is_written_as_its_code(typed, shown):
    assert printable(typed) == shown


def test_a_long_word_may_be_broken_but_an_address_may_not():
    word = "x" * 30

    assert printable(word).split(MAY_BREAK) == ["x" * 8, "x" * 8, "x" * 8, "x" * 6]
    assert printable(word, may_break=False) == word


def test_breadth_is_that_of_the_font():
    assert breadth("0123456789") == pytest.approx(5.72)
    assert breadth("A", bold=True) > breadth("A")


def test_no_missing_letter_slips_through():
    told = pdfs.paper(frozen([text_column()], [["x"]]), ("en",))
    told["blocks"][0]["groups"][0]["rows"] = [["\U0001f9c0"]]

    with pytest.raises(pdfs.NotSetError, match=r"PDF/UA-1 error: the text .* could not be displayed"):
        pdfs.compiled(told)


def test_hostile_texts_stay_text(tmp_path):
    pdf = printed(tmp_path, frozen([text_column()], [[text] for text in TEXTS]), "en")

    shown = letters_in_order([text_of(pdf)])
    expected = [letters_in_order([printable(text)]) for text in TEXTS if len(text) < 1_000]
    assert [one for one in expected if one not in shown] == []
    assert shown.count("x") >= 5_000
    assert "root:" not in shown
    assert all("/Annots" not in page for page in read(pdf).pages)


def test_a_hostile_title_is_only_a_title(tmp_path):
    title = '#read("/etc/passwd") $x$ *b* <l> @r'

    pdf = printed(tmp_path, frozen([text_column()], [["x"]], title=title, recipient=title, subtitle=title), "en")

    assert read(pdf).metadata.title == f"{title}, {title}"
    assert text_of(pdf).count(title) >= 3
