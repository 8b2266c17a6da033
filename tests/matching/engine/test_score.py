"""The components at their points, and the table that weighs them."""

import numpy as np
import pytest

from matching.engine import COMPONENTS, ScoreTable, solve
from matching.engine.market import FAR_FUTURE, FAR_PAST
from matching.engine.score import linear
from matching.engine.solution import in_ppm
from tests.matching.engine.markets import TODAY, as_market, asks, capacity, lane, monthly, need, offers, rows


def component(
    name: str, wanted: dict | None = None, offered: dict | None = None, way: dict | None = None
) -> float | None:
    facts = rows([need(1, **wanted or {})], [capacity(2, **offered or {})], {(0, 0): lane(**way or {})})
    pairs = solve(as_market(facts), ScoreTable(), as_of=TODAY, watch=[(1, 2)]).pairs
    value = float(pairs.components[0, COMPONENTS.index(name)])
    return None if np.isnan(value) else pytest.approx(value)


def test_price_component_grows_with_the_room_under_the_limit():
    assert component("price", {"limit": 900.0}) == 0.3
    assert component("price", {"limit": 1000.0}) == 0.8  # a tenth
    assert component("price", {"limit": 1200.0}) == 1.0  # a quarter
    assert component("price", {"limit": 899.0}) == 0.0
    assert component("price", {"limit": None}) is None
    assert component("price", {}, {}, {"lines": [(1.0, 100.0, None)]}) is None


def test_quantity_component_is_the_share_that_can_move():
    assert component("quantity") == 1.0
    assert component("quantity", {}, {"slots": [(TODAY, TODAY + 60, 25_000)]}) == 0.25
    assert component("quantity", {}, {}, {"days": None}) is None
    # A total wanted once is not counted twice: two months of 60 t move 100 t.
    assert component("quantity", {}, {"slots": monthly(60_000, TODAY, TODAY + 58)}) == 1.0


def test_quality_component_is_the_mean_margin():
    wanted = {"asked": {0: asks(high=0.1), 1: asks(values="a")}}

    assert component("quality") == 1.0
    assert component("quality", wanted, {"offered": {0: offers(0.0, 0.09), 1: offers(values="a")}}) == (0.75 + 1.0) / 2
    assert component("quality", wanted, {"offered": {0: offers(0.0, 0.1), 1: offers(values="b")}}) == (0.5 + 0.0) / 2
    assert component("quality", wanted, {"offered": {0: offers(0.0, 0.05)}}) is None
    assert component("quality", {"asked": {2: asks(50.0, 60.0)}}, {"offered": {2: offers(51.0, 58.0)}}) == 0.75


def test_time_component_counts_days_of_freedom():
    assert component("time") == 1.0  # days 30 to 90
    assert component("time", {"window": (TODAY + 30, TODAY + 60)}) == 0.6
    assert component("time", {"window": (TODAY + 40, TODAY + 40)}) == 0.2
    assert component("time", {}, {"lead": None}) is None
    assert component("time", {}, {"lead": 70}) == 0.0


def test_certificate_component_is_four_fifths_and_the_voluntary_rest():
    has_one = {"certificates": {0: (1, FAR_PAST, FAR_FUTURE)}}

    assert component("certificates", {}, {}, {"voluntary": {0, 1}}) == 0.8
    assert component("certificates", {"requires": {0}}, has_one, {"voluntary": {0, 1}}) == 0.9
    assert component("certificates", {"requires": {0}}, has_one) == 1.0
    assert component("certificates", {"requires": {1}}, has_one) is None
    assert component("certificates", {"requires": {0, 1}}, {"certificates": {0: (-1, FAR_PAST, FAR_FUTURE)}}) == 0.0


def test_logistics_component_falls_with_the_longest_transit():
    for days, value in ((10, 1.0), (14, 1.0), (30, 0.7), (45, 0.45), (60, 0.2), (75, 0.1), (90, 0.0), (120, 0.0)):
        assert component("logistics", {}, {}, {"days": (5, days)}) == value
    assert component("logistics", {}, {}, {"days": None}) is None


def test_trust_component_is_the_mean_of_both_sides():
    assert component("trust", {"trust": 0.3}, {"trust": 0.8}) == 0.55


def test_score_adds_what_is_known_and_could_reach_adds_the_rest():
    facts = rows([need(1, limit=None)], [capacity(2)])

    pairs = solve(as_market(facts), ScoreTable(), as_of=TODAY).pairs

    expected = 0.15 + 0.15 + 0.10 + 0.10 + 0.10 * 0.7 + 0.10 * 0.5  # all but price
    assert pairs.score.tolist() == pytest.approx([expected])
    assert pairs.could_reach.tolist() == pytest.approx([expected + 0.30])
    assert pairs.score_ppm.tolist() == [620_000]


def test_linear_is_flat_outside_its_points_and_keeps_what_is_not_known():
    values = linear(np.array([-1.0, 0.0, 0.05, 0.25, 9.0, np.nan]), ((0.0, 0.3), (0.10, 0.8), (0.25, 1.0)))

    assert values.tolist() == pytest.approx([0.3, 0.3, 0.55, 1.0, 1.0, np.nan], nan_ok=True)


def test_table_survives_its_json_and_refuses_weights_that_make_no_sense():
    table = ScoreTable((0.5, 0.5, 0, 0, 0, 0, 0))

    assert ScoreTable.from_json(table.to_json()) == table
    assert ScoreTable.from_json(dict(zip(COMPONENTS, table.weights, strict=True))) == table
    for weights in ((0.5,) * 7, (1.0,), (1.5, -0.5, 0, 0, 0, 0, 0), (float("nan"), 1, 0, 0, 0, 0, 0)):
        with pytest.raises(ValueError):
            ScoreTable(weights)
    with pytest.raises(ValueError, match="weighs exactly"):
        ScoreTable.from_json({"price": 1.0})


def test_plan_value_leaves_quantity_out_and_scales_the_rest():
    components = np.array([[1.0, 0.0, 1.0, 1.0, np.nan, 1.0, 1.0]])

    assert ScoreTable().plan_value(components).tolist() == [round(1_000_000 * 0.75 / 0.85)]
    assert ScoreTable((0, 1.0, 0, 0, 0, 0, 0)).plan_value(components).tolist() == [1_000_000]


def test_ppm_rounds_half_up():
    assert in_ppm(np.array([0.0, 0.1234565, 1.0])).tolist() == [0, 123_457, 1_000_000]
