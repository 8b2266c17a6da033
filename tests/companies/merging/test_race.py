"""Two people merge at the same moment: one goes first, and the other is told."""

import pytest

from accounts.enums import Role
from companies.models import Company, Merge
from companies.services.merging import comparison_of, merge_companies, undo_merge
from tests.companies.factories import CompanyFactory, NeedFactory
from tests.companies.merging.entries import merged
from tests.companies.test_profile_race import at_once
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)


def act(stays: Company, goes: Company):
    """What a page that shows both as they are now sends."""
    facts = {"taken": {}, "reason": "One company.", "seen": comparison_of(stays, goes).seen}
    staff = person(Role.STAFF)
    return lambda: merge_companies(stays=stays, goes=goes, merged_by=staff, **facts)


def test_of_two_who_merge_the_same_two_at_once_one_is_refused():
    one, other = CompanyFactory(), CompanyFactory()

    answers = at_once(act(one, other), act(other, one))

    assert answers[1] == "done"
    assert "is not here any more" in answers[0]
    assert Merge.objects.count() == Company.objects.filter(is_hidden=True).count() == 1


def test_of_a_ring_of_merges_at_once_no_company_is_lost():
    first, second, third = (CompanyFactory() for _number in range(3))
    for company in (first, second, third):
        NeedFactory(company=company)

    answers = at_once(act(first, second), act(second, third), act(third, first))

    assert answers.count("done") == 1  # the others saw an entry that has changed since
    (merge,) = Merge.objects.all()
    assert merge.stays.needs.count() == 2


def test_merge_undone_twice_at_once_is_undone_once():
    stays, goes = CompanyFactory(), CompanyFactory()
    need = NeedFactory(company=goes)
    merge, staff = merged(stays, goes), person(Role.STAFF)

    answers = at_once(*[lambda: undo_merge(merge=merge, undone_by=staff)] * 2)

    assert answers == ["This merge has been undone already.", "done"]
    need.refresh_from_db()
    assert need.company == goes
