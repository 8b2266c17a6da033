"""The difference of two runs, split by cause: what must always hold, and that each cause moves its own part only."""

import copy
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import engine
from matching.enums import Cause
from matching.services.run_differences import pairs
from matching.services.run_differences.causes import Difference, Figure, Rests, difference
from matching.services.run_differences.lanes import Corridor, Named, laid_out
from tests.matching.engine.markets import TODAY, as_market, capacity, lane, market_rows, need, random_rows, rows
from tests.matching.run_differences.made import OTHER_WEIGHTS, WEIGHTS, points_of, run_of

APART = [Cause.DATA, Cause.CORRIDOR, Cause.WEIGHTS, Cause.RULES, Cause.CODE]


def book(seed: int = 1) -> dict:
    """Enough needs and capacities that everything which changes changes something."""
    return random_rows(random.Random(seed), 24, 24, unknown=0.4)


def with_other_data(market: dict) -> dict:
    """One need is gone, one is new, and everybody asks for a little less money."""
    changed = copy.deepcopy(market)
    changed["needs"] = [*changed["needs"][1:], need(9001, accepts=[(0, 8)], limit=1300.0)]
    for row in changed["capacities"]:
        row["ask"] = row["ask"] and row["ask"] - 50.0
    return changed


def with_other_lanes(market: dict) -> dict:
    """Every route is dearer and takes longer, and the laws ask for less."""
    changed = copy.deepcopy(market)
    changed["lanes"] = {place: slower(route) for place, route in changed["lanes"].items()}
    return changed


def slower(route: dict | None) -> dict | None:
    if route is None:
        return None
    lines = [(slope, low and low + 60, high and high + 60) for slope, low, high in route["lines"]]
    days = route["days"] and (route["days"][0] + 9, route["days"][1] + 9)
    return route | {"lines": lines, "days": days, "law_seller": set(), "then": slower(route["then"])}


def all_figures(found: Difference) -> list[Figure]:
    return [*found.figures.values(), *found.kg.values()]


def moved_by(found: Difference) -> set[Cause]:
    """The causes that changed anything."""
    return {cause for figure in all_figures(found) for cause, part in figure.parts.items() if part}


def assert_sums(found: Difference) -> None:
    for figure in all_figures(found):
        assert sum(figure.parts.values()) == figure.after - figure.before
    for change in found.changes:
        if change.parts_ppm is not None:
            assert sum(change.parts_ppm.values()) == change.after.score_ppm - change.before.score_ppm


@settings(deadline=None, max_examples=40)
@given(market_rows(), market_rows(), st.booleans(), st.booleans(), st.integers(0, 30))
def test_difference_parts_sum_to_the_whole(before, after, weighs_otherwise, is_named, later):
    first = run_of(before, named=is_named)
    second = run_of(after, as_of=TODAY + later, weights=OTHER_WEIGHTS if weighs_otherwise else WEIGHTS)

    found = difference(first, second)

    assert_sums(found)
    figures = found.figures
    assert figures["matches"].after - figures["matches"].before == figures["new"].after - figures["gone"].after
    assert moved_by(found) <= {Cause.DATA, Cause.CORRIDOR, Cause.DATA_AND_CORRIDOR, Cause.WEIGHTS}
    assert len([change for change in found.changes if change.kind == pairs.NEW]) <= figures["new"].after


@settings(deadline=None, max_examples=15)
@given(market_rows(most=8))
def test_difference_of_a_run_with_itself_is_nothing(market):
    run = run_of(market)

    found = difference(run, run)

    assert moved_by(found) == set()
    assert (found.changes, found.counts) == ([], {"new": 0, "gone": 0, "changed": 0})


