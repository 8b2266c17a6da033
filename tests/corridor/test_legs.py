"""Legs are opened and closed from a day, with a reason: what routes take, what is refused, who was first."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from corridor.engine import best_routes
from corridor.enums import LegStatus
from corridor.legs import LegState, is_open_on, legs_on, with_switches
from corridor.models import LegSwitch
from corridor.networks import Corridors
from corridor.services.switches import switch_leg
from tests.factories import ClassEquipmentFactory, LegEquipmentFactory, LegFactory, LegSwitchFactory, PlaceFactory
from tests.people import person

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 25)
ONE = dt.timedelta(1)


@pytest.fixture
def leg():
    """The one leg from a port to a town, which a box passes."""
    ClassEquipmentFactory()
    leg = LegFactory(code="L1", origin=PlaceFactory(code="PORT"), destination=PlaceFactory(code="TOWN", country="KZ"))
    LegEquipmentFactory(leg=leg)
    return leg


def routes(on: dt.date) -> int:
    return len(best_routes(Corridors(on).network("dry_container"), "PORT", "TOWN"))


def state_on(leg, on: dt.date) -> str:
    """What the database says, and what the service reckons from the switches at hand: they may never differ."""
    found = legs_on(on).get(pk=leg.pk)
    assert found.is_open == is_open_on(leg, leg.switches.all(), on)
    return found.state


def switch(leg, **facts) -> LegSwitch:
    usual = {
        "is_open": False,
        "from_day": DAY,
        "until": None,
        "reason": "Ice on the line",
        "switched_by": person(Role.STAFF),
        "seen": max(leg.switches.values_list("pk", flat=True), default=0),
    }
    return switch_leg(leg=leg, **usual | facts)


def test_leg_that_is_switched_off_leaves_all_routes_on_its_days_and_no_others(leg):
    LegSwitchFactory(leg=leg, is_open=False, from_day=DAY, until=DAY + ONE)

    assert [routes(DAY + n * ONE) for n in (-1, 0, 1, 2)] == [1, 0, 0, 1]


def test_disrupted_leg_is_used_once_it_is_switched_on(leg):
    type(leg).objects.filter(pk=leg.pk).update(status=LegStatus.DISRUPTED)
    LegSwitchFactory(leg=leg, is_open=True, from_day=DAY)

    assert [routes(DAY + n * ONE) for n in (-1, 0, 400)] == [0, 1, 1]


def test_newest_switch_of_a_day_decides(leg):
    LegSwitchFactory(leg=leg, is_open=False, from_day=DAY - 9 * ONE)
    LegSwitchFactory(leg=leg, is_open=True, from_day=DAY, until=DAY)

    assert [state_on(leg, DAY + n * ONE) for n in (-10, -1, 0, 1)] == ["open", "closed", "open", "closed"]


def test_leg_without_days_stays_unusable_and_says_so(leg):
    type(leg).objects.filter(pk=leg.pk).update(
        status=LegStatus.DISRUPTED, transit_days_low=None, transit_days_high=None
    )
    LegSwitchFactory(leg=leg, is_open=True, from_day=DAY)

    assert (routes(DAY), state_on(leg, DAY)) == (0, LegState.NO_DAYS)


def test_switches_of_many_legs_are_read_in_two_queries(leg, django_assert_num_queries):
    switches = [LegSwitchFactory(leg=one, from_day=DAY) for one in (leg, LegFactory(), LegFactory())]
    LegFactory()

    with django_assert_num_queries(2):
        legs = with_switches(legs_on(DAY).order_by("pk"))
        decided_by = [leg.switch for leg in legs]

    assert decided_by == [*switches, None]


def test_switch_leg_keeps_who_did_it_and_why(leg):
    staff = person(Role.STAFF, email="ratna@example.test")

    kept = switch(leg, until=DAY + ONE, reason="  Ice on the line ", switched_by=staff)

    assert (kept.is_open, kept.from_day, kept.until, kept.reason, kept.switched_by) == (
        False,
        DAY,
        DAY + ONE,
        "Ice on the line",
        staff,
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"until": DAY - ONE}, "until_before_from"),
        ({"is_open": True}, "nothing_changes"),
        ({"seen": 4_000_000}, "changed_meanwhile"),
    ],
    ids=["no reason", "ends before it begins", "open already", "not what was seen"],
)
def test_switch_leg_refuses(leg, facts, code):
    with pytest.raises(ValidationError) as refusal:
        switch(leg, **facts)

    errors = refusal.value.error_dict.values() if hasattr(refusal.value, "error_dict") else [[refusal.value]]
    assert [error.code for (error,) in errors] == [code]
    assert LegSwitch.objects.count() == 0


def test_switch_leg_refuses_only_what_changes_no_day_at_all(leg):
    LegSwitchFactory(leg=leg, is_open=False, from_day=DAY, until=DAY + 9 * ONE)

    with pytest.raises(ValidationError, match="closed on all"):
        switch(leg, from_day=DAY + ONE, until=DAY + 9 * ONE)
    switch(leg, from_day=DAY + ONE, until=DAY + 10 * ONE)

    assert [state_on(leg, DAY + n * ONE) for n in (9, 10, 11)] == ["closed", "closed", "open"]


def test_second_of_two_tabs_is_told_that_the_leg_was_switched_meanwhile(leg):
    seen = 0
    first = switch(leg, seen=seen)

    with pytest.raises(ValidationError, match="since you opened the page"):
        switch(leg, is_open=True, seen=seen)

    assert list(leg.switches.all()) == [first]


def test_two_who_switch_a_leg_at_once_wait_for_each_other(leg):
    with CaptureQueriesContext(connection) as asked:
        switch(leg)

    sql = [query["sql"] for query in asked]
    locked = [n for n, text in enumerate(sql) if "FOR UPDATE" in text]
    read = [n for n, text in enumerate(sql) if 'FROM "corridor_legswitch"' in text and "MAX" not in text]
    assert locked[0] < read[-1]
