"""The best pair first, some pairs at a time: worth what it is where all months are laid out at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.benchmarks.making import TODAY, Sizes, make_market
from matching.engine import ScoreTable, division, greedy_at_scale
from matching.engine.book import Book
from matching.engine.division import divide, lay_out
from matching.engine.greedy_at_scale import greedy_value_of
from matching.engine.plan.greedy import greedy_value
from matching.engine.search import search


def candidates_of(seed: int):
    book = Book(make_market(Sizes(30, 30, headings=1), seed=seed), TODAY)
    found = search(book, ScoreTable(), 1)
    return book, (found.candidate_need, found.candidate_capacity, found.candidate_value)


@given(seed=st.integers(0, 10**6), together=st.sampled_from([1, 7, 10_000]), banned=st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_some_pairs_at_a_time_are_worth_what_all_at_once_are(seed, together, banned):
    book, candidates = candidates_of(seed)
    ends = zip(candidates[0][:banned].tolist(), candidates[1][:banned].tolist(), strict=True)
    bans = [(int(book.needs.id[need]), int(book.capacities.id[capacity])) for need, capacity in ends]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(greedy_at_scale, "TOGETHER", together)
        found = greedy_value_of(book, *candidates, bans)

    assert found == greedy_value(lay_out(book, *candidates, (), bans).problem)


def test_a_plan_at_scale_says_what_greedy_is_worth(monkeypatch):
    book, candidates = candidates_of(3)
    at_once = divide(book, *candidates).greedy_value
    monkeypatch.setattr(division, "MOST_PAIRS_LAID_OUT", 10)

    assert divide(book, *candidates).greedy_value == at_once > 0


def test_of_too_many_pairs_greedy_is_not_reckoned(monkeypatch):
    book, candidates = candidates_of(3)
    monkeypatch.setattr(greedy_at_scale, "MOST_PAIRS", 1)

    assert greedy_value_of(book, *candidates) is None
