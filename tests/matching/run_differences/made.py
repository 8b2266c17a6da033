"""Runs made of markets of the engine, without a database: cut, matched and kept like those of a book."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching import engine
from matching.engine.market import Market
from matching.services.run_differences.causes import Rests
from matching.services.run_differences.lanes import Points
from matching.services.steering import solve_steered
from tests.matching.engine.markets import TODAY, as_market

WEIGHTS = dict(zip(engine.COMPONENTS, engine.ScoreTable().weights, strict=True))
OTHER_WEIGHTS = dict.fromkeys(engine.COMPONENTS, 0.0) | {"price": 0.5, "trust": 0.5}


@dataclass(frozen=True)
class MadePart:
    made: Market
    found: engine.Solution
    points: Points | None
    listings: int
    asked: list[dict] | None = None

    def market(self) -> Market:
        return self.made

    def goods(self, market: Market) -> Mapping[int, str]:
        told = zip(*columns(market, "id", "node_lo", "node_hi"), strict=True)
        return {capacity: f"goods-{lo}-{hi}" for capacity, lo, hi in told}

    def solution(self) -> engine.Solution:
        return self.found


def run_of(
    rows: dict,
    *,
    as_of: int = TODAY,
    weights: Mapping[str, float] = WEIGHTS,
    named: bool = True,
    asked: list[dict] | None = None,
    **facts,
) -> Rests:
    """A run over a market given as rows. `facts` are versions that are not those of today."""
    market = as_market(rows)
    table = engine.ScoreTable.from_json(weights)
    parts = []
    for needs, capacities in engine.components(market):
        part = engine.take(market, needs, capacities)
        found = solve_steered(part, table, as_of=as_of, asked=asked)
        points = points_of(part) if named else None
        parts.append(MadePart(part, found, points, len(needs) + len(capacities), asked))
    versions = {"rules_version": engine.RULES_VERSION, "engine_version": engine.ENGINE_VERSION} | facts
    return Rests(parts, as_of, weights, **versions)


def columns(part: Market, *names: str) -> list[list]:
    return [getattr(part.capacities, name).tolist() for name in names]


def points_of(part: Market) -> Points:
    departures, arrivals = np.unique(part.capacities.departure).tolist(), np.unique(part.needs.arrival).tolist()
    return Points({row: f"port {row}" for row in departures}, {column: f"town {column}" for column in arrivals})
