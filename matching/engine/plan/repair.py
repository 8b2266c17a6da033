"""Lots, multiples and smallest shares in a large plan: every arc in a hole is decided by what either side of it costs.

A hole is a quantity that an arc may not carry: less than its smallest, or between two multiples. Deciding an arc
narrows its limits to what lies below the hole or to what lies above. Both are tried, each with the exact flow that
follows from it near the arc, and the dearer one is taken back. Moves then turn one decision round, free the other arcs
of its two ends, decide them anew, and stay where the plan gains.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.fast.compiled import kernel
from matching.engine.plan.journal import OF_HIGH, OF_LOW, OF_ROOM, Journal, journal_of, note, take_back
from matching.engine.plan.paths import FAR, Walk, balance, walk_in
from matching.engine.plan.problem import Budget
from matching.engine.plan.residual import Residual

WORTH_ANOTHER = 10_000  # a round that gains less than so small a part of the plan's worth is the last
MOST_REACHED = 1_000  # nodes that the searches of one try look at: beyond, it is given up
MOST_FREED = 256  # arcs around a move that are decided anew


class Repair(NamedTuple):
    """A best flow within limits that decisions narrow, with its prices. Arcs that may carry anything stay free."""

    residual: Residual
    price: np.ndarray  # int64 (n_nodes,)
    excess: np.ndarray  # int64 (n_nodes,), 0 between the steps
    tail: np.ndarray  # int64 (n_arcs,), node
    head: np.ndarray
    value: np.ndarray
    low: np.ndarray  # kilograms (n_arcs,)
    high: np.ndarray
    least: np.ndarray  # the lowest and the highest limits there may be: 0, or a pin's kilograms
    most: np.ndarray
    smallest: np.ndarray  # at least 1
    multiple: np.ndarray  # at least 1
    walk: Walk
    journal: Journal
    freed: np.ndarray  # int64 (MOST_FREED,), the arcs around a move
    most_reached: int  # nodes that the searches of one try look at
    arc_at: np.ndarray  # int32 (n_places,), which arc stands at a place of the residual network; -1: one of the ground


def repair_of(residual: Residual, price, tail, head, value, low, high, smallest, multiple) -> Repair:
    """From a best flow without lots. `tail`, `head`: nodes; limits are copied."""
    n_nodes = len(residual.first) - 1
    arc_at = np.full(len(residual.head), -1, np.int32)
    arc_at[residual.place] = arc_at[residual.reverse[residual.place]] = np.arange(len(value))
    return Repair(
        residual=residual,
        price=price,
        excess=np.zeros(n_nodes, np.int64),
        tail=tail,
        head=head,
        value=value,
        low=low.copy(),
        high=high.copy(),
        least=low,
        most=high,
        smallest=smallest,
        multiple=multiple,
        walk=walk_in(residual),
        journal=journal_of(8 * n_nodes + 100_000),
        freed=np.zeros(MOST_FREED, np.int64),
        most_reached=MOST_REACHED,
        arc_at=arc_at,
    )


def amounts(repair: Repair) -> np.ndarray:
    """Kilograms on each arc; int64 (n_arcs,)."""
    residual = repair.residual
    return repair.low + residual.room[residual.reverse[residual.place]]


def decide_all(repair: Repair) -> None:
    """Decide holes, the clearest first, until there are none."""
    queue, waits = np.zeros(len(repair.value), np.int32), np.zeros(len(repair.value), bool)
    while True:
        kg = amounts(repair)
        below, above = _below(kg, repair.smallest, repair.multiple), _above(kg, repair.smallest, repair.multiple)
        arcs = np.flatnonzero(below != kg)
        if len(arcs) == 0:
            break
        share = (kg - below)[arcs] / (above - below)[arcs]
        order = arcs[np.argsort(-np.abs(share - 0.5), kind="stable")]
        queue[: len(order)] = order
        waits[order] = True
        _decide_each(repair, queue, waits, len(order))
    _keep_all(repair)


def move(repair: Repair, worth: int, budget: Budget) -> int:
    """Rounds of moves while they pay; what they gain of the plan's worth."""
    in_all, n_moves = 0, min(budget.repair_moves_large, budget.repair_work_large // max(len(repair.value), 1))
    for _round in range(budget.repair_rounds_large):
        gained = int(improve(repair, n_moves))
        in_all += gained
        if gained * WORTH_ANOTHER <= worth:
            break
    return in_all


def improve(repair: Repair, n_moves: int) -> int:
    """One round of at most `n_moves` moves, the most promising by the prices first; how much the plan has gained."""
    kg = amounts(repair)
    gain = repair.value - repair.price[repair.tail] + repair.price[repair.head]
    stepped = repair.multiple > 1
    fuller = np.where((kg == 0) | stepped, gain * (repair.most - kg), 0)
    emptier = np.where((kg <= repair.smallest) | stepped, -gain * kg, 0)
    promise = np.maximum(fuller, emptier)
    promise[(repair.smallest <= 1) & ~stepped | (repair.least > 0)] = 0
    arcs = np.flatnonzero(promise > 0)
    order = arcs[np.argsort(-promise[arcs], kind="stable")][:n_moves]
    return _move_each(repair, order)


def _below(kg, smallest, multiple):
    """The most an arc may carry that is not more than `kg`; (n_arcs,)."""
    return np.where(kg < smallest, 0, kg // multiple * multiple)


def _above(kg, smallest, multiple):
    """The least an arc may carry that is not less than `kg`; (n_arcs,)."""
    return np.where(kg > 0, np.maximum(smallest, -(-kg // multiple) * multiple), 0)


@kernel
def _amount(repair, arc):
    residual = repair.residual
    return repair.low[arc] + residual.room[residual.reverse[residual.place[arc]]]


@kernel
def _is_decidable(repair, arc):
    return repair.smallest[arc] > 1 or repair.multiple[arc] > 1


@kernel
def _limit(repair, arc, low, high):
    """Narrow or widen the limits of an arc; what it then carries more or less stands at its ends. What is gained."""
    residual, journal = repair.residual, repair.journal
    here = residual.place[arc]
    back = residual.reverse[here]
    kg = repair.low[arc] + residual.room[back]
    loses = residual.cost[here] + repair.price[repair.tail[arc]] - repair.price[repair.head[arc]]
    fresh = min(max(kg, low), high)
    if loses < 0:
        fresh = high
    elif loses > 0:
        fresh = low
    note(journal, OF_ROOM, here, residual.room[here])
    note(journal, OF_ROOM, back, residual.room[back])
    note(journal, OF_LOW, arc, repair.low[arc])
    note(journal, OF_HIGH, arc, repair.high[arc])
    repair.low[arc], repair.high[arc] = low, high
    residual.room[here], residual.room[back] = high - fresh, fresh - low
    repair.excess[repair.tail[arc]] += kg - fresh
    repair.excess[repair.head[arc]] += fresh - kg
    return (kg - fresh) * loses


@kernel
def _balanced(repair, node):
    return balance(repair.residual, repair.price, repair.excess, node, repair.walk, repair.journal)


@kernel
def _begin(walk, most_reached):
    """Before a try: what was lost is counted from nothing, for over all tries of a large plan it would not fit."""
    walk.lost[0], walk.may_lose[0], walk.may_reach[0] = 0, FAR, most_reached


@kernel
def _try(repair, arc, low, high, may_lose):
    """Limit an arc and flow anew: whether that can be without losing more, and what it loses."""
    walk = repair.walk
    _begin(walk, repair.most_reached)
    lost = -_limit(repair, arc, low, high)
    if may_lose < FAR:
        walk.may_lose[0] = may_lose - lost
    can_be = _balanced(repair, repair.tail[arc]) and _balanced(repair, repair.head[arc])
    walk.may_lose[0] = FAR
    return can_be, lost + walk.lost[0]


@kernel
def _undo(repair, mark):
    """Back to where the journal stood at `mark`, when every node was balanced."""
    residual, journal = repair.residual, repair.journal
    take_back(journal, mark, residual.room, repair.price, repair.low, repair.high)


@kernel
def _clear_ends(repair, arc):
    """Before a step that could not be is taken back: then nothing stands too much at its ends."""
    repair.excess[repair.tail[arc]] = 0
    repair.excess[repair.head[arc]] = 0


@kernel
def _decide(repair, arc, may_lose):
    """Decide the hole that an arc lies in, by trying both sides: whether one can be, and what the plan loses by it."""
    kg, smallest, multiple = _amount(repair, arc), repair.smallest[arc], repair.multiple[arc]
    below = 0 if kg < smallest else kg // multiple * multiple
    above = max(smallest, (kg + multiple - 1) // multiple * multiple)
    low, high = repair.low[arc], repair.high[arc]
    mark = repair.journal.count[0]
    falls, by_falling = False, may_lose
    if below >= low:
        falls, by_falling = _try(repair, arc, low, below, may_lose)
        if not falls:
            _clear_ends(repair, arc)
            by_falling = may_lose
        _undo(repair, mark)
    if above <= high:
        rises, by_rising = _try(repair, arc, above, high, by_falling)
        if rises and (not falls or by_rising <= by_falling):
            return True, by_rising
        if not rises:
            _clear_ends(repair, arc)
        _undo(repair, mark)
    if falls:
        return _try(repair, arc, low, below, FAR)
    return False, np.int64(0)


@kernel
def _drop(repair, arc):
    """Where both sides reach too far to be tried: what lies above the hole's lower side is withheld at both ends.

    Left at the ground it would gain by the prices, and searches rest on there being no such arc. Whoever lays the flow
    out anew finds it there.
    """
    residual, here = repair.residual, repair.residual.place[arc]
    kg = _amount(repair, arc)
    below = 0 if kg < repair.smallest[arc] else kg // repair.multiple[arc] * repair.multiple[arc]
    residual.room[residual.reverse[here]] = below - repair.low[arc]
    residual.room[here] = 0
    repair.high[arc] = below
    # The arc to or from the ground is the last of each node.
    to_ground = np.int64(residual.first[repair.tail[arc] + 1] - 1)
    from_ground = np.int64(residual.reverse[residual.first[repair.head[arc] + 1] - 1])
    for place in (to_ground, from_ground):
        residual.room[place] -= kg - below


@kernel
def _is_in_hole(repair, arc):
    kg = _amount(repair, arc)
    return kg > 0 and (kg < repair.smallest[arc] or kg % repair.multiple[arc] != 0)


@kernel
def _decide_each(repair, queue, waits, n_waiting):
    """Decide the arcs that wait, and whichever a decision moves into a hole. `queue` is a ring of `n_waiting` arcs."""
    at, size, journal = 0, len(queue), repair.journal
    while n_waiting > 0:
        arc = queue[at]
        at = at + 1 if at + 1 < size else 0
        n_waiting -= 1
        waits[arc] = False
        if not _is_in_hole(repair, arc):
            continue
        journal.count[0] = 0
        if not _decide(repair, arc, FAR)[0]:
            _drop(repair, arc)
        for row in range(journal.count[0]):
            moved = repair.arc_at[journal.row[row]] if journal.kind[row] == OF_ROOM else -1
            if moved >= 0 and not waits[moved] and _is_in_hole(repair, moved):
                last = at + n_waiting
                queue[last if last < size else last - size] = moved
                waits[moved] = True
                n_waiting += 1


@kernel
def _keep(repair, arc):
    """Limits that keep an arc in use or out of use as it is, without changing what it carries."""
    kg = _amount(repair, arc)
    if repair.multiple[arc] > 1:
        _stay(repair, arc, kg, kg)
    elif kg > 0:
        _stay(repair, arc, max(repair.smallest[arc], repair.least[arc]), repair.most[arc])
    else:
        _stay(repair, arc, 0, 0)


@kernel
def _stay(repair, arc, low, high):
    residual, journal = repair.residual, repair.journal
    here = residual.place[arc]
    back = residual.reverse[here]
    kg = repair.low[arc] + residual.room[back]
    note(journal, OF_ROOM, here, residual.room[here])
    note(journal, OF_ROOM, back, residual.room[back])
    note(journal, OF_LOW, arc, repair.low[arc])
    note(journal, OF_HIGH, arc, repair.high[arc])
    repair.low[arc], repair.high[arc] = low, high
    residual.room[here], residual.room[back] = high - kg, kg - low


@kernel
def _keep_all(repair):
    for arc in range(len(repair.value)):
        if _is_decidable(repair, arc):
            repair.journal.count[0] = 0
            _keep(repair, arc)


@kernel
def _move_each(repair, arcs):
    gained = np.int64(0)
    for arc in arcs:
        repair.journal.count[0] = 0
        gained += _moved(repair, arc)
    return gained


@kernel
def _free_around(repair, arc):
    """List the decided arcs at both ends that are used, or would gain; how many, -1: too many."""
    residual, n_freed = repair.residual, 0
    for end in range(2):
        node = repair.tail[arc] if end == 0 else repair.head[arc]
        for place in range(residual.first[node], residual.first[node + 1]):
            near = repair.arc_at[place]
            if near < 0 or near == arc or not _is_decidable(repair, near):
                continue
            loses = repair.price[repair.tail[near]] - repair.price[repair.head[near]] - repair.value[near]
            if loses >= 0 and _amount(repair, near) == 0:
                continue
            if n_freed == MOST_FREED:
                return -1
            repair.freed[n_freed] = near
            n_freed += 1
    return n_freed


@kernel
def _moved(repair, arc):
    """Turn one decision round and decide its neighbours anew; how much the plan gains, 0 where it would lose."""
    n_freed = _free_around(repair, arc)
    if n_freed < 0:
        _undo(repair, 0)
        return np.int64(0)
    gained, can_be = np.int64(0), True
    kg, price, walk = _amount(repair, arc), repair.price, repair.walk
    if kg == 0:
        gained += _limit(repair, arc, repair.smallest[arc], repair.most[arc])
    elif kg <= repair.smallest[arc] and price[repair.tail[arc]] - price[repair.head[arc]] > repair.value[arc]:
        gained += _limit(repair, arc, 0, 0)
    else:
        gained += _limit(repair, arc, 0, repair.most[arc])
    for at in range(n_freed):
        near = repair.freed[at]
        gained += _limit(repair, near, repair.least[near], repair.most[near])
    # Every step only costs: once the move has lost what it gained at first, there is no way back.
    _begin(walk, repair.most_reached)
    walk.may_lose[0] = gained
    can_be = _balanced(repair, repair.tail[arc]) and _balanced(repair, repair.head[arc])
    for at in range(n_freed):
        near = repair.freed[at]
        can_be = can_be and _balanced(repair, repair.tail[near]) and _balanced(repair, repair.head[near])
    walk.may_lose[0] = FAR
    gained -= walk.lost[0]
    can_be = can_be and gained > 0
    nothing_left = False
    while can_be and not nothing_left:
        nothing_left = True
        for at in range(-1, n_freed):
            near = arc if at < 0 else repair.freed[at]
            if can_be and _is_in_hole(repair, near):
                nothing_left = False
                can_be, lost = _decide(repair, near, gained)
                gained -= lost
                can_be = can_be and gained > 0
    if not can_be:
        _clear_ends(repair, arc)
        for at in range(n_freed):
            _clear_ends(repair, repair.freed[at])
        _undo(repair, 0)
        return np.int64(0)
    _keep(repair, arc)
    for at in range(n_freed):
        _keep(repair, repair.freed[at])
    return gained
