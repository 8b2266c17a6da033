"""What the search index keeps of a listing: columns of 32 bits, the same whether the listing is searched or asks.

A column of a block of listings is the best of theirs: the largest where more promises more, else the smallest. The
formula of `lanes` never promises less for a larger (or smaller) number; so what it says of the best of 64 is never less
than what it says of one of them.
"""

import numpy as np

from matching.engine.fast.compiled import inner, kernel
from matching.engine.fast.index.numbers import BIG, BITS, LANES, SLOTS, down, folded, up

# Numbers of a need, then four for each of its slots of parameters: low and high end accepted, how fast the margin
# grows, and which share of the quality it is.
FROM, UNTIL, LIMIT, INVERSE_LIMIT, SHARE_KG, WANTED_MOST_KG, INVERSE_WANTED_KG, BUYER_TRUST = range(8)
LOW, HIGH, STEEPNESS, PORTION = (8 + SLOTS * part for part in range(4))
NEED_NUMBERS = 8 + 4 * SLOTS
BUYER, ORIGINS, PAYS_BY, REQUIRES, BUYER_LACKS, BUYER_HOLDS, ASKED = range(7)
NEED_FLAGS = 7
# Numbers of a capacity, then the smallest and the largest stated end of each slot.
FIRST, LAST, MOST_KG, LEAST_KG, TOTAL_KG, SELLER_TRUST, KNOWS_LEAD = range(7)
LEAST_END, MOST_END = 7, 7 + SLOTS
CAPACITY_NUMBERS = 7 + 2 * SLOTS
SELLER, ORIGIN, PAID_BY, SELLER_LACKS, SELLER_HOLDS, STATED = range(6)
CAPACITY_FLAGS = 6

# Which columns promise more where they are smaller; flags are joined (or), these met (and).
NEED_SMALLER = (FROM, INVERSE_LIMIT, SHARE_KG, *range(LOW, LOW + SLOTS), *range(PORTION, PORTION + SLOTS))
NEED_MET = (REQUIRES, BUYER_LACKS, ASKED)
CAPACITY_SMALLER = (FIRST, LEAST_KG, *range(MOST_END, MOST_END + SLOTS))
CAPACITY_MET = (SELLER_LACKS,)

NOBODY_BUYS, NOBODY_SELLS = -1, -2  # companies that are nobody's other side
_NARROW = 2**31


@inner
def write_need(facts, bit, i, numbers, first, step, flags, first_flag):
    """All columns of a need but those of its parameters, into every `step`th number from `first` on."""
    needs = facts.needs
    limit = needs.limit[i]
    inverse = BIG
    if limit == limit:
        # A limit of nothing or less: whatever landed cost is within it may be far within it.
        inverse = 1 / limit if limit > 0 else 0.0
    most, total = 0, needs.total_kg[i]
    for slot in range(needs.slot_start[i], needs.slot_start[i + 1]):
        most = max(most, needs.slot_kg[slot])
    numbers[first + FROM * step] = needs.window_from[i]
    never = needs.window_from[i] > needs.window_until[i]
    numbers[first + UNTIL * step] = -BIG if never else float(needs.window_until[i])
    numbers[first + LIMIT * step] = up(limit) if limit == limit else BIG
    numbers[first + INVERSE_LIMIT * step] = down(inverse)
    numbers[first + SHARE_KG * step] = down(needs.smallest_share_kg[i])
    numbers[first + WANTED_MOST_KG * step] = up(most)
    numbers[first + INVERSE_WANTED_KG * step] = up(1 / max(total, 1))
    numbers[first + BUYER_TRUST * step] = up(needs.trust[i])
    company, origins, requires = needs.company[i], 0, 0
    for origin in range(needs.accepts_origin.shape[1]):
        if needs.accepts_origin[i, origin] and facts.corridor_open[origin, needs.country[i]]:
            origins |= 1 << origin % BITS
    for entry in range(needs.requires_start[i], needs.requires_start[i + 1]):
        if bit[needs.requires_kind[entry]] >= 0:
            requires |= 1 << bit[needs.requires_kind[entry]]
    lacks, holds = _papers(needs, bit, i)
    flags[first_flag + BUYER * step] = company if 0 <= company < _NARROW else NOBODY_BUYS
    flags[first_flag + ORIGINS * step] = origins
    flags[first_flag + PAYS_BY * step] = folded(needs.terms[i])
    flags[first_flag + REQUIRES * step] = requires
    flags[first_flag + BUYER_LACKS * step] = lacks
    flags[first_flag + BUYER_HOLDS * step] = holds