@pytest.mark.parametrize("seed", [1, 5])
@pytest.mark.parametrize(
    ("cause", "otherwise"),
    [
        (Cause.DATA, lambda market: run_of(with_other_data(market))),
        (Cause.DATA, lambda market: run_of(market, as_of=TODAY + 25)),
        (Cause.CORRIDOR, lambda market: run_of(with_other_lanes(market))),
        (Cause.CORRIDOR, lambda market: run_of(market | {"closed": {(0, 1)}})),
        (Cause.WEIGHTS, lambda market: run_of(market, weights=OTHER_WEIGHTS)),
    ],
)
def test_one_cause_moves_only_its_own_part(seed, cause, otherwise):
    market = book(seed) | {"closed": set()}

    found = difference(run_of(market), otherwise(market))

    assert_sums(found)
    assert moved_by(found) == {cause}
    assert found.changes
    assert {change.cause for change in found.changes} == {cause}
    assert list(found.figures["matches"].parts) == APART


def with_fewer_found(run: Rests, share: int = 2) -> Rests:
    """A run that kept otherwise than the engine of today finds: every so many-th pair it did not list."""

    def less(solution: engine.Solution) -> engine.Solution:
        keep = np.arange(len(solution.pairs)) % share != 0
        columns = {name: column[keep] for name, column in vars(solution.pairs).items()}
        return replace(solution, pairs=type(solution.pairs)(**columns))

    return replace(run, parts=[replace(part, found=less(part.found)) for part in run.parts])


@pytest.mark.parametrize(
    ("versions", "cause"),
    [
        ({"rules_version": "0"}, Cause.RULES),
        ({"engine_version": "0"}, Cause.CODE),
        ({}, Cause.CODE),  # no version says so, and yet it came out otherwise: looked at, not believed
    ],
)
def test_what_was_found_otherwise_on_the_same_facts_is_put_down_to_rules_or_code(versions, cause):
    run = run_of(book())

    found = difference(with_fewer_found(replace(run, **versions)), run)

    assert_sums(found)
    assert moved_by(found) == {cause}
    assert {change.cause for change in found.changes} == {cause}


def test_two_runs_of_the_same_older_rules_differ_by_none_of_them():
    """What the rules changed since is the same on both sides, as far as the books are."""
    run = with_fewer_found(replace(run_of(book()), rules_version="0"))

    found = difference(run, run)

    assert moved_by(found) == set()


def test_all_causes_together_are_told_apart():
    before = with_fewer_found(replace(run_of(book()), rules_version="0"))
    after = run_of(with_other_lanes(with_other_data(book())), weights=OTHER_WEIGHTS)

    found = difference(before, after)

    assert_sums(found)
    assert moved_by(found) == {Cause.DATA, Cause.CORRIDOR, Cause.WEIGHTS, Cause.RULES}


def test_without_the_names_of_points_data_and_corridor_are_one_part():
    before = run_of(book(), named=False)
    after = run_of(with_other_lanes(with_other_data(book())), weights=OTHER_WEIGHTS)

    found = difference(before, after)

    assert_sums(found)
    assert (found.is_apart, moved_by(found)) == (False, {Cause.DATA_AND_CORRIDOR, Cause.WEIGHTS})
    assert list(found.figures["matches"].parts) == [Cause.DATA_AND_CORRIDOR, Cause.WEIGHTS, Cause.RULES, Cause.CODE]


def test_lane_that_only_the_second_run_knows_comes_with_its_listing():
    """Nobody in the first run sold from the second port: its lane is no change of the corridor."""
    before = rows([need(1)], [capacity(1)], {(0, 0): lane()})
    after = rows([need(1)], [capacity(1), capacity(2, place=1)], {(0, 0): lane(), (1, 0): lane()})

    found = difference(run_of(before), run_of(after))

    assert moved_by(found) == {Cause.DATA}
    assert found.figures["matches"] == Figure(1, 2, dict.fromkeys(APART, 0) | {Cause.DATA: 1})


