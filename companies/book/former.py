"""Entries that were merged into another: a book that still names one by its old code or number means that other."""

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from companies.models import Company, Merge

KINDS = {"needs": "need", "capacities": "capacity"}


def led_to(companies: Iterable[Company], load: Callable[[set[int]], QuerySet[Company]]) -> dict[int, Company]:
    """For each of the companies that were merged, by its number here, the one under which it is found now."""
    into = {company.pk: company.merged_into_id for company in companies if company.merged_into_id}
    last = set(into.values())
    while last:  # one merged into one that was merged itself
        further = dict(
            Company.objects.filter(pk__in=last, merged_into__isnull=False).values_list("pk", "merged_into_id")
        )
        last = set(further.values()) - set(into)
        into |= further
    ends = {pk: _end(pk, into) for pk in into}
    found = {company.pk: company for company in load(set(ends.values()))} if ends else {}
    return {pk: found[end] for pk, end in ends.items() if end in found}


def _end(pk: int, into: dict[int, int]) -> int:
    seen = set()
    while pk in into and pk not in seen:
        seen.add(pk)
        pk = into[pk]
    return pk


def renamed_listings(merged: Iterable[int]) -> dict[tuple[int, str, str], int]:
    """The listings that got another reference when their entry was merged: by entry, kind and the old reference."""
    found = {}
    for goes, moved in Merge.objects.filter(goes__in=merged, undone_at=None).values_list("goes", "moved"):
        for kind, pk, column, before, _after in moved["changes"]:
            if column == "reference":
                found[goes, kind, before] = pk
    return found
