"""Capacities by their place in the commodity tree: which of them a need may have to do with at all."""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import kernel
from matching.engine.fast.facts import Facts
from matching.engine.fast.index.tree import Tree, most_runs, runs_of_need, tree_of


class Lists(NamedTuple):
    """Some capacities in the order of the tree, so that those a need may have to do with stand in few runs."""

    tree: Tree
    rows: np.ndarray  # int64 (x,), of the market; where `tree` says that the entries of a node stand

    @classmethod
    def of(cls, facts: Facts, rows: np.ndarray) -> "Lists":
        """Some capacities, by node."""
        tree, order = tree_of(facts.capacities.node_lo[rows], facts.capacities.node_hi[rows])
        return cls(tree, rows[order])

    def meeting(self, facts: Facts, needs: np.ndarray) -> np.ndarray:
        """The runs that each need may have to do with: position in `needs`, ascending, first and end; int64 (3, x)."""
        most_accepted = int(np.diff(facts.needs.accepted_start).max(initial=0))
        room = np.zeros((most_runs(self.tree) * max(most_accepted, 1), 2), np.int64)
        found = np.zeros((3, _meeting(facts.needs, self.tree, needs, room, np.zeros((3, 0), np.int64))), np.int64)
        _meeting(facts.needs, self.tree, needs, room, found)
        return found


@kernel
def _meeting(facts_of_needs, tree, needs, room, found):
    """The runs of each need into `found`; returns how many there are."""
    n = 0
    for position in range(len(needs)):
        for run in range(runs_of_need(facts_of_needs, tree, needs[position], room)):
            if n < found.shape[1]:
                found[0, n], found[1, n], found[2, n] = position, room[run, 0], room[run, 1]
            n += 1
    return n
