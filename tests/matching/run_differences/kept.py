"""A difference of two runs as it is kept, written by hand: for tests of what shows it."""

from companies.models import Capacity, Need
from matching.enums import RunKind, RunState
from matching.models import Run, RunDifference

NOTHING = {"data": 0, "corridor": 0, "weights": 0, "rules": 0, "code": 0}
QUANTITIES = (
    *("matches", "new", "gone", "needs_with_candidate", "plan_value"),
    *("usd_low_cents", "usd_high_cents", "median_ppm", "best_ppm"),
)


def figure(before: int = 0, **parts: int) -> dict:
    return {"before": before, "after": before + sum(parts.values()), "parts": NOTHING | parts}


def figures(counts: dict | None = None, kg: dict | None = None, **told: dict) -> dict:
    return {
        "figures": {name: told.get(name, figure()) for name in QUANTITIES},
        "kg": kg or {},
        "counts": {"new": 0, "gone": 0, "changed": 0} | (counts or {}),
        "is_apart": True,
    }


def standing(score_ppm: int = 700_000, for_need: int = 1, for_capacity: int = 2, planned_kg: int = 20_000) -> dict:
    return {
        "score_ppm": score_ppm,
        "rank_for_need": for_need,
        "rank_for_capacity": for_capacity,
        "planned_kg": planned_kg,
    }


def row(kind: str, need: Need, capacity: Capacity, cause: str = "data", **facts) -> dict:
    ends = {
        "before": None if kind == "new" else standing(),
        "after": None if kind == "gone" else standing(score_ppm=650_000, for_need=3),
    }
    return {"kind": kind, "need": need.pk, "capacity": capacity.pk, "cause": cause, "parts_ppm": None} | ends | facts


def ended(after: Run, *rows: dict, **facts) -> RunDifference:
    """What changed in a run since one of the same facts that was a what-if."""
    same = ("as_of", "weights", "rules_version", "engine_version", "book_cut_at")
    before = Run.objects.create(
        kind=RunKind.WHAT_IF, state=RunState.FINISHED, **{name: getattr(after, name) for name in same}
    )
    counts = {kind: sum(told["kind"] == kind for told in rows) for kind in ("new", "gone", "changed")}
    facts = {"figures": figures(counts), "state": RunState.FINISHED, "asked_by": None} | facts
    return RunDifference.objects.create(
        before=before, after=after, rules_version="2", engine_version="1", rows=list(rows), **facts
    )
