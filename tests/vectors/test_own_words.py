"""The vectors in a person's own words, and in the search for a company: one meaning, a question with both, or none."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.enums import Role
from companies.finding import find_company
from companies.own_words import Quantity, Window, read_listing
from tests.companies.factories import CompanyFactory
from tests.people import person
from tests.vectors.table import DAYS, LANGUAGES, NUMBERS, REGISTRATION_NUMBERS

TODAY = dt.date(2026, 1, 1)
everywhere = pytest.mark.parametrize("language", LANGUAGES)
# "Shrimp, so many tonnes, ready from that day", as it is written in each language.
SENTENCES = {
    "id": ("udang beku {} ton", "udang beku 20 ton mulai {}"),
    "en": ("frozen shrimp {} t", "frozen shrimp 20 t from {}"),
    "ru": ("креветка мороженая {} т", "креветка мороженая 20 т с {}"),
    "kk": ("мұздатылған асшаян {} тонна", "мұздатылған асшаян 20 тонна {} бастап"),
}


def readings(kind: str, text: str, language: str) -> tuple:
    """All that a text can mean in one respect; a fact of a question has two values."""
    facts = read_listing(text, language, {}, today=TODAY).of_kind(kind)
    assert len(facts) <= 1
    return tuple(one for fact in facts for one in (fact.alternatives or (fact.value,)))


@everywhere
@pytest.mark.parametrize("typed", NUMBERS)
def test_a_number_in_own_words_has_one_meaning_or_both_are_asked(language, typed):
    text = SENTENCES[language][0].format(typed)

    assert readings("quantity", text, language) == tuple(Quantity(number, "t") for number in NUMBERS[typed])


@everywhere
@pytest.mark.parametrize("typed", DAYS)
def test_a_day_in_own_words_has_one_meaning_or_both_are_asked(language, typed):
    text = SENTENCES[language][1].format(typed.removesuffix("\x00"))

    read = readings("window", text, language)

    assert read == tuple(Window(day, None) for day in DAYS[typed.removesuffix("\x00")])


@everywhere
def test_the_quantity_is_read_although_the_day_beside_it_is_none(language):
    for typed, days in DAYS.items():
        text = SENTENCES[language][1].format(typed)

        assert readings("quantity", text, language) == (Quantity(Decimal(20), "t"),), days


@pytest.mark.django_db
def test_a_company_is_found_by_its_number_however_it_is_grouped():
    staff = person(Role.STAFF)
    found, made = {}, {}
    for (_typed, country), told in REGISTRATION_NUMBERS.items():
        if told.isdigit() and told not in made:
            made[told] = CompanyFactory(registration_number=told, country=country, name_registered="Nobody else")
    for typed, country in REGISTRATION_NUMBERS:
        answers = find_company("", typed, country, for_whom=staff)
        found[typed, country] = [(one.company.registration_number, one.why) for one in answers]

    assert found == {
        typed: [(told, "same_number")] if told.isdigit() else [] for typed, told in REGISTRATION_NUMBERS.items()
    }
