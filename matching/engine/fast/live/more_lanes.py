"""Lanes of a snapshot with some more: between points that are new, or whose goods meet for the first time."""

import numpy as np

from matching.engine.fast.facts import Lanes
from matching.engine.market import NO_LANE

_KINDS = ("seller", "buyer", "voluntary")
_LINES = tuple(f"{part}_{end}" for end in ("low", "high", "at_least") for part in ("slope", "cost"))


def with_more(lanes: Lanes, more: Lanes) -> Lanes:
    """The same lanes under the same numbers, and those of `more` behind them.

    `more.of` has a row for each departure and a column for each arrival, those that `lanes` knows first, and says
    NO_LANE where it adds nothing. The last row of both is the one of which nothing is known, and stays the last.
    """
    kept, added = len(lanes.next) - 1, len(more.next) - 1
    of = np.full(more.of.shape, NO_LANE, np.int64)
    of[: lanes.of.shape[0], : lanes.of.shape[1]] = lanes.of
    of = np.where(more.of >= 0, more.of + kept, of)
    if not added:
        return lanes._replace(of=of)

    def rows(name: str) -> np.ndarray:
        column, new = getattr(lanes, name), getattr(more, name)
        return np.concatenate([column[:kept], new[:added], column[kept:]])

    width = max(lanes.slope_low.shape[1], more.slope_low.shape[1])
    wide, wide_more = (_widened(some, width) for some in (lanes, more))
    lines = {name: np.concatenate([wide[name][:kept], wide_more[name][:added], wide[name][kept:]]) for name in _LINES}
    following = np.where(more.next >= 0, more.next + kept, more.next)
    kinds = {}
    for name in _KINDS:
        start, kind = getattr(lanes, f"{name}_start"), getattr(lanes, f"{name}_kind")
        new_start, new_kind = getattr(more, f"{name}_start"), getattr(more, f"{name}_kind")
        # The row of which nothing is known asks for no paper, so that those of the others stand without a gap.
        kinds[f"{name}_start"] = np.concatenate([start[: kept + 1], start[kept] + new_start[1:]])
        kinds[f"{name}_kind"] = np.concatenate([kind, new_kind])
    return Lanes(
        of=of,
        next=np.concatenate([lanes.next[:kept], following[:added], lanes.next[kept:]]),
        days_low=rows("days_low"),
        days_high=rows("days_high"),
        **lines,
        **kinds,
    )


def _widened(lanes: Lanes, width: int) -> dict[str, np.ndarray]:
    """Lines of all lanes, as many as the longest has: repeating one leaves the largest what it is."""
    found = {}
    for name in _LINES:
        table = getattr(lanes, name)
        found[name] = np.concatenate([table, np.repeat(table[:, :1], width - table.shape[1], axis=1)], axis=1)
    return found
