"""Runs through the services, step by step, as the tasks call them."""

import datetime as dt
from contextlib import nullcontext
from dataclasses import asdict
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.models import User
from companies.models import Capacity, Commitment, Need
from corridor.models import ExchangeRate
from matching import queries, services
from matching.enums import DismissReason, Failure, MatchState, RunKind, RunState
from matching.models import Allocation, Match, MatchResult, NearMiss, Run, RunShard, Weights
from matching.services import plans, results, runs
from matching.told_facts import result_facts
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, STARTING_WEIGHTS, capacity, need, open_corridor, small_book
from tests.matching.faults import saved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    """A test's transaction has begun; its isolation can no longer be chosen. See test_snapshot.py for that."""
    monkeypatch.setattr(runs, "one_moment", nullcontext)


EMPTY_COUNTS = {
    "needs": 0,
    "capacities": 0,
    "shards": 0,
    "pairs": 0,
    "candidates": 0,
    "listed": 0,
    "near_misses": 0,
    "needs_with_candidate": 0,
    "capacities_with_candidate": 0,
    "matches": 0,
    "new_matches": 0,
    "planned_pairs": 0,
    "planned_kg": {},
    "needs_planned": 0,
    "needs_met": 0,
    "plan_value": "0",
    "plan_bound": "0",
    "plan_gap": "0",
    "plan_status": "optimal",
    "plan_proof": "flow",
    "greedy_value": "0",
}


def carry_out(run: Run) -> Run:
    """What the worker does, one step after another."""
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    services.close_run(run.pk)
    run.refresh_from_db()
    return run


def officer() -> User:
    return User.objects.create_user("officer@example.org", role=Role.OFFICER)


def official() -> Run:
    return carry_out(services.start_run(as_of=AS_OF))


def test_run_saves_what_it_found():
    open_corridor()
    goods = CommodityFactory(hs_code="151190")
    wanted, offered = need(goods), capacity(goods)
    dear = capacity(goods, price_amount=Decimal(980))

    run = official()

    assert (run.state, run.reason_code, run.done, run.total) == (RunState.FINISHED, "", 3, 3)
    assert run.counts == EMPTY_COUNTS | {
        "needs": 1,
        "capacities": 2,
        "shards": 1,
        "pairs": 2,
        "candidates": 1,
        "listed": 1,
        "near_misses": 1,
        "needs_with_candidate": 1,
        "capacities_with_candidate": 1,
        "matches": 1,
        "new_matches": 1,
        "planned_pairs": 1,
        "planned_kg": {"ID-KZ": 100_000},
        "needs_planned": 1,
        "needs_met": 1,
        # 100,000 kg x 804,007 millionths: (0.3 x 0.805797 price + 0.15 quality + 0.1 time + 0.1 certificates
        # + 0.1 x 0.616667 logistics + 0.1 x 0.3 trust) / 0.85, for quantity has no part in it.
        "plan_value": "80400700000",
        "plan_bound": "80400700000",
        "greedy_value": "80400700000",
    }
    assert run.shards.get().headings == ["1511"]
    match = Match.objects.current().get()
    assert (match.need, match.capacity, match.state, match.first_run) == (wanted, offered, MatchState.NEW, run)
    result = match.latest
    assert (result.run, result.failed_rules, result.known_rules) == (run, [], 10)
    assert (result.landed_low_usd_per_t, result.landed_high_usd_per_t) == (Decimal(1000), Decimal(1030))
    assert (result.days_low, result.days_high, result.movable_kg, result.planned_kg) == (25, 35, 100_000, 100_000)
    assert (result.rank_for_need, result.rank_for_capacity) == (1, 1)
    score = sum(row["points"] for row in queries.score_rows(result))
    assert result.score_ppm == result.could_reach_ppm == round(score * 1_000_000)
    given = Allocation.objects.get()
    assert (given.run, given.match, given.quantity_kg) == (run, match, 100_000)
    miss = NearMiss.objects.get()
    assert (miss.run, miss.need, miss.capacity, miss.rule) == (run, wanted, dear, "price")


