"""What always holds of a solution, whatever the market."""

import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import COMPONENTS, RULE_CODES, Market, ScoreTable, Solution, components, solve, take
from matching.engine.book import Book
from matching.engine.packing import pack, unpack
from matching.engine.pairs import blocks
from tests.matching.engine import oracle
from tests.matching.engine.markets import (
    TODAY,
    as_market,
    capacity,
    every_pair,
    market_rows,
    monthly,
    need,
    permuted,
    random_rows,
    rows,
)

TABLE = ScoreTable()
CERTIFICATES = ("certificate", "certificate_from", "certificate_until")
MARKETS = market_rows()


def solved(market: dict, **options) -> Solution:
    return solve(as_market(market), TABLE, as_of=TODAY, **options)


@settings(max_examples=30, deadline=None)
@given(market=MARKETS, order=st.randoms(use_true_random=False))
def test_solve_gives_the_same_bytes_in_whatever_order_the_rows_come(market, order):
    assert solved(permuted(market, order)).to_bytes() == solved(market).to_bytes()


@settings(max_examples=30, deadline=None)
@given(market=MARKETS)
def test_solve_twice_gives_the_same_bytes_and_they_can_be_read_back(market):
    once = solved(market).to_bytes()

    assert solved(market).to_bytes() == once
    assert Solution.from_bytes(once).to_bytes() == once


@settings(max_examples=30, deadline=None)
@given(market=MARKETS)
def test_market_survives_its_bytes(market):
    facts = as_market(market)

    again = Market.from_bytes(facts.to_bytes())

    assert again.digest() == facts.digest()
    assert solve(again, TABLE, as_of=TODAY).to_bytes() == solved(market).to_bytes()


def test_market_packed_before_companies_stated_their_size_is_still_read():
    facts = as_market(random_rows(random.Random(1), 5, 6))
    arrays, words = unpack(facts.to_bytes())
    del arrays["capacities.is_micro"]

    again = Market.from_bytes(pack(arrays, words))

    assert not again.capacities.is_micro.any()
    assert again.capacities.id.tolist() == facts.capacities.id.tolist()


@settings(max_examples=30, deadline=None)
@given(market=MARKETS)
def test_shards_solved_apart_are_the_whole_solved_at_once(market):
    facts = as_market(market)
    whole = solve(facts, TABLE, as_of=TODAY)

    parts = components(facts)
    apart = [solve(take(facts, *part), TABLE, as_of=TODAY) for part in parts]

    assert [facts.needs.id[needs].min() for needs, _ in parts] == sorted(
        facts.needs.id[needs].min() for needs, _ in parts
    )
    if not apart:
        assert len(whole.pairs) == len(whole.near_misses) == len(whole.allocations) == 0
        return
    merged = Solution.merge(apart)
    # Listings of which nobody trades the goods are in no shard.
    listings = {name: whole.counts[name] for name in ("needs", "capacities")}
    assert replace(merged, counts=merged.counts | listings).to_bytes() == whole.to_bytes()


def test_pairs_of_shards_come_by_need_and_capacity_whatever_their_days():
    whole = [solved(random_rows(random.Random(seed), 8, 8)) for seed in range(6)]

    merged = [Solution.merge([one]) for one in whole]

    assert any((np.diff(one.pairs.first_day) < 0).any() for one in whole)  # else their days would be in order anyway
    assert [one.to_bytes() for one in merged] == [one.to_bytes() for one in whole]


@settings(max_examples=30, deadline=None)
@given(market=MARKETS, k=st.integers(1, 3))
def test_best_k_are_those_that_sorting_every_pair_gives(market, k):
    pairs = solved(market, k=k, watch=every_pair(market)).pairs

    fits = (pairs.verdicts >= 0).all(axis=1)
    for own, other, rank in (
        (pairs.need_id, pairs.capacity_id, pairs.rank_for_need),
        (pairs.capacity_id, pairs.need_id, pairs.rank_for_capacity),
    ):
        assert not rank[~fits].any()
        for listing in set(own.tolist()):
            rows_of = np.flatnonzero((own == listing) & fits).tolist()
            best = sorted(rows_of, key=lambda i: (-pairs.score[i], other[i]))
            expected = {i: place + 1 if place < k else 0 for place, i in enumerate(best)}
            assert {i: rank[i] for i in rows_of} == expected


