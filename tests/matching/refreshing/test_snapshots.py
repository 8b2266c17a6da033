"""When refreshes ask the snapshot, when they wait for it, and when they read the book instead."""

import datetime as dt
import errno
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from commodities.enums import ParameterKind
from commodities.models import Commodity, CommodityGroupMember
from companies.enums import CompanyStatus
from companies.models import Company
from corridor.models import Corridor, Place
from matching import services, tasks
from matching.enums import RunState
from matching.models import Run, Weights
from matching.services.refreshing import programme, refresh_of, snapshots, store, stored, through, tries, work
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    CommodityGroupFactory,
    CommodityParameterFactory,
    ParameterFactory,
)
from tests.matching.book import capacity, need
from tests.matching.refreshing.edits import TOO_DEAR, current, edit, official, refresh_all

pytestmark = [pytest.mark.usefixtures("compiled"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.SNAPSHOT_DIR, settings.SNAPSHOT_FROM = tmp_path / "snapshots", 0
    return store.folder()


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """The refreshes that asked the snapshot, whether or not it could say."""
    found, read_through = [], through.read_through

    def noted(run, stored):
        found.append(run.pk)
        return read_through(run, stored)

    monkeypatch.setattr(through, "read_through", noted)
    return found


@pytest.fixture
def parameter():
    """One that no listing of the snapshot states."""
    return ParameterFactory()


@pytest.fixture
def kept(wanted, offered) -> str:
    """A snapshot of a book in which the two fit."""
    official()
    assert services.make_snapshot()
    return store.current_version()


def refreshed(listing, **facts) -> Run:
    edit(listing, **facts)
    refresh_all()
    return refresh_of(listing)


def test_edit_asks_the_snapshot_and_takes_its_day_as_today(kept, wanted, offered, asked):
    run = refreshed(offered, price_amount=TOO_DEAR)

    assert (asked, current()) == ([run.pk], set())
    assert run.as_of == Run.objects.official().get().as_of
    refreshed(offered, price_amount=Decimal(800))
    assert current() == {(wanted.pk, offered.pk)}


def test_small_book_is_kept_nowhere_and_read_by_parts(wanted, offered, asked, place, settings):
    settings.SNAPSHOT_FROM = 3
    official()

    refreshed(offered, price_amount=TOO_DEAR)

    assert (services.make_snapshot(), place.exists(), asked, current()) == (False, False, [], set())


def test_snapshot_is_made_once_and_again_when_much_was_edited(kept, offered, monkeypatch):
    assert not services.is_snapshot_due()
    assert not services.make_snapshot()

    monkeypatch.setattr(snapshots, "MOST_EDITED", 0)
    edit(offered)

    assert services.make_snapshot()
    assert store.current_version() != kept


@pytest.mark.parametrize("harm", ["cut short", "gone", "manifest", "pointer"])
def test_damaged_snapshot_is_not_asked(kept, offered, asked, place, harm):
    stored._kept_open.clear()
    array = place / kept / "facts.needs.id.npy"
    {
        "cut short": lambda: array.write_bytes(array.read_bytes()[:-8]),
        "gone": array.unlink,
        "manifest": lambda: (place / kept / store.MANIFEST).write_text("{}"),
        "pointer": lambda: (place / store.CURRENT).write_text("1-20270104T100000000000"),
    }[harm]()
    Run.objects.official().update(finished_at=timezone.now() - dt.timedelta(hours=1))

    refreshed(offered, price_amount=TOO_DEAR)

    assert (asked, current()) == ([], set())


def test_snapshot_of_another_database_is_not_asked(kept, offered, asked):
    """A backup was put back: the newest run that the snapshot has seen is another one here."""
    Run.objects.official().update(queued_at=timezone.now(), finished_at=timezone.now() - dt.timedelta(hours=1))

    refreshed(offered, price_amount=TOO_DEAR)

    assert (asked, current()) == ([], set())


def test_snapshot_says_nothing_of_another_corridor(kept, wanted, offered, asked):
    Corridor.objects.update(is_enabled=False)

    run = refreshed(offered)

    assert (asked, current()) == ([run.pk], set())


def test_snapshot_says_nothing_of_a_parameter_that_it_does_not_know(parameter, kept, wanted, offered, asked):
    wanted.parameters.create(parameter=parameter, low=Decimal(1))

    run = refreshed(wanted)

    assert (asked, current()) == ([run.pk], {(wanted.pk, offered.pk)})


def test_refresh_waits_for_the_snapshot_after_an_official_run_and_then_goes_without(wanted, offered, asked, sent):
    official()
    edit(offered, price_amount=TOO_DEAR)
    run = refresh_of(offered)

    assert services.carry_out_refresh(run.pk) is None
    assert refresh_of(offered).state == RunState.QUEUED

    Run.objects.official().update(finished_at=timezone.now() - snapshots.WAITS_FOR - dt.timedelta(seconds=1))
    refresh_all()
    assert (asked, current()) == ([], set())


def test_task_makes_the_snapshot_and_calls_the_refresh_that_waited(wanted, offered, sent, monkeypatch):
    queued = []
    monkeypatch.setattr(tasks.keep_snapshot, "delay", lambda: queued.append(True))
    run = services.start_run()
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    tasks.close_run(run_id=run.pk)
    edit(offered, price_amount=TOO_DEAR)

    tasks.refresh_listing(run_id=refresh_of(offered).pk)
    assert queued == [True, True]
    tasks.keep_snapshot()

    assert sent == [refresh_of(offered).pk]
    assert not services.is_snapshot_due()


def test_snapshot_of_other_weights_is_not_asked(kept, offered, asked):
    Weights.objects.update(values=Weights.objects.get().values | {"price": 0.25, "trust": 0.15})
    Run.objects.official().update(finished_at=timezone.now() - dt.timedelta(hours=1))

    refreshed(offered, price_amount=TOO_DEAR)

    assert (asked, current()) == ([], set())


def test_suspended_company_leaves_the_lists_of_a_snapshot_without_a_refresh_of_its_own(kept, goods, wanted, offered):
    second = refreshed(capacity(goods)).capacity
    offered.company.status = CompanyStatus.SUSPENDED
    offered.company.save()

    refreshed(wanted, price_amount=Decimal(1140))

    assert current() == {(wanted.pk, second.pk)}


def test_deleted_listing_is_in_nobodys_list(kept, goods, wanted, offered, asked):
    third = capacity(goods)
    refreshed(third)
    services.ask_for_refresh_of_partners(set(), {third.pk}, as_of=Run.objects.official().get().as_of)
    third.matches.all().delete()
    third.near_misses.all().delete()
    third.delete()

    refresh_all()

    assert current() == {(wanted.pk, offered.pk)}
    assert refreshed(need(goods)).state == RunState.FINISHED


def test_goods_in_other_loads_go_by_lanes_that_the_snapshot_has_not(kept, wanted, offered, asked):
    run = refreshed(offered, lot_kg=25_000)

    assert (asked, current()) == ([run.pk], {(wanted.pk, offered.pk)})
    result = wanted.matches.get().latest
    assert result.landed_low_usd_per_t is not None
    assert result.run == run


# --- what the numbers of a snapshot stand for


def long_ago() -> None:
    """So that nobody is taken for edited because their company has just been written."""
    Company.objects.update(changed_at=timezone.now() - dt.timedelta(hours=2))


def numbered_anew(first: Commodity) -> None:
    """What `load_reference` does once a good stands before another: all from there on move by one."""
    for good in Commodity.objects.filter(tree_lo__gte=first.tree_lo).order_by("-tree_lo"):
        Commodity.objects.filter(pk=good.pk).update(tree_lo=F("tree_lo") + 1, tree_hi=F("tree_hi") + 1)


def test_catalogue_numbered_anew_matches_nobody_with_the_next_good(goods, wanted, offered, asked):
    next_good = CommodityFactory(tree_lo=goods.tree_hi, tree_hi=goods.tree_hi + 1)
    capacity(next_good)
    long_ago()
    official()
    assert services.make_snapshot()
    numbered_anew(goods)
    Run.objects.official().update(finished_at=timezone.now() - dt.timedelta(hours=1))

    refreshed(wanted, price_amount=Decimal(1140))

    assert (asked, current()) == ([], {(wanted.pk, offered.pk)})
    assert services.make_snapshot()
    run = refreshed(wanted, price_amount=Decimal(1145))
    assert (asked, current()) == ([run.pk], {(wanted.pk, offered.pk)})


CATALOGUE = {
    "a good": lambda good: CommodityFactory(),
    "its load": lambda good: Commodity.objects.filter(pk=good.pk).update(box20_kg=21_000),
    "a group": lambda good: CommodityGroupMember.objects.create(
        group=CommodityGroupFactory(), commodity=good, source="s", confidence="verified"
    ),
    "a choice": lambda good: CommodityParameterFactory(commodity=good, kind=ParameterKind.CHOICE),
    "a kind of certificate": lambda good: CertificateKindFactory(),
    "a place": lambda good: Place.objects.update(country="XX"),
}


@pytest.mark.parametrize("what", CATALOGUE)
def test_snapshot_is_made_anew_for_another_catalogue(kept, goods, what):
    assert not services.is_snapshot_due()

    CATALOGUE[what](goods)

    assert snapshots.opened(snapshots.newest_official()) is None
    assert services.make_snapshot()
    assert store.current_version() != kept


def test_snapshot_of_another_programme_is_not_asked(kept, offered, asked, monkeypatch):
    Run.objects.official().update(finished_at=timezone.now() - dt.timedelta(hours=1))
    monkeypatch.setattr(programme, "stamp", lambda: "delivered meanwhile")

    refreshed(offered, price_amount=TOO_DEAR)

    assert (asked, current()) == ([], set())
    assert services.make_snapshot()


def test_stamp_of_the_programme_tells_every_source_of_the_arrays(tmp_path):
    for name in ("engine/fast/index/columns.py", "services/columns/sql.py", "services/trips.py", "views.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("SLOTS = 4")
    before = programme.stamp(tmp_path)

    said = {}
    for path in sorted(tmp_path.rglob("*.py")):
        path.write_text("SLOTS = 5")
        programme.stamp.cache_clear()
        said[str(path.relative_to(tmp_path))] = programme.stamp(tmp_path) != before
        path.write_text("SLOTS = 4")

    programme.stamp.cache_clear()
    assert said.pop("views.py") is False
    assert set(said.values()) == {True}


# --- a version that is replaced, and one that cannot be made


def test_version_replaced_while_it_is_read_is_read_once_more(kept, offered, asked, monkeypatch):
    """Another process made its own current, and removed the folder, between the pointer and the arrays."""
    stored._kept_open.clear()
    read, replaced = store.read, []

    def replaced_first(version):
        if not replaced:
            replaced.append(version)
            monkeypatch.setattr(snapshots, "MOST_EDITED", 0)
            assert services.make_snapshot()
        return read(version)

    monkeypatch.setattr(store, "read", replaced_first)

    run = refreshed(offered, price_amount=TOO_DEAR)

    assert (replaced, asked, current()) == ([kept], [run.pk], set())
    assert store.current_version() != kept


def test_nothing_is_loaded_within_the_transaction_that_reads_the_book(kept, offered, asked, monkeypatch):
    """A version that came between is left to the next refresh: the older one says the same of the edits since."""
    stored._kept_open.clear()
    loaded, read = [], work.read

    def replaced_before(run, opened):
        monkeypatch.setattr(snapshots, "MOST_EDITED", 0)
        assert services.make_snapshot()
        monkeypatch.setattr(stored, "_read", loaded.append)
        return read(run, opened)

    monkeypatch.setattr(work, "read", replaced_before)

    run = refreshed(offered, price_amount=TOO_DEAR)

    assert (loaded, asked, current()) == ([], [run.pk], set())


SAVED = store._saved


@pytest.fixture
def full_disk(monkeypatch):
    """A disk that has room until the twentieth array; how many tries were begun to be written."""
    begun, saved, write = [], [], store.write

    def counted(manifest, arrays):
        begun.append(manifest.version)
        saved.clear()
        return write(manifest, arrays)

    def full(path, array):
        saved.append(path)
        if len(saved) == 20:
            raise OSError(errno.ENOSPC, "No space left on device")
        return SAVED(path, array)

    monkeypatch.setattr(store, "write", counted)
    monkeypatch.setattr(store, "_saved", full)
    return begun


def test_full_disk_is_left_as_it_was_and_tried_again_after_a_pause(wanted, offered, place, full_disk, monkeypatch):
    official()
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    with pytest.raises(OSError, match="No space"):
        services.make_snapshot()
    assert [path.name for path in place.iterdir()] == [store.TRIES]

    begun = []
    for _minute in range(180):
        now += dt.timedelta(minutes=1)
        before = len(full_disk)
        tasks.keep_snapshot()
        if len(full_disk) > before:
            begun.append(_minute + 1)

    assert begun == [1, 6, 21, 81, 141]
    assert [path.name for path in place.iterdir()] == [store.TRIES]


def test_refreshes_wait_for_no_snapshot_that_has_failed(wanted, offered, asked, full_disk):
    official()
    assert snapshots.is_awaited(snapshots.newest_official())
    with pytest.raises(OSError, match="No space"):
        services.make_snapshot()

    run = refreshed(offered, price_amount=TOO_DEAR)

    assert (asked, current(), run.state) == ([], set(), RunState.FINISHED)


def test_snapshot_that_succeeds_at_last_is_waited_for_again(wanted, offered, place, full_disk, monkeypatch):
    official()
    with pytest.raises(OSError, match="No space"):
        services.make_snapshot()
    assert not services.is_snapshot_due()
    official()
    monkeypatch.setattr(store, "_saved", SAVED)

    assert services.make_snapshot()

    assert tries.noted() == tries.Tries()
    official()
    assert snapshots.is_awaited(snapshots.newest_official())


def test_folder_of_somebody_else_is_left_alone_and_refreshes_go_without(wanted, offered, asked, place):
    passport = place.parent / "uploads" / "passport.pdf"
    passport.parent.mkdir(parents=True)
    passport.write_text("somebody's")
    official()

    tasks.keep_snapshot()

    assert passport.read_text() == "somebody's"
    assert store.current_version() is None
    refreshed(offered, price_amount=TOO_DEAR)
    assert (asked, current()) == ([], set())