def test_dearer_lane_takes_away_a_match_and_the_tonnes_of_its_plan():
    """At 800 and 100 USD/t the goods land below the limit of 1,000; at 800 and 300 above it."""
    before = rows([need(1)], [capacity(7)], {(0, 0): lane()})
    after = rows([need(1)], [capacity(7)], {(0, 0): lane(lines=[(1.0, 300.0, 300.0)])})

    found = difference(run_of(before), run_of(after))

    nothing = dict.fromkeys(APART, 0)
    assert found.kg == {"goods-0-1": Figure(100_000, 0, nothing | {Cause.CORRIDOR: -100_000})}
    assert found.figures["usd_low_cents"] == Figure(9_000_000, 0, nothing | {Cause.CORRIDOR: -9_000_000})
    assert found.figures["gone"] == Figure(0, 1, nothing | {Cause.CORRIDOR: 1})
    assert found.figures["needs_with_candidate"] == Figure(1, 0, nothing | {Cause.CORRIDOR: -1})
    (change,) = found.changes
    assert (change.kind, change.need, change.capacity, change.cause, change.after) == (
        *("gone", 1, 7, Cause.CORRIDOR),
        None,
    )
    assert change.before.planned_kg == 100_000


def test_pair_that_two_causes_change_names_the_one_that_did_most():
    """Half the price is worth more than a slower route costs."""
    before = rows([need(1)], [capacity(7, ask=900.0)], {(0, 0): lane()})
    after = rows([need(1)], [capacity(7, ask=600.0)], {(0, 0): lane(days=(20, 32))})

    found = difference(run_of(before), run_of(after))

    (change,) = found.changes
    assert (change.kind, change.cause) == ("changed", Cause.DATA)
    assert change.parts_ppm[Cause.DATA] > 0 > change.parts_ppm[Cause.CORRIDOR]
    assert_sums(found)


def test_rows_kept_are_bounded_and_counts_are_not(monkeypatch):
    monkeypatch.setattr(pairs, "KEPT_OF_A_CAUSE", 1)
    monkeypatch.setattr(pairs, "KEPT_OF_CHANGED", 2)
    market = book()

    found = difference(run_of(market), run_of(with_other_lanes(with_other_data(market)), weights=OTHER_WEIGHTS))

    kept = [(change.kind, change.cause) for change in found.changes if change.kind != pairs.CHANGED]
    assert len(kept) == len(set(kept))
    assert len(found.changes) - len(kept) == 2 < found.counts["changed"]


@settings(deadline=None, max_examples=60)
@given(market_rows())
def test_lanes_laid_out_anew_say_the_same(market):
    made = as_market(market)
    part = Named(made, points_of(made))
    table = engine.ScoreTable()

    same = laid_out(part)

    assert engine.solve(same, table, as_of=TODAY).to_bytes() == engine.solve(made, table, as_of=TODAY).to_bytes()
    assert Corridor([part]).under(part).digest() == same.digest()
    assert len(same.lanes.next) <= len(made.lanes.next)


def test_law_of_a_kind_that_only_the_first_run_knows_still_asks_for_its_certificate():
    asks = rows([need(1)], [capacity(7, certificates={0: (1, TODAY, TODAY + 900)})], {(0, 0): lane(law_seller={0})})
    first = as_market(asks)
    renamed = replace(first, certificate_kinds=("halal", "a new kind", "eac"))
    part = Named(renamed, points_of(renamed))

    under = Corridor([Named(replace(first, certificate_kinds=("organic", "iso", "eac")), points_of(first))]).under(part)

    assert under.certificate_kinds == ("halal", "a new kind", "eac", "organic", "iso")
    assert under.lanes.law_seller.tolist() == [[False, False, False, True, False]]
    assert under.capacities.certificate.tolist() == [[1, 0, 0, 0, 0]]


def test_progress_goes_on_to_its_end():
    told = []

    difference(run_of(book()), run_of(with_other_data(book())), lambda done, total: told.append((done, total)))

    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
