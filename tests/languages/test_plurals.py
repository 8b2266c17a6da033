"""Plural forms: every counted sentence of ours has the form that its number asks for."""

import pytest
from django.utils import translation
from django.utils.translation import ngettext

from tradematch import catalogues

NUMBERS = (0, 1, 2, 5, 11, 21, 22, 25, 101)
# Which of the forms of a language each of NUMBERS takes.
FORMS = {
    "id": (0,) * 9,
    "ru": (2, 0, 1, 2, 2, 0, 1, 2, 0),
    "kk": (1, 0, 1, 1, 1, 1, 1, 1, 1),
}


def counted(language: str) -> list:
    """The counted sentences of ours that are translated, in one language."""
    return [
        message
        for message in catalogues.read_catalogue(language)
        if message.id and message.pluralizable and not message.context and catalogues.is_translated(message, language)
    ]


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_counted_sentence_takes_the_form_of_its_number(language):
    sentences = counted(language)

    assert len(sentences) > 5
    with translation.override(language):
        for message in sentences:
            one, many = message.id
            said = [ngettext(one, many, number) for number in NUMBERS]
            assert said == [message.string[form] for form in FORMS[language]], one


def test_russian_words_change_with_their_numbers():
    with translation.override("ru"):
        said = [ngettext("day", "days", number) for number in NUMBERS]

    assert said == ["дней", "день", "дня", "дней", "дней", "день", "дня", "дней", "день"]


@pytest.mark.parametrize(("language", "word"), [("id", "hari"), ("kk", "күн")])
def test_indonesian_and_kazakh_words_stay_the_same_after_a_number(language, word):
    with translation.override(language):
        assert [ngettext("day", "days", number) for number in NUMBERS] == [word] * len(NUMBERS)


@pytest.mark.parametrize("number", [1, 2, 5])
def test_english_knows_one_and_many(number):
    with translation.override("en"):
        assert ngettext("day", "days", number) == ("day" if number == 1 else "days")
