"""From one run to another, one cause after the other, and what each of them changed.

The way: what the first run kept; its facts matched with the rules and the programme of today; the listings and the day
of the second run on the corridor of the first; then the corridor of the second; then its weights; then what the second
run kept. What a step changes is put down to its cause. The steps make the whole way, so their parts add up to the whole
difference, whatever they are: a telescoping sum. Where several causes act together, another order of the steps would
give other parts; the fair mean over all orders (the value of L. S. Shapley, "A value for n-person games", Contributions
to the Theory of Games II, 1953) costs eight matchings of the book instead of four, and speaks of no single pair.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from matching import engine
from matching.engine.market import Market
from matching.enums import Cause
from matching.services.run_differences.lanes import Corridor, Named, Points, laid_out
from matching.services.run_differences.pairs import Change, Sets, changed_most, changes_between
from matching.services.run_differences.states import Pair, State, cents
from matching.services.steering import solve_steered

Progress = Callable[[int, int], None]
Step = tuple[Cause, State]  # what was changed, and what is found then


class Part(Protocol):
    """A part of a run: its facts, what was found then, and the names of its points, unless they were not kept."""

    points: Points | None
    listings: int
    asked: Sequence[dict] | None  # what staff asked of the plan

    def market(self) -> Market: ...

    def goods(self, market: Market) -> Mapping[int, str]: ...  # capacity -> its commodity

    def solution(self) -> engine.Solution: ...


@dataclass(frozen=True)
class Rests:
    """On what a run rests, and what it found: all that the difference of two runs needs to know."""

    parts: Sequence[Part]
    as_of: int
    weights: Mapping[str, float]
    rules_version: str
    engine_version: str
    corridor_version: str = ""

    @property
    def knows_its_points(self) -> bool:
        return all(part.points is not None for part in self.parts)

    @property
    def listings(self) -> int:
        return sum(part.listings for part in self.parts)

    def named(self) -> Iterator[Named]:
        for part in self.parts:
            market = part.market()
            yield Named(market, part.points or Points.numbered(market))

    def open_corridors(self) -> set[tuple[str, str]]:
        """From which country goods may go to which."""
        market = next(iter(self.named())).market if self.parts else None
        ends = [] if market is None else np.argwhere(market.corridor_open).tolist()
        return {(market.countries[origin], market.countries[destination]) for origin, destination in ends}

    def as_found(self) -> State:
        markets = ((part, part.market()) for part in self.parts)
        return State.whole([State.of(market, part.solution(), part.goods(market)) for part, market in markets])


@dataclass(frozen=True)
class Figure:
    """One quantity before and after, and what each cause changed of it. The parts sum to the whole."""

    before: int
    after: int
    parts: Mapping[Cause, int]


@dataclass(frozen=True)
class Difference:
    """In what the second of two runs is otherwise than the first, and why."""

    figures: Mapping[str, Figure]
    kg: Mapping[str, Figure]  # planned kilograms of each commodity
    changes: Sequence[Change]
    counts: Mapping[str, int]
    is_apart: bool  # whether data and corridor could be told apart


def difference(before: Rests, after: Rests, progress: Progress | None = None) -> Difference:
    """What is otherwise in the second run, by cause, and for which pairs."""
    first, last = before.as_found(), after.as_found()
    is_apart = before.knows_its_points and after.knows_its_points
    solver = Solver(changed_most(first, last), before.listings + (3 if is_apart else 2) * after.listings, progress)
    steps = [(anew(before), solver.state(before, before.as_of, before.weights))]
    if is_apart:
        under = Corridor(before.named()).under
        steps.append((Cause.DATA, solver.state(after, after.as_of, before.weights, under)))
    steps += [
        (between(before, after, is_apart), solver.state(after, after.as_of, before.weights)),
        (Cause.WEIGHTS, solver.state(after, after.as_of, after.weights)),
        (anew(after), last),
    ]
    return told(first, steps, is_apart)


def anew(run: Rests) -> Cause:
    """Why a run may come out otherwise today, on its own facts."""
    return Cause.RULES if run.rules_version != engine.RULES_VERSION else Cause.CODE


def between(before: Rests, after: Rests, is_apart: bool) -> Cause:
    """What the step to the corridor of the second run stands for.

    Where both corridors have the same figures and laws, lanes that differ were reckoned otherwise.
    """
    if not is_apart:
        return Cause.DATA_AND_CORRIDOR
    is_same = before.corridor_version == after.corridor_version != ""
    return Cause.CODE if is_same and before.open_corridors() == after.open_corridors() else Cause.CORRIDOR


class Solver:
    """Matches books with the rules and the programme of today. What it was asked before it answers at once."""

    def __init__(self, watched: Sequence[Pair], total: int, progress: Progress | None):
        self.watched, self.total, self.progress = watched, total, progress
        self.done = 0
        self._known: dict[tuple, State] = {}

    def state(
        self, run: Rests, as_of: int, weights: Mapping[str, float], laying: Callable[[Named], Market] = laid_out
    ) -> State:
        """What is found in the listings of a run, with lanes that are laid as is said."""
        table = engine.ScoreTable.from_json(weights)
        found = []
        for part, named in zip(run.parts, run.named(), strict=True):
            market = laying(named)
            # What staff asked of a run's plan goes with its listings: where it differs, the data differ.
            key = market.digest(), as_of, table, json.dumps(part.asked)
            if key not in self._known:
                options = {"asked": part.asked, "watch": self.watched, "progress": self._within(part)}
                solution = solve_steered(market, table, as_of=as_of, **options)
                self._known[key] = State.of(market, solution, part.goods(named.market), self.watched)
            found.append(self._known[key])
            self.done += part.listings
            if self.progress:
                self.progress(self.done, self.total)
        return State.whole(found)

    def _within(self, part: Part) -> Progress | None:
        if self.progress is None:
            return None
        begun = self.done
        return lambda done, total: self.progress(begun + part.listings * done // max(total, 1), self.total)


def told(first: State, steps: Sequence[Step], is_apart: bool) -> Difference:
    """The way from the first state over the steps, split by their causes."""
    states = [first, *(state for _cause, state in steps)]
    causes = [cause for cause, _state in steps]
    sets = Sets(states)

    def figure(values: Sequence[int]) -> Figure:
        parts = dict.fromkeys(shown_causes(is_apart), 0)
        for cause, (before, after) in zip(causes, pairwise(values), strict=True):
            parts[cause] += after - before
        return Figure(values[0], values[-1], parts)

    usd = [
        [cents(getattr(moved, end) for moved in state.moved.values()) for state in states]
        for end in ("usd_low", "usd_high")
    ]
    values = {
        "matches": [len(state.need) for state in states],
        "new": sets.new(),
        "gone": sets.gone(),
        "needs_with_candidate": [state.needs_with_candidate for state in states],
        "plan_value": [state.plan_value for state in states],
        "usd_low_cents": usd[0],
        "usd_high_cents": usd[1],
        "median_ppm": [state.median_ppm for state in states],
        "best_ppm": [state.best_ppm for state in states],
    }
    goods = sorted({commodity for state in states for commodity in state.moved})
    kg = {
        commodity: [state.moved[commodity].kg if commodity in state.moved else 0 for state in states]
        for commodity in goods
    }
    changes, counts = changes_between(states, causes, sets)
    return Difference(
        figures={name: figure(column) for name, column in values.items()},
        kg={commodity: figure(column) for commodity, column in kg.items()},
        changes=changes,
        counts=counts,
        is_apart=is_apart,
    )


def shown_causes(is_apart: bool) -> list[Cause]:
    """The causes in the order of the steps; those that did nothing too."""
    inputs = [Cause.DATA, Cause.CORRIDOR] if is_apart else [Cause.DATA_AND_CORRIDOR]
    return [*inputs, Cause.WEIGHTS, Cause.RULES, Cause.CODE]
