"""The vectors in the cells of a book: taken as they are meant, or refused with the rule and, of two readings, both."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from companies.book.importing import import_book
from companies.book.telling import message_text
from companies.models import Capacity, Company
from tests.companies.books import CAPACITY, catalogue, table, workbook
from tests.companies.factories import CompanyFactory
from tests.vectors.table import DAYS, LANGUAGES, NUMBERS, REGISTRATION_NUMBERS, TELEPHONES, ZERO_LOST

pytestmark = pytest.mark.django_db
everywhere = pytest.mark.parametrize("language", LANGUAGES)
TODAY = dt.date(2026, 1, 1)  # before every day of the table


def sent(sheet: str, column: str, rows: dict) -> dict:
    """Take the rows that are good; of each other one what is wrong with it, as (code, parameters, sentence)."""
    answer = import_book([("book.xlsx", workbook({sheet: table(*rows.values())}))], take_good_rows=True, today=TODAY)
    assert answer.refusals == []
    refused = {}
    for typed, row in zip(rows, answer.rows, strict=True):
        if row.outcome == "refused":
            assert {message.column for message in row.messages} == {row.messages[0].column}, (typed, row.messages)
            first = row.messages[0]
            assert first.cell, column
            refused[typed] = (first.code, first.params, message_text(first))
    return refused


def writable(table: dict) -> dict:
    """A workbook cannot hold the letter 0."""
    return {typed: told for typed, told in table.items() if "\x00" not in typed}


def both_shown(refusal: tuple, make) -> tuple:
    """The two readings, as far as the sentence says them."""
    _code, params, told = refusal
    return tuple(make(params[name]) for name in ("one", "two") if name in params and str(params[name]) in told)


@everywhere
def test_a_number_of_a_book_is_taken_as_meant_or_refused_with_both_readings(language):
    catalogue()
    CompanyFactory(code="kariangau", country="ID")
    vectors = writable(NUMBERS)
    rows = {typed: CAPACITY | {"reference": f"C{n}", "quantity": typed} for n, typed in enumerate(vectors)}

    with translation.override(language):
        refused = sent("Capacities", "quantity", rows)

    kept = dict(Capacity.objects.values_list("reference", "quantity_typed"))
    read = {
        typed: (kept[row["reference"]],) if row["reference"] in kept else both_shown(refused[typed], Decimal)
        for typed, row in rows.items()
    }
    assert read == vectors


@everywhere
def test_a_day_of_a_book_is_taken_as_meant_or_refused_with_both_readings(language):
    catalogue()
    CompanyFactory(code="kariangau", country="ID")
    vectors = writable(DAYS)
    rows = {typed: CAPACITY | {"reference": f"C{n}", "available_from": typed} for n, typed in enumerate(vectors)}

    with translation.override(language):
        refused = sent("Capacities", "available_from", rows)

    kept = dict(Capacity.objects.values_list("reference", "available_from"))
    read = {
        typed: (kept[row["reference"]],) if row["reference"] in kept else both_shown(refused[typed], lambda day: day)
        for typed, row in rows.items()
    }
    assert read == vectors


def companies(vectors: dict, column: str) -> dict:
    return {
        (typed, country): {"code": f"c{n}", "name_registered": f"Company {n}", "country": country, column: typed}
        for n, (typed, country) in enumerate(vectors)
    }


def test_a_registration_number_of_a_book_is_kept_or_refused_by_the_rule_that_failed():
    """Each alone: the same number twice in one book would be a double."""
    read = {}
    for typed, row in companies(REGISTRATION_NUMBERS, "registration_number").items():
        refused = sent("Companies", "registration_number", {typed: row})
        kept = Company.objects.values_list("registration_number", flat=True).first()
        read[typed] = refused[typed][0] if refused else kept
        Company.objects.all().delete()

    assert read == REGISTRATION_NUMBERS


@everywhere
@pytest.mark.parametrize("typed", ZERO_LOST)
def test_a_number_that_lost_its_zero_is_shown_with_it(language, typed):
    """A cell of digits in a spreadsheet is a number, and numbers have no zero in front."""
    rows = companies({(cell, "KZ"): None for cell in (int(typed), typed)}, "registration_number")

    with translation.override(language):
        refused = sent("Companies", "registration_number", rows)

    assert {typed for typed, (code, _params, told) in refused.items() if code == "zero_lost"} == {*rows}
    assert all(ZERO_LOST[typed] in told for _code, _params, told in refused.values())
    assert not Company.objects.exists()


def test_a_telephone_of_a_book_is_kept_as_dialled_from_abroad_or_refused_by_the_rule_that_failed():
    rows = companies(TELEPHONES, "switchboard")

    refused = sent("Companies", "switchboard", rows)

    kept = dict(Company.objects.values_list("code", "switchboard"))
    assert {typed: kept.get(row["code"]) or refused[typed][0] for typed, row in rows.items()} == TELEPHONES
