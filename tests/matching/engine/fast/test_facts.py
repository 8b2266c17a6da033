"""A market laid out for kernels: nothing is copied that stands as it should, nothing is rounded, little is held."""

import random
import tracemalloc
from dataclasses import fields, replace

import numpy as np
import pytest

from matching.benchmarks import making
from matching.benchmarks.peers.ours import our_lists
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.fast.facts import Facts
from matching.engine.market import Market
from matching.engine.shards import take
from tests.matching.engine.markets import TODAY, as_market, permuted, random_rows

LAST_NARROW = 2**31 - 1
# Bytes a listing of each side: of the facts beyond those of the market, and of the search both ways beside the market.
MOST_FACTS, MOST_SEARCH = 350, 1_000


def made(listings: int = 2_000) -> Market:
    return making.make_market(making.Sizes(listings, listings))


def with_needs(market: Market, **columns: np.ndarray) -> Market:
    return replace(market, needs=replace(market.needs, **columns))


def columns_of(facts: Facts) -> dict[str, np.ndarray]:
    return facts.needs._asdict() | {f"capacities.{name}": one for name, one in facts.capacities._asdict().items()}


def test_market_in_the_order_of_its_ids_is_not_copied():
    market = made()

    book = Book(market, making.TODAY)

    assert book.needs.slot_kg is market.needs.slot_kg
    assert book.capacities is market.capacities
    assert np.shares_memory(Facts.of(book).capacities.offered_low, market.capacities.offered_low)


@pytest.mark.parametrize("seed", range(5))
def test_market_in_any_order_is_put_in_the_order_of_its_ids(seed):
    chance = random.Random(seed)
    market = as_market(permuted(random_rows(chance, 20, 20), chance))

    book, expected = Book(market, TODAY), take(market, np.arange(20), np.arange(20))

    for side in ("needs", "capacities"):
        for one in fields(getattr(market, side)):
            columns = (getattr(getattr(whole, side), one.name) for whole in (book, expected))
            assert np.array_equal(*columns, equal_nan=True), one.name


@pytest.mark.parametrize("group", ["slot", "offered"])
def test_entries_out_of_order_are_put_in_order(group):
    market = made(50)
    columns = {one.name: getattr(market.capacities, one.name) for one in fields(market.capacities)}
    turned = {name: column[::-1] for name, column in columns.items() if name.startswith(f"{group}_")}

    book = Book(replace(market, capacities=replace(market.capacities, **turned)), making.TODAY)

    for name in turned:
        assert np.array_equal(getattr(book.capacities, name), columns[name], equal_nan=True), name


@pytest.mark.parametrize("value", [LAST_NARROW, -LAST_NARROW - 1])
def test_facts_hold_every_number_that_32_bits_hold(value):
    market = made(3)
    days = market.needs.window_until.copy()
    days[1] = value

    facts = Facts.of(Book(with_needs(market, window_until=days), making.TODAY))

    assert facts.needs.window_until.tolist() == days.tolist()


@pytest.mark.parametrize("name", ["window_until", "slot_last", "certificate_from", "asked_parameter", "accepted_hi"])
@pytest.mark.parametrize("value", [LAST_NARROW + 1, -LAST_NARROW - 2])
def test_facts_refuse_a_number_that_does_not_fit(name, value):
    market = made(20)
    column = getattr(market.needs, name).copy()
    column.reshape(-1)[-1] = value

    with pytest.raises(ValueError, match="32 bits"):
        Facts.of(Book(with_needs(market, **{name: column}), making.TODAY))


def test_kilograms_ids_and_money_are_held_in_full():
    market = made(3)
    kg = np.full_like(market.needs.slot_kg, 2**60 // len(market.needs.slot_kg))
    id = market.needs.id + 2**62

    facts = Facts.of(Book(with_needs(market, slot_kg=kg, id=id, company=id), making.TODAY))

    assert facts.needs.slot_kg.tolist() == kg.tolist()
    assert int(facts.needs.total_kg.sum()) == int(kg.sum())
    assert facts.needs.id.tolist() == facts.needs.company.tolist() == id.tolist()
    assert facts.needs.limit_stated.dtype == facts.capacities.ask.dtype == np.float64


def test_facts_are_the_same_kinds_of_arrays_whatever_the_market_came_from():
    """A kernel is compiled for kinds of arrays: strided columns or files that nobody may write to need no other."""
    market = made(30)
    shuffled = with_needs(market, **{one.name: np.repeat(getattr(market.needs, one.name), 2, axis=0)[::2]
                                     for one in fields(market.needs)})  # fmt: skip
    locked = Market.from_bytes(market.to_bytes())
    for side in (locked.needs, locked.capacities):
        for one in fields(side):
            getattr(side, one.name).flags.writeable = False

    kinds = [
        {name: (one.dtype, one.ndim, one.flags.c_contiguous, one.flags.writeable) for name, one in columns.items()}
        for columns in (columns_of(Facts.of(Book(one, making.TODAY))) for one in (market, shuffled, locked))
    ]

    assert kinds[0] == kinds[1] == kinds[2]


def test_facts_and_search_hold_no_more_than_they_need():
    """What numpy holds at its peak, counted exactly; a second copy of the market, or lists in 64 bits, would show."""
    listings = 20_000
    market = made(listings)
    our_lists(made(60), making.TODAY, ScoreTable(), 10)  # so that nothing is compiled while it is counted

    tracemalloc.start()
    facts = Facts.of(Book(market, making.TODAY))
    of_facts = tracemalloc.get_traced_memory()[0]
    del facts
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    our_lists(market, making.TODAY, ScoreTable(), 10)
    of_search = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()

    assert of_facts / listings < MOST_FACTS
    assert of_search / listings < MOST_SEARCH
