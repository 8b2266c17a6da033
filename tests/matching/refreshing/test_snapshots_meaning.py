"""A snapshot is asked only while its numbers mean what they meant: goods of the catalogue, arrays of the programme."""

import datetime as dt
import json
from decimal import Decimal

import numpy as np
import pytest
from django.db.models import F
from django.utils import timezone

from commodities.enums import ParameterKind
from commodities.models import Commodity, CommodityGroupMember
from companies.models import Company
from corridor.models import Place
from matching import services
from matching.models import Run
from matching.services.refreshing import programme, snapshots, store, stored
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    CommodityGroupFactory,
    CommodityParameterFactory,
)
from tests.matching.book import capacity
from tests.matching.refreshing.edits import TOO_DEAR, current, official, refreshed

pytestmark = [pytest.mark.usefixtures("compiled", "place"), pytest.mark.django_db]


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


def test_snapshot_whose_arrays_do_not_belong_together_is_not_asked(kept, offered, asked, place, caplog):
    """As its manifest says, whole files; but of fewer listings than compiled code would read."""
    stored._kept_open.clear()
    path, said = place / kept / "sellers.row.npy", place / kept / store.MANIFEST
    np.save(path, np.load(path)[:-1])
    manifest = json.loads(said.read_text())
    manifest["arrays"]["sellers.row"] = [path.stat().st_size, "<i4", [0]]
    said.write_text(json.dumps(manifest))

    refreshed(offered, price_amount=TOO_DEAR)

    assert (asked, current()) == ([], set())
    assert "cannot be used" in caplog.text


def test_stamp_of_the_programme_tells_every_source_of_the_arrays(tmp_path):
    services = ("columns/sql.py", "checked.py", "listings.py", "trips.py")
    sources = ("matching/engine/fast/index/columns.py", *(f"matching/services/{name}" for name in services))
    for name in (*sources, "corridor/engine/landed.py", "corridor/ways.py", "matching/views.py"):
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
    assert said.pop("matching/views.py") is False
    assert set(said.values()) == {True}
    assert all((programme.ROOT / name).exists() for name in programme.LAYS_OUT)
