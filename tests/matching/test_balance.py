"""The balance of a large book costs what that of a small one does: its sums are made where the rows are."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import User
from companies.models import Need, NeedCommodity
from matching.figures.balance import Balance, balances
from matching.models import Allocation, Match, Run
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, capacity, need, open_corridor
from tests.matching.found import finished_run
from tests.people import person

pytestmark = pytest.mark.django_db
JANUARY = dt.date(2027, 1, 1)


def asked(user: User, run: Run) -> tuple[list[Balance], list[int]]:
    """The rows, and how long each statement was that they took."""
    with CaptureQueriesContext(connection) as statements:
        rows = balances(user, AS_OF, run)
    return rows, [len(statement["sql"]) for statement in statements]


def more_needs(first: Need, run: Run, count: int) -> None:
    """As many needs again for the same goods, each planned with the one capacity."""
    goods, match = first.accepted.get().commodity, Match.objects.get()
    facts = {field.attname: getattr(first, field.attname) for field in Need._meta.concrete_fields}
    needs = Need.objects.bulk_create(
        Need(**facts | {"id": None, "reference": f"more {number}"}) for number in range(count)
    )
    NeedCommodity.objects.bulk_create(NeedCommodity(need=made, commodity=goods, position=0) for made in needs)
    matches = Match.objects.bulk_create(
        Match(need=made, capacity_id=match.capacity_id, first_run=run, is_current=True) for made in needs
    )
    Allocation.objects.bulk_create(
        Allocation(run=run, match=made, ship_month=JANUARY, deliver_month=JANUARY, quantity_kg=1_000)
        for made in matches
    )


def test_balance_of_many_needs_is_asked_for_in_the_same_words():
    user, goods = person(Role.STAFF), CommodityFactory()
    open_corridor()
    run, wanted = finished_run(), need(goods, quantity_kg=10_000)
    match = Match.objects.create(need=wanted, capacity=capacity(goods), first_run=run, is_current=True)
    run.allocations.create(match=match, ship_month=JANUARY, deliver_month=JANUARY, quantity_kg=1_000)
    (one,), statements = asked(user, run)

    more_needs(wanted, run, 300)
    (many,), statements_of_many = asked(user, run)

    assert (one.wanted_kg, one.planned_kg) == (10_000, 1_000)
    assert (many.wanted_kg, many.planned_kg) == (3_010_000, 301_000)
    assert statements_of_many == statements


def test_balance_counts_a_need_under_the_goods_it_names_first_alone():
    user, palm, salt = person(Role.STAFF), CommodityFactory(name_en="Palm"), CommodityFactory(name_en="Salt")
    open_corridor()
    run, wanted = finished_run(), need(palm, salt, quantity_kg=10_000)
    for goods, planned_kg in ((palm, 1_000), (salt, 2_000)):
        match = Match.objects.create(need=wanted, capacity=capacity(goods, quantity_kg=5_000), first_run=run)
        for month in (1, 2):
            run.allocations.create(
                match=match, ship_month=dt.date(2027, month, 1), deliver_month=JANUARY, quantity_kg=planned_kg
            )

    rows = balances(user, AS_OF, run)

    assert [(row.node.name, row.wanted_kg, row.offered_kg, row.planned_kg) for row in rows] == [
        ("Palm", 10_000, 5_000, 6_000),
        ("Salt", 0, 5_000, 0),
    ]
