"""The vectors typed into the forms of a registration: kept as they are meant, or refused in the reader's language."""

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import translation

from accounts.enums import Role
from companies.forms.listings.kinds import NeedForm
from companies.forms.registration import STEP_FORMS
from companies.models import Company
from tests.companies.pages import errors_of
from tests.companies.registration.pages import BIN, begun
from tests.people import person
from tests.vectors.table import DAYS, LANGUAGES, NUMBERS, REGISTRATION_NUMBERS, TAX_NUMBERS, TELEPHONES, ZERO_LOST

pytestmark = pytest.mark.django_db


def sent(client, language: str, typed: str, country: str):
    """What the page of the registration answers to a number."""
    cache.clear()
    client.cookies["django_language"] = language
    facts = {"country": country, "registration_number": typed, "name_registered": "PT Laut Jaya"}
    return client.post("/register/", facts)


def is_code(told: str) -> bool:
    return "_" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_registration_number_is_kept_or_refused_by_the_rule_that_failed(client, language):
    client.force_login(person(Role.BUSINESS))
    read, left = {}, {}
    for (typed, country), told in REGISTRATION_NUMBERS.items():
        Company.objects.all().delete()
        response = sent(client, language, typed, country)
        kept = Company.objects.values_list("registration_number", flat=True).first()
        read[typed, country] = kept or next(iter(codes_of(response)), "")
        left[typed, country] = [*errors_of(response)] if is_code(told) else []

    assert read == REGISTRATION_NUMBERS
    assert left == {
        typed: ["registration_number"] if is_code(told) else [] for typed, told in REGISTRATION_NUMBERS.items()
    }


def codes_of(response) -> list[str]:
    """The rules that a page says were broken; none where it led on."""
    form = response.context["form"] if response.context else None
    return [error.code for error in form.errors["registration_number"].as_data()] if form else []


@pytest.mark.parametrize("typed", ZERO_LOST)
def test_a_number_that_lost_its_zero_is_not_filled_up_in_silence(client, typed):
    client.force_login(person(Role.BUSINESS))

    response = sent(client, "en", typed, "KZ")

    assert (codes_of(response), Company.objects.count()) == (["bin_length"], 0)


def read_in_need(name: str, typed: str, company: Company) -> tuple:
    """What one field of the form makes of a text: what it takes, or all that its page offers to choose from."""
    form = NeedForm({name: typed}, company=company)
    form.full_clean()
    if name in form.cleaned_data:
        return (form.cleaned_data[name],)
    field, bound = form.fields[name], form[name]
    page = render_to_string("ui/_field.html", {"field": bound})
    offered = [reading for reading in field.readings(bound.value()) if f'value="{reading.value}"' in page]
    return tuple(field.value_of(reading.value) for reading in offered)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_in_the_form_of_a_need_has_one_meaning_or_both_are_offered(language):
    company = begun()

    with translation.override(language):
        assert {typed: read_in_need("quantity", typed, company) for typed in NUMBERS} == NUMBERS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_in_the_form_of_a_need_has_one_meaning_or_both_are_offered(language):
    company = begun()

    with translation.override(language):
        assert {typed: read_in_need("window_from", typed, company) for typed in DAYS} == DAYS


def read_in_step(key: str, name: str, typed: str, company: Company) -> str:
    form = STEP_FORMS[key]({name: typed}, company=company)
    field = form.fields[name]
    form.full_clean()
    if name in form.cleaned_data:
        return form.cleaned_data[name]
    assert [str(message) for message in form.errors[name]] != [str(field.error_messages["required"])]
    return form.errors[name].as_data()[0].code


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tax_number_is_kept_in_sixteen_digits_or_refused_by_the_rule_that_failed(language):
    company = begun()
    with translation.override(language):
        read = {typed: read_in_step("company", "tax_number", typed, company) for typed in TAX_NUMBERS}

    assert read == TAX_NUMBERS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_telephone_is_kept_as_dialled_from_abroad_or_refused_by_the_rule_that_failed(language):
    companies = {"ID": begun(), "KZ": begun(country="KZ", registration_number=BIN)}
    with translation.override(language):
        read = {
            (typed, country): read_in_step("reach", "switchboard", typed, companies[country])
            for typed, country in TELEPHONES
        }

    assert read == TELEPHONES
