"""What is left of listings, month by month, after what is held, committed or shipped of them."""

import calendar
from collections import defaultdict
from datetime import date, timedelta

import numpy as np

from companies.enums import Period
from companies.models import Commitment


def load_commitments(side: str, row_of: dict[int, int]) -> dict[int, dict[date, int]]:
    """Kilograms already held, committed or shipped: listing -> first day of the month -> kg."""
    taken = defaultdict(lambda: defaultdict(int))
    found = Commitment.objects.filter(**{f"{side}__in": row_of})
    for listing, month, quantity_kg in found.values_list(f"{side}_id", "month", "quantity_kg"):
        taken[listing][month] += quantity_kg
    return taken


def month_slots(rows: list[dict], first_key: str, last_key: str, taken: dict) -> dict[str, np.ndarray]:
    """What is left of each listing: one slot for "once", one a calendar month otherwise, clipped to the window."""
    slots = []
    for row, listing in enumerate(rows):
        first, last = listing[first_key], listing[last_key]
        committed = taken.get(listing["id"], {})
        if listing["period"] == Period.ONCE:
            left_kg = listing["quantity_kg"] - sum(committed.values())
            slots.append((row, first.toordinal(), last.toordinal(), max(left_kg, 0)))
            continue
        for begin, end in calendar_months(first, last):
            left_kg = listing["quantity_kg"] - committed.get(begin.replace(day=1), 0)
            slots.append((row, begin.toordinal(), end.toordinal(), max(left_kg, 0)))
    of, begins, ends, left = (np.array([slot[i] for slot in slots], dtype=np.int64) for i in range(4))
    return {"slot_of": of, "slot_first": begins, "slot_last": ends, "slot_kg": left}


def calendar_months(first: date, last: date):
    """First and last day of each calendar month between two days, clipped to them."""
    begin = first
    while begin <= last:
        end = min(begin.replace(day=calendar.monthrange(begin.year, begin.month)[1]), last)
        yield begin, end
        begin = end + timedelta(days=1)
