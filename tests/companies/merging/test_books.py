"""A book that still names an entry by its old code means the company that it was merged into."""

import pytest

from accounts.enums import Role
from companies.models import Company, Need
from companies.services.merging import undo_merge
from tests.companies.books import COMPANY, NEED, catalogue, outcomes, table, take
from tests.companies.merging.entries import merged
from tests.people import person

pytestmark = pytest.mark.django_db

TWIN = COMPANY | {"code": "alatau-2", "name_registered": "ТОО «Алатау» (Алматы)"}


@pytest.fixture(autouse=True)
def goods():
    catalogue()


def book(quantity: int = 80) -> dict[str, list[list]]:
    """Both entries of one company, each with a need under the same reference."""
    of_twin = NEED | {"company": "alatau-2", "quantity": quantity}
    return {"Companies": table(COMPANY, TWIN), "Needs": table(NEED, of_twin)}


def quantities() -> list[tuple]:
    return list(Need.objects.order_by("pk").values_list("company__code", "reference", "quantity_kg"))


def test_book_sent_again_after_a_merge_finds_everything_under_the_company_that_stays():
    take(book())
    stays, goes = Company.objects.get(code="alatau"), Company.objects.get(code="alatau-2")
    merge = merged(stays, goes, by=person(Role.OFFICER))

    again = take(book())
    changed = take(book(quantity=90))

    assert [outcome for _sheet, _row, outcome in outcomes(again)] == ["already_there"] * 4
    assert [message.code for message in again.rows[1].messages] == ["company_is_merged"]
    assert [outcome for _sheet, _row, outcome in outcomes(changed)] == ["already_there"] * 3 + ["updated"]
    assert quantities() == [("alatau", "N-1", 120_000), ("alatau", "N-1-2", 90_000)]
    assert Company.objects.get(code="alatau").name_registered == COMPANY["name_registered"]

    undo_merge(merge=merge, undone_by=person(Role.OFFICER))
    assert quantities() == [("alatau", "N-1", 120_000), ("alatau-2", "N-1", 90_000)]
    assert [outcome for _sheet, _row, outcome in outcomes(take(book(quantity=90)))] == ["already_there"] * 4


def test_new_listing_under_the_code_of_one_that_was_merged_twice_belongs_to_the_last_one():
    take({"Companies": table(COMPANY, TWIN, COMPANY | {"code": "alatau-3"})})
    first, second, third = Company.objects.order_by("pk")
    merged(second, third, by=person(Role.OFFICER))
    merged(first, second, by=person(Role.OFFICER))

    take({"Needs": table(NEED | {"company": "alatau-3"})})

    assert quantities() == [("alatau", "N-1", 120_000)]
