"""After any sequence of edits and refreshes what stands is what an official run would find."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from companies.enums import ListingStatus
from companies.models import NeedCommodity
from matching import engine
from matching.services import shards, steering
from matching.services.refreshing import work
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, capacity, need, open_corridor
from tests.matching.refreshing.edits import edit, official, refresh_all, standing

pytestmark = pytest.mark.django_db

LIST = 2  # so many best pairs a listing: in a small book somebody is always left out


@pytest.fixture(autouse=True)
def _short_lists(monkeypatch):
    def solve(*arguments, **named):
        return engine.solve(*arguments, **named | {"k": LIST})

    class Engine:
        def __getattr__(self, name):
            return solve if name == "solve" else getattr(engine, name)

    for module in (shards, steering, work):
        monkeypatch.setattr(module, "engine", Engine())


def made_book(chance: random.Random):
    """Two kinds of goods, and needs that accept both: one part of the book that falls apart and grows together."""
    open_corridor()
    goods = [CommodityFactory(), CommodityFactory()]
    offers = [
        capacity(
            chance.choice(goods),
            price_amount=Decimal(chance.randrange(700, 1050)),
            lot_kg=chance.choice([None, 20_000]),
        )
        for _number in range(6)
    ]
    wants = [
        need(*chance.sample(goods, chance.choice([1, 1, 2])), price_amount=Decimal(chance.randrange(1000, 1250)))
        for _number in range(6)
    ]
    return goods, offers, wants


def some_edit(chance: random.Random, goods, offers, wants) -> None:
    listing = chance.choice([*offers, *wants])
    facts = [
        {"price_amount": Decimal(chance.randrange(700, 1300))},
        {"status": chance.choice([ListingStatus.WITHDRAWN, ListingStatus.PAUSED, ListingStatus.OPEN])},
        {"quantity_kg": chance.randrange(5_000, 900_000)},
        {"payment_terms": chance.choice([[], ["letter_of_credit"], ["prepaid"]])},
        {"valid_until": chance.choice([None, AS_OF - dt.timedelta(days=1)])},
        {},
    ]
    if listing in offers:
        facts.append({"lead_days": chance.randrange(5, 20)})  # another fact of each pair, and no other figure
    change = chance.choice(facts)
    if not change:
        if listing in wants:
            NeedCommodity.objects.filter(need=listing).delete()
            for position, node in enumerate(chance.sample(goods, chance.choice([1, 2]))):
                NeedCommodity.objects.create(need=listing, commodity=node, position=position)
        else:
            change = {"commodity": chance.choice(goods)}
    edit(listing, **change)


@pytest.mark.parametrize("seed", range(3))
def test_refreshes_end_where_an_official_run_ends(seed):
    chance = random.Random(seed)
    goods, offers, wants = made_book(chance)
    official()
    for _round in range(4):
        for _edit in range(chance.randrange(1, 5)):
            some_edit(chance, goods, offers, wants)
            if chance.random() < 0.7:
                refresh_all()
        refresh_all()

        refreshed = standing()
        official()
        assert refreshed == standing()
        refresh_all()  # the official run has what it overtook looked at again
        assert refreshed == standing()
