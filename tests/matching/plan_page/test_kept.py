"""What was summed of a plan: remembered while the same is seen of it, and old plans go."""

import datetime as dt
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import programme
from accounts.enums import Role
from companies.models import Capacity, Company, Need
from matching import services
from matching.enums import RunKind
from matching.models import MatchResult, PlanFlow, PlanLine
from matching.plan_page.kept import KeptSums
from matching.services import plan_pruning, runs
from tests.factories import CommodityFactory, PlaceFactory
from tests.matching.book import company, small_book
from tests.matching.steering.carried_out import carry_out
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    monkeypatch.setattr(runs, "one_moment", nullcontext)


def rows_of(run) -> int:
    rows = PlanFlow.objects.seen().filter(run=run)
    return KeptSums(run).of(rows, "rows", rows.count)


def test_edit_of_the_book_leaves_the_sums_and_a_hidden_company_does_not():
    small_book(2)
    run = carry_out()
    rows, kept_as = rows_of(run), KeptSums(run).change
    supplier = PlanFlow.objects.filter(run=run).first().capacity.company

    Company.objects.update(city="Balikpapan")
    Capacity.objects.update(quantity_kg=5, price_amount=900)
    Need.objects.update(quantity_kg=900_000, window_until=dt.date(2027, 6, 30))
    same = KeptSums(run).change
    Company.objects.filter(pk=supplier.pk).update(is_hidden=True)

    assert same == kept_as
    assert rows_of(run) == PlanFlow.objects.seen().filter(run=run).count() < rows


def test_sums_follow_the_goods_and_the_places_of_listings():
    """The rows behind the links of the page are narrowed by what listings say now."""
    small_book(2)
    run = carry_out()
    rows = PlanFlow.objects.filter(run=run)
    flow, other, goods = rows.first(), PlaceFactory(code="KZAST", country="KZ"), CommodityFactory()
    changes = [KeptSums(run).change]

    def noted(listing, **said) -> None:
        for name, value in said.items():
            setattr(listing, name, value)
        listing.save()
        changes.append(KeptSums(run).change)

    of_goods = rows.filter(capacity__commodity=goods)
    assert KeptSums(run).of(of_goods, "rows", of_goods.count) == 0
    noted(flow.capacity, commodity=goods)
    assert KeptSums(run).of(of_goods, "rows", of_goods.count) == of_goods.count() > 0
    noted(flow.capacity, origin_country="KZ")
    noted(flow.capacity, place=other)
    noted(flow.capacity, company=company("ID"))
    noted(flow.need, destination=other)
    noted(flow.need, company=company("KZ"))

    assert len(set(changes)) == 7
    noted(flow.need, destination=other)
    assert changes[-1] == changes[-2]


def test_sums_are_not_counted_twice(django_assert_num_queries):
    small_book(1)
    run = carry_out()
    rows_of(run)

    with django_assert_num_queries(1):  # which change was the last
        rows_of(run)


def test_what_another_programme_has_kept_is_not_read(monkeypatch):
    """Its classes may be gone, or mean something else."""
    small_book(1)
    run = carry_out()
    rows, counted = PlanFlow.objects.filter(run=run), []

    def count() -> int:
        counted.append(programme.stamp())
        return len(counted)

    here = [KeptSums(run).of(rows, "rows", count) for _time in range(2)]
    monkeypatch.setattr(programme, "stamp", lambda: "delivered meanwhile")
    there = [KeptSums(run).of(rows, "rows", count) for _time in range(2)]

    assert (here, there) == ([1, 1], [2, 2])


def test_deleted_listing_is_in_no_sum():
    small_book(2)
    run = carry_out()
    rows = rows_of(run)

    PlanFlow.objects.filter(run=run).first().delete()

    assert rows_of(run) == rows - 1


def test_old_plans_go_and_what_they_gave_each_pair_stays(client, monkeypatch):
    monkeypatch.setattr(plan_pruning, "OFFICIAL_KEPT", 1)
    small_book(1)
    old, tried, new = carry_out(), carry_out(RunKind.WHAT_IF), carry_out()
    given = MatchResult.objects.filter(run=old, planned_kg__gt=0).count()
    gone = old.plan_lines.count() + old.plan_flows.count()
    later = timezone.now() + timedelta(days=29)

    assert (services.prune_plans(later), services.prune_plans(later)) == (gone, 0)
    assert [run.plan_lines.exists() for run in (old, tried, new)] == [False, True, True]
    assert MatchResult.objects.filter(run=old, planned_kg__gt=0).count() == given > 0
    client.force_login(person(Role.STAFF))
    assert f"The plan of run {old.pk} was put away" in client.get(f"/plan/?run={old.pk}").content.decode()
    assert services.prune_plans(timezone.now() + timedelta(days=31)) > 0
    assert set(PlanLine.objects.values_list("run", flat=True)) == {new.pk}
