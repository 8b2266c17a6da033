"""The few rows of a plan that a page shows, with everything that is shown of them."""

from collections.abc import Iterable

from django.db.models import Model, QuerySet, prefetch_related_objects

from accounts.lists.attaching import attach, is_attached, lean
from commodities.models import Commodity
from matching.lists import NAMES, attach_pairs
from matching.models import PlanFlow, PlanLine


def by_number(rows: QuerySet) -> QuerySet:
    """Rows to be chosen and put in order by their numbers alone: what a page shows of its few is read afterwards."""
    return rows.only("pk")


def loaded_flows(rows: Iterable[PlanFlow]) -> list[PlanFlow]:
    """The same rows in the same order. Seven queries, however many there are."""
    flows = _in_order(PlanFlow, rows)
    attach_pairs(flows)
    return [flow for flow in flows if is_attached(flow, "need", "capacity")]


def loaded_lines(rows: Iterable[PlanLine]) -> list[PlanLine]:
    """The same rows in the same order, each with its listing and what a need accepts. Eleven queries at most."""
    lines = _in_order(PlanLine, rows)
    attach_pairs(lines)
    lines = [line for line in lines if is_attached(line, "need", "capacity")]
    attach(Commodity, ("code", "hs_code", *NAMES), (lines, "commodity"))
    needs = [line.need for line in lines if line.need_id]
    prefetch_related_objects(needs, "accepted__commodity", "accepted__group")
    return lines


def _in_order(model: type[Model], rows: Iterable) -> list:
    """Rows that are deleted meanwhile are left out, as are those whose listing is."""
    numbers = [row.pk for row in rows]
    by_pk = lean(model, numbers)
    return [by_pk[pk] for pk in numbers if pk in by_pk]
