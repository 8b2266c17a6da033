"""Rows that are not as their sources say, brought to them.

Triggers write a row with its source. Two things they leave: a source whose rows somebody else was writing (they never
wait, so they cannot lock themselves out), and rows of a run or a refresh that were not there yet when a source changed
beside it. Whoever saves who fits whom writes these rows as well: both hold the same lock, and never each other up.
"""

from django.db import connection, transaction

from matching.models import ListedDoubt
from matching.services.listed.sources import COLUMNS, HAS_A_ROW, SOURCES
from matching.services.saving import hold_saving, may_save

OF_SOURCE = {
    ListedDoubt.Source.COMPANY: "exporter.id = ANY(%s) OR importer.id = ANY(%s)",
    ListedDoubt.Source.NEED: "need.id = ANY(%s)",
    ListedDoubt.Source.CAPACITY: "capacity.id = ANY(%s)",
    ListedDoubt.Source.COMMODITY: "goods.id = ANY(%s)",
}
CHANGING = [name for name in COLUMNS if name not in ("match_id", "need_id", "capacity_id")]
_DIFFERS = (
    f"({', '.join(f'listed.{name}' for name in CHANGING)})"
    f" IS DISTINCT FROM ({', '.join(COLUMNS[name] for name in CHANGING)})"
)
_TRUE = (
    f"UPDATE matching_listedmatch listed SET {', '.join(f'{name} = {COLUMNS[name]}' for name in CHANGING)}"  # noqa: S608
    f" FROM {SOURCES} WHERE listed.match_id = one.id AND {HAS_A_ROW} AND {_DIFFERS}"
)
_MISSING = (
    f"INSERT INTO matching_listedmatch ({', '.join(COLUMNS)}) SELECT {', '.join(COLUMNS.values())} FROM {SOURCES}"  # noqa: S608
    f" WHERE {HAS_A_ROW} AND NOT EXISTS (SELECT FROM matching_listedmatch listed WHERE listed.match_id = one.id)"
)
_GONE = (
    "DELETE FROM matching_listedmatch listed WHERE NOT EXISTS (SELECT FROM matching_match one WHERE"  # noqa: S608
    f" one.id = listed.match_id AND one.latest_id IS NOT NULL AND {HAS_A_ROW})"
)


@transaction.atomic
def settle() -> int:
    """Every row as its sources say; how many were not. After an official run: it may have been saved for minutes."""
    hold_saving()
    doubts = list(ListedDoubt.objects.select_for_update(skip_locked=True))
    with connection.cursor() as cursor:
        found = sum(_carried_out(cursor, statement) for statement in (_TRUE, _MISSING, _GONE))
    _answer(doubts)
    return found


@transaction.atomic
def settle_doubts() -> int:
    """The rows of sources that are in doubt; how many were not as their sources say. Later, while somebody saves."""
    if not may_save():
        return 0
    doubts = list(ListedDoubt.objects.select_for_update(skip_locked=True))
    if any(doubt.source == ListedDoubt.Source.BOOK for doubt in doubts):
        return settle()
    found = 0
    with connection.cursor() as cursor:
        for source, wanted in OF_SOURCE.items():
            ids = [doubt.source_id for doubt in doubts if doubt.source == source]
            if ids:
                cursor.execute(f"{_TRUE} AND ({wanted})", [ids] * wanted.count("%s"))
                found += cursor.rowcount
    _answer(doubts)
    return found


def is_book_in_doubt() -> bool:
    """Whether an official run was saved since every row was looked at."""
    return ListedDoubt.objects.filter(source=ListedDoubt.Source.BOOK).exists()


def _answer(doubts: list[ListedDoubt]) -> None:
    ListedDoubt.objects.filter(pk__in=[doubt.pk for doubt in doubts]).delete()


def _carried_out(cursor, statement: str) -> int:
    cursor.execute(statement)
    return cursor.rowcount
