from datetime import date

import numpy as np
import pytest

from matching import engine
from matching.benchmarks.making import TODAY, Sizes, make_market, with_constant_lanes
from matching.engine.market import NO_LANE, NOT_KNOWN_DAYS, NOT_KNOWN_KG

SMALL = Sizes(needs=120, capacities=80, headings=4)


def test_the_same_seed_makes_the_same_market_and_another_one_another():
    assert make_market(SMALL, seed=7).digest() == make_market(SMALL, seed=7).digest()
    assert make_market(SMALL, seed=7).digest() != make_market(SMALL, seed=8).digest()


def test_market_has_as_much_of_everything_as_was_asked_for():
    market = make_market(Sizes(needs=50, capacities=30, headings=3, departures=9, arrivals=4))

    assert (len(market.needs.id), len(market.capacities.id), market.lanes.of.shape) == (50, 30, (9, 4))
    assert market.needs.accepted_hi.max() <= 3 * 64
    assert len({*market.needs.id.tolist(), *market.capacities.id.tolist()}) == 80


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 1.0])
def test_as_large_a_share_of_the_facts_is_not_known_as_was_asked_for(share):
    market = make_market(Sizes(needs=1500, capacities=1500, unknown=share), seed=3)

    hidden = {
        "limit": np.isnan(market.needs.limit_usd_per_t),
        "ask": np.isnan(market.capacities.ask_usd_per_t),
        "lead": market.capacities.lead_days == NOT_KNOWN_DAYS,
        "lot": market.capacities.lot_kg == NOT_KNOWN_KG,
        "certificates": market.capacities.certificate == 0,
        "screening": market.needs.screening == 0,
        "days": market.lanes.days_low == NOT_KNOWN_DAYS,
        "cost": np.isnan(market.lanes.cost_low[:, 0]),
    }
    assert {name: abs(column.mean() - share) < 0.05 for name, column in hidden.items()} == dict.fromkeys(hidden, True)


def test_made_market_can_be_matched_and_planned():
    found = engine.solve(make_market(SMALL), engine.ScoreTable(), as_of=TODAY)

    assert found.counts["pairs"] > found.counts["candidates"] > 0
    assert found.plan_value > 0
    assert {(found.pairs.verdicts == answer).any() for answer in (1, 0)} == {True}


def test_routes_of_a_lane_are_each_dearer_and_faster_than_the_one_before():
    lanes = make_market(Sizes(needs=1, capacities=1, unknown=0.0)).lanes

    row = np.flatnonzero(lanes.next != NO_LANE)
    following = lanes.next[row]
    assert len(row) > 100
    assert (lanes.cost_low[following] > lanes.cost_low[row]).all()
    assert (lanes.days_low[following] < lanes.days_low[row]).all()


def test_with_constant_lanes_every_way_costs_and_takes_the_same():
    market = with_constant_lanes(make_market(SMALL), days=(10, 12), usd_per_t=50.0)

    found = engine.solve(market, engine.ScoreTable(), as_of=TODAY).pairs
    ask = dict(zip(market.capacities.id.tolist(), market.capacities.ask_usd_per_t.tolist(), strict=True))
    expected = np.round([ask[capacity] + 50 for capacity in found.capacity_id.tolist()], 6)
    np.testing.assert_array_equal(found.landed_high, expected)
    assert set(found.days_high.tolist()) == {12}


@pytest.mark.parametrize("facts", [{"needs": 0}, {"headings": 0}, {"unknown": 1.5}, {"unknown": -0.1}])
def test_market_that_cannot_be_is_refused(facts):
    with pytest.raises(ValueError):
        make_market(Sizes(**({"needs": 1, "capacities": 1} | facts)))


def test_second_kind_of_goods_is_mostly_of_the_same_heading():
    needs = make_market(Sizes(needs=60_000, capacities=1), seed=2).needs

    heading = needs.accepted_lo // 64
    first, second = heading[:60_000], heading[60_000:]
    assert 0.09 < len(second) / 60_000 < 0.11
    assert 0 < (second != first[needs.accepted_of[60_000:]]).mean() < 0.03


def test_monthly_slots_are_the_calendar_months_of_the_window():
    capacities = make_market(Sizes(needs=1, capacities=400)).capacities

    for row in range(400):
        mine = np.flatnonzero(capacities.slot_of == row)
        first, last = capacities.slot_first[mine].tolist(), capacities.slot_last[mine].tolist()
        assert (first[0], last[-1]) == (capacities.available_from[row], capacities.available_until[row])
        assert [date.fromordinal(day).day for day in first[1:]] == [1] * (len(mine) - 1)
        assert first[1:] == [day + 1 for day in last[:-1]]
        assert max(last[n] - first[n] for n in range(len(mine))) <= 31 or len(mine) == 1
