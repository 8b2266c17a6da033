"""Kilograms by month, in columns: see `months_left.month_slots`, which says the same a row at a time."""

import numpy as np

from matching.engine.ragged import count_up

EPOCH = 719_163  # ordinal of 1970-01-01, from which numpy counts days


def month_slots(
    first: np.ndarray, last: np.ndarray, kg: np.ndarray, is_monthly: np.ndarray, taken: tuple[np.ndarray, ...]
) -> dict[str, np.ndarray]:
    """What is left of each listing: one slot for "once", one a calendar month otherwise, clipped to the window.

    Args:
        first, last, kg, is_monthly: a listing each; (n,).
        taken: row of the listing, first day of the month, kilograms of what is held, committed or shipped; (t,).
    """
    first_month, last_month = month_of(first), month_of(last)
    n_slots = np.where(is_monthly, np.maximum(last_month - first_month + 1, 0), 1)
    row, nth = count_up(n_slots)
    monthly = is_monthly[row]
    month = first_month[row] + nth
    begin = np.where(monthly, np.maximum(first[row], first_day(month)), first[row])
    end = np.where(monthly, np.minimum(last[row], first_day(month + 1) - 1), last[row])
    left = kg[row].copy()
    owner, day, taken_kg = taken
    nth_taken = np.where(is_monthly[owner], month_of(day) - first_month[owner], 0)
    is_inside = (nth_taken >= 0) & (nth_taken < n_slots[owner])
    start = np.cumsum(n_slots) - n_slots
    np.subtract.at(left, (start[owner] + nth_taken)[is_inside], taken_kg[is_inside])
    return {"slot_of": row, "slot_first": begin, "slot_last": end, "slot_kg": np.maximum(left, 0)}


def month_of(day: np.ndarray) -> np.ndarray:
    """Months since 1970-01 of days by ordinal."""
    return (day - EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def first_day(month: np.ndarray) -> np.ndarray:
    """The ordinal of the first day of months since 1970-01."""
    return month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + EPOCH
