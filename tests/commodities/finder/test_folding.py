"""One key for the ways in which one word is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commodities.finding.folding import in_one_script, key, plain
from commodities.finding.stems import LANGUAGES_OF_SCRIPT, possible_stems, stem
from commodities.finding.terms import edits
from commodities.finding.titles import what_is_meant
from commodities.finding.wording import words_of


@pytest.mark.parametrize(
    "spellings",
    [
        ("мұздатылған", "муздатылган", "muzdatylgan", "MUZDATYLĞAN"),
        ("креветка", "krevetka", "Krevetka"),
        ("феррохром", "ferrohrom", "ferrokhrom"),
        ("мёд", "мед", "med"),
        ("мұнай", "мунай", "munai", "munay"),
        ("қызыл", "кызыл", "qyzyl"),
        ("щебень", "sheben", "shcheben"),
    ],
)
def test_a_word_has_one_key_however_it_is_written(spellings):
    assert len({key(word) for spelling in spellings for word in words_of(spelling)}) == 1


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ru", ("креветка", "креветки", "креветками", "креветку")),
        ("ru", ("мороженая", "мороженый", "мороженые", "мороженого")),
        ("kk", ("асшаян", "асшаяны", "асшаяндар", "асшаяндары", "асшаяннан")),
        ("en", ("shrimp", "shrimps")),
        ("en", ("berry", "berries")),
        ("id", ("beku", "membeku")),
    ],
)
def test_the_forms_of_a_word_have_one_stem(language, forms):
    assert len({stem(form, language) for form in forms}) == 1


def test_letters_of_another_script_in_a_word_are_taken_for_what_they_look_like():
    assert [in_one_script(plain(word)) for word in ("cахар", "СРO", "CPО")] == ["сахар", "сро", "cpo"]


def test_short_forms_with_a_stroke_are_one_word():
    assert words_of("Креветка с/м, б/г; лист х/к 31/40") == ["креветка", "см", "бг", "лист", "хк", "31", "40"]


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("Cereals; maize (corn), other than seed", "Cereals; maize (corn), "),
        ("Vegetables; potatoes (other than seed), fresh", "Vegetables; potatoes  , fresh"),
        ("Fish; frozen, carp, excluding fillets, fish meat of 0304", "Fish; frozen, carp,  "),
        ("Мясо, кроме мяса птицы; соленое", "Мясо,  ; соленое"),
        ("Ban dalam, dari karet.", "Ban dalam, dari karet."),
    ],
)
def test_what_a_title_says_the_goods_are_not_is_left_out(title, meant):
    assert what_is_meant(title).rstrip() == meant.rstrip()


def test_edits_counts_a_swap_once():
    assert [edits("shrimp", other) for other in ("shrimp", "shirmp", "shrmp", "shrimps", "chrimb")] == [0, 1, 1, 1, 2]


@given(st.text(max_size=60))
def test_any_text_can_be_folded(text):
    for word in words_of(text):
        assert key(word).isascii() or not word.isascii()
        assert {language for languages in possible_stems(word).values() for language in languages} <= {
            language for languages in LANGUAGES_OF_SCRIPT.values() for language in languages
        }