@settings(max_examples=30, deadline=None)
@given(market=MARKETS)
def test_solve_lists_what_somebody_ranks_plans_or_watches_and_nothing_else(market):
    listed = solved(market, k=2)
    watched = solved(market, k=2, watch=[*every_pair(market), (10**9, 1)])

    pairs = listed.pairs
    assert ((pairs.rank_for_need > 0) | (pairs.rank_for_capacity > 0) | (pairs.planned_kg > 0)).all()
    assert (pairs.verdicts >= 0).all()
    assert len(watched.pairs) == len(every_pair(market))
    again = dict(
        zip(zip(watched.pairs.need_id, watched.pairs.capacity_id, strict=True), watched.pairs.score, strict=True)
    )
    assert [again[pair] for pair in zip(pairs.need_id, pairs.capacity_id, strict=True)] == pairs.score.tolist()


@settings(max_examples=30, deadline=None)
@given(market=MARKETS)
def test_plan_moves_no_kilogram_twice_and_keeps_lots_and_shares(market):
    solution = solved(market)

    given_kg = solution.allocations
    needs = {row["id"]: row for row in market["needs"]}
    capacities = {row["id"]: row for row in market["capacities"]}
    for listings, owner, month in (
        (capacities, given_kg.capacity_id, given_kg.ship_month),
        (needs, given_kg.need_id, given_kg.deliver_month),
    ):
        taken = {}
        for listing, in_month, kg in zip(owner.tolist(), month.tolist(), given_kg.kg.tolist(), strict=True):
            slot = slot_of(listings[listing], in_month)
            taken[listing, slot] = taken.get((listing, slot), 0) + kg
        assert all(kg <= listings[listing]["slots"][slot][2] for (listing, slot), kg in taken.items())
    for i in range(len(given_kg)):
        need, capacity = needs[given_kg.need_id[i]], capacities[given_kg.capacity_id[i]]
        assert given_kg.kg[i] >= oracle.smallest_kg(need, capacity)
        assert given_kg.kg[i] % (capacity["multiple_kg"] or 1) == 0
    planned = {}
    for pair, kg in zip(zip(given_kg.need_id, given_kg.capacity_id, strict=True), given_kg.kg, strict=True):
        planned[pair] = planned.get(pair, 0) + kg
    told = zip(
        zip(solution.pairs.need_id, solution.pairs.capacity_id, strict=True), solution.pairs.planned_kg, strict=True
    )
    assert {pair: kg for pair, kg in told if kg} == planned


def slot_of(listing: dict, month: int) -> int:
    """The slot of a listing that a month names; its only one where it has one."""
    if len(listing["slots"]) == 1:
        return 0
    months = [date.fromordinal(first).year * 12 + date.fromordinal(first).month - 1 for first, _, _ in listing["slots"]]
    return months.index(month)


@settings(max_examples=30, deadline=None)
@given(market=MARKETS)
def test_plan_is_worth_what_its_kilograms_are_and_no_less_than_a_greedy_one(market):
    solution = solved(market, watch=every_pair(market))

    pairs = solution.pairs
    value = dict(
        zip(
            zip(pairs.need_id, pairs.capacity_id, strict=True), TABLE.plan_value(pairs.components).tolist(), strict=True
        )
    )
    given_kg = solution.allocations
    worth = sum(
        value[pair] * int(kg)
        for pair, kg in zip(zip(given_kg.need_id, given_kg.capacity_id, strict=True), given_kg.kg, strict=True)
    )
    fits = {pair for pair, answers in zip(value, pairs.verdicts.tolist(), strict=True) if min(answers) >= 0}
    assert solution.plan_status in ("optimal", "feasible")
    assert solution.plan_value == worth <= solution.plan_bound
    assert solution.plan_gap >= 0
    assert solution.plan_value >= greedy_worth(market, {pair: value[pair] for pair in fits})


