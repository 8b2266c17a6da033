"""`solve_plan` with a cap on one supplier and a floor for a group: a problem that one reckons by hand."""

import json
from decimal import Decimal

import pytest
from django.core.management import CommandError

from tests.matching.engine.test_plan_command import solve, solve_json

# Almaty wants 100 kg. Two mills of one company bring it at 5 and 4 a kilogram, a small press at 3, another at 1.
PROBLEM = {
    "supplies": {"mill A": 80, "mill B": 80, "press": 30, "stall": 100},
    "demands": {"May": 60, "June": 40},
    "pairs": [
        {"supply": supply, "demand": month, "value": value}
        for supply, value in (("mill A", 5), ("mill B", 4), ("press", "3"), ("stall", 1))
        for month in ("May", "June")
    ],
    "companies": {"mill A": "Big Oil", "mill B": "Big Oil"},
    "needs": {"May": "Almaty", "June": "Almaty"},
    "group": ["press", "stall"],
}


def moved(answer):
    kg = {}
    for flow in answer["flows"]:
        kg[flow["supply"]] = kg.get(flow["supply"], 0) + flow["kg"]
    return kg


@pytest.mark.parametrize(
    ("limits", "kg", "value", "told"),
    [
        ({}, {"mill A": 80, "mill B": 20}, 480, {}),
        # Both mills together bring half of the two months.
        ({"share_cap": 0.5}, {"mill A": 50, "press": 30, "stall": 20}, 360, (120, 0, 50, 0)),
        ({"floor": 40}, {"mill A": 60, "press": 30, "stall": 10}, 400, (0, 80, 40, 0)),
        ({"share_cap": "0.7", "floor": 40}, {"mill A": 60, "press": 30, "stall": 10}, 400, (40, 40, 40, 0)),
        ({"floor": 500}, {"press": 30, "stall": 70}, 160, (0, 320, 100, 400)),
    ],
)
def test_solve_plan_keeps_to_a_cap_and_a_floor_and_tells_what_each_costs(tmp_path, limits, kg, value, told):
    answer = solve_json(tmp_path, PROBLEM | limits)

    assert moved(answer) == kg
    assert (answer["status"], answer["value"], answer["bound"], answer["gap"]) == ("optimal", value, value, 0)
    names = "cost_of_cap", "cost_of_floor", "group_kg", "missing_kg"
    assert {name: answer[name] for name in names if name in answer} == dict(zip(names, told, strict=False))


def test_solve_plan_tells_the_cost_at_a_terminal(tmp_path):
    answer = solve(tmp_path, PROBLEM | {"share_cap": "0.5", "floor": 60})

    assert answer.splitlines()[:2] == [
        "value 320, bound 320, gap 0",
        "cap costs 120, floor costs 40; the group ships 60 kg, 0 kg are missing",
    ]


def test_a_pin_stands_above_the_cap(tmp_path):
    pins = [{"supply": "mill B", "demand": "May", "kg": 55}]

    answer = solve_json(tmp_path, PROBLEM | {"share_cap": "0.5", "pins": pins})

    assert moved(answer) == {"mill B": 55, "press": 30, "stall": 15}
    assert answer["value"] == Decimal(55 * 4 + 90 + 15)


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"share_cap": 1.5}, '"share_cap" must be a share from 0 to 1 with up to six decimals.'),
        ({"share_cap": "0.1234567"}, '"share_cap" must be a share from 0 to 1 with up to six decimals.'),
        ({"floor": -1}, "floor must be at least 0 kg, not -1."),
        ({"floor": 1, "group": []}, '"floor" asks something of a "group" that is not there.'),
        ({"group": ["sea"]}, 'group[0] names the unknown supply "sea".'),
        ({"group": "press"}, '"group" must be a list.'),
        ({"companies": {"sea": "X"}}, '"companies" speaks of the unknown name "sea".'),
        ({"needs": {"May": 1}}, '"needs" must be an object of names by name.'),
    ],
)
def test_solve_plan_refuses_limits_that_are_none(tmp_path, limits, why):
    with pytest.raises(CommandError) as refusal:
        solve(tmp_path, json.dumps(PROBLEM | limits))

    assert str(refusal.value).endswith(why)