@inner
def write_capacity(facts, bit, j, numbers, first, step, flags, first_flag):
    """All columns of a capacity but those of its parameters."""
    capacities = facts.capacities
    multiple, most = capacities.multiple_kg[j], 0
    for slot in range(capacities.slot_start[j], capacities.slot_start[j + 1]):
        most = max(most, capacities.slot_kg[slot])
    least = -(-max(capacities.lot_kg[j], 1) // multiple) * multiple
    never = capacities.first_ship[j] > capacities.last_ship[j]
    numbers[first + FIRST * step] = BIG if never else float(capacities.first_ship[j])
    numbers[first + LAST * step] = capacities.last_ship[j]
    numbers[first + MOST_KG * step] = up(most)
    numbers[first + LEAST_KG * step] = down(least)
    numbers[first + TOTAL_KG * step] = up(capacities.total_kg[j])
    numbers[first + SELLER_TRUST * step] = up(capacities.trust[j])
    numbers[first + KNOWS_LEAD * step] = 1.0 if capacities.knows_lead[j] else 0.0
    company = capacities.company[j]
    lacks, holds = _papers(capacities, bit, j)
    flags[first_flag + SELLER * step] = company if 0 <= company < _NARROW else NOBODY_SELLS
    flags[first_flag + ORIGIN * step] = 1 << capacities.country[j] % BITS
    flags[first_flag + PAID_BY * step] = folded(capacities.terms[j])
    flags[first_flag + SELLER_LACKS * step] = lacks
    flags[first_flag + SELLER_HOLDS * step] = holds


@inner
def _papers(listings, bit, row):
    """The kinds stated not held, and those held, as flags."""
    lacks, holds = 0, 0
    for kind in range(len(bit)):
        if bit[kind] >= 0:
            if listings.certificate[row, kind] == -1:
                lacks |= 1 << bit[kind]
            elif listings.certificate[row, kind] == 1:
                holds |= 1 << bit[kind]
    return lacks, holds


# Parameters


@inner
def asked_slots(needs, i, slots, numbers, first, step, flags, flag_at):
    """What a need asks of the parameters in `slots`, int32 (4,), into every `step`th number from `first` on."""
    asked, entries = 0, needs.asked_start[i + 1] - needs.asked_start[i]
    for slot in range(SLOTS):
        low, high, steepness, portion = -BIG, BIG, 0.0, 0.0
        times = 0
        for entry in range(needs.asked_start[i], needs.asked_start[i + 1]):
            if needs.asked_parameter[entry] != slots[slot] or slots[slot] < 0:
                continue
            if needs.asked_set[entry] >= 0:
                asked |= 1 << 2 * slot
                continue
            asked_low, asked_high = needs.asked_low[entry], needs.asked_high[entry]
            if asked_low == asked_low:
                low = max(low, asked_low)
                asked |= 1 << 2 * slot
            if asked_high == asked_high:
                high = min(high, asked_high)
                asked |= 2 << 2 * slot
            times += 1
            steepness, portion = _margin_of(asked_low, asked_high), 1.0 / entries
        if times > 1 or steepness < 0:  # asked twice, or of no width: the exact rule says how good it is
            steepness, portion = 0.0, 0.0
        numbers[first + (LOW + slot) * step] = down(low)
        numbers[first + (HIGH + slot) * step] = up(high)
        numbers[first + (STEEPNESS + slot) * step] = up(steepness)
        numbers[first + (PORTION + slot) * step] = down(portion)
    flags[flag_at] = asked


@inner
def _margin_of(low, high):
    """By how much the value grows with the distance to the nearest end asked for; -1 where nothing can be said."""
    if low != low and high != high:
        return -1.0
    width = abs(high) if low != low else (abs(low) if high != high else high - low)
    return 2.5 / width if width > 0 else -1.0


@inner
def offered_slots(capacities, j, slots, numbers, first, step, flags, flag_at):
    """What a capacity guarantees of the parameters in `slots`; what it lets choose is left to the exact rule."""
    stated = 0
    for slot in range(SLOTS):
        least, most = BIG, -BIG
        for entry in range(capacities.offered_start[j], capacities.offered_start[j + 1]):
            if capacities.offered_parameter[entry] != slots[slot] or slots[slot] < 0:
                continue
            low, high = capacities.offered_low[entry], capacities.offered_high[entry]
            if capacities.offered_set[entry] >= 0:
                stated |= 3 << 2 * slot
            elif capacities.offered_is_choice[entry]:
                stated |= (3 if low == low or high == high else 0) << 2 * slot
            else:
                stated |= ((1 if low == low else 0) | (2 if high == high else 0)) << 2 * slot
                if not low > high:  # ends the wrong way round are left to the exact rule
                    least = low if low == low else (high if high == high else BIG)
                    most = high if high == high else (low if low == low else -BIG)
            break  # the first of several counts
        numbers[first + (LEAST_END + slot) * step] = up(least)
        numbers[first + (MOST_END + slot) * step] = down(most)
    flags[flag_at] = stated


@kernel
def fill_needs(facts, bit, row, slots, slots_of_block, numbers, flags):
    """The columns of all places of an index of needs; behind the last place once more the last."""
    for place in range(len(slots_of_block) * LANES):
        block, lane, i = place // LANES, place % LANES, row[min(place, len(row) - 1)]
        first, first_flag = block * NEED_NUMBERS * LANES + lane, block * NEED_FLAGS * LANES + lane
        write_need(facts, bit, i, numbers, first, LANES, flags, first_flag)
        chosen, asked_at = slots[slots_of_block[block]], first_flag + ASKED * LANES
        asked_slots(facts.needs, i, chosen, numbers, first, LANES, flags, asked_at)


@kernel
def fill_capacities(facts, bit, row, slots, slots_of_block, numbers, flags):
    """The columns of all places of an index of capacities."""
    for place in range(len(slots_of_block) * LANES):
        block, lane, j = place // LANES, place % LANES, row[min(place, len(row) - 1)]
        first, first_flag = block * CAPACITY_NUMBERS * LANES + lane, block * CAPACITY_FLAGS * LANES + lane
        write_capacity(facts, bit, j, numbers, first, LANES, flags, first_flag)
        chosen, stated_at = slots[slots_of_block[block]], first_flag + STATED * LANES
        offered_slots(facts.capacities, j, chosen, numbers, first, LANES, flags, stated_at)


def slots_of(block: np.ndarray, parameter: np.ndarray, n_blocks: int) -> tuple[np.ndarray, np.ndarray]:
    """The parameters that most entries of each block speak of: distinct choices, int32 (x, 4), and which one a block
    has, int32 (blocks,). `block` and `parameter` say where each entry stands and what it speaks of.
    """
    chosen = np.full((n_blocks, SLOTS), -1, np.int32)
    n_parameters = int(parameter.max(initial=0)) + 1
    keys, count = np.unique(block * n_parameters + parameter, return_counts=True)
    of, which = keys // n_parameters, keys % n_parameters
    order = np.lexsort((which, -count, of))
    of, which = of[order], which[order]
    nth = np.arange(len(of)) - np.searchsorted(of, of)
    kept = nth < SLOTS
    chosen[of[kept], nth[kept]] = which[kept]
    chosen = np.where(chosen < 0, np.iinfo(np.int32).max, chosen)
    chosen.sort(axis=1)
    chosen = np.where(chosen == np.iinfo(np.int32).max, -1, chosen).astype(np.int32)
    slots, of_block = np.unique(chosen, axis=0, return_inverse=True)
    return np.ascontiguousarray(slots), of_block.reshape(-1).astype(np.int32)