def test_facts_of_a_match_are_those_that_the_rules_compared():
    open_corridor()
    goods = CommodityFactory()
    need(goods)
    capacity(goods)
    official()

    facts = result_facts(Match.objects.get().latest)

    assert facts["price"] == {
        "verdict": 1,
        "facts": {
            "ask_usd_per_t": 800.0,
            "limit_usd_per_t": 1150.0,
            "landed_low_usd_per_t": 1000.0,
            "landed_high_usd_per_t": 1030.0,
            "landed_at_least_usd_per_t": 1000.0,
            "rests_on_examples": True,
        },
    }
    assert facts["time"]["facts"] == {
        "as_of": "2027-01-04",
        "available_from": "2027-01-01",
        "available_until": "2027-06-30",
        "window_from": "2027-03-01",
        "window_until": "2027-05-31",
        "lead_days": 10,
        "first_ship": "2027-01-14",
        "last_ship": "2027-06-30",
        "days_low": 25,
        "days_high": 35,
        "first_day": "2027-03-01",
        "last_day": "2027-05-31",
    }
    assert {rule: found["verdict"] for rule, found in facts.items()} == dict.fromkeys(
        (
            *("sides", "commodity", "parameters", "certificates", "law"),
            *("time", "quantity", "price", "payment", "standing"),
        ),
        1,
    )


def test_empty_book_ends_in_a_finished_run():
    open_corridor()

    run = official()

    assert run.state == RunState.FINISHED
    assert run.counts == EMPTY_COUNTS


# --- matches over runs


def test_matches_keep_their_rows_and_decisions_over_runs():
    small_book(headings=2)
    official()
    before = sorted(Match.objects.values_list("pk", "need_id", "capacity_id"))
    match = Match.objects.first()
    decision = services.decide(
        match=match, state=MatchState.DISMISSED, reason=DismissReason.PRICE, note="too dear", decided_by=officer()
    )

    run = official()

    assert sorted(Match.objects.values_list("pk", "need_id", "capacity_id")) == before
    assert run.counts["new_matches"] == 0
    match.refresh_from_db()
    assert (match.state, match.is_current, match.latest.run) == (MatchState.DISMISSED, True, run)
    assert decision.result.run != run
    assert MatchResult.objects.filter(match=match).count() == 2


def test_match_that_is_not_found_again_stays_but_is_not_current():
    open_corridor()
    goods = CommodityFactory()
    need(goods)
    listing = capacity(goods)
    first = official()
    Capacity.objects.filter(pk=listing.pk).update(status="withdrawn")

    official()

    match = Match.objects.get()
    assert (match.is_current, match.latest.run) == (False, first)


def test_decided_match_that_fails_now_is_looked_at_again():
    open_corridor()
    goods = CommodityFactory()
    need(goods)
    listing = capacity(goods)
    official()
    services.decide(match=Match.objects.get(), state=MatchState.SHORTLISTED, decided_by=officer())
    Capacity.objects.filter(pk=listing.pk).update(price_amount=Decimal(5000))

    run = official()

    match = Match.objects.get()
    assert (match.state, match.is_current, match.latest.run) == (MatchState.SHORTLISTED, False, run)
    assert match.latest.failed_rules == ["price"]
    assert run.counts["matches"] == 0


def test_decision_changes_nothing_of_what_the_next_run_reports():
    open_corridor()
    goods = CommodityFactory()
    need(goods)
    listing = capacity(goods)
    official()
    Capacity.objects.filter(pk=listing.pk).update(price_amount=Decimal(5000))
    before = official()
    services.decide(match=Match.objects.get(), state=MatchState.SHORTLISTED, decided_by=officer())

    after = official()

    assert after.input_hash == before.input_hash
    assert services.run_report(after) == services.run_report(before)
    assert (after.counts["listed"], after.counts["matches"], after.counts["new_matches"]) == (0, 0, 0)
    assert Match.objects.get().latest.run == after


def test_decide_refuses_a_dismissal_without_a_reason():
    small_book(headings=1)
    official()
    match = Match.objects.first()

    with pytest.raises(ValidationError, match="Say why"):
        services.decide(match=match, state=MatchState.DISMISSED, decided_by=officer())

    match.refresh_from_db()
    assert (match.state, match.decisions.count()) == (MatchState.NEW, 0)


