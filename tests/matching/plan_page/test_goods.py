"""The plan by goods: its picture and its table tell the same, and no tonnes of different goods are added up."""

from contextlib import nullcontext
from decimal import Decimal

import pytest

from accounts.enums import Role
from matching.plan_page import goods as of_goods
from matching.plan_page import sankey
from matching.services import runs
from tests.factories import CommodityFactory, PlaceFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found, planned
from tests.matching.steering.carried_out import carry_out
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    monkeypatch.setattr(runs, "one_moment", nullcontext)


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


@pytest.fixture
def goods() -> list:
    """Four kinds, of which 10, 20, 30 and 40 t move between places of their own."""
    open_corridor()
    kinds = [CommodityFactory() for _kind in range(4)]
    run = finished_run(counts={})
    for number, kind in enumerate(kinds, start=1):
        offered = capacity(kind, quantity_kg=50_000, place=PlaceFactory(country="ID"))
        planned(found(run, need(kind, quantity_kg=50_000), offered, planned_kg=10_000 * number), kg=10_000 * number)
    return kinds


def test_whole_plan_is_told_in_pairs_kinds_and_usd(staff, goods):
    page = staff.get("/plan/")

    figures, words = page.context["figures"], page.content.decode()
    assert (figures.flows, figures.kinds_moved, figures.is_of_one_kind) == (4, 4, False)
    assert (figures.usd_low, figures.usd_high, figures.unpriced) == (100 * Decimal(1000), 100 * Decimal(1030), 0)
    assert "100,000–103,000" in words
    assert ">100<" not in words.replace(" ", "")  # tonnes of four kinds together


def test_plan_of_one_kind_of_goods_is_told_in_tonnes(staff, goods):
    page = staff.get(f"/plan/?commodity={goods[1].code}").context

    assert (page["figures"].planned_kg, page["figures"].is_of_one_kind) == (20_000, True)
    assert (page["figures"].met_percent, page["loads"]) == (40, None)
    assert [flow.capacity.commodity for flow in page["flows"]] == [goods[1]]
    rows = staff.get(f"/plan/flows/{page['query']}").context["page"].object_list
    assert [row.quantity_kg for row in rows] == [20_000]


def test_goods_that_no_code_names_are_refused(staff, goods):
    assert staff.get("/plan/?commodity=nothing").status_code == 400


def test_goods_of_which_most_moves_stand_alone_and_all_others_together(staff, goods, monkeypatch):
    monkeypatch.setattr(sankey, "MOST", 1)
    for name, most in (("MOST_GOODS", 2), ("MOST_HUBS", 2), ("MOST_ENDS", 2)):
        monkeypatch.setattr(of_goods, name, most)

    told = staff.get("/plan/").context["goods"]

    assert [(goods.index(commodity), row.kg) for commodity, row in told["rows"]] == [(3, 40_000), (2, 30_000)]
    assert (told["others"], told["other_pairs"]) == (2, 2)
    picture = told["picture"]
    assert [(node.kg, node.is_others) for node in picture.capacities] == [
        (40_000, False),
        (30_000, False),
        (30_000, True),
    ]
    assert picture.capacities[-1].detail == "2 kinds"
    assert [(node.kg, node.detail) for node in picture.hubs] == [
        (40_000, "1 pair"),
        (30_000, "1 pair"),
        (30_000, "2 pairs"),
    ]
    for column, way in ((picture.capacities, "out"), (picture.hubs, "in"), (picture.needs, "in")):
        assert [round(node.used[way], 6) for node in column] == [round(node.tall, 6) for node in column]
    assert [ribbon.title for ribbon in picture.ribbons if "t of" not in ribbon.title] == [
        f"Other goods from Other places to {picture.needs[0].name}"
    ]


def test_pages_ask_as_much_of_few_goods_as_of_many(staff, django_assert_max_num_queries):
    open_corridor()
    for _kind in range(3):
        kind = CommodityFactory()
        need(kind)
        capacity(kind)
    carry_out()
    staff.get("/plan/")

    with django_assert_max_num_queries(60):
        staff.get("/plan/")