def greedy_worth(market: dict, value: dict) -> int:
    """Fill the dearest arcs first, each as far as its lot and multiple let it."""
    needs = {row["id"]: row for row in market["needs"]}
    capacities = {row["id"]: row for row in market["capacities"]}
    free = {("need", key, i): slot[2] for key, row in needs.items() for i, slot in enumerate(row["slots"])}
    free |= {("capacity", key, i): slot[2] for key, row in capacities.items() for i, slot in enumerate(row["slots"])}
    worth = 0
    for (need_id, capacity_id), each in sorted(value.items(), key=lambda item: -item[1]):
        need, capacity = needs[need_id], capacities[capacity_id]
        lane = oracle.route_taken(market, need, capacity, TODAY)
        days = oracle.Days(need, capacity, lane, TODAY)
        for i, supply in enumerate(capacity["slots"]):
            for j, demand in enumerate(need["slots"]):
                step = capacity["multiple_kg"] or 1
                kg = min(free["capacity", capacity_id, i], free["need", need_id, j]) // step * step
                if days.slots_meet(supply, demand) and kg >= oracle.smallest_kg(need, capacity):
                    free["capacity", capacity_id, i] -= kg
                    free["need", need_id, j] -= kg
                    worth += kg * each
    return worth


def test_plan_gives_scarce_kilograms_to_the_better_score_and_pools_the_rest():
    # 60 t at 700 and 60 t at 800 for one need of 100 t: the cheaper goes wholly, the dearer fills up in its lot.
    market = rows([need(1)], [capacity(2, ask=700.0, slots=[(TODAY, TODAY + 60, 60_000)]), capacity(3)])

    allocations = solved(market).allocations

    assert allocations.capacity_id.tolist() == [2, 3]
    assert allocations.kg.tolist() == [60_000, 40_000]


def test_plan_names_the_months_in_which_goods_ship_and_arrive():
    # What ships in January and February 2027 arrives 30 days later, in February and March.
    window = (TODAY + 31, TODAY + 89)
    wanted = need(1, window=window, slots=monthly(50_000, *window))
    offered = capacity(2, window=(TODAY, TODAY + 58), slots=monthly(50_000, TODAY, TODAY + 58))

    allocations = solved(rows([wanted], [offered])).allocations

    assert allocations.ship_month.tolist() == [2027 * 12, 2027 * 12 + 1]
    assert allocations.deliver_month.tolist() == [2027 * 12 + 1, 2027 * 12 + 2]
    assert allocations.kg.tolist() == [50_000, 50_000]


def test_pin_and_ban_bind_the_plan():
    market = rows([need(1)], [capacity(2, ask=700.0), capacity(3)])
    january, february = 2027 * 12, 2027 * 12 + 1

    free = solved(market).allocations
    pinned = solved(market, pins=[(1, 3, january, january, 30_000)]).allocations
    banned = solved(market, bans=[(1, 2)]).allocations

    assert (free.capacity_id.tolist(), free.kg.tolist()) == ([2], [100_000])
    assert (pinned.capacity_id.tolist(), pinned.kg.tolist()) == ([2, 3], [70_000, 30_000])
    assert (banned.capacity_id.tolist(), banned.kg.tolist()) == ([3], [100_000])
    with pytest.raises(ValueError, match="nothing can flow"):
        solved(market, pins=[(1, 3, february, january, 1)])
    with pytest.raises(ValueError, match="no capacity 9"):
        solved(market, pins=[(1, 9, january, january, 1)])


def test_solve_tells_how_far_it_is():
    heard = []

    solved(rows([need(id) for id in range(1, 131)], [capacity(999)]), progress=lambda *counts: heard.append(counts))

    assert heard == [(64, 130), (128, 130), (130, 130)]