# --- the book changes while a run is under way


def test_book_that_changed_since_it_was_cut_is_told_of():
    small_book(headings=1)
    run = services.start_run(as_of=AS_OF)
    steps = services.cut_book(run.pk)
    Capacity.objects.update(lead_days=11)
    for shard in steps.shards:
        services.carry_out_shard(shard)

    services.close_run(run.pk)

    run.refresh_from_db()
    assert (run.state, run.counts["book_changed_since"]) == (RunState.FINISHED, True)


def test_listing_deleted_since_the_cut_gets_no_match():
    open_corridor()
    goods = CommodityFactory()
    need(goods)
    kept, deleted = capacity(goods), capacity(goods)
    run = services.start_run(as_of=AS_OF)
    steps = services.cut_book(run.pk)
    deleted.delete()
    for shard in steps.shards:
        services.carry_out_shard(shard)

    services.close_run(run.pk)

    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    assert list(Match.objects.values_list("capacity_id", flat=True)) == [kept.pk]


def test_plan_that_gives_away_too_much_is_not_saved(monkeypatch):
    small_book(headings=1)
    run = services.start_run(as_of=AS_OF)
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    real = results.solved_shards

    def doubled(run):
        for market, solution in real(run):
            solution.allocations.kg[:] *= 100
            yield market, solution

    monkeypatch.setattr(results, "solved_shards", doubled)

    services.close_run(run.pk)

    run.refresh_from_db()
    assert (run.state, run.reason_code) == (RunState.FAILED, Failure.PLAN_OVERFLOW)
    assert Match.objects.count() == 0


# --- starting


def test_start_run_refuses_a_second_official_one():
    open_corridor()
    services.start_run()

    with pytest.raises(ValidationError, match="under way"):
        services.start_run()

    assert Run.objects.count() == 1


def test_start_run_takes_the_day_of_balikpapan():
    open_corridor()

    assert services.start_run().as_of == dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()


@pytest.mark.parametrize(
    ("options", "kind", "why"),
    [
        ({"need": 1}, RunKind.OFFICIAL, "Only a what-if"),
        ({"weights": STARTING_WEIGHTS | {"price": 0.5}}, RunKind.WHAT_IF, "sum to 1"),
        ({"weights": {"price": 1}}, RunKind.WHAT_IF, "cannot be used"),
    ],
)
def test_start_run_refuses_options_that_make_no_sense(options, kind, why):
    open_corridor()

    with pytest.raises(ValidationError, match=why):
        services.start_run(kind=kind, options=options)

    assert Run.objects.count() == 0


# --- what-ifs


def test_what_if_changes_no_match():
    small_book(headings=2)
    weights = dict.fromkeys(STARTING_WEIGHTS, 0) | {"trust": 1}
    run = services.start_run(kind=RunKind.WHAT_IF, as_of=AS_OF, options={"weights": weights})

    carry_out(run)

    report = services.run_report(run)
    assert (run.state, Match.objects.count(), NearMiss.objects.count()) == (RunState.FINISHED, 0, 0)
    assert report["weights"] == weights
    assert {row["score_ppm"] for row in report["matches"]} == {300_000}


def test_what_if_of_one_need_matches_its_part_of_the_book_alone():
    small_book(headings=3)
    wanted = Need.objects.order_by("pk").last()
    run = services.start_run(kind=RunKind.WHAT_IF, as_of=AS_OF, options={"need": wanted.pk})

    carry_out(run)

    official_report = services.run_report(official(), need_id=wanted.pk)
    report = services.run_report(run, need_id=wanted.pk)
    assert (run.counts["shards"], run.total) == (1, 4)
    assert report["matches"] == official_report["matches"] != []
    assert report["allocations"] == official_report["allocations"]


# --- what the plan moves


