"""One pair by itself, in tables of one row that belong to it alone: so that a change can be tried on it."""

import numpy as np

from matching.engine.fast.compiled import inner
from matching.engine.fast.facts import Facts
from matching.engine.market import NO_SET


def alone(*markets: Facts) -> Facts:
    """Tables with room for one pair of some markets, whichever; each thread needs its own.

    The lanes, and what else no change touches, are those of the first: they are the same in all.
    """
    room = {
        kind: max(_longest(side, kind) for facts in markets for side in (facts.needs, facts.capacities))
        for kind in ("slot", "asked", "offered", "requires")
    }
    facts = markets[0]
    n_sets = room["asked"] + room["offered"] + 1  # one row for a set that a change makes
    return facts._replace(
        needs=_one_row(facts.needs, room),
        capacities=_one_row(facts.capacities, room),
        set_members=np.zeros((n_sets, facts.set_members.shape[1]), bool),
    )


def _longest(side, kind: str) -> int:
    start = getattr(side, f"{kind}_start", None)
    return 0 if start is None else int(np.diff(start).max(initial=0))


def _one_row(side, room: dict[str, int]):
    def empty(name: str, column: np.ndarray) -> np.ndarray:
        rows = 2 if name.endswith("_start") else room.get(name.split("_")[0], 1)
        return np.zeros((rows, *column.shape[1:]), column.dtype)

    return type(side)(*(empty(name, column) for name, column in side._asdict().items()))


@inner
def put_alone(facts, i, j, own):
    """Write need i and capacity j of the facts into the only row of `own`."""
    _put_need(facts.needs, i, facts.capacities.country[j], own.needs)
    _put_capacity(facts.capacities, j, own.capacities)
    _put_sets(facts, i, j, own)


@inner
def _put_need(needs, i, origin, own):
    own.company[0], own.country[0], own.standing[0] = needs.company[i], needs.country[i], needs.standing[i]
    own.accepts_origin[0, origin] = needs.accepts_origin[i, origin]
    own.window_from[0], own.window_until[0] = needs.window_from[i], needs.window_until[i]
    own.total_kg[0], own.smallest_share_kg[0] = needs.total_kg[i], needs.smallest_share_kg[i]
    own.limit[0], own.limit_stated[0] = needs.limit[i], needs.limit_stated[i]
    own.terms[0], own.arrival[0], own.trust[0] = needs.terms[i], needs.arrival[i], needs.trust[i]
    asks = needs.requires_start[i]
    own.requires_start[1] = needs.requires_start[i + 1] - asks
    for entry in range(own.requires_start[1]):
        own.requires_kind[entry] = needs.requires_kind[asks + entry]
    _put_slots(needs, i, own)
    _put_certificates(needs, i, own)
    first = needs.asked_start[i]
    own.asked_start[1] = needs.asked_start[i + 1] - first
    for entry in range(own.asked_start[1]):
        own.asked_parameter[entry] = needs.asked_parameter[first + entry]
        own.asked_low[entry], own.asked_high[entry] = needs.asked_low[first + entry], needs.asked_high[first + entry]


@inner
def _put_capacity(capacities, j, own):
    own.company[0], own.country[0], own.standing[0] = (
        capacities.company[j],
        capacities.country[j],
        capacities.standing[j],
    )
    own.first_ship[0], own.last_ship[0] = capacities.first_ship[j], capacities.last_ship[j]
    own.knows_lead[0], own.total_kg[0] = capacities.knows_lead[j], capacities.total_kg[j]
    own.knows_lot[0], own.lot_kg[0] = capacities.knows_lot[j], capacities.lot_kg[j]
    own.multiple_kg[0], own.ask[0] = capacities.multiple_kg[j], capacities.ask[j]
    own.terms[0], own.departure[0], own.trust[0] = capacities.terms[j], capacities.departure[j], capacities.trust[j]
    _put_slots(capacities, j, own)
    _put_certificates(capacities, j, own)
    first = capacities.offered_start[j]
    own.offered_start[1] = capacities.offered_start[j + 1] - first
    for entry in range(own.offered_start[1]):
        own.offered_parameter[entry] = capacities.offered_parameter[first + entry]
        own.offered_is_choice[entry] = capacities.offered_is_choice[first + entry]
        own.offered_low[entry] = capacities.offered_low[first + entry]
        own.offered_high[entry] = capacities.offered_high[first + entry]


@inner
def _put_slots(listings, row, own):
    first = listings.slot_start[row]
    own.slot_start[1] = listings.slot_start[row + 1] - first
    for slot in range(own.slot_start[1]):
        own.slot_first[slot], own.slot_last[slot] = listings.slot_first[first + slot], listings.slot_last[first + slot]
        own.slot_kg[slot] = listings.slot_kg[first + slot]


@inner
def _put_certificates(listings, row, own):
    for kind in range(listings.certificate.shape[1]):
        own.certificate[0, kind] = listings.certificate[row, kind]
        own.certificate_from[0, kind] = listings.certificate_from[row, kind]
        own.certificate_until[0, kind] = listings.certificate_until[row, kind]


@inner
def _put_sets(facts, i, j, own):
    """The sets that the pair names, numbered anew: those asked for, then those offered."""
    asked, offered = facts.needs.asked_start[i], facts.capacities.offered_start[j]
    n_asked = own.needs.asked_start[1]
    for entry in range(n_asked):
        own.needs.asked_set[entry] = _put_set(facts, facts.needs.asked_set[asked + entry], own, entry)
    for entry in range(own.capacities.offered_start[1]):
        own.capacities.offered_set[entry] = _put_set(
            facts, facts.capacities.offered_set[offered + entry], own, n_asked + entry
        )


@inner
def _put_set(facts, number, own, at):
    if number == NO_SET:
        return NO_SET
    for word in range(facts.set_members.shape[1]):
        own.set_members[at, word] = facts.set_members[number, word]
    return at
