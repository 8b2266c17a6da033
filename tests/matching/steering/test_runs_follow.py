"""What staff ask of the plan goes through a run: it is followed, or left out and told; no run fails for it."""

from contextlib import nullcontext

import pytest

from accounts.enums import Role
from matching.enums import InstructionKind, RunKind, RunState
from matching.models import PlanInstruction, RunShard
from matching.services import runs, steering
from matching.services.shards import solve
from tests.matching.steering.carried_out import carry_out, given, two_suppliers
from tests.people import person

pytestmark = pytest.mark.django_db
PIN, BAN = InstructionKind.PIN, InstructionKind.BAN


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    monkeypatch.setattr(runs, "one_moment", nullcontext)


@pytest.fixture
def pairs():
    return two_suppliers()


def ask(match, kind, kg=None) -> PlanInstruction:
    return steering.instruct(match=match, kind=kind, quantity_kg=kg, reason="a test", set_by=person(Role.STAFF))


def test_plan_without_instructions_takes_the_better_pair(pairs):
    cheap, _dear = pairs

    run = carry_out()

    assert given(run) == {cheap.pk: 100_000}
    assert "instructions" not in run.counts


def test_pin_is_held_with_at_least_its_kilograms(pairs):
    cheap, dear = pairs
    asked = ask(dear, PIN, 40_000)

    run = carry_out()

    assert given(run) == {cheap.pk: 60_000, dear.pk: 40_000}
    assert run.counts["instructions"] == [asked.pk]
    assert "instructions_left_out" not in run.counts


def test_pin_without_kilograms_is_the_smallest_shipment(pairs):
    cheap, dear = pairs
    ask(dear, PIN)

    assert given(carry_out()) == {cheap.pk: 80_000, dear.pk: 20_000}


def test_banned_pair_is_not_in_the_plan(pairs):
    cheap, dear = pairs
    ask(cheap, BAN)

    assert given(carry_out()) == {dear.pk: 100_000}


def test_what_if_follows_them_too_and_leaves_the_official_plan_alone(pairs):
    cheap, dear = pairs
    official = carry_out()
    ask(cheap, BAN)

    what_if = carry_out(RunKind.WHAT_IF)

    assert given(what_if) == {dear.pk: 100_000}
    assert given(official) == {cheap.pk: 100_000}


def test_lifted_instruction_is_not_followed(pairs):
    cheap, _dear = pairs
    steering.lift(instruction=ask(cheap, BAN), lifted_by=person(Role.STAFF))

    assert given(carry_out()) == {cheap.pk: 100_000}


def test_pin_of_more_than_can_move_is_left_out_with_what_can(pairs):
    cheap, dear = pairs
    asked = ask(dear, PIN, 150_000)

    run = carry_out()

    assert (run.state, given(run)) == (RunState.FINISHED, {cheap.pk: 100_000})
    told = {"why": "too_much", "can_kg": 100_000, "asked_kg": 150_000}
    assert run.counts["instructions_left_out"] == {str(asked.pk): told}


def test_pins_share_what_there_is_in_the_order_in_which_they_were_asked(pairs):
    cheap, dear = pairs
    ask(dear, PIN, 60_000)
    second = ask(cheap, PIN, 60_000)

    run = carry_out()

    assert given(run) == {cheap.pk: 40_000, dear.pk: 60_000}
    told = {"why": "too_much", "can_kg": 40_000, "asked_kg": 60_000}
    assert run.counts["instructions_left_out"] == {str(second.pk): told}


def test_pin_of_a_pair_that_fails_now_is_left_out_with_the_rules(pairs):
    cheap, dear = pairs
    dear.capacity.price_amount = 2000
    dear.capacity.save()
    asked = ask(dear, PIN, 40_000)

    run = carry_out()

    assert given(run) == {cheap.pk: 100_000}
    assert run.counts["instructions_left_out"] == {str(asked.pk): {"why": "fails", "rules": ["price"]}}


def test_pin_of_a_listing_that_left_the_book_is_left_out(pairs):
    cheap, dear = pairs
    dear.capacity.status = "closed"
    dear.capacity.save()
    asked = ask(dear, PIN)

    run = carry_out()

    assert given(run) == {cheap.pk: 100_000}
    assert run.counts["instructions_left_out"] == {str(asked.pk): {"why": "not_in_book"}}


def test_shard_keeps_what_it_followed_and_gives_the_same_again(pairs):
    cheap, dear = pairs
    asked = ask(dear, PIN, 40_000)
    run = carry_out()
    steering.lift(instruction=asked, lifted_by=person(Role.STAFF))

    shard = RunShard.objects.select_related("run__weights").get(run=run)

    told = {"id": asked.pk, "kind": "pin", "need": dear.need_id, "capacity": dear.capacity_id, "kg": 40_000}
    assert shard.instructions == [told]
    assert solve(shard).to_bytes() == bytes(shard.result)
    assert cheap.pk in given(run)