def test_plan_is_reported_by_commodity_in_kilograms_and_usd():
    open_corridor()
    olein, flour, sugar = (CommodityFactory(hs_code=code) for code in ("151190", "110100", "170199"))
    need(olein, quantity_kg=200_000)
    capacity(olein, quantity_kg=100_000)
    capacity(olein, quantity_kg=100_000, price_amount=Decimal(750), incoterm="")  # what is in it is not known
    need(flour)
    capacity(flour, price_amount=None, price_currency="", price_unit="")
    capacity(sugar)
    run = official()

    report = services.run_report(run)["plan"]

    assert report == {
        "commodities": sorted(
            [
                moves(flour, kg=100_000, kg_without_price=100_000),
                moves(olein, kg=200_000, kg_at_ask=100_000, usd_low=175_000.0, usd_high=178_000.0),
            ],
            key=lambda row: row["commodity"],
        ),
        "usd_low": 175_000.0,
        "usd_high": 178_000.0,
    }
    assert {commodity for commodity, _row in queries.plan_moves(run)} == {flour, olein}
    assert [asdict(row) for _commodity, row in queries.plan_moves(run)] == report["commodities"]
    assert sugar.code not in f"{report}"


def moves(commodity, **figures) -> dict:
    nothing = {"kg": 0, "kg_at_ask": 0, "kg_without_price": 0, "usd_low": 0.0, "usd_high": 0.0}
    return {"commodity": commodity.code} | nothing | figures


@pytest.mark.parametrize(
    ("value", "bound", "more"),
    [("0", "0", Decimal(0)), ("2000", "2000", Decimal(0)), ("2000", "2001", Decimal("0.001")), ("0", "5", None)],
)
def test_what_is_proven_of_the_plan_is_rounded_to_the_safe_side(value, bound, more):
    run = Run(counts={"plan_value": value, "plan_bound": bound})

    assert queries.plan_proven(run)["more"] == more


def test_gap_of_the_plan_is_rounded_up():
    totals = plans.PlanTotals(value=2_999_999_999, bound=3_000_000_000, status="feasible", proof="mip")

    assert totals.counts() == {
        "plan_value": "2999999999",
        "plan_bound": "3000000000",
        "plan_gap": "0.000001",
        "plan_status": "feasible",
        "plan_proof": "mip",
    }


def test_run_of_many_blocks_saves_the_same(monkeypatch):
    small_book(headings=2)
    whole = services.run_report(official())
    saved_whole = saved(Run.objects.first())

    for place in ("matching.engine.pairs.BLOCK_PAIRS", "matching.services.results.BATCH"):
        monkeypatch.setattr(place, 1)
    in_blocks = official()

    assert services.run_report(in_blocks) == whole
    assert saved(in_blocks) == saved_whole


# --- what the run rests on


def test_run_remembers_its_book_and_corridor():
    small_book(headings=1)
    first = official()
    same = official()
    ExchangeRate.objects.create(on=AS_OF, currency="KZT", usd_per_unit=Decimal("0.002"))
    other_corridor = official()
    Commitment.objects.create(
        capacity=Capacity.objects.first(), month=dt.date(2027, 2, 1), quantity_kg=1000, kind="held"
    )
    other_book = official()

    assert (same.input_hash, same.corridor_version) == (first.input_hash, first.corridor_version)
    assert other_corridor.input_hash != first.input_hash
    assert other_corridor.corridor_version != first.corridor_version
    assert other_book.input_hash != first.input_hash


def test_headings_that_one_need_spans_make_one_shard():
    open_corridor()
    olein, stearin, flour = (CommodityFactory(hs_code=code) for code in ("151190", "151620", "110100"))
    need(olein, stearin)
    need(flour)
    for goods in (olein, stearin, flour):
        capacity(goods)

    official()

    assert sorted(RunShard.objects.values_list("headings", flat=True)) == [["1101"], ["1511", "1516"]]


def test_starting_weights_sum_to_one():
    open_corridor()

    assert sum(Weights.objects.in_force().values.values()) == pytest.approx(1)


def test_progress_of_a_run():
    small_book(headings=2)
    run = services.start_run(as_of=AS_OF)
    assert queries.run_progress(run)["share"] is None
    steps = services.cut_book(run.pk)
    services.carry_out_shard(steps.shards[0])
    run.refresh_from_db()

    assert queries.run_progress(run) == {
        "state": "running",
        "done": 4,
        "total": 8,
        "share": 0.5,
        "shards_done": 1,
        "shards": 2,
    }
