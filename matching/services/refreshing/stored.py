"""A version of the snapshot as a process has it open: mapped, looked over, and compiled code made ready for it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock

import numpy as np
from django.utils.dateparse import parse_datetime

from corridor.engine.landed import Point
from matching import engine
from matching.services.refreshing import store
from matching.services.trips import Arrival, Departure


@dataclass(frozen=True)
class Stored:
    """A snapshot as it lies in the files, and the words and points that it is numbered by."""

    manifest: store.Manifest
    snapshot: "Snapshot"  # noqa: F821 - of the compiled engine, which is imported only where it is asked
    words: "Words"  # noqa: F821
    departures: list[Departure]
    arrivals: list[Arrival]
    rests_on_examples: np.ndarray  # bool, by row of the lanes
    rooms: "Rooms" = field(default_factory=dict)  # noqa: F821 - which a process carries out one refresh at a time in

    @property
    def as_of(self) -> date:
        return date.fromordinal(self.manifest.as_of)

    @property
    def cut_at(self) -> datetime:
        return parse_datetime(self.manifest.cut_at)


_kept_open: dict[str, Stored] = {}  # by each process: mapping some hundred files anew takes a moment
_opening = Lock()  # what a process opens beforehand, its first refresh waits for


def opened_version(version: str) -> Stored:
    with _opening:
        if version not in _kept_open:
            found = _read(version)
            _make_ready(found)
            _kept_open.clear()
            _kept_open[version] = found
        return _kept_open[version]


def _make_ready(stored: Stored) -> None:
    """Before a transaction is open that would wait for it: loading compiled code takes a second, to compile it many."""
    from matching.engine.fast.live.ready import make_ready

    make_ready(stored.snapshot, engine.ScoreTable.from_json(stored.manifest.weights))


def _read(version: str) -> Stored:
    from matching.engine.fast.live import shapes
    from matching.engine.fast.live.snapshot import Snapshot
    from matching.engine.fast.live.words import Words

    manifest, arrays = store.read(version)
    said = manifest.words
    try:
        snapshot = Snapshot.of_arrays(arrays, manifest.as_of, manifest.k)
        shapes.check(snapshot)
        return Stored(
            manifest,
            snapshot,
            Words(
                countries=tuple(said["countries"]),
                certificate_kinds=tuple(said["certificate_kinds"]),
                parameters=tuple((key, unit) for key, unit in said["parameters"]),
                payment_terms=tuple(said["payment_terms"]),
                value_sets=tuple(frozenset(values) for values in said["value_sets"]),
            ),
            [
                Departure(goods, origin, Point(**asked), home, shipment, unit)
                for goods, origin, asked, home, shipment, unit in said["departures"]
            ],
            [Arrival(Point(**limit), country) for limit, country in said["arrivals"]],
            arrays["rests_on_examples"],
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as fault:
        raise store.DamagedError(f"{version}: {type(fault).__name__}") from fault
