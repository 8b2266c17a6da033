"""The order of names in a list: as the alphabet of the reader's language has it, not as computers number letters.

Kazakh letters stand beside the Russian letter they grew from (А Ә Б, К Қ Л); by their numbers they all come after Я.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.utils.translation import get_language

Item = TypeVar("Item")
RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
# A private block of numbers just above the Cyrillic letters, so that digits and Latin letters still come first.
BLOCK = 0xE000
ORDERS = {
    language: {ord(letter): chr(BLOCK + place) for place, letter in enumerate(alphabet)}
    for language, alphabet in {"ru": RUSSIAN, "kk": KAZAKH}.items()
}


def place_in_alphabet(text: str) -> str:
    """What to sort by. Large and small letters are one; text in other scripts keeps the order of its letters."""
    language = (get_language() or "en")[:2]
    return text.casefold().translate(ORDERS.get(language, ORDERS["kk"]))


def by_alphabet(items: Iterable[Item], name: Callable[[Item], str] = str) -> list[Item]:
    """The items in the order of their names."""
    return sorted(items, key=lambda item: place_in_alphabet(name(item)))
