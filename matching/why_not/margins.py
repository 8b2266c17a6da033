"""How far inside what is accepted each asked parameter lies, told from the facts that a run kept.

The engine does the same on arrays (`engine/parameters.py`); tests hold the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

FULL_SHARE = 0.2  # of the width that is accepted: from there on a parameter loses nothing


@dataclass(frozen=True)
class Margin:
    """One asked parameter: from 0.5 at the edge to 1; None: not known. And the guarantee that would lose nothing."""

    key: str
    unit: str
    value: float | None
    full_low: float | None = None
    full_high: float | None = None


def margins(facts: Iterable[dict]) -> list[Margin]:
    return [margin_of(entry) for entry in facts]


def margin_of(entry: dict) -> Margin:
    key, unit = entry["key"], entry.get("unit", "")
    if entry["answer"] == 0:
        return Margin(key, unit, None)
    low, high = entry.get("asked_low"), entry.get("asked_high")
    if entry["answer"] < 0:
        return Margin(key, unit, 0.0)
    if "asked_values" in entry or entry.get("is_choice") or (low is None and high is None):
        return Margin(key, unit, 1.0)
    width = abs(high) if low is None else abs(low) if high is None else high - low
    rooms = []
    if low is not None and entry.get("offered_low") is not None:
        rooms.append(entry["offered_low"] - low)
    if high is not None and entry.get("offered_high") is not None:
        rooms.append(high - entry["offered_high"])
    room = min(rooms, default=0.0)
    # Beside a limit of nothing every room is as wide as can be.
    share = 0.0 if room <= 0 else room / width if width else FULL_SHARE
    return Margin(
        key,
        unit,
        0.5 + 0.5 * min(share / FULL_SHARE, 1.0),
        None if low is None else low + FULL_SHARE * width,
        None if high is None else high - FULL_SHARE * width,
    )
