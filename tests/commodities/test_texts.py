"""Units of parameters and long names of goods as a reader gets them."""

import pytest
from django.utils import translation

from commodities.texts import UNIT_LABELS, short_name, unit_label
from tests.factories import ParameterFactory


@pytest.mark.parametrize(
    ("code", "labels"),
    [
        ("%", ["%", "%", "%", "%"]),
        ("Cel", ["°C", "°C", "°C", "°C"]),
        ("pcs/lb", ["pieces/lb", "buah/lb", "шт./фунт", "дана/фунт"]),
        ("g/l", ["g/l", "g/l", "г/л", "г/л"]),
        ("furlong", ["furlong"] * 4),
        ("", [""] * 4),
    ],
)
def test_unit_label_is_what_the_reader_writes(code, labels):
    said = []
    for language in ("en", "id", "ru", "kk"):
        with translation.override(language):
            said.append(unit_label(code))

    assert said == labels


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_unit_labels_are_told_apart_in_every_alphabet(language):
    with translation.override(language):
        labels = [unit_label(code) for code in UNIT_LABELS]

    assert len(set(labels)) == len(labels)


def test_parameter_says_its_name_and_unit_in_the_readers_language_or_the_nearest():
    melting = ParameterFactory.build(unit="Cel", name_en="Melting point", name_ru="Температура плавления")

    said = []
    for language in ("en", "id", "ru", "kk"):
        with translation.override(language):
            said.append(str(melting))

    assert said == ["Melting point (°C)", "Melting point (°C)"] + ["Температура плавления (°C)"] * 2


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Crude palm oil", "Crude palm oil"),
        ("o" * 60, "o" * 60),
        (
            "Poultry; live, ducks, geese, turkeys and guinea fowls, weighing more than 185g",
            "Poultry; live, ducks, geese, turkeys and guinea fowls…",
        ),
        (
            "Карбамид, содержащий или не содержащий водный раствор, удобрения",
            "Карбамид, содержащий или не содержащий водный раствор…",
        ),
        ("o" * 61, "o" * 59 + "…"),
    ],
)
def test_short_name_cuts_a_long_name_at_a_word(name, short):
    assert short_name(name) == short
