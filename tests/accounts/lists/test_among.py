"""Rows by thousands of keys, which the database gets as one array."""

import pytest

from accounts.lists.among import among
from companies.models import Need
from tests.factories import CommodityFactory
from tests.matching.book import need

pytestmark = pytest.mark.django_db


def test_among_finds_the_rows_that_pk_in_finds_with_one_parameter():
    goods = CommodityFactory()
    wanted, other, third = (need(goods).pk for _time in range(3))
    keys = [third, wanted, 9_999_999]

    rows = among(Need.objects.all(), keys)

    assert set(rows.values_list("pk", flat=True)) == {wanted, third}
    assert rows.count() == Need.objects.filter(pk__in=keys).count() == 2
    assert rows.order_by("-pk").values_list("pk", flat=True)[0] == third
    assert list(rows.exclude(pk=wanted).filter(pk__gt=other).values_list("pk", flat=True)) == [third]
    assert rows.query.sql_with_params()[1] == (keys,)


def test_among_no_keys_finds_nothing():
    need(CommodityFactory())

    assert among(Need.objects.all(), []).count() == 0
    assert not among(Need.objects.all(), []).exists()
