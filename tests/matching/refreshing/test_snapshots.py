"""When refreshes ask the snapshot, when they wait for it, and when they read the book instead."""

import datetime as dt
from decimal import Decimal
from weakref import ReferenceType

import pytest
from celery.signals import worker_process_init
from django.utils import timezone

from companies.enums import CompanyStatus
from corridor.models import Corridor
from matching import services, tasks
from matching.enums import RunState
from matching.models import Match, Run, Weights
from matching.services.refreshing import refresh_of, snapshots, store, stored
from tests.factories import ParameterFactory, PlaceFactory
from tests.matching.book import capacity, need
from tests.matching.refreshing.edits import TOO_DEAR, current, edit, official, refresh_all, refreshed

GOES_WITHOUT = "goes without the snapshot"  # in the log

pytestmark = [pytest.mark.usefixtures("compiled", "place"), pytest.mark.django_db]


@pytest.fixture
def parameter():
    """One that no listing of the snapshot states."""
    return ParameterFactory()


@pytest.fixture
def far_place():
    """In a country to which no need of the snapshot asks for goods."""
    return PlaceFactory(country="UZ")


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


def test_snapshot_knows_a_parameter_that_no_listing_has_stated_before(parameter, kept, wanted, offered, asked, caplog):
    caplog.set_level("INFO")
    wanted.parameters.create(parameter=parameter, low=Decimal(1))

    run = refreshed(wanted)

    assert (asked, current()) == ([run.pk], {(wanted.pk, offered.pk)})
    assert Match.objects.get().latest.facts["parameters"]
    assert GOES_WITHOUT not in caplog.text


def test_snapshot_says_nothing_of_a_country_to_which_nobody_went(far_place, kept, wanted, asked, caplog):
    caplog.set_level("INFO")

    run = refreshed(wanted, destination=far_place)

    assert (asked, current()) == ([run.pk], set())
    assert GOES_WITHOUT in caplog.text


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


def test_process_of_the_worker_opens_the_snapshot_before_it_is_asked(kept):
    stored._kept_open.clear()
    started = []
    for _key, reference, *_more in worker_process_init.receivers:
        receiver = reference() if isinstance(reference, ReferenceType) else reference
        if receiver.__module__ == tasks.__name__:
            started.append(receiver)
    assert started == [tasks.open_the_snapshot]

    services.open_snapshot_beforehand()

    assert list(stored._kept_open) == [kept]


def test_process_of_the_worker_begins_though_no_snapshot_can_be_opened(kept, monkeypatch):
    monkeypatch.setattr(snapshots, "opened", lambda official: 1 // 0)

    services.open_snapshot_beforehand()
