"""The picture of the flows: true to scale, every ribbon inside its bars, what is cut off says so."""

from itertools import pairwise
from types import SimpleNamespace

from matching.plan_page import sankey
from matching.plan_page.sankey import FLOWS_TALL, picture_of


def flow(pk: int, capacity: int, need: int, kg: int, place: int = 1):
    offered = SimpleNamespace(
        pk=capacity,
        company_name=f"Seller {capacity}",
        goods_name="olein",
        place_id=place,
        place=SimpleNamespace(pk=place, name=f"Port {place}"),
    )
    wanted = SimpleNamespace(
        pk=need, company_name=f"Buyer {need}", place_name="Almaty", destination=SimpleNamespace(country="KZ")
    )
    return SimpleNamespace(pk=pk, capacity_id=capacity, capacity=offered, need_id=need, need=wanted, quantity_kg=kg)


def drawn(*flows, lines=None):
    return picture_of(flows, lines or {}, len(flows), [f"flow {one.pk}" for one in flows])


def test_nothing_to_draw_is_no_picture():
    assert drawn() is None


def test_bars_are_as_tall_as_their_kilograms():
    picture = drawn(flow(1, 1, 1, 300), flow(2, 1, 2, 100), flow(3, 2, 2, 200))

    tall_of = {node.name: round(node.tall, 6) for node in (*picture.capacities, *picture.needs, *picture.hubs)}
    assert tall_of == {
        "Seller 1": FLOWS_TALL * 4 / 6,
        "Seller 2": FLOWS_TALL * 2 / 6,
        "Buyer 1": FLOWS_TALL / 2,
        "Buyer 2": FLOWS_TALL / 2,
        "Port 1": FLOWS_TALL,
    }


def test_ribbons_fill_their_bars_to_the_end():
    picture = drawn(flow(1, 1, 1, 300), flow(2, 1, 2, 100, place=2), flow(3, 2, 2, 200, place=2))

    for column, way in ((picture.capacities, "out"), (picture.hubs, "in"), (picture.needs, "in")):
        assert [round(node.used[way], 6) for node in column] == [round(node.tall, 6) for node in column]
    assert [ribbon.title for ribbon in picture.ribbons] == ["flow 1", "flow 2", "flow 3"]


def test_nodes_of_a_column_leave_room_for_their_labels():
    picture = drawn(*(flow(number, number, number, 1, place=number) for number in range(1, 13)))

    for column in (picture.capacities, picture.needs):
        starts = [node.y for node in column]
        assert all(after - before >= sankey.PITCH for before, after in pairwise(starts))
    assert picture.tall > max(node.end for node in picture.hubs)


def test_end_that_dwarfs_what_is_planned_is_cut_and_says_so():
    lines = {
        ("capacity", 1): SimpleNamespace(quantity_kg=10_100, planned_kg=100, left_kg=10_000),
        ("need", 1): SimpleNamespace(quantity_kg=110, planned_kg=100, left_kg=10),
    }

    picture = drawn(flow(1, 1, 1, 100), lines=lines)

    seller, buyer = picture.capacities[0], picture.needs[0]
    assert (seller.is_cut, seller.rest_tall) == (True, seller.tall)
    assert (buyer.is_cut, round(buyer.rest_tall, 6)) == (False, round(FLOWS_TALL / 10, 6))


def test_long_place_leaves_room_for_what_is_short():
    one, other = flow(1, 1, 1, 100), flow(2, 2, 2, 100)
    one.need.place_name = other.need.place_name = "Ust-Kamenogorsk and about"
    lines = {("need", 1): SimpleNamespace(quantity_kg=110, planned_kg=100, left_kg=10)}

    picture = drawn(one, other, lines=lines)

    assert {node.key: node.detail for node in picture.needs} == {1: "Ust-Kamenogor…", 2: "Ust-Kamenogorsk and…"}
