"""The sieve before the rules drops no near miss."""

import random

import numpy as np
import pytest

from matching.benchmarks.making import TODAY as MADE_TODAY
from matching.benchmarks.making import Sizes, make_market
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.engine.fast.compiled import kernel
from matching.engine.fast.facts import Facts
from matching.engine.fast.near.sieve import Sieve, limits_of, sift
from matching.engine.fast.near.sieve_of_pairs import sifted as sifted_pairs
from matching.engine.fast.near.whole import BANDS
from matching.engine.miss import open_each
from matching.engine.search import search
from tests.matching.engine.edges import edge_market
from tests.matching.engine.markets import TODAY, as_market, capacity, lane, need, random_rows, rows


@kernel
def sifted(facts, sieve, i, least, most, keeps):
    sift(facts, i, sieve, 0, len(keeps), limits_of(least, most), keeps)


def assert_drops_no_near_miss(book: Book) -> int:
    """Returns how many pairs it drops."""
    facts, found = Facts.of(book), search(book, ScoreTable(), 1)
    opened = open_each(book, ScoreTable(), found.near_need, found.near_capacity, found.near_rule)
    order = np.random.default_rng(1).permutation(len(book.capacities.id))
    sieve, dropped = Sieve.of(facts).only(order), 0
    for least, most in (*BANDS, (1, 13)):
        wanted = (opened.effort >= least) & (opened.effort <= most)
        for i in range(len(book.needs.id)):
            keeps = np.zeros(len(order), np.uint8)
            sifted(facts, sieve, i, least, most, keeps)
            kept = set(order[keeps > 0].tolist())
            assert set(opened.capacity[wanted & (opened.need == i)].tolist()) <= kept
            dropped += len(order) - len(kept)
            pairs = np.full(len(order), i), np.arange(len(order))
            for at_least in range(least, most + 1):  # whoever asks on begins within a band
                _need, kept = sifted_pairs(facts, sieve.ways, *pairs, at_least, most)
                dearer = wanted & (opened.need == i) & (opened.effort >= at_least)
                assert set(opened.capacity[dearer].tolist()) <= set(kept.tolist())
    return dropped


@pytest.mark.parametrize("seed", range(12))
def test_sieve_drops_no_near_miss(seed):
    chance = random.Random(seed)
    assert_drops_no_near_miss(Book(as_market(random_rows(chance, 15, 15, chance.choice([0.0, 0.3, 0.7]))), TODAY))


@pytest.mark.parametrize("seed", range(20))
def test_sieve_drops_no_near_miss_at_the_edges_of_facts(seed):
    assert_drops_no_near_miss(Book(as_market(edge_market(random.Random(seed), 20, 20)), TODAY))


def test_sieve_drops_no_near_miss_under_a_limit_far_below_nothing():
    cheap = {(0, 0): lane(lines=[(1.0, -1e9 - 90, -1e9 - 90)])}  # sums of float32 are off by more than a dollar there
    market = rows([need(1, limit=-1e9 - 40, terms={1})], [capacity(2, ask=50.0)], cheap)

    assert assert_drops_no_near_miss(Book(as_market(market), TODAY)) < len(
        (*BANDS, (1, 13))
    )  # kept where a term may be


def test_sieve_drops_most_pairs_of_a_made_market():
    book = Book(make_market(Sizes(needs=60, capacities=60, headings=1), seed=2), MADE_TODAY)

    assert assert_drops_no_near_miss(book) > 60 * 60 * (len(BANDS) + 1) / 2
