"""Once two entries are one company, nobody is told that it fits itself."""

import pytest

from accounts.enums import Role
from companies.services.merging import undo_merge
from matching.models import Match
from tests.companies.merging.entries import merged
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need
from tests.matching.found import finished_run, found
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


def test_match_of_a_company_with_itself_is_told_to_nobody_from_the_moment_of_the_merge():
    stays, goes = company("ID"), company("ID")
    goods = CommodityFactory()
    result = found(finished_run(), need(goods, company=stays), capacity(goods, company=goes))
    member = member_of(stays)

    before = list(Match.objects.visible_to(member))
    merge = merged(stays, goes)
    between = list(Match.objects.visible_to(member))
    undo_merge(merge=merge, undone_by=person(Role.STAFF))

    assert (before, between) == ([result.match], [])
    assert list(Match.objects.visible_to(member)) == [result.match]
