"""Who keeps which near miss: each listing at most a few, in the order that all of them have in common.

Taking near misses in their order, each while both its listings have room, gives the only division in which no two
listings would both rather have a near miss that they have not: the stable one, which needs that ask and capacities
that hold their best reach too, from short lists, in any order of asking.

Source: D. Gale and L. S. Shapley, College Admissions and the Stability of Marriage, American Mathematical Monthly 69
(1962), 9-15; with one order in common the stable outcome is unique.
"""

import numpy as np

from matching.engine.effort import MOST_PER_LISTING
from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.near.opening import OPENING, is_before
from matching.engine.fast.near.scan import TOO_MUCH


class Held:
    """What each capacity holds, and how many openings of each need are held. Rows are rows of the market."""

    def __init__(self, n_needs: int, n_capacities: int):
        self.of_need = np.zeros(n_needs, np.int8)
        self.of_capacity = np.zeros(n_capacities, np.int8)
        self.openings = np.zeros((n_capacities, MOST_PER_LISTING), OPENING)  # `other`: the need
        # The last that a full capacity holds, TOO_MUCH while it has room.
        self.worst = np.full(n_capacities, TOO_MUCH, np.int16)
        self.worst_score = np.zeros(n_capacities)
        self.worst_row = np.zeros(n_capacities, np.int64)

    def kept(self) -> tuple[np.ndarray, np.ndarray]:
        """The capacity of each opening that is held, int64 (x,), and the opening, OPENING (x,), in order."""
        capacity, at = np.nonzero(np.arange(MOST_PER_LISTING) < self.of_capacity[:, None])
        openings = self.openings[capacity, at]
        order = np.lexsort((capacity, openings["other"], -openings["score"], openings["effort"]))
        return capacity[order], openings[order]


@kernel
def in_their_order(found, n_found):
    """Put the openings that were found for each row in their order."""
    for p in range(len(n_found)):
        for at in range(1, n_found[p]):
            there = at
            while there > 0 and is_before(
                found[p, there].effort, found[p, there].score, found[p, there].other,
                found[p, there - 1].effort, found[p, there - 1].score, found[p, there - 1].other,
            ):  # fmt: skip
                _swap(found, p, there, there - 1)
                there -= 1


@inner
def _swap(found, p, one, other):
    a, b = found[p, one], found[p, other]
    a.other, b.other = b.other, a.other
    a.rule, b.rule = b.rule, a.rule
    a.place, b.place = b.place, a.place
    a.effort, b.effort = b.effort, a.effort
    a.step, b.step = b.step, a.step
    a.score, b.score = b.score, a.score


@kernel
def ask(
    rows,
    place_of,
    asking,
    found,
    n_found,
    is_cut,
    cursor,
    of_need,
    of_capacity,
    openings,
    worst,
    worst_score,
    worst_row,
    wants,
    waiting,
    is_waiting,
):
    """Let needs ask capacities down their lists until each has enough held or has come to the end of its list.

    Args:
        rows: the needs that have lists; place_of (n,): the place of a need among them.
        asking: places of the needs that begin.
        found, n_found, is_cut: their lists in order, and whether there is more behind; cursor: what is asked next.
        of_need ... worst_row: as in `Held`.
        wants: bool (rows,), set where a list is at its end, there is more behind, and the need would ask on.
        waiting, is_waiting: (rows,), to work with; none is waiting, before and after.
    """
    n_waiting = 0
    for place in asking:
        waiting[n_waiting], is_waiting[place] = place, True
        n_waiting += 1
    while n_waiting:
        n_waiting -= 1
        place = waiting[n_waiting]
        is_waiting[place] = False
        need = rows[place]
        while of_need[need] < MOST_PER_LISTING and cursor[place] < n_found[place]:
            opening = found[place, cursor[place]]
            cursor[place] += 1
            capacity, at = opening.other, 0
            if of_capacity[capacity] < MOST_PER_LISTING:
                at = of_capacity[capacity]
                of_capacity[capacity] += 1
            elif is_before(
                opening.effort, opening.score, need, worst[capacity], worst_score[capacity], worst_row[capacity]
            ):
                at = _place_of_worst(openings, capacity)
                left = place_of[openings[capacity, at].other]
                of_need[openings[capacity, at].other] -= 1
                if not is_waiting[left]:
                    waiting[n_waiting], is_waiting[left] = left, True
                    n_waiting += 1
            else:
                continue
            of_need[need] += 1
            _write(openings, capacity, at, opening, need)
            if of_capacity[capacity] == MOST_PER_LISTING:
                last = openings[capacity, _place_of_worst(openings, capacity)]
                worst[capacity], worst_score[capacity], worst_row[capacity] = last.effort, last.score, last.other
        wants[place] = of_need[need] < MOST_PER_LISTING and is_cut[place] and cursor[place] == n_found[place]


@inner
def _place_of_worst(openings, capacity):
    worst = 0
    for at in range(1, MOST_PER_LISTING):
        one, other = openings[capacity, worst], openings[capacity, at]
        if is_before(one.effort, one.score, one.other, other.effort, other.score, other.other):
            worst = at
    return worst


@inner
def _write(openings, capacity, at, opening, need):
    there = openings[capacity, at]
    there.other, there.rule, there.place = need, opening.rule, opening.place
    there.effort, there.step, there.score = opening.effort, opening.step, opening.score
