"""What triggers cannot bring up to its source is brought there later, beside nobody who saves who fits whom."""

from contextlib import contextmanager
from importlib import import_module

import pytest
from django.db import OperationalError, connection, connections, transaction

from companies.enums import CompanyStatus
from companies.models import Company
from matching import services
from matching.enums import RunKind
from matching.models import ListedDoubt, ListedMatch
from matching.services.heartbeat import Work
from matching.services.listed import is_book_in_doubt, settle, settle_doubts
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, capacity, need, open_corridor, small_book
from tests.matching.listed.recomputed import kept, recomputed
from tests.matching.refreshing.edits import carry_out, edit, official, refresh_all

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def somebody_else(statement: str, arguments: list):
    """Has said something in a transaction that goes on until the block ends."""
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(statement, arguments)
        yield
        other.commit()
    finally:
        other.close()


def somebody_saves():
    return somebody_else("SELECT pg_advisory_xact_lock(%s, 0)", [int(Work.SAVE)])


def spoil() -> None:
    """Rows that say what no source says."""
    ListedMatch.objects.update(exporter_name="nobody")


def test_doubts_wait_for_no_one_who_saves():
    small_book(headings=1)
    official()
    settle()
    spoil()
    ListedDoubt.objects.create(source=ListedDoubt.Source.NEED, source_id=ListedMatch.objects.first().need_id)

    with somebody_saves():
        beside = settle_doubts(), ListedDoubt.objects.count()

    assert beside == (0, 1)
    assert (settle_doubts() > 0, ListedDoubt.objects.count()) == (True, 0)


def test_every_row_is_looked_at_after_whoever_saves():
    with somebody_saves(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            settle()


def test_a_run_that_is_saved_leaves_the_book_in_doubt_until_somebody_has_looked():
    small_book(headings=1)
    official()
    before = is_book_in_doubt()
    spoil()

    settle_doubts()

    assert (before, is_book_in_doubt()) == (True, False)
    assert kept() == recomputed() != {}


def test_a_what_if_leaves_no_doubt():
    small_book(headings=1)

    carry_out(services.start_run(kind=RunKind.WHAT_IF, as_of=AS_OF))

    assert ListedDoubt.objects.count() == 0


def test_a_company_suspended_beside_a_refresh_is_brought_to_its_new_rows():
    goods = CommodityFactory()
    open_corridor()
    need(goods)
    official()
    settle()
    offered = capacity(goods)
    edit(offered)

    suspended = f"UPDATE {Company._meta.db_table} SET status = %s WHERE id = %s"
    with somebody_else(suspended, [CompanyStatus.SUSPENDED, offered.company_id]):
        refresh_all()
    stale = kept() != recomputed()
    settle_doubts()

    assert stale
    assert kept() == recomputed() != {}


def test_the_list_is_filled_by_a_migration_that_may_be_repeated():
    small_book(headings=1)
    official()
    whole = kept()
    ListedMatch.objects.filter(pk__in=list(whole)[:1]).delete()
    migration = import_module("matching.migrations.0019_fill_the_list")

    for _time in range(2):
        with connection.cursor() as cursor:
            for statement in migration.Migration.operations[0].sql:
                cursor.execute(statement)

    assert kept() == whole
    assert is_book_in_doubt()
