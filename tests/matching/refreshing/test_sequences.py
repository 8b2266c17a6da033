"""After any sequence of edits, refreshed through a snapshot, what stands is what the whole book solved anew says."""

import datetime as dt
import random
from decimal import Decimal
from functools import cache

import pytest
from django.db import IntegrityError, transaction

from companies.enums import CertificateState, CommitmentKind, CompanyStatus, ListingStatus, PriceBasis
from companies.models import CapacityParameter, Certificate, NeedCommodity, NeedParameter
from companies.signals import book_changed
from corridor.ways import Ways
from matching import engine, services
from matching.enums import Failure
from matching.models import Match, NearMiss, Run
from matching.services import market
from matching.services.market import load_book
from matching.services.refreshing import asking, edited, snapshots, through
from matching.services.solved import near_miss_rows, pair_row
from tests.factories import CertificateKindFactory, CommodityFactory, ParameterFactory
from tests.matching.book import AS_OF, STARTING_WEIGHTS, capacity, need, open_corridor, port, town
from tests.matching.refreshing.edits import edit, failed, official, refresh_all
from tests.matching.refreshing.test_same_as_official import LIST, _short_lists  # noqa: F401

pytestmark = [pytest.mark.usefixtures("compiled"), pytest.mark.django_db]

SEQUENCES = 200


class WaysThatStay(Ways):
    """Nobody edits the corridor here, nor the catalogue: read once for all that is asked of them."""

    version = cache(Ways.version)


@pytest.fixture(autouse=True)
def _short_lists_of_every_book(settings, tmp_path, monkeypatch):
    settings.SNAPSHOT_DIR, settings.SNAPSHOT_FROM = tmp_path, 0
    monkeypatch.setattr(snapshots, "LIST", LIST)
    # Else all listings count as edited: their companies were made within the last minute.
    monkeypatch.setattr(edited, "CLOCKS_DIFFER", dt.timedelta(0))
    monkeypatch.setattr(market, "Ways", cache(WaysThatStay))
    monkeypatch.setattr(snapshots, "version_of_catalogue", cache(snapshots.version_of_catalogue))
    for bound in ("MOST_OF_A_LISTING", "MOST_OF_A_COMPANY", "MOST_OF_A_BOOK"):
        monkeypatch.setattr(asking, bound, 10_000)


@pytest.fixture
def read(monkeypatch) -> list:
    """The refreshes that the snapshot was asked for."""
    found, read_through = [], through.read_through

    def noted(run, stored):
        found.append(run.pk)
        return read_through(run, stored)

    monkeypatch.setattr(through, "read_through", noted)
    return found


