"""A book made by chance: the same seed makes the same one, it runs like any other, and goes without a trace."""

import datetime as dt
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from commodities.enums import ParameterKind
from companies.enums import CompanyKind
from companies.models import Capacity, Company, Need, NeedCommodity
from matching import services
from matching.enums import MatchState
from matching.models import Allocation, ListedMatch, Match, MatchResult, NearMiss
from matching.services import results
from matching.services.made_book.goods import BUYS_AT, CERTIFICATES, SELLS_FROM
from matching.services.market import load_book
from matching.services.shards import solve
from matching.services.transactions import allow_thinking
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    CommodityParameterFactory,
    HeadingFactory,
    PlaceFactory,
    below,
)
from tests.matching.book import AS_OF, company, need, open_corridor, small_book
from tests.matching.test_columns import assert_same
from tests.matching.test_runs import _in_the_transaction_of_the_test, officer, official  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference():
    """A catalogue and a corridor with what a made book names: a quoted lane between two of its places."""
    open_corridor()
    for points in (SELLS_FROM, BUYS_AT):
        for country, codes in points.items():
            for code in codes:
                PlaceFactory(code=code, country=country)
    for code in CERTIFICATES:
        CertificateKindFactory(code=code)
    for number in range(6):
        heading = HeadingFactory(code=f"15{number:02d}")
        for place in range(1 + number % 3):
            goods = CommodityFactory(
                hs_code=f"{heading.code}{place}0", direction=("ID>KZ", "both")[place % 2], **below(heading, place + 1)
            )
            CommodityParameterFactory(commodity=goods)
            CommodityParameterFactory(commodity=goods, kind=ParameterKind.CHOICE, values=["a, b", 'c"d', "e\\f"])


def make(needs: int = 40, capacities: int = 40, *options: str) -> str:
    said = StringIO()
    sizes = ["--needs", str(needs), "--capacities", str(capacities), "--as-of", AS_OF.isoformat()]
    call_command("make_market", *sizes, *options, stdout=said, stderr=StringIO())
    return said.getvalue()


def facts() -> list:
    needs = Need.objects.order_by("pk").values_list(
        "reference", "company__code", "quantity_kg", "window_from", "price_amount"
    )
    capacities = Capacity.objects.order_by("pk").values_list("reference", "company__code", "commodity__code", "lot_kg")
    accepted = NeedCommodity.objects.order_by("pk").values_list("need__reference", "commodity__code", "position")
    return [list(needs), list(capacities), list(accepted)]


def rows_of_everything() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_made_book_is_marked_as_an_example_everywhere(reference):
    assert make(40, 60) == "Made: 40 needs and 60 capacities of example companies.\n"

    made = Company.objects.all()
    assert (Need.objects.in_book(AS_OF).count(), Capacity.objects.in_book(AS_OF).count()) == (40, 60)
    assert {one.kind for one in made} == {CompanyKind.EXAMPLE}
    assert all(one.is_example and "Example" in one.name_registered and not one.registration_number for one in made)
    assert_same()


def test_same_seed_makes_the_same_book_and_another_seed_another(reference):
    make()
    first = facts()
    call_command("make_market", "--remove", stdout=StringIO(), stderr=StringIO())
    make()
    again = facts()
    call_command("make_market", "--remove", stdout=StringIO(), stderr=StringIO())
    make(40, 40, "--seed", "2")

    assert again == first
    assert facts() != first


def test_unknown_facts_are_as_many_as_wanted(reference):
    make(300, 300, "--unknown", "0")
    assert not Need.objects.filter(price_amount=None).exists()
    assert not Capacity.objects.filter(lead_days=None).exists()
    call_command("make_market", "--remove", stdout=StringIO(), stderr=StringIO())

    make(300, 300, "--unknown", "0.7")

    assert 0.6 < Need.objects.filter(price_amount=None).count() / 300 < 0.8


