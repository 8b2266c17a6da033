"""The plan of a large market: the same bound and prices as the plan that lays out every month, and every limit kept."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.benchmarks.making import TODAY, Sizes, make_market
from matching.engine import ScoreTable, division, solve, solver
from matching.engine.book import Book
from matching.engine.division import divide
from matching.engine.fast.facts import Facts
from matching.engine.plan import Budget
from matching.engine.plan.large import plan_large
from matching.engine.plan.priced import NEARLY, Nearness, PricedProblem
from matching.engine.plan.pricing import Candidates, Listed
from matching.engine.plan.through import Pairs, Through
from matching.engine.search import search
from matching.engine.shards import take
from matching.engine.solver import lists_of

SEEDS = st.integers(0, 10**6)


def market_of(seed, n_listings=40, *, with_lots=True):
    """A market of one heading, so that many pairs compete for the same months."""
    market = make_market(Sizes(n_listings, n_listings, headings=1), seed=seed)
    if with_lots:
        return market
    none = np.zeros(n_listings, np.int64)
    needs = dataclasses.replace(market.needs, smallest_share_kg=none)
    capacities = dataclasses.replace(market.capacities, lot_kg=none, multiple_kg=none)
    return dataclasses.replace(market, needs=needs, capacities=capacities)


def candidates_of(market):
    book = Book(market, TODAY)
    found = search(book, ScoreTable(), 1)
    return book, (found.candidate_need, found.candidate_capacity, found.candidate_value)


def divided(market, *, at_scale, **options):
    """What `divide` says, by way of the planner for large markets or of the one that lays out everything."""
    book, candidates = candidates_of(market)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(division, "MOST_PAIRS_LAID_OUT", -1 if at_scale else 10**9)
        return book, divide(book, *candidates, **options)


def rows(book, found):
    columns = book.needs.id[found.need], book.capacities.id[found.capacity], found.ship_month, found.deliver_month
    return list(zip(*(column.tolist() for column in (*columns, found.kg)), strict=True))


def assert_gives_nothing_twice(book, found):
    """By listing; each slot is checked as the plan is made."""
    for listings, of in ((book.needs, found.need), (book.capacities, found.capacity)):
        has = np.bincount(listings.slot_of, listings.slot_kg, len(listings.id))
        assert (np.bincount(of, found.kg, len(listings.id)) <= has).all()


def assert_keeps_every_lot(book, found):
    lot_kg, multiple_kg = book.capacities.lot_kg[found.capacity], book.capacities.multiple_kg[found.capacity]
    assert (found.kg >= lot_kg).all()
    assert (found.kg >= book.needs.smallest_share_kg[found.need]).all()
    assert (found.kg % np.maximum(multiple_kg, 1) == 0).all()


@given(seed=SEEDS)
@settings(max_examples=30, deadline=None)
def test_without_lots_both_planners_find_the_same_worth_and_the_same_prices(seed):
    market = market_of(seed, with_lots=False)

    _book, laid_out = divided(market, at_scale=False)
    book, found = divided(market, at_scale=True)

    assert (found.plan.status, found.plan.value) == ("optimal", laid_out.plan.value)
    assert found.plan.supply_price.tolist() == laid_out.plan.supply_price.tolist()
    assert found.plan.demand_price.tolist() == laid_out.plan.demand_price.tolist()
    assert_gives_nothing_twice(book, found)


@given(seed=SEEDS)
@settings(max_examples=30, deadline=None)
def test_with_lots_the_bound_holds_and_every_lot_is_kept(seed):
    market = market_of(seed)

    _book, laid_out = divided(market, at_scale=False)
    book, found = divided(market, at_scale=True)

    assert found.plan.value <= laid_out.plan.bound <= found.plan.bound
    assert laid_out.plan.value <= found.plan.bound
    assert_gives_nothing_twice(book, found)
    assert_keeps_every_lot(book, found)


@given(seed=SEEDS, random=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_does_not_matter(seed, random):
    market = market_of(seed)
    needs, capacities = (random.sample(range(40), 40) for _side in range(2))
    book, found = divided(market, at_scale=True)

    permuted_book, permuted = divided(take(market, np.array(needs), np.array(capacities)), at_scale=True)

    assert rows(permuted_book, permuted) == rows(book, found)
    assert (permuted.plan.value, permuted.plan.bound) == (found.plan.value, found.plan.bound)


@pytest.mark.parametrize("n_rounds", range(1, 6))
def test_the_bound_holds_when_the_rounds_end_early(n_rounds):
    book, candidates = candidates_of(market_of(3, 300, with_lots=False))
    columns = [column.astype(np.int32) for column in candidates]
    problem = PricedProblem(Listed(Facts.of(book), Candidates(*columns)))
    best = plan_large(problem, Budget())

    early = plan_large(problem, Budget(priced_rounds=n_rounds))

    assert best.value == best.bound
    assert early.value <= best.value <= early.bound


@pytest.mark.parametrize("n_rounds", [len(NEARLY) + 1, 10, 60])
def test_a_flow_is_exact_in_the_last_round_however_much_still_lacks(n_rounds):
    nearness = Nearness(NEARLY, dearest=1_000, n_nodes=100, may_be_exact=True)
    far = np.full(100, 900)
    nearness_of = []

    for n_round in range(1, n_rounds):
        nearness = nearness.next(far, n_rounds - n_round)
        nearness_of.append(nearness)

    assert nearness.is_exact
    assert [one.level for one in nearness_of] == [*[0] * (n_rounds - 1 - len(NEARLY)), *range(1, len(NEARLY) + 1)]
    assert all(one.steps[0] >= one.steps[1] > 0 for one in nearness_of[:-1])


def test_a_flow_comes_nearer_each_round_once_little_lacks_and_never_exact_where_it_may_not():
    nothing = np.zeros(0, np.int64)
    nearness, few_rounds = (Nearness(NEARLY, 1_000, 100, may_be_exact) for may_be_exact in (True, False))

    for n_round in range(1, 10):
        nearness, few_rounds = nearness.next(nothing, 60 - n_round), few_rounds.next(nothing, 10 - n_round)
        assert nearness.level == min(n_round, len(NEARLY))
        assert few_rounds.level == min(n_round, len(NEARLY) - 1)

    assert nearness.is_exact
    assert not few_rounds.is_exact


def test_a_pair_that_is_banned_carries_nothing_and_one_that_is_pinned_at_least_its_kilograms():
    market = market_of(5)
    book, found = divided(market, at_scale=True)
    banned = _busiest_pair(book, found)
    need_id, capacity_id, ship_month, deliver_month, kg = rows(book, found)[-1]
    pins = [(need_id, capacity_id, ship_month, deliver_month, kg)]

    again_book, again = divided(market, at_scale=True, bans=[banned], pins=pins)

    given_kg = {row[:4]: row[4] for row in rows(again_book, again)}
    assert not any(row[:2] == banned for row in given_kg)
    assert given_kg[need_id, capacity_id, ship_month, deliver_month] >= kg
    assert again.plan.value <= again.plan.bound <= found.plan.bound


def _busiest_pair(book, found):
    """(need id, capacity id) of the arc that carries the most."""
    row = int(np.argmax(found.kg))
    return int(book.needs.id[found.need[row]]), int(book.capacities.id[found.capacity[row]])


def test_pins_that_cannot_be_kept_are_told_as_the_other_planner_tells_them():
    market = market_of(5)
    book, found = divided(market, at_scale=True)
    need_id, capacity_id, ship_month, deliver_month, _kg = rows(book, found)[0]
    pins = [(need_id, capacity_id, ship_month, deliver_month, 10**9)]

    answers = [divided(market, at_scale=at_scale, pins=pins)[1] for at_scale in (False, True)]

    assert [(answer.plan.status, answer.plan.reason) for answer in answers] == [("infeasible", "pin_exceeds_arc")] * 2
    assert [len(answer.kg) for answer in answers] == [0, 0]


def test_a_pin_on_a_pair_that_is_no_candidate_is_refused():
    market = market_of(5)
    book, _found = divided(market, at_scale=True)

    with pytest.raises(ValueError, match="there is no need 9999"):
        divided(market, at_scale=True, pins=[(9999, int(book.capacities.id[0]), 24000, 24000, 1)])


@pytest.mark.parametrize("at_scale", [False, True])
@pytest.mark.parametrize("side", ["needs", "capacities"])
def test_a_price_is_what_one_kilogram_more_wanted_or_less_supplied_changes(side, at_scale):
    market = market_of(11, with_lots=False)
    book, found = divided(market, at_scale=at_scale)
    listings = getattr(book.market, side)
    prices = found.plan.demand_price if side == "needs" else found.plan.supply_price
    dearest, cheapest = int(np.argmax(prices)), int(np.argmin(prices))
    step = 1 if side == "needs" else -1

    for slot in (dearest, cheapest):
        slot_kg = listings.slot_kg.copy()
        slot_kg[slot] += step
        changed = dataclasses.replace(book.market, **{side: dataclasses.replace(listings, slot_kg=slot_kg)})
        _book, again = divided(changed, at_scale=at_scale)

        assert again.plan.value - found.plan.value == step * prices[slot]
    assert prices[dearest] > prices[cheapest]


# Candidates that are not listed


def sources_of(market, bans=(), threads=1):
    """The same candidates found through the index, and listed in the order of goods that the former has."""
    book, _candidates = candidates_of(market)
    facts, table = Facts.of(book), ScoreTable()
    found = search(book, table, 3)
    best = (found.best_for_need[:2], found.best_for_capacity[1::-1])
    begins = Pairs(*(np.concatenate(column) for column in zip(*best, strict=True)))
    banned = Pairs(*(np.array([pair[side] for pair in bans], np.int64) for side in (0, 1)))
    through = Through(facts, np.array(table.weights), begins, banned, threads)
    m = max(len(book.capacities.id), 1)
    kept = ~np.isin(found.candidate_need * m + found.candidate_capacity, banned.need * m + banned.capacity)
    place_of_need, place_of_capacity = np.argsort(through.need_row), np.zeros(m, np.int64)
    place_of_capacity[through.capacity_row] = np.arange(len(through.capacity_row))
    need, capacity = place_of_need[found.candidate_need[kept]], place_of_capacity[found.candidate_capacity[kept]]
    order = np.lexsort((capacity, need))
    columns = need[order], capacity[order], found.candidate_value[kept][order]
    return through, Listed(through.facts, Candidates(*(column.astype(np.int32) for column in columns)))


def prices_by_chance(seed, facts):
    """Some of nothing, some so high that nobody pays them."""
    chance = np.random.default_rng(seed)
    ends = len(facts.capacities.slot_kg), len(facts.needs.slot_kg)
    return tuple(chance.integers(0, 500_000, n) * (chance.random(n) < 0.8) for n in ends)


@given(seed=SEEDS, k=st.integers(1, 4), threads=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_the_index_finds_the_same_lacking_arcs_and_the_same_bound_as_a_list(seed, k, threads):
    bans = [(int(seed % 7), int(row)) for row in range(0, 40, 3)]
    through, listed = sources_of(market_of(seed), bans, threads)
    prices = prices_by_chance(seed, through.facts)
    all_of_it = listed.lacking(*prices, 2, np.zeros(0, np.int64))
    known = (all_of_it.supply * len(through.facts.needs.slot_kg) + all_of_it.demand)[::2]

    found, wanted = (source.lacking(*prices, k, known) for source in (through, listed))

    assert [column.tolist() for column in found] == [column.tolist() for column in wanted]
    assert through.unpriced_worth(*prices) == listed.unpriced_worth(*prices)


def test_what_arcs_gain_together_is_exact_where_64_bits_do_not_hold_it():
    market = market_of(1, 400, with_lots=False)
    needs, capacities = (
        dataclasses.replace(side, slot_kg=np.full_like(side.slot_kg, 10**10))
        for side in (market.needs, market.capacities)
    )
    market = dataclasses.replace(market, needs=needs, capacities=capacities)
    through, listed = sources_of(market, [], 2)
    nothing = tuple(np.zeros(len(side.slot_kg), np.int64) for side in (through.facts.capacities, through.facts.needs))
    book, candidates = candidates_of(market)
    arcs = division.lay_out(book, *candidates, (), ()).problem

    in_all = sum(value * kg for value, kg in zip(arcs.arc_value.tolist(), arcs.arc_max_kg.tolist(), strict=True))

    assert in_all > 2**63
    assert through.unpriced_worth(*nothing) == listed.unpriced_worth(*nothing) == in_all


def divided_unlisted(market, **options):
    """What `divide` says where candidates are found through the index."""
    book, candidates = candidates_of(market)
    found = search(book, ScoreTable(), 3)
    lists = lists_of(ScoreTable(), found.best_for_need, found.best_for_capacity, options.pop("threads", 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(division, "MOST_PAIRS_LAID_OUT", -1)
        patch.setattr(division, "MOST_PAIRS_LISTED", -1)
        return book, divide(book, *candidates, lists=lists, **options)


@given(seed=SEEDS, with_lots=st.booleans())
@settings(max_examples=30, deadline=None)
def test_a_plan_of_unlisted_candidates_keeps_every_limit_and_its_bound_holds(seed, with_lots):
    market = market_of(seed, with_lots=with_lots)
    _book, best = divided(market, at_scale=False)

    book, found = divided_unlisted(market)
    _book, by_threads = divided_unlisted(market, threads=2)

    assert found.plan.value <= best.plan.bound
    assert best.plan.value <= found.plan.bound
    assert_gives_nothing_twice(book, found)
    assert_keeps_every_lot(book, found)
    assert rows(book, by_threads) == rows(book, found)
    assert (by_threads.plan.value, by_threads.plan.bound) == (found.plan.value, found.plan.bound)


def test_pins_and_bans_hold_where_candidates_are_not_listed():
    market = market_of(5)
    book, found = divided_unlisted(market)
    banned = _busiest_pair(book, found)
    need_id, capacity_id, ship_month, deliver_month, kg = rows(book, found)[-1]

    _book, again = divided_unlisted(market, bans=[banned], pins=[(need_id, capacity_id, ship_month, deliver_month, kg)])

    given_kg = {row[:4]: row[4] for row in rows(book, again)}
    assert not any(row[:2] == banned for row in given_kg)
    assert given_kg[need_id, capacity_id, ship_month, deliver_month] >= kg
    with pytest.raises(ValueError, match="there is no need 9999"):
        divided_unlisted(market, pins=[(9999, int(book.capacities.id[0]), 24000, 24000, 1)])


def test_both_engines_say_the_same_where_candidates_are_not_listed(monkeypatch):
    monkeypatch.setattr(division, "MOST_PAIRS_LAID_OUT", 10)
    monkeypatch.setattr(division, "MOST_PAIRS_LISTED", 10)
    market = market_of(7, 60)
    listed = solve(market, ScoreTable(), as_of=TODAY)
    monkeypatch.setattr(solver, "MOST_PAIRS_OF_REFERENCE", -1)

    found = [solve(market, ScoreTable(), as_of=TODAY, threads=threads) for threads in (1, 2)]

    assert [one.to_bytes() for one in found] == [listed.to_bytes()] * 2
    assert listed.counts["candidates"] > 10
