"""What changes past all that a snapshot hears of: it is met, and struck out, or the book is read instead."""

import datetime as dt
from decimal import Decimal

import pytest

from companies.models import Capacity, Need
from matching import services
from matching.engine.effort import MOST_PER_LISTING
from matching.models import MatchResult
from matching.services.made_book.marks import without_history
from matching.services.refreshing import edited, snapshots, store
from tests.factories import CertificateKindFactory, RequirementFactory
from tests.matching.book import AS_OF, capacity, need
from tests.matching.refreshing.edits import current, edit, official, refresh_all, standing

pytestmark = [pytest.mark.usefixtures("compiled"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _of_every_book(settings, tmp_path, monkeypatch):
    settings.SNAPSHOT_DIR, settings.SNAPSHOT_FROM = tmp_path, 0
    # Else all listings count as edited: their companies were made within the last minute.
    monkeypatch.setattr(edited, "CLOCKS_DIFFER", dt.timedelta(0))


def kept_snapshot() -> None:
    official()
    assert services.make_snapshot()


def delete_unheard(offered: Capacity) -> None:
    """As a made book is taken away."""
    with without_history():
        offered.matches.update(latest=None)
        MatchResult.objects.filter(match__capacity=offered).delete()
        for match in offered.matches.all():
            match.allocations.all().delete()
        offered.matches.all().delete()
        offered.near_misses.all().delete()
        Capacity.objects.filter(pk=offered.pk).delete()


def test_listing_deleted_past_the_history_is_in_nobodys_list(goods, wanted, offered):
    cheaper = capacity(goods, price_amount=Decimal(700))
    kept_snapshot()
    delete_unheard(cheaper)

    edit(wanted, price_amount=Decimal(1140))
    refresh_all()

    refreshed = standing()
    assert list(refreshed["matches"]) == [(wanted.pk, offered.pk)]
    assert refreshed["matches"][wanted.pk, offered.pk]["rank_for_need"] == 1
    official()
    assert standing() == refreshed


def test_listing_paused_past_the_history_is_in_nobodys_list(goods, wanted, offered):
    cheaper = capacity(goods, price_amount=Decimal(700))
    kept_snapshot()
    with without_history():
        Capacity.objects.filter(pk=cheaper.pk).update(status="paused")

    edit(wanted, price_amount=Decimal(1140))
    refresh_all()

    assert current() == {(wanted.pk, offered.pk)}


def test_whoever_nearly_fitted_a_listing_paused_past_the_history_looks_on_to_the_next(goods, wanted, offered):
    poorer, strict = need(goods, price_amount=Decimal(1140)), capacity(goods, payment_terms=["prepaid"])
    others = [wanted, *(need(goods) for _number in range(MOST_PER_LISTING - 1))]
    kept_snapshot()
    assert set(near_ones_of(strict)) == {one.pk for one in others}  # there was no room for the poorer one
    with without_history():
        Need.objects.filter(pk=wanted.pk).update(status="paused")

    edit(poorer, quantity_kg=90_000)
    refresh_all()

    refreshed = standing()
    assert set(near_ones_of(strict)) == {poorer.pk, *(one.pk for one in others[1:])}
    official()
    assert standing() == refreshed


def near_ones_of(offered: Capacity) -> list[int]:
    return list(offered.near_misses.filter(is_current=True).values_list("need", flat=True))


def test_book_that_is_changed_without_a_history_is_no_more_the_one_of_the_snapshot(
    wanted, offered, django_capture_on_commit_callbacks
):
    kept_snapshot()

    with django_capture_on_commit_callbacks(execute=True), without_history():
        assert store.current_version() is not None  # it counts until the change does

    assert store.current_version() is None
    assert services.make_snapshot()


def test_goods_that_go_from_another_point_unheard_are_read_in_the_book(wanted, offered):
    kept_snapshot()
    with without_history():
        Capacity.objects.filter(pk=offered.pk).update(lot_kg=25_000)

    edit(wanted, price_amount=Decimal(1140))
    refresh_all()

    refreshed = standing()
    official()
    assert standing() == refreshed
    assert set(refreshed["matches"]) == {(wanted.pk, offered.pk)}


def test_papers_of_a_lane_keep_their_names_beside_a_kind_that_came_later(wanted, offered, monkeypatch):
    RequirementFactory(direction="ID>KZ", certificate_kind=CertificateKindFactory(code="middle"))
    kept_snapshot()
    # As if the catalogue were still that of the snapshot, which else is not asked at all.
    before = snapshots.version_of_catalogue()
    monkeypatch.setattr(snapshots, "version_of_catalogue", lambda: before)
    CertificateKindFactory(code="earlier")

    edit(wanted, price_amount=Decimal(1140))
    (run,) = refresh_all()

    refreshed = standing()
    assert "middle" in str(refreshed)
    assert run.as_of == AS_OF
    official()
    assert standing() == refreshed
