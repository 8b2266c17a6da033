"""Standing certificates of one pair: `matching.engine.papers`, only the kinds that somebody asks for."""

from matching.engine.fast.compiled import inner
from matching.engine.market import NO_LANE


@inner
def held(listings, row, kind, day, window_from, window_until):
    """Whether a listing has a certificate in time: 1, 0, -1. `day`: the `Days` of the pair."""
    state = listings.certificate[row, kind]
    if state != 1:
        return int(state)
    valid_from, valid_until = listings.certificate_from[row, kind], listings.certificate_until[row, kind]
    if valid_from > valid_until:
        return -1
    if day.answer == 1:
        return 1 if valid_from <= day.last_day and valid_until >= day.first_day else -1
    if valid_from > window_until or valid_until < window_from:
        return -1
    return 1 if valid_from <= window_from and valid_until >= window_until else 0


@inner
def _least_held(listings, row, start, kinds, of, day, window_from, window_until):
    """The worst answer over the kinds that a row of a list names; 1 where it names none."""
    least = 1
    for entry in range(start[of], start[of + 1]):
        least = min(least, held(listings, row, kinds[entry], day, window_from, window_until))
        if least < 0:
            break
    return least


@inner
def certificate_answer(facts, i, j, day):
    """What the buyer asks of the seller."""
    needs = facts.needs
    window_from, window_until = needs.window_from[i], needs.window_until[i]
    return _least_held(
        facts.capacities, j, needs.requires_start, needs.requires_kind, i, day, window_from, window_until
    )


@inner
def law_answer(facts, i, j, lane, day):
    """What the lane's law asks of both; not known where there is no lane."""
    if lane == NO_LANE:
        return 0
    needs, lanes = facts.needs, facts.lanes
    window_from, window_until = needs.window_from[i], needs.window_until[i]
    seller = _least_held(
        facts.capacities, j, lanes.seller_start, lanes.seller_kind, lane, day, window_from, window_until
    )
    if seller < 0:
        return -1
    return min(seller, _least_held(needs, i, lanes.buyer_start, lanes.buyer_kind, lane, day, window_from, window_until))


@inner
def voluntary_share(facts, i, j, lane, day):
    """The share of the lane's voluntary certificates that the seller has in time; 1 where the lane knows none."""
    if lane == NO_LANE:
        return 1.0
    start, end = facts.lanes.voluntary_start[lane], facts.lanes.voluntary_start[lane + 1]
    if start == end:
        return 1.0
    window_from, window_until = facts.needs.window_from[i], facts.needs.window_until[i]
    has = 0
    for entry in range(start, end):
        kind = facts.lanes.voluntary_kind[entry]
        if held(facts.capacities, j, kind, day, window_from, window_until) == 1:
            has += 1
    return has / (end - start)