class EditedBook:
    """A small book of goods that are joined with each other, and its edits by chance."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        open_corridor()
        self.goods = [CommodityFactory() for _kind in range(3)]
        self.kind, self.parameter = CertificateKindFactory(), ParameterFactory()
        self.offers, self.wants = [], []
        for _listing in range(7):
            self.add(capacity)
            self.add(need)
        # So that a snapshot knows the parameter; its values are new each time.
        CapacityParameter.objects.create(capacity=self.offers[0], parameter=self.parameter, values=["red"])

    def add(self, make):
        price = Decimal(self.chance.randrange(*((700, 1000) if make is capacity else (1000, 1250))))
        if make is capacity:
            made = capacity(self.chance.choice(self.goods), price_amount=price)
            self.offers.append(made)
        else:
            made = need(*self.chance.sample(self.goods, self.chance.choice((1, 1, 2))), price_amount=price)
            self.wants.append(made)
        return made

    def edit(self) -> None:
        chance = self.chance
        listing = chance.choice([*self.offers, *self.wants])
        kind = chance.choice(("fact", "fact", "fact", "own", "own", "goods", "parameter", "held", "new", "company"))
        if kind == "new" and len(self.offers) + len(self.wants) < 24:
            edit(self.add(chance.choice((capacity, need))))
        elif kind == "company":
            self.edit_company(listing.company)
        else:
            is_offer = listing in self.offers
            change = {
                "fact": self.some_fact,
                "own": self.fact_of_an_offer if is_offer else self.fact_of_a_need,
                "goods": self.other_goods,
                "parameter": self.other_parameter,
                "held": self.held,
            }.get(kind, self.some_fact)
            try:
                with transaction.atomic():
                    edit(listing, **(change(listing) or {}))
            except IntegrityError:  # a lot larger than the quantity: no form would let it pass
                listing.refresh_from_db()

    def some_fact(self, listing) -> dict:
        chance = self.chance
        last = "available_until" if listing in self.offers else "window_until"
        return chance.choice(
            [
                {"price_amount": chance.choice([None, Decimal(chance.randrange(700, 1300))])},
                {"price_amount": Decimal(chance.randrange(750, 1100))},
                {"status": chance.choice([ListingStatus.WITHDRAWN, ListingStatus.OPEN, ListingStatus.OPEN])},
                {"quantity_kg": chance.randrange(5_000, 900_000), "period": chance.choice(["once", "monthly"])},
                {"payment_terms": chance.choice([[], ["letter_of_credit"], ["prepaid"]])},
                {"valid_until": chance.choice([None, None, AS_OF - dt.timedelta(days=1)])},
                {last: dt.date(2027, chance.randrange(4, 9), 15)},
            ]
        )

    def fact_of_an_offer(self, _offer) -> dict:
        chance = self.chance
        return chance.choice(
            [
                {"lead_days": chance.choice([None, 0, 15, 90])},
                {"lot_kg": chance.choice([None, 20_000, 24_000, 300_000])},  # goods in other loads go another way
                {"lot_multiple_kg": chance.choice([None, 1_000, 20_000])},
                {"incoterm": chance.choice(["FOB", "EXW", "FCA"]), "place": port()},
                {"available_from": dt.date(2027, chance.randrange(1, 4), 1)},
            ]
        )

    def fact_of_a_need(self, wanted) -> dict:
        chance = self.chance
        wanted.required_certificates.set(chance.choice([[], [], [self.kind]]))
        return chance.choice(
            [
                {"smallest_share_kg": chance.choice([None, 20_000, 150_000])},
                {"price_basis": chance.choice(PriceBasis.values)},
                {"incoterm": chance.choice(["DAP", "CIP"]), "named_place": town()},
                {"excluded_origins": chance.choice([[], [], ["ID"]])},
                {"window_from": dt.date(2027, chance.randrange(1, 5), 1)},
            ]
        )

    def other_goods(self, listing) -> dict:
        if listing in self.offers:
            return {"commodity": self.chance.choice(self.goods)}
        NeedCommodity.objects.filter(need=listing).delete()
        for position, node in enumerate(self.chance.sample(self.goods, self.chance.choice((1, 2)))):
            NeedCommodity.objects.create(need=listing, commodity=node, position=position)
        return {}

    def other_parameter(self, listing) -> None:
        values = self.chance.sample(["red", "green", "blue", "white"], 2)
        listing.parameters.all().delete()
        if listing in self.offers:
            CapacityParameter.objects.create(capacity=listing, parameter=self.parameter, values=values)
        elif self.chance.random() < 0.7:
            NeedParameter.objects.create(need=listing, parameter=self.parameter, values=values)

    def held(self, listing) -> None:
        """A deal holds some kilograms of it, or they are free again."""
        listing.commitments.all().delete()
        if self.chance.random() < 0.7:
            listing.commitments.create(
                month=dt.date(2027, self.chance.randrange(3, 6), 1),
                quantity_kg=self.chance.randrange(10_000, 500_000),
                kind=CommitmentKind.HELD,
            )

    def edit_company(self, company) -> None:
        if self.chance.random() < 0.5:
            state = self.chance.choice(CertificateState.values)
            Certificate.objects.update_or_create(company=company, kind=self.kind, defaults={"state": state})
        else:
            company.status = self.chance.choice([CompanyStatus.ACTIVE, CompanyStatus.ACTIVE, CompanyStatus.SUSPENDED])
            company.save()
        book_changed.send(sender=type(company), companies=[company])


def stands() -> tuple[dict, dict]:
    """The lists and the near misses as they stand."""
    listed = Match.objects.filter(is_current=True).exclude(latest__rank_for_need=None, latest__rank_for_capacity=None)
    matches = {
        (match.need_id, match.capacity_id): {name: getattr(match.latest, name) for name in COMPARED}
        for match in listed.select_related("latest")
    }
    misses = NearMiss.objects.filter(is_current=True)
    columns = ("rule", "side", "change", "effort", "score_ppm")
    return matches, {
        (miss.need_id, miss.capacity_id): {name: getattr(miss, name) for name in columns} for miss in misses
    }


COMPARED = (
    *("rank_for_need", "rank_for_capacity", "score_ppm", "could_reach_ppm", "components", "verdicts", "movable_kg"),
    *("landed_low_usd_per_t", "landed_high_usd_per_t", "days_low", "days_high", "known_rules", "failed_rules"),
)


def solved_anew() -> tuple[dict, dict]:
    table = engine.ScoreTable.from_json(STARTING_WEIGHTS)
    solution = engine.solve(load_book(AS_OF).market, table, as_of=AS_OF.toordinal(), k=LIST, divides=False)
    rows = (pair_row(solution.pairs, i, {}) for i in range(len(solution.pairs)))
    matches = {(row["need_id"], row["capacity_id"]): {name: row[name] for name in COMPARED} for row in rows}
    misses = {(row.pop("need_id"), row.pop("capacity_id")): row for row in near_miss_rows(solution)}
    return matches, misses


@pytest.mark.parametrize("seed", range(4))
def test_what_stands_after_edits_is_what_the_whole_book_says(seed, read, monkeypatch):
    book = EditedBook(seed)
    official()
    snapshots.make_snapshot()
    for sequence in range(SEQUENCES // 4):
        for _edit in range(book.chance.choice((1, 1, 2, 3))):
            book.edit()
            if book.chance.random() < 0.15:
                refresh_all()
        refresh_all()
        for there, wanted in zip(stands(), solved_anew(), strict=True):
            assert there == wanted, f"after sequence {sequence} of {seed}"
        if book.chance.random() < 0.05:
            monkeypatch.setattr(snapshots, "MOST_EDITED", 0)
            assert snapshots.make_snapshot()
    assert len(read) > SEQUENCES / 4


@pytest.mark.parametrize("seed", range(2))
def test_lists_are_those_of_the_whole_book_again_with_the_first_refresh_after_some_that_failed(seed, monkeypatch):
    book = EditedBook(seed)
    official()
    monkeypatch.setattr(snapshots, "MOST_EDITED", 0)
    for sequence in range(10):
        snapshots.make_snapshot()
        for _edit in range(book.chance.choice((2, 3, 4))):
            book.edit()
            waiting = services.next_waiting()
            if waiting is not None and book.chance.random() < 0.7:
                failed(Run.objects.get(pk=waiting), book.chance.choice([Failure.ERROR, Failure.TOO_OFTEN]))
            if book.chance.random() < 0.3:
                snapshots.make_snapshot()
        edit(book.chance.choice(book.offers), lead_days=book.chance.randrange(30))
        refresh_all()
        for there, wanted in zip(stands(), solved_anew(), strict=True):
            assert there == wanted, f"after sequence {sequence} of {seed}"
