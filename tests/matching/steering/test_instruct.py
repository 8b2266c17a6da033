"""What staff ask of the plan: one instruction a pair holds, nobody is overruled unseen, all of it is kept."""

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from matching.enums import InstructionKind
from matching.models import PlanInstruction
from matching.services import steering
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import person

pytestmark = pytest.mark.django_db
PIN, BAN = InstructionKind.PIN, InstructionKind.BAN


@pytest.fixture
def match():
    return some_matches(CommodityFactory(), 1)[0].match


def ask(match, kind=PIN, **facts) -> PlanInstruction:
    return steering.instruct(match=match, kind=kind, set_by=person(Role.STAFF), **({"reason": "a test"} | facts))


def test_same_instruction_twice_is_one(match):
    first = ask(match, quantity_kg=1000, seen="")

    again = ask(match, quantity_kg=1000, seen="")

    assert (again, PlanInstruction.objects.count()) == (first, 1)


def test_new_instruction_lifts_the_one_that_was_seen(match):
    first = ask(match)

    second = ask(match, BAN, seen=str(first.pk))

    first.refresh_from_db()
    assert first.lifted_by == person(Role.STAFF)
    assert list(PlanInstruction.objects.in_force()) == [second]


def test_instruction_that_was_not_seen_is_not_overruled(match):
    first = ask(match)

    with pytest.raises(ValidationError, match="Meanwhile somebody asked something else"):
        ask(match, BAN, seen="")

    assert list(PlanInstruction.objects.in_force()) == [first]


def test_reason_of_blanks_is_refused(match):
    with pytest.raises(ValidationError, match="Say why"):
        ask(match, reason=" \n")


def test_ban_has_no_quantity(match):
    assert ask(match, BAN, quantity_kg=1000).quantity_kg is None


def test_lifting_twice_keeps_who_was_first(match):
    asked = ask(match)
    steering.lift(instruction=asked, lifted_by=person(Role.STAFF))

    again = steering.lift(instruction=asked, lifted_by=person(Role.ADMIN))

    assert again.lifted_by == person(Role.STAFF)
