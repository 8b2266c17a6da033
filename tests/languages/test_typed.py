"""What is typed means one thing, or is asked back with both: in every language, wherever numbers and days are typed.

The rows are those of the facts that started it: `1.500` was 1,500 in one language and 1.5 in another, 05/06/2026 two
days. The language of the page changes how an answer is written and never what is read.
"""

from decimal import Decimal
from html import unescape
from importlib import import_module

import pytest
from django import forms
from django.core.management import call_command
from django.core.management.base import CommandError
from django.http import QueryDict
from django.utils import translation

from accounts.enums import Role
from accounts.reading import DayField, NumberField
from companies.faults import Refusal
from companies.parsing import parse_day, parse_number
from matching.lists import every_listed_result
from matching.models import Run
from matching.tables.filters import MatchFilter
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import person
from tests.vectors.table import DAYS, LANGUAGES, NUMBERS

everywhere = pytest.mark.parametrize("language", LANGUAGES)
each_number = pytest.mark.parametrize("typed", NUMBERS)
each_day = pytest.mark.parametrize("typed", DAYS)


class Typed(forms.Form):
    number = NumberField(decimals=3, required=False)
    day = DayField(required=False)


def read_in_form(name: str, typed: str):
    """What a form makes of it: what it takes, or everything it offers to choose from."""
    data = QueryDict(mutable=True)
    data[name] = typed
    form = Typed(data)
    if form.is_valid():
        return (form.cleaned_data[name],)
    field, bound = form.fields[name], form[name]
    offered = tuple(field.value_of(reading.value) for reading in field.readings(bound.value()))
    assert bool(offered) == (form.errors[name].data[0].code == "two_readings")
    return offered


def read_in_book(read, typed: str, make):
    """What the import of a book makes of it: what it takes, or the readings that its sentence says."""
    try:
        return (read(typed),)
    except Refusal as refusal:
        named = [refusal.params[name] for name in ("one", "two") if name in refusal.params]
        return tuple(make(one) for one in named if str(one) in str(refusal))


@everywhere
@each_number
def test_a_number_typed_in_a_form_has_one_meaning_or_both_are_offered(language, typed):
    with translation.override(language):
        assert read_in_form("number", typed) == NUMBERS[typed]


@everywhere
@each_day
def test_a_day_typed_in_a_form_has_one_meaning_or_both_are_offered(language, typed):
    with translation.override(language):
        assert read_in_form("day", typed) == DAYS[typed]


@everywhere
@each_number
def test_a_number_in_a_book_has_one_meaning_or_both_are_named(language, typed):
    with translation.override(language):
        assert read_in_book(parse_number, typed, Decimal) == NUMBERS[typed]


@everywhere
@each_day
def test_a_day_in_a_book_has_one_meaning_or_both_are_named(language, typed):
    with translation.override(language):
        assert read_in_book(parse_day, typed, lambda day: day) == DAYS[typed]


@pytest.mark.django_db
@everywhere
@each_number
def test_a_number_in_an_address_has_one_meaning_or_both_are_offered(language, typed):
    data = QueryDict(mutable=True)
    data["at_least_t"] = typed

    with translation.override(language):
        filters = MatchFilter(data, queryset=every_listed_result())
        read = (filters.form.cleaned_data["at_least_t"],) if filters.form.is_valid() else ()
        offered = filters.form.fields["at_least_t"].readings(filters.form["at_least_t"].value())

    assert (read or tuple(Decimal(reading.value) for reading in offered)) == NUMBERS[typed]


@pytest.mark.django_db
@everywhere
def test_an_address_that_could_mean_two_numbers_leads_to_both(client, language):
    some_matches(CommodityFactory(), 1)
    client.force_login(person(Role.STAFF))
    client.cookies["django_language"] = language

    refused = client.get("/matches/?at_least_t=1.500&sort=-score&page=1")

    html = unescape(refused.content.decode())
    links = ["?sort=-score&at_least_t=1500", "?sort=-score&at_least_t=1.5"]
    assert (refused.status_code, [link in html for link in links]) == (400, [True, True])
    assert [client.get(f"/matches/{link}").status_code for link in links] == [200, 200]


@pytest.mark.parametrize("page", ["1_0", "１", "1e0", "1\x00", "1.000"])
@pytest.mark.django_db
def test_the_number_of_a_page_is_read_like_every_other(client, page):
    some_matches(CommodityFactory(), 1)
    client.force_login(person(Role.STAFF))

    assert client.get("/matches/", {"page": page}).status_code == 400


@pytest.mark.django_db
@everywhere
def test_the_day_of_a_run_at_the_terminal_is_asked_back(language):
    with translation.override(language), pytest.raises(CommandError, match=r"2026-06-05.*2026-05-06"):
        call_command("match", "--as-of", "05/06/2026")

    assert not Run.objects.exists()


def forms_of_ours() -> list[type[forms.Form]]:
    apps = ("accounts", "companies", "corridor", "desk", "matching", "notices", "reports")
    for app in apps:
        import_module(f"{app}.urls")

    def below(kind):
        return [found for child in kind.__subclasses__() for found in (child, *below(child))]

    return [form for form in below(forms.BaseForm) if form.__module__.split(".")[0] in (*apps, "tradematch")]


def test_every_form_of_ours_reads_numbers_and_days_with_these_fields():
    """Django's own fields take 1_0 and full-width digits, and 1.500 for 1.5 without a question."""
    others = (forms.IntegerField, forms.FloatField, forms.DecimalField, forms.DateField, forms.DateTimeField)

    found = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in forms_of_ours()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, others)
    }

    assert len(forms_of_ours()) > 10
    assert found == set()
