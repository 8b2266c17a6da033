"""What only real transactions show: one moment of the book, and two people who start a run at once."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, connection

from companies.models import Need
from matching import services
from matching.enums import RunState
from matching.models import Run
from matching.services.market import one_moment
from tests.factories import CommodityFactory
from tests.matching.book import need, open_corridor

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(work) -> None:
    """Do something on a connection of its own, and commit it."""

    def do():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=do)
    thread.start()
    thread.join()


def test_book_is_that_of_one_moment():
    open_corridor()
    goods = CommodityFactory()
    need(goods)

    with one_moment():
        before = Need.objects.count()
        elsewhere(lambda: need(goods))
        after = Need.objects.count()

    assert (before, after, Need.objects.count()) == (1, 1, 2)


def test_reading_the_book_cannot_change_it():
    open_corridor()

    with pytest.raises(InternalError, match="read-only"), one_moment():
        need(CommodityFactory())


def test_of_two_starts_at_once_one_is_refused():
    open_corridor()
    both = threading.Barrier(2, timeout=60)
    told = []

    def start():
        both.wait()
        try:
            told.append(services.start_run().state)
        except ValidationError as refusal:
            told.extend(refusal.messages)
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["A run is under way already.", RunState.QUEUED]
    assert Run.objects.count() == 1
