"""A name is shown in the reader's language, or the nearest that there is."""

import pytest
from django.utils import translation

from commodities.models import Commodity

ALL = {"name_en": "Urea", "name_id": "Urea granular", "name_ru": "Карбамид", "name_kk": "Мочевина"}


@pytest.mark.parametrize(
    ("language", "missing", "name"),
    [
        ("en", [], "Urea"),
        ("id", [], "Urea granular"),
        ("ru", [], "Карбамид"),
        ("kk", [], "Мочевина"),
        ("kk", ["name_kk"], "Карбамид"),
        ("kk", ["name_kk", "name_ru"], "Urea"),
        ("ru", ["name_ru"], "Urea"),
        ("id", ["name_id"], "Urea"),
    ],
)
def test_name_falls_back_to_the_nearest_language(language, missing, name):
    urea = Commodity(**{field: text for field, text in ALL.items() if field not in missing})

    with translation.override(language):
        assert urea.name == name
