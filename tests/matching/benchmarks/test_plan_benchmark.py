import re
import time
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command

from matching.benchmarks import plan, plan_page
from matching.benchmarks.graph import graph_of
from matching.benchmarks.making import Sizes
from matching.benchmarks.measuring import measured
from matching.engine.division import months_of_pairs

SMALL = Sizes(needs=220, capacities=200, headings=1)
OTHERS = ["greedy", "linprog", "networkx"]


def test_every_solver_finds_the_best_flow_and_greedy_finds_less():
    found = list(plan.planned(SMALL, OTHERS, seed=4, times=1, limit_s=60))

    value = {(one.name, one.graph): one.value for one in found if not one.has_lots}
    assert value[plan.OURS, plan.ALL] == value[plan.ORTOOLS, plan.ALL]
    assert value[plan.OURS, plan.TOP] == value[plan.NETWORKX, plan.TOP]
    assert value[plan.OURS, plan.TOP] == pytest.approx(value[plan.LINPROG, plan.TOP], rel=1e-9)
    assert value[plan.GREEDY, plan.TOP] < value[plan.OURS, plan.TOP] <= value[plan.OURS, plan.ALL]
    with_lots = {(one.name, one.graph): one for one in found if one.has_lots}
    assert with_lots[plan.GREEDY, plan.ALL].value <= with_lots[plan.OURS, plan.ALL].bound
    assert with_lots[plan.OURS, plan.ALL].bound <= value[plan.OURS, plan.ALL]


def test_arcs_of_the_graph_are_those_of_the_plan():
    market = plan.Candidates.of(SMALL, seed=4)
    need, capacity, _value = market.columns
    pair, *_ends, kg = months_of_pairs(market.book, need, capacity)

    graph = graph_of(market.facts, *market.columns)

    assert sorted(graph.kg.tolist()) == sorted(kg.tolist())
    assert (graph.kg >= graph.least_kg).all()
    assert len(graph) == len(pair) > 500


def test_every_way_is_told_in_the_section():
    out = StringIO()
    call_command("benchmark", "plan", "--sizes", "200", "--only", "greedy,networkx", stdout=out, stderr=StringIO())

    rows = re.findall(r"^\| 200 x 200 \| (with(?:out)?) \| ([^|]+) \| ([^|]+) \|", out.getvalue(), re.M)
    assert [row for row in rows if row[0] == "without"] == [
        ("without", "**TradeMatch**", plan.ALL),
        ("without", "greedy", plan.TOP),
        ("without", "greedy", plan.ALL),
        ("without", "**TradeMatch**", plan.TOP),
        ("without", "NetworkX", plan.TOP),
        ("without", "OR-Tools, all arcs", plan.ALL),
    ]
    assert [row[1] for row in rows if row[0] == "with"] == ["**TradeMatch**", "greedy", "greedy"]


def way(name: str, graph: str, value: float | None, cpu_s: float | None, size: int = 100_000, **more) -> plan.Planned:
    facts = {"has_lots": False, "arcs": 5, "bound": value, "peak_mb": 1.0, "limit_s": 60.0}
    return plan.Planned(name=name, sizes=Sizes(size, size), graph=graph, value=value, cpu_s=cpu_s, **(facts | more))


def test_goals_tell_what_was_reached():
    plans = [
        way(plan.OURS, plan.ALL, 150e12, 20.0, bound=150.3e12),
        way(plan.GREEDY, plan.TOP, 100e12, 0.1),
        way(plan.GREEDY, plan.ALL, 120e12, 0.5),
        way(plan.OURS, plan.TOP, 140e12, 4.0),
        way(plan.LINPROG, plan.TOP, 140e12, 30.0),
    ]
    late = [*plans[:4], replace(plans[4], value=None, bound=None, cpu_s=None)]

    told = [(one.reached, one.is_met) for one in plan_page.goals(plans)]

    assert told[1:5] == [("0.1996% in 20.0 s", False), ("1.500x", True), ("1.250x", True), ("1/7.5", True)]
    assert [told[row] for row in (0, 5, 6)] == [("-", None)] * 3
    assert [(one.reached, one.is_met) for one in plan_page.goals(late)][4] == ("less than 1/15.0", True)
    assert "greedy among them is 33.33% below" in plan_page.why(plans)


def test_a_market_of_too_many_candidates_is_planned_by_us_alone(monkeypatch):
    listed = {
        one.has_lots: one for one in plan.planned(SMALL, [], seed=4, times=1, limit_s=60) if one.graph == plan.ALL
    }
    monkeypatch.setattr(plan, "MOST_PAIRS", 10)

    found = list(plan.planned(SMALL, OTHERS, seed=4, times=1, limit_s=60))

    assert [(one.name, one.graph, one.has_lots) for one in found] == [
        (plan.OURS, plan.ALL, lots) for lots in (False, True)
    ]
    assert all(0 < one.value <= one.bound for one in found)
    assert listed[1].value <= found[1].bound
    assert plan_page.table_of(found).count("**TradeMatch**") == 2


def test_the_largest_plan_is_judged_by_gap_and_clock():
    largest = way(plan.OURS, plan.ALL, 99.5e12, 900.0, size=1_000_000, bound=100e12, wall_s=550.0, peak_mb=4321.0)

    quick, slow = (list(plan_page.goals([replace(largest, wall_s=wall_s)]))[-1] for wall_s in (550.0, 700.0))

    assert (quick.reached, quick.is_met) == ("0.50% in 550 s, 900 CPU s, 4.3 GB", True)
    assert (slow.reached, slow.is_met) == ("0.50% in 700 s, 900 CPU s, 4.3 GB", False)


def test_work_that_takes_longer_than_its_limit_is_ended():
    with pytest.raises(TimeoutError, match=r"no answer within 0\.2 s"):
        measured(lambda: time.sleep(30), longest_s=0.2)
