"""Two people send a book at the same moment: the second waits for the first, and finds its rows already there."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from companies.book import book_rows, importing
from companies.book.importing import import_book
from companies.models import Company, Need
from tests.companies.books import COMPANY, NEED, TODAY, catalogue, table, workbook

pytestmark = pytest.mark.django_db(transaction=True)

TOGETHER = 2


def send_together(data: bytes) -> list[list[str]]:
    """The outcomes that each of two senders is told."""
    start = Barrier(TOGETHER, timeout=60)

    def send() -> list[str]:
        try:
            start.wait()
            answer = import_book([("book.xlsx", data)], today=TODAY)
            return [row.outcome.value for row in answer.rows] if answer.is_written else ["nothing written"]
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as people:
        return sorted(future.result(timeout=60) for future in [people.submit(send) for _ in range(TOGETHER)])


@pytest.fixture
def book() -> bytes:
    catalogue()
    return workbook({"Companies": table(COMPANY), "Needs": table(NEED)})


def test_a_book_sent_twice_at_once_makes_no_doubles(book):
    assert send_together(book) == [["already_there", "already_there"], ["taken", "converted"]]
    assert (Company.objects.count(), Need.objects.count()) == (1, 1)


def test_without_the_lock_the_second_would_find_out_too_late(book, monkeypatch):
    """The control: it shows that the race is real, and that even then the database lets nothing through twice."""
    both_have_read = Barrier(TOGETHER, timeout=60)
    write_companies = book_rows.write_companies

    def write_after_both_have_read(entries):
        both_have_read.wait()
        write_companies(entries)

    monkeypatch.setattr(book_rows, "write_companies", write_after_both_have_read)
    monkeypatch.setattr(importing, "wait_for_other_books", lambda: None)

    assert send_together(book) == [["nothing written"], ["taken", "converted"]]
    assert (Company.objects.count(), Need.objects.count()) == (1, 1)
