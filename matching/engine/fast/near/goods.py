"""Parameters that open a pair: `matching.engine.changes.goods`, on one pair alone (see `alone.py`)."""

import numpy as np

from matching.engine.fast.compiled import inner
from matching.engine.fast.judging.parameters import parameters_answer
from matching.engine.market import NO_SET

WIDEN_ACCEPTED, TIGHTEN_GUARANTEE = range(2)  # as CHANGES lists them


@inner
def goods_entry(own, place):
    """The only asked entry of the pair that fails, where this change can open it; -1."""
    n_asked = own.needs.asked_start[1]
    found, n_fails = -1, 0
    for entry in range(n_asked):
        own.needs.asked_start[0], own.needs.asked_start[1] = entry, entry + 1
        if parameters_answer(own, 0, 0)[0] < 0:
            found, n_fails = entry, n_fails + 1
    own.needs.asked_start[0], own.needs.asked_start[1] = 0, n_asked
    if n_fails != 1:
        return -1
    asked = own.needs.asked_set[found]
    if asked == NO_SET:
        return found if place == WIDEN_ACCEPTED else -1
    offered = _offered_entry(own, found)
    n_inside, n_outside = 0, 0
    for word in range(own.set_members.shape[1]):
        if own.set_members[own.capacities.offered_set[offered], word]:
            if own.set_members[asked, word]:
                n_inside += 1
            else:
                n_outside += 1
    is_choice = own.capacities.offered_is_choice[offered]
    if place == WIDEN_ACCEPTED:
        does = n_outside == 1 or (is_choice and n_outside > 0)
    else:
        does = not is_choice and n_inside > 0 and n_outside > 1
    return found if does else -1


@inner
def _offered_entry(own, asked):
    """The entry in which the capacity states the parameter of an asked entry."""
    entry = 0
    while own.capacities.offered_parameter[entry] != own.needs.asked_parameter[asked]:
        entry += 1
    return entry


@inner
def change_goods(own, place, asked):
    """All steps at once: an accepted range ends where the offered one does, a set takes in what was outside."""
    offered = _offered_entry(own, asked)
    needs, capacities = own.needs, own.capacities
    is_choice = capacities.offered_is_choice[offered]
    if needs.asked_set[asked] == NO_SET:
        low, high = capacities.offered_low[offered], capacities.offered_high[offered]
        lowest, highest = (high, low) if is_choice else (np.fmin(low, high), np.fmax(low, high))
        if lowest < needs.asked_low[asked]:
            needs.asked_low[asked] = lowest
        if highest > needs.asked_high[asked]:
            needs.asked_high[asked] = highest
        return
    sets, made = own.set_members, own.set_members.shape[0] - 1
    accepts, offers = needs.asked_set[asked], capacities.offered_set[offered]
    is_done = False
    for word in range(sets.shape[1]):
        if place == WIDEN_ACCEPTED:
            takes = sets[offers, word] and not sets[accepts, word] and not (is_choice and is_done)
            is_done = is_done or takes
            sets[made, word] = sets[accepts, word] or takes
        else:
            sets[made, word] = sets[accepts, word] and sets[offers, word]
    if place == WIDEN_ACCEPTED:
        needs.asked_set[asked] = made
    else:
        capacities.offered_set[offered] = made