def test_solve_of_an_empty_market_is_empty():
    solution = solved(rows([], []))

    assert len(solution.pairs) == len(solution.allocations) == len(solution.near_misses) == 0
    assert (solution.plan_value, solution.plan_bound, solution.plan_gap) == (0, 0, 0.0)
    assert solution.counts == dict.fromkeys(solution.counts, 0)


def test_solve_refuses_an_id_used_twice_and_a_negative_quantity():
    with pytest.raises(ValueError, match="twice"):
        solved(rows([need(1), need(1)], []))
    with pytest.raises(ValueError, match="negative"):
        solved(rows([need(1, slots=[(TODAY, TODAY, -1)])], []))


def test_solve_counts_what_it_looked_at():
    market = rows(
        [need(1), need(2, accepts=[(8, 9)])], [capacity(3), capacity(4, ask=2000.0), capacity(5, node=(4, 5))]
    )

    solution = solved(market)

    assert solution.counts == {
        "greedy_value": solution.plan_value,  # of one pair there is nothing to choose
        "needs": 2,
        "capacities": 3,
        "pairs": 2,
        "candidates": 1,
        "listed": 1,
        "near_misses": 0,
        "needs_with_candidate": 1,
        "capacities_with_candidate": 1,
    }


@pytest.mark.slow
def test_solve_of_a_larger_market_is_the_same_in_blocks_of_any_size(monkeypatch):
    market = as_market(random_market(40))
    whole = solve(market, TABLE, as_of=TODAY).to_bytes()

    monkeypatch.setattr("matching.engine.pairs.BLOCK_PAIRS", 7)
    monkeypatch.setattr("matching.engine.pairs.BLOCK_MONTHS", 50)
    monkeypatch.setattr("matching.engine.search.BLOCK_NEEDS", 3)

    assert solve(market, TABLE, as_of=TODAY).to_bytes() == whole


@pytest.mark.parametrize(("pairs_each", "months_each"), [(3, 10**6), (10**6, 30), (4, 30), (1, 1)])
def test_blocks_are_bounded_in_pairs_and_in_pairs_of_months(monkeypatch, pairs_each, months_each):
    monkeypatch.setattr("matching.engine.pairs.BLOCK_PAIRS", pairs_each)
    monkeypatch.setattr("matching.engine.pairs.BLOCK_MONTHS", months_each)
    book = Book(as_market(random_market(12)), TODAY)
    need, capacity = (column.reshape(-1) for column in np.indices((len(book.needs.id), len(book.capacities.id))))
    months = book.supply_slots.count(capacity) * book.demand_slots.count(need)

    found = list(blocks(book, need, capacity))

    assert [block.start for block in found] == [0, *(block.stop for block in found[:-1])]
    assert found[-1].stop == len(need)
    for block in found:
        size = block.stop - block.start
        assert 1 <= size <= pairs_each
        assert size == 1 or months[block].sum() <= months_each


def test_solve_takes_a_market_without_certificate_kinds():
    market = as_market(rows([need(1)], [capacity(1)]))
    none = {name: getattr(market.needs, name)[:, :0] for name in ("requires", *CERTIFICATES)}
    needs = replace(market.needs, **none)
    capacities = replace(market.capacities, **{name: getattr(market.capacities, name)[:, :0] for name in CERTIFICATES})
    law = {name: getattr(market.lanes, name)[:, :0] for name in ("law_seller", "law_buyer", "voluntary")}
    market = replace(
        market, needs=needs, capacities=capacities, lanes=replace(market.lanes, **law), certificate_kinds=()
    )

    solution = solve(market, TABLE, as_of=TODAY)

    assert (solution.pairs.need_id.tolist(), solution.near_misses) == ([1], ())


def random_market(size: int) -> dict:
    return random_rows(random.Random(7), size, size)


def test_codes_are_the_published_ones():
    assert RULE_CODES == (
        "sides",
        "commodity",
        "parameters",
        "certificates",
        "law",
        "time",
        "quantity",
        "price",
        "payment",
        "standing",
    )
    assert COMPONENTS == ("price", "quantity", "quality", "time", "certificates", "logistics", "trust")
