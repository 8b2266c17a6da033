"""What rows point to, read once for a page: however many rows point to it, from whichever side."""

import pytest

from accounts.lists.attaching import attach, is_attached, lean
from companies.models import Capacity, Company, Need
from matching.models import PlanLine
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need

pytestmark = pytest.mark.django_db


def test_attach_reads_what_many_rows_point_to_once_and_sets_it_everywhere(django_assert_num_queries):
    goods = CommodityFactory()
    wanted = [need(goods) for _time in range(3)]
    offered = [capacity(goods) for _time in range(2)]
    offered[0].company = wanted[0].company
    offered[0].save()
    needs, capacities = list(Need.objects.order_by("pk")), list(Capacity.objects.order_by("pk"))

    with django_assert_num_queries(1):
        found = attach(Company, ("name_registered",), (needs, "company"), (capacities, "company"))
        companies = [row.company for row in (*needs, *capacities)]

    assert companies == [row.company for row in (*wanted, *offered)]
    assert companies[0] is companies[3]
    assert sorted(company.pk for company in found) == sorted({company.pk for company in companies})


def test_attach_asks_nothing_where_nothing_is_pointed_to(django_assert_num_queries):
    company = need(CommodityFactory()).company
    company.region = None

    with django_assert_num_queries(0):
        found = attach(Company, (), ([company], "merged_into"))
        attach(Company, (), ([], "company"))

    assert found == []
    assert company.merged_into is None


def test_row_whose_side_is_gone_is_known(django_assert_num_queries):
    gone, there = need(CommodityFactory()), capacity(CommodityFactory())
    lines = [PlanLine(need_id=gone.pk), PlanLine(capacity_id=there.pk)]
    gone.delete()

    attach(Need, ("company",), (lines, "need"))
    attach(Capacity, ("company",), (lines, "capacity"))

    with django_assert_num_queries(0):
        assert [is_attached(line, "need", "capacity") for line in lines] == [False, True]


def test_lean_row_is_the_row_and_reads_what_it_lacks_when_it_is_asked(django_assert_num_queries):
    whole = need(CommodityFactory())

    with django_assert_num_queries(1):
        row = lean(Need, [whole.pk], ("company", "window_from"))[whole.pk]
        read = (row.pk, row.company_id, row.window_from)
    with django_assert_num_queries(1):
        lacked = row.quantity_kg
    row.quantity_kg += 1000
    row.save(update_fields=["quantity_kg"])

    assert row == whole
    assert read == (whole.pk, whole.company_id, whole.window_from)
    assert lacked == whole.quantity_kg
    assert Need.objects.get(pk=whole.pk).quantity_kg == whole.quantity_kg + 1000


def test_lean_row_without_columns_has_them_all(django_assert_num_queries):
    whole = capacity(CommodityFactory())

    with django_assert_num_queries(1):
        row = lean(Capacity, [whole.pk])[whole.pk]
        values = {field.attname: getattr(row, field.attname) for field in Capacity._meta.concrete_fields}

    assert values == {name: getattr(Capacity.objects.get(pk=whole.pk), name) for name in values}
