"""Cutting the book: what shares no commodity is apart, and a part is a market of its own."""

import numpy as np

from matching.engine import components, take
from tests.matching.engine.markets import as_market, asks, capacity, need, rows


def parts(needs: list[dict], capacities: list[dict]) -> list[tuple[list[int], list[int]]]:
    market = as_market(rows(needs, capacities))
    return [
        (market.needs.id[need_rows].tolist(), market.capacities.id[capacity_rows].tolist())
        for need_rows, capacity_rows in components(market)
    ]


def test_components_are_joined_by_needs_and_capacities_that_span_several():
    needs = [need(4, accepts=[(2, 3)]), need(1, accepts=[(0, 1)]), need(9, accepts=[(5, 6), (8, 9)])]

    apart = parts(needs, [capacity(6), capacity(5, node=(2, 3)), capacity(7, node=(8, 9)), capacity(8, node=(5, 6))])
    joined = parts(needs, [capacity(6), capacity(5, node=(0, 4)), capacity(7, node=(8, 9))])

    assert apart == [([1], [6]), ([4], [5]), ([9], [7, 8])]
    assert joined == [([1, 4], [5, 6]), ([9], [7])]


def test_components_leave_out_what_nobody_of_the_other_side_trades():
    assert parts([need(1), need(2, accepts=[(8, 9)])], [capacity(3), capacity(4, node=(4, 5))]) == [([1], [3])]
    assert parts([], [capacity(3)]) == parts([need(1)], []) == parts([], []) == []


def test_take_sorts_by_id_and_brings_what_belongs_to_each_row():
    wanted = [need(5, asked={0: asks(high=0.5)}, accepts=[(2, 3), (0, 1)]), need(3), need(1, asked={2: asks(low=1.0)})]
    market = as_market(rows(wanted, [capacity(8), capacity(7)]))

    part = take(market, np.array([0, 2]), np.array([1]))

    assert part.needs.id.tolist() == [1, 5]
    assert part.capacities.id.tolist() == [7]
    assert (part.needs.asked_of.tolist(), part.needs.asked_parameter.tolist()) == ([0, 1], [2, 0])
    assert (part.needs.accepted_of.tolist(), part.needs.accepted_lo.tolist()) == ([0, 1, 1], [0, 0, 2])
    assert part.lanes is market.lanes
