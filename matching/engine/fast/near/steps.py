"""The changes that open a pair, tried on the pair alone: `matching.engine.changes`, one pair at a time.

`facts`, i, j: the pair as it is; `own`: the same pair alone (see `alone.py`), on which a change is carried out.
Places are those in CHANGES; a step of 0 is none.
"""

import numpy as np

from matching.engine import effort
from matching.engine.fast.compiled import inner
from matching.engine.fast.judging.months import meeting, most_in_a_month, slot_ends, smallest_kg
from matching.engine.fast.judging.pair import JUDGED_RULES, landed_at_least, landed_low, price_answer
from matching.engine.fast.judging.papers import held
from matching.engine.fast.judging.timing import days
from matching.engine.fast.near.days import days_missing, most_days, move_days
from matching.engine.fast.near.goods import change_goods, goods_entry
from matching.engine.market import FAR_FUTURE, FAR_PAST
from matching.engine.pairs import PRICE_DECIMALS

PARAMETERS, CERTIFICATES, LAW, TIME, QUANTITY, PRICE, PAYMENT = (
    JUDGED_RULES.index(code) for code in ("parameters", "certificates", "law", "time", "quantity", "price", "payment")
)
# The changes that are known here, in the order of CHANGES: a test holds them against it.
KNOWN_CHANGES = {
    "parameters": ("WidenAccepted", "TightenGuarantee"),
    "certificates": ("AskedOfSeller",),
    "law": ("LawOfSeller", "LawOfBuyer"),
    "time": ("ShipEarlier", "ShipLater", "AcceptEarlier", "AcceptLater"),
    "quantity": ("LowerLot", "LowerShare", "OfferMore", "WantMore"),
    "price": ("LowerAsk", "RaiseLimit"),
    "payment": ("SellerAcceptsTerm", "BuyerAcceptsTerm"),
}
N_PLACES = np.array([len(KNOWN_CHANGES.get(code, ())) for code in JUDGED_RULES])
LAW_OF_SELLER, LAW_OF_BUYER = range(2)
LOWER_LOT, LOWER_SHARE, OFFER_MORE, WANT_MORE = range(4)
LOWER_ASK, RAISE_LIMIT = range(2)
BY_SELLER, BY_BUYER = range(2)  # who accepts a term

_PRICE_UNIT = float(10**PRICE_DECIMALS)
_PRICE_BANDS, _DAY_BANDS, _KG_BANDS = effort.PRICE, effort.DAYS, effort.QUANTITY


@inner
def band(bands, size):
    """The row of the first band that is wide enough; sizes beyond the last count as it."""
    for at in range(len(bands)):
        if size <= bands[at][0]:
            return bands[at][1]
    return bands[len(bands) - 1][1]


@inner
def days_effort(step):
    return band(_DAY_BANDS, step)


@inner
def price_effort(percent):
    return band(_PRICE_BANDS, percent)


@inner
def first_step(facts, i, j, own, rule, place, lane):
    """The first step at which the failing rule fails no more, the last within the limits, the effort, and about what.

    `lane`: the route of the pair. The effort is that of the first step. What it is about is a slot, a kind of
    certificate or an entry of what is asked: `carry_out` wants to know. `own` is the pair as it is, before and after.
    """
    step, last, row, about = 0, 0, 0, -1
    if rule == PAYMENT:
        row = effort.TERM
        step = last = int(place == _who_accepts(facts.needs.terms[i], facts.capacities.terms[j]))
    elif rule == PRICE:
        step = last = _dollars(facts, i, j, own, place, lane)
        price = facts.capacities.ask[j] if place == LOWER_ASK else facts.needs.limit[i]
        row = price_effort(100 * step / price)
    elif rule == TIME:
        step, last = days_missing(facts, i, j, place), most_days(facts, j, place)
        row = days_effort(step)
        if step > last:
            step = 0
    elif rule == QUANTITY:
        step, old_kg, new_kg, about = _kilograms(facts, i, j, place, lane)
        last = step
        row = band(_KG_BANDS, 100 * step / max(old_kg, new_kg, 1))
    elif rule == PARAMETERS:
        about = goods_entry(own, place)
        row = effort.PARAMETER
        step = last = int(about >= 0)
    else:
        about, state = _lacking(facts, i, j, rule, place, lane)
        step = last = int(about >= 0)
        row = effort.RENEWED_CERTIFICATE if state == 1 else effort.NEW_CERTIFICATE
    return step, last, row, about