def test_made_book_goes_without_a_trace(reference):
    small_book(headings=1)
    person = officer()
    before = rows_of_everything()
    make(60, 60)
    official()
    services.decide(match=Match.objects.last(), state=MatchState.SHORTLISTED, decided_by=person)
    assert MatchResult.objects.count() > 4

    call_command("make_market", "--remove", stdout=StringIO(), stderr=StringIO())

    kept = {"matching.Run", "matching.RunShard", "matching.DecisionEvent", "pghistory.Context", "companies.BookChange"}
    kept |= {"pghistory.Events", "pghistory.MiddlewareEvents"}  # which only show the others
    after = rows_of_everything()
    found = {"matching.Match", "matching.MatchResult", "matching.Allocation", "matching.NearMiss", "notices.Notice"}
    found |= {"matching.ListedMatch", "matching.ListedChange", "matching.ListedDoubt"}
    found |= {"matching.PlanLine", "matching.PlanFlow", "matching.PlanChange"}
    assert {label: after[label] for label in before if label not in kept | found} == {
        label: count for label, count in before.items() if label not in kept | found
    }
    assert not Match.objects.filter(need__company__code__startswith="made-").exists()
    assert set(ListedMatch.objects.values_list("pk", flat=True)) == set(Match.objects.values_list("pk", flat=True))
    assert Match.objects.exists()


@pytest.mark.parametrize("words", [("0", "5"), ("5", "-1")])
def test_sizes_that_make_no_sense_are_refused(reference, words):
    with pytest.raises(CommandError, match="is a number from 1"):
        make(*map(int, words))


def test_made_book_is_refused_beside_real_listings_and_beside_another_made_one(reference):
    goods = CommodityFactory()
    need(goods, company=company("KZ", kind=CompanyKind.REGISTERED))
    with pytest.raises(CommandError, match="real companies"):
        make()
    make(10, 10, "--beside")

    with pytest.raises(CommandError, match="already"):
        make(10, 10, "--beside")

    assert Need.objects.count() == 11


def test_made_book_is_refused_without_a_catalogue():
    open_corridor()

    with pytest.raises(CommandError, match="load_reference"):
        make()


@pytest.mark.slow
def test_run_of_a_large_made_book_replays_to_the_byte_and_is_stored_whole(reference):
    allow_thinking()  # a test is one transaction: it is silent while the engine is compiled, where none has used it yet
    make(2000, 2000)

    run = official()

    book = load_book(AS_OF)
    assert (run.counts["needs"], run.counts["capacities"]) == (2000, 2000)
    assert run.input_hash == book.input_hash
    for shard in run.shards.select_related("run__weights"):
        assert solve(shard).to_bytes() == bytes(shard.result)
    listed = MatchResult.objects.filter(run=run)
    assert listed.count() == run.counts["listed"] > results.FACTS_KEPT
    assert Match.objects.current().count() == run.counts["matches"] == run.counts["new_matches"]
    assert NearMiss.objects.filter(run=run, is_current=True).count() == run.counts["near_misses"] > 0
    assert Allocation.objects.filter(run=run).values("match").distinct().count() == run.counts["planned_pairs"] > 0
    assert Match.objects.exclude(latest__run=run).count() == 0


def test_second_run_of_a_made_book_keeps_every_row(reference):
    make(200, 200)
    official()
    before = list(Match.objects.order_by("pk").values_list("pk", "need_id", "capacity_id", "is_current"))
    Capacity.objects.filter(pk__in=list(Capacity.objects.values_list("pk", flat=True)[:20])).update(
        available_until=dt.date(2026, 12, 20), available_from=dt.date(2026, 12, 1)
    )

    run = official()

    after = list(Match.objects.order_by("pk").values_list("pk", "need_id", "capacity_id", "is_current"))
    assert [row[:3] for row in after[: len(before)]] == [row[:3] for row in before]
    assert len(after) == len(before) + run.counts["new_matches"]
    assert Match.objects.filter(is_current=True).exclude(latest__run=run).count() == 0
    assert Match.objects.filter(is_current=False).count() > 0
