"""How a figure of today compares: with the official run before, or with yesterday. Always said in words which.

Only facts that are kept are compared: what runs counted, when a pair first came before people, when somebody asked or
decided. Where there is nothing to compare with, nothing is said.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import figures
from desk.queries import StateOfRuns
from matching.models import Run


def near_misses(counts: dict) -> int | None:
    return counts.get("near_misses")


def unmet(counts: dict) -> int | None:
    """Needs without a candidate."""
    return without(counts, "needs", "needs_with_candidate")


def unused(counts: dict) -> int | None:
    return without(counts, "capacities", "capacities_with_candidate")


def without(counts: dict, every: str, some: str) -> int | None:
    return counts[every] - counts[some] if every in counts and some in counts else None


def between_runs(runs: StateOfRuns, counted: Callable[[dict], int | None]) -> str:
    """What the newest run counted beside the one before it."""
    if runs.run is None or runs.before is None:
        return ""
    now, then = counted(runs.run.counts), counted(runs.before.counts)
    if now is None or then is None:
        return ""
    return _("run %(run)s counted %(now)s, run %(before)s of %(day)s counted %(then)s") % {
        "run": figures.decimal(runs.run.pk),
        "now": figures.decimal(now),
        "before": figures.decimal(runs.before.pk),
        "day": figures.day(runs.before.as_of),
        "then": figures.decimal(then),
    }


def new_since_run(count: int | None, before: Run | None) -> str:
    """How many of the pairs no run up to that one had put before people."""
    if before is None or count is None:
        return ""
    said = ngettext(
        "%(count)s of them first came after run %(before)s of %(day)s",
        "%(count)s of them first came after run %(before)s of %(day)s",
        count,
    )
    return said % {
        "count": figures.decimal(count),
        "before": figures.decimal(before.pk),
        "day": figures.day(before.as_of),
    }


def since_yesterday(card: dict) -> str:
    """How many of those that wait came yesterday or today; where nobody waits there is nothing to compare."""
    if not card["count"]:
        return ""
    said = ngettext("%(count)s of them since yesterday", "%(count)s of them since yesterday", card["fresh"])
    return said % {"count": figures.decimal(card["fresh"])}


def ended_yesterday(count: int) -> str:
    said = ngettext("yesterday %(count)s ended", "yesterday %(count)s ended", count)
    return said % {"count": figures.decimal(count)}


def took(runs: StateOfRuns) -> str:
    """How long the newest run worked, beside the one before it."""
    if runs.run is None or (seconds := seconds_of(runs.run)) is None:
        return ""
    if runs.before is None or (earlier := seconds_of(runs.before)) is None:
        return _("it took %(seconds)s seconds") % {"seconds": figures.decimal(seconds)}
    return _("it took %(seconds)s seconds, run %(before)s took %(earlier)s") % {
        "seconds": figures.decimal(seconds),
        "before": figures.decimal(runs.before.pk),
        "earlier": figures.decimal(earlier),
    }


def seconds_of(run: Run) -> int | None:
    """From its start to its end, in full seconds; at least one."""
    if run.started_at is None or run.finished_at is None:
        return None
    return max(1, round((run.finished_at - run.started_at).total_seconds()))
