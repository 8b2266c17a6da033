"""Capacities by their place in the commodity tree: which of them a need may have to do with at all."""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import kernel
from matching.engine.fast.facts import Facts


class Lists(NamedTuple):
    """Rows of capacities, one list for each node of the tree that they name."""

    node_lo: np.ndarray  # int64 (l,)
    node_hi: np.ndarray
    start: np.ndarray  # int64 (l + 1,), list i is rows[start[i]:start[i + 1]]
    rows: np.ndarray  # int64

    @classmethod
    def of(cls, facts: Facts, rows: np.ndarray) -> "Lists":
        """Some capacities, by node."""
        lo, hi = facts.capacities.node_lo[rows], facts.capacities.node_hi[rows]
        order = np.lexsort((rows, hi, lo))
        lo, hi = lo[order], hi[order]
        is_first = np.ones(len(rows), bool)
        is_first[1:] = (lo[1:] != lo[:-1]) | (hi[1:] != hi[:-1])
        start = np.flatnonzero(is_first)
        return cls(lo[start], hi[start], np.append(start, len(rows)), rows[order])

    def meeting(self, facts: Facts, needs: np.ndarray) -> np.ndarray:
        """The lists that each need may have to do with: position in `needs`, ascending, and list; int64 (2, x)."""
        accepted = facts.needs.accepted_start, facts.needs.accepted_lo, facts.needs.accepted_hi
        args = *accepted, needs, self.node_lo, self.node_hi
        found = np.zeros((2, _nested(*args, np.zeros((2, 0), np.int64))), np.int64)
        _nested(*args, found)
        return found


@kernel
def _nested(accepted_start, accepted_lo, accepted_hi, needs, node_lo, node_hi, found):
    """Where a need accepts a node that lies in a list's, or the reverse, into `found`; returns how often."""
    n = 0
    for position in range(len(needs)):
        first, until = accepted_start[needs[position]], accepted_start[needs[position] + 1]
        for node in range(len(node_lo)):
            for entry in range(first, until):
                lo, hi = accepted_lo[entry], accepted_hi[entry]
                if (lo <= node_lo[node] and node_hi[node] <= hi) or (node_lo[node] <= lo and hi <= node_hi[node]):
                    if n < found.shape[1]:
                        found[0, n], found[1, n] = position, node
                    n += 1
                    break
    return n
