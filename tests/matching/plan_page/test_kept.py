"""What was summed of a plan: remembered while the same is seen of it, and old plans go."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from companies.models import Company
from matching import services
from matching.enums import RunKind
from matching.models import MatchResult, PlanFlow, PlanLine
from matching.plan_page.kept import KeptSums
from matching.services import plan_pruning, runs
from tests.matching.book import small_book
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
    company = PlanFlow.objects.filter(run=run).first().capacity.company

    Company.objects.update(city="Balikpapan")
    company.capacities.update(quantity_kg=5)
    same = KeptSums(run).change
    Company.objects.filter(pk=company.pk).update(is_hidden=True)

    assert same == kept_as
    assert rows_of(run) == PlanFlow.objects.seen().filter(run=run).count() < rows


def test_sums_are_not_counted_twice(django_assert_num_queries):
    small_book(1)
    run = carry_out()
    rows_of(run)

    with django_assert_num_queries(1):  # which change was the last
        rows_of(run)


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