@inner
def carry_out(own, rule, place, step, about):
    """Change the pair in `own`, which is as it was, by so many steps."""
    needs, capacities = own.needs, own.capacities
    if rule == PAYMENT:
        if place == BY_SELLER:
            capacities.terms[0] |= needs.terms[0] & -needs.terms[0]
        else:
            needs.terms[0] |= capacities.terms[0] & -capacities.terms[0]
    elif rule == PRICE:
        _move_price(own, capacities.ask[0], needs.limit_stated[0], place, step)
    elif rule == TIME:
        move_days(own, place, step)
    elif rule == QUANTITY:
        _move_kilograms(own, place, step, about)
    elif rule == PARAMETERS:
        change_goods(own, place, about)
    else:
        if rule == LAW and place == LAW_OF_BUYER:
            _give_certificate(needs, about)
        else:
            _give_certificate(capacities, about)


# Payment


@inner
def _who_accepts(pays_by, paid_by):
    """The side that accepts fewer terms; of equals, the seller."""
    n_buyers, n_sellers = 0, 0
    while pays_by:
        pays_by &= pays_by - 1
        n_buyers += 1
    while paid_by:
        paid_by &= paid_by - 1
        n_sellers += 1
    return BY_SELLER if n_sellers <= n_buyers else BY_BUYER


# Price


@inner
def _dollars(facts, i, j, own, place, lane):
    """Whole USD/t: about what is missing, and then the first of its neighbours by which the rule fails no more."""
    ask, limit = facts.capacities.ask[j], facts.needs.limit[i]
    if place == LOWER_ASK:
        price, missing = ask, _ask_over(facts, j, lane, limit)
    else:
        price, missing = limit, landed_at_least(facts, j, lane) - limit
    if not np.isfinite(missing) or price != price:
        return 0
    guess, most = np.ceil(missing), np.floor(price * effort.MOST_PERCENT / 100)
    step = 0
    for nearby in (1, 0, -1):
        tried = guess + nearby
        if 1 <= tried <= most:
            _move_price(own, ask, facts.needs.limit_stated[i], place, int(tried))
            if price_answer(own, 0, 0, lane) >= 0:
                step = int(tried)
    own.capacities.ask[0], own.needs.limit[0] = ask, limit
    return step


@inner
def _ask_over(facts, j, lane, limit):
    """How far the ask is over what the lines allow, by the whole costs, else by the part that is known."""
    lanes, ask = facts.lanes, facts.capacities.ask[j]
    low = landed_low(facts, j, lane)
    most = 0.0
    for line in range(lanes.slope_low.shape[1]):
        slope, cost = lanes.slope_low[lane, line], lanes.cost_low[lane, line]
        if low != low:
            slope, cost = lanes.slope_at_least[lane, line], lanes.cost_at_least[lane, line]
        over = (slope * ask + cost - limit) / slope
        if over > most:
            most = over
    return most


@inner
def _move_price(own, ask, limit_stated, place, step):
    if place == LOWER_ASK:
        own.capacities.ask[0] = ask - step
    else:
        own.needs.limit[0] = np.rint((limit_stated + step) * _PRICE_UNIT) / _PRICE_UNIT


# Quantity


