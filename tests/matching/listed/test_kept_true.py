"""The listed rows say what their sources say, whatever happens to them and by whatever way."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from accounts.enums import Role
from companies.enums import CompanyStatus, ListingStatus
from companies.models import Capacity, Company, Need
from matching import services
from matching.enums import DismissReason, MatchState
from matching.lists import every_listed_result
from matching.models import ListedDoubt, Match, MatchResult
from matching.services.listed import settle
from tests.factories import CommodityFactory, RegionFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.listed.recomputed import kept, recomputed
from tests.matching.refreshing.edits import edit, official, refresh_all
from tests.people import person

pytestmark = pytest.mark.django_db

ACTS = 25


class Life:
    """A small book and what people, runs and days do to it, by chance."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        open_corridor()
        self.staff = person(Role.STAFF)
        self.goods = [CommodityFactory() for _kind in range(2)]
        for goods in self.goods:
            for _listing in range(2):
                need(goods)
                capacity(goods)
        official()

    def one(self, model):
        return self.chance.choice(list(model.objects.order_by("pk")))

    def act(self) -> str:
        act = self.chance.choice([name for name in dir(self) if name.startswith("do_")])
        getattr(self, act)()
        return act

    def do_run(self):
        official()

    def do_edit(self):
        listing = self.one(self.chance.choice([Need, Capacity]))
        edit(listing, price_amount=self.chance.choice([500, 900, 1200, 5000]), status=listing.status)
        refresh_all()

    def do_new_listing(self):
        edit(self.chance.choice([need, capacity])(self.chance.choice(self.goods)))
        refresh_all()

    def do_decide(self):
        if Match.objects.exists():
            match, state = self.one(Match), self.chance.choice(MatchState.values)
            services.decide(match=match, state=state, decided_by=self.staff, reason=DismissReason.PRICE)

    def do_status_of_company(self):
        self.change(Company, status=self.chance.choice([CompanyStatus.ACTIVE, CompanyStatus.SUSPENDED]))

    def do_hide(self):
        self.change(Company, is_hidden=self.chance.random() < 0.5)

    def do_rename(self):
        self.change(Company, name_registered=f"Name {self.chance.randrange(1000)}")

    def do_move_company(self):
        self.change(Company, region=RegionFactory())

    def do_status_of_listing(self):
        self.change(self.chance.choice([Need, Capacity]), status=self.chance.choice(ListingStatus.values))

    def do_expire(self):
        day = timezone.localdate() + dt.timedelta(days=self.chance.choice([-1, 0, 1]))
        self.change(self.chance.choice([Need, Capacity]), valid_until=self.chance.choice([day, None]))

    def do_other_company(self):
        """As a merge does."""
        listing = self.one(self.chance.choice([Need, Capacity]))
        others = Company.objects.filter(country=listing.company.country).order_by("pk")
        type(listing).objects.filter(pk=listing.pk).update(company=self.chance.choice(list(others)))

    def do_other_goods(self):
        self.change(Capacity, commodity=self.chance.choice(self.goods))

    def do_number_the_tree_anew(self):
        goods = self.chance.choice(self.goods)
        type(goods).objects.filter(pk=goods.pk).update(tree_lo=self.chance.randrange(900), name_en="Other goods")

    def do_forget_a_result(self):
        MatchResult.objects.filter(pk__in=MatchResult.objects.order_by("?")[:1]).delete()

    def do_forget_a_match(self):
        Match.objects.filter(state=MatchState.NEW, decisions=None).order_by("pk").first().delete()

    def change(self, model, **facts):
        model.objects.filter(pk=self.one(model).pk).update(**facts)


@pytest.mark.parametrize("seed", range(3))
def test_rows_say_what_their_sources_say_after_any_sequence_of_acts(seed):
    life = Life(seed)
    done = ["official run"]
    for _act in range(ACTS):
        done.append(life.act())
        assert kept() == recomputed(), done
        assert set(every_listed_result()) == listed_by_the_book(), done
    assert (settle(), ListedDoubt.objects.count()) == (0, 0)


def listed_by_the_book() -> set:
    """The list as its definition reads: current pairs that trade today, and what people decided upon."""
    matches = Match.objects.exclude(latest=None).select_related("need__company", "capacity__company", "listed")
    return {match.listed for match in matches if match.state != MatchState.NEW or trades(match)}


def trades(match: Match) -> bool:
    is_hidden = match.need.company.is_hidden or match.capacity.company.is_hidden
    return match.is_current and match.is_in_trade and not is_hidden
