"""Whatever two entries hold: merged and parted again, every row is as it was."""

import pytest

from accounts.enums import Role
from companies.models import Company
from companies.services.merging import undo_merge
from tests.companies.merging.entries import Made, merged, rows
from tests.people import person

pytestmark = pytest.mark.django_db


def fields_taken(made: Made) -> dict[str, str]:
    names = ["name_latin", "registration_number", "region", "place", "city", "sectors", "website", "description"]
    return {name: made.chance.choice(["stays", "goes"]) for name in names}


@pytest.mark.parametrize("seed", range(8))
def test_merged_and_undone_every_row_is_as_it_was(seed):
    made, admin = Made(seed), person(Role.ADMIN)
    stays, goes = made.entries(2)
    before = rows()

    merge = merged(stays, goes, by=admin, taken=fields_taken(made))
    meanwhile = rows()
    undoing = undo_merge(merge=merge, undone_by=admin)

    assert rows() == before
    assert undoing.told == []
    assert undoing.back == undoing.moved
    # Nothing was lost in between, and whatever hung on the entry that went hangs on the other or is still there.
    assert {name: set(held) for name, held in meanwhile.items()} == {name: set(held) for name, held in before.items()}
    assert not any(row["company_id"] == goes.pk for row in meanwhile["Need"].values())
    assert not any(row["company_id"] == goes.pk for row in meanwhile["ContactPerson"].values())


@pytest.mark.parametrize("seed", [21, 22])
def test_merge_of_merged_entries_is_undone_from_the_last_to_the_first(seed):
    made, admin = Made(seed), person(Role.ADMIN)
    first, second, third = made.entries(3)
    before = rows()

    inner = merged(second, third, by=admin, taken=fields_taken(made))
    between = rows()
    outer = merged(first, second, by=admin, taken=fields_taken(made))
    led_to = set(Company.objects.filter(is_hidden=True).values_list("pk", flat=True))
    undo_merge(merge=outer, undone_by=admin)

    assert led_to == {second.pk, third.pk}
    assert rows() == between
    undo_merge(merge=inner, undone_by=admin)
    assert rows() == before