@inner
def _kilograms(facts, i, j, place, lane):
    """The step in kilograms, the kilograms before and after it, and the slot that grows, -1 where none does."""
    day = days(facts, i, j, lane)
    smallest = smallest_kg(facts, i, j)
    if place >= OFFER_MORE:
        slot, old_kg = _slot_that_grows(facts, i, j, place, day, smallest)
        step = smallest - old_kg if 0 < old_kg < smallest else 0
        return step, old_kg, old_kg + step, slot
    lot, share = facts.capacities.lot_kg[j], facts.needs.smallest_share_kg[i]
    if place == LOWER_LOT and not facts.capacities.knows_lot[j]:
        return 0, 0, 0, -1
    old_kg, other_kg = (lot, share) if place == LOWER_LOT else (share, lot)
    multiple = facts.capacities.multiple_kg[j]
    other_kg = (max(other_kg, 1) + multiple - 1) // multiple * multiple
    reached_kg = most_in_a_month(facts, i, j, day.answer, day.transit, smallest) // multiple * multiple
    step = old_kg - reached_kg if other_kg <= reached_kg < old_kg else 0
    return step, old_kg, old_kg - step, -1


@inner
def _slot_that_grows(facts, i, j, place, day, smallest):
    """The slot of this side that lacks least in a month in which the other has enough, the earliest of equals.

    Counted from the first of the listing; with its kilograms. -1 and 0 where there is none.
    """
    best, best_kg, best_ship, best_delivery = -1, 0, 0, 0
    supply, supply_end, first_demand, demand_end = slot_ends(facts, i, j)
    first_supply = supply
    while supply < supply_end and day.answer >= 0:
        for demand in range(first_demand, demand_end):
            kg, other_kg, slot = facts.capacities.slot_kg[supply], facts.needs.slot_kg[demand], supply - first_supply
            if place == WANT_MORE:
                kg, other_kg, slot = other_kg, kg, demand - first_demand
            if kg <= 0 or kg < best_kg or other_kg < smallest:
                continue
            is_arc, ship_day, deliver_day, _ = meeting(facts, i, j, day.transit, supply, demand)
            if is_arc and (
                kg > best_kg or ship_day < best_ship or (ship_day == best_ship and deliver_day < best_delivery)
            ):
                best, best_kg, best_ship, best_delivery = slot, kg, ship_day, deliver_day
        supply += 1
    return best, best_kg


@inner
def _move_kilograms(own, place, step, slot):
    needs, capacities = own.needs, own.capacities
    if place == LOWER_LOT:
        capacities.lot_kg[0] -= step
    elif place == LOWER_SHARE:
        needs.smallest_share_kg[0] -= step
    elif place == OFFER_MORE:
        capacities.slot_kg[slot] += step
        capacities.total_kg[0] += step
    else:
        needs.slot_kg[slot] += step
        needs.total_kg[0] += step


# Certificates and law


@inner
def _lacking(facts, i, j, rule, place, lane):
    """The only kind of certificate that the rule lacks, where the holder of this place lacks it, and how it stands.

    -1 where there is no such kind.
    """
    needs, capacities, lanes = facts.needs, facts.capacities, facts.lanes
    day = days(facts, i, j, lane)
    window_from, window_until = needs.window_from[i], needs.window_until[i]
    n_seller, of_seller, n_buyer, of_buyer = 0, -1, 0, -1
    start, end = needs.requires_start[i], needs.requires_start[i + 1]
    if rule == LAW:
        start, end = lanes.seller_start[lane], lanes.seller_start[lane + 1]
        for entry in range(lanes.buyer_start[lane], lanes.buyer_start[lane + 1]):
            kind = lanes.buyer_kind[entry]
            if held(needs, i, kind, day, window_from, window_until) < 0:
                n_buyer, of_buyer = n_buyer + 1, kind
    for entry in range(start, end):
        kind = lanes.seller_kind[entry] if rule == LAW else needs.requires_kind[entry]
        if held(capacities, j, kind, day, window_from, window_until) < 0:
            n_seller, of_seller = n_seller + 1, kind
    if n_seller + n_buyer != 1:
        return -1, 0
    if rule == LAW and place == LAW_OF_BUYER:
        return (of_buyer, int(needs.certificate[i, of_buyer])) if n_buyer else (-1, 0)
    return (of_seller, int(capacities.certificate[j, of_seller])) if n_seller else (-1, 0)


@inner
def _give_certificate(listings, kind):
    listings.certificate[0, kind] = 1
    listings.certificate_from[0, kind], listings.certificate_until[0, kind] = FAR_PAST, FAR_FUTURE
