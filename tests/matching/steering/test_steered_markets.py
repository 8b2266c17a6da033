"""Whatever is asked of whatever market: the plan follows it or says why not, and never gives a kilogram twice."""

import random

import pytest

from matching import engine
from matching.engine.book import Book
from matching.enums import Cause, LeftOut
from matching.services.plans import check_plan
from matching.services.run_differences.causes import difference
from matching.services.steering import left_out_of, solve_steered, steered
from tests.matching.engine.markets import TODAY, as_market, random_rows
from tests.matching.run_differences.made import run_of

TABLE = engine.ScoreTable()


def asked_of(chance: random.Random, market) -> list[dict]:
    """Pins and bans of pairs that the plan holds or lists, and of some it never would."""
    found = engine.solve(market, TABLE, as_of=TODAY).pairs
    pairs = list(zip(found.need_id.tolist(), found.capacity_id.tolist(), strict=True))
    pairs += [(int(chance.choice(market.needs.id)), int(chance.choice(market.capacities.id))) for _time in range(4)]
    chosen = chance.sample(sorted(set(pairs)), min(8, len(set(pairs))))
    return [
        {
            "id": number,
            "kind": chance.choice(["pin", "pin", "ban"]),
            "need": need,
            "capacity": capacity,
            "kg": chance.choice([None, 1, 20_000, 45_000, 10**9]),
        }
        for number, (need, capacity) in enumerate(chosen, 1)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_plan_follows_what_is_asked_or_says_why_not(seed):
    chance = random.Random(seed)
    market = as_market(random_rows(chance, 14, 14, unknown=0.5))
    asked = asked_of(chance, market)

    solution = solve_steered(market, TABLE, as_of=TODAY, asked=asked)

    check_plan(market, solution)
    given = solution.allocations
    kg_of = {(told["need"], told["capacity"]): 0 for told in asked}
    for need, capacity, kg in zip(given.need_id.tolist(), given.capacity_id.tolist(), given.kg.tolist(), strict=True):
        if (need, capacity) in kg_of:
            kg_of[need, capacity] += kg
    left_out = left_out_of(market, TODAY, asked, solution)
    found = steered(Book(market, TODAY), asked)
    smallest = {(need, capacity): kg for need, capacity, _ship, _deliver, kg in found.pins}
    for told in asked:
        pair = told["need"], told["capacity"]
        if told["kind"] == "ban":
            assert kg_of[pair] == 0
        elif told["id"] not in left_out:
            assert kg_of[pair] >= max(told["kg"] or 1, smallest[pair])
    assert {why["why"] for why in left_out.values()} <= set(LeftOut.values) - {LeftOut.CONFLICT}
    assert solution.plan_status in ("optimal", "feasible")


def test_greedy_is_worth_no_more_than_the_bound_and_obeys_bans():
    market = as_market(random_rows(random.Random(3), 20, 20, unknown=0.5))
    free = engine.solve(market, TABLE, as_of=TODAY)
    pairs = sorted(set(zip(free.allocations.need_id.tolist(), free.allocations.capacity_id.tolist(), strict=True)))

    without = engine.solve(market, TABLE, as_of=TODAY, bans=pairs)

    assert 0 < free.counts["greedy_value"] <= free.plan_bound
    assert without.counts["greedy_value"] <= without.plan_bound < free.plan_bound


def test_instructions_count_as_data_where_two_runs_differ():
    rows = random_rows(random.Random(1), 24, 24, unknown=0.4)
    market = as_market(rows)
    given = engine.solve(market, TABLE, as_of=TODAY).allocations
    asked = [
        {"id": 1, "kind": "ban", "need": need, "capacity": capacity, "kg": None}
        for need, capacity in zip(given.need_id.tolist(), given.capacity_id.tolist(), strict=True)
    ]

    figure = difference(run_of(rows), run_of(rows, asked=asked)).figures["plan_value"]

    assert figure.after < figure.before
    nothing = dict.fromkeys((Cause.CORRIDOR, Cause.WEIGHTS, Cause.RULES, Cause.CODE), 0)
    assert figure.parts == {Cause.DATA: figure.after - figure.before} | nothing
