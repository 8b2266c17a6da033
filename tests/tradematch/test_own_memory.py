"""A process of a worker is ended by what it holds for itself, not by files that it reads."""

import mmap

import billiard.pool
import pytest
from celery.signals import worker_process_init

from tradematch import celery, own_memory

MB = 1 << 20
SIZE = 64 * MB


@pytest.fixture
def counted(monkeypatch):
    """What billiard asks after each task, in a process of a worker."""
    monkeypatch.setattr(billiard.pool, "mem_rss", own_memory.counted_by_celery)
    own_memory.count_own_memory_alone()
    return billiard.pool.mem_rss


def test_pages_of_a_mapped_file_do_not_count(counted, tmp_path):
    file = tmp_path / "snapshot"
    file.write_bytes(b"\1" * SIZE)
    before = counted()
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as pages:
        assert sum(pages[:: mmap.PAGESIZE]) == SIZE // mmap.PAGESIZE
        assert (counted() - before) * 1024 < SIZE // 2


def test_what_a_process_holds_itself_counts(counted):
    before = counted()
    held = bytearray(b"\1") * SIZE
    assert (counted() - before) * 1024 > SIZE // 2
    del held


def test_what_was_swapped_out_is_still_held(counted, monkeypatch, tmp_path):
    status = tmp_path / "status"
    status.write_text("VmRSS:\t  900 kB\nRssAnon:\t  100 kB\nRssFile:\t  800 kB\nVmSwap:\t   50 kB\n", encoding="utf-8")
    monkeypatch.setattr(own_memory, "STATUS", status)
    assert counted() == 150


def test_where_the_system_does_not_tell_them_apart_all_counts(counted, monkeypatch, tmp_path):
    monkeypatch.setattr(own_memory, "STATUS", tmp_path / "none")
    assert counted() == own_memory.counted_by_celery() > 0


def test_each_process_of_a_worker_counts_so_from_its_beginning():
    assert celery.count_own_memory_alone is own_memory.count_own_memory_alone
    assert own_memory.count_own_memory_alone in worker_process_init._live_receivers(None)
