"""Comparisons through the services, step by step, as the task calls them."""

import datetime as dt
from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.enums import Role
from companies.models import Need
from corridor.models import Preference, Tariff
from matching import services, tasks
from matching.enums import Failure, RunState
from matching.models import Comparison, Match, Run
from matching.services import comparisons, differences, one_step
from tests.matching.book import AS_OF
from tests.matching.comparisons.book import SCHEME, book
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    """A test's transaction has begun; its isolation can no longer be chosen."""
    monkeypatch.setattr(comparisons, "one_moment", nullcontext)


def compared(**facts) -> Comparison:
    comparison = services.start_comparison(scheme=SCHEME, as_of=AS_OF, **facts)
    services.carry_out_comparison(comparison.pk)
    comparison.refresh_from_db()
    return comparison


def told(comparison: Comparison) -> list[tuple]:
    return [
        (row["kind"], row["need"], row["capacity"], row["limit"], row["before"], row["after"], row["falls"])
        for row in comparison.rows
    ]


def test_agreement_opens_what_the_duty_closed_and_makes_the_rest_cheaper():
    needs, offered = book()

    comparison = compared()

    # 800 + 200..230, and on all of it 20 % of duty.
    before, after = ["1200.00", "1236.00", "1200.00"], ["1000.00", "1030.00", "1000.00"]
    falls = ["200.00", "206.00"]
    assert [row["is_example"] for row in comparison.rows] == [True, True]
    assert told(comparison) == [
        ("new", needs["tight"].pk, offered.pk, "1040.00", before, after, falls),
        ("cheaper", needs["wide"].pk, offered.pk, "1500.00", before, after, falls),
    ]
    assert comparison.counts == {
        "needs": 3,
        "capacities": 1,
        "pairs": 3,
        "before": 2,
        "after": 3,
        "new": 1,
        "gone": 0,
        "cheaper": 1,
        "dearer": 0,
        "needs_that_had_none": 1,
    }
    assert (comparison.state, comparison.done, comparison.total) == (RunState.FINISHED, 6, 6)
    assert comparison.book_cut_at
    assert comparison.input_hash


def test_rate_that_nobody_knows_opens_a_pair_that_may_still_cost_too_much():
    """A preference without a known rate makes the duty anything from nothing to the full one."""
    needs, _offered = book()
    Tariff.objects.update(preference_pct=None)

    comparison = compared()

    after = ["1000.00", "1236.00", "1000.00"]
    assert [(row["kind"], row["need"], row["after"], row["falls"]) for row in comparison.rows] == [
        ("new", needs["tight"].pk, after, ["0.00", "200.00"]),
        ("cheaper", needs["wide"].pk, after, ["0.00", "200.00"]),
    ]


def test_comparison_touches_nothing_official():
    book()

    compared()

    assert not Run.objects.exists()
    assert not Match.objects.exists()
    assert not Preference.objects.exists()


def test_agreement_that_is_in_force_is_left_out_on_the_one_side_and_others_stay_on_both():
    needs, _offered = book()
    for scheme in (SCHEME, "Another"):
        Preference.objects.create(scheme=scheme, in_force_from=AS_OF, legal_reference="a law")

    comparison = compared()

    assert comparison.others == ["Another"]
    assert [(row["kind"], row["need"]) for row in comparison.rows] == [
        ("new", needs["tight"].pk),
        ("cheaper", needs["wide"].pk),
    ]


def test_rows_kept_are_bounded_and_the_counts_are_not(monkeypatch):
    monkeypatch.setattr(differences, "ROWS_KEPT", 0)
    book()

    comparison = compared()

    assert comparison.rows == []
    assert (comparison.counts["new"], comparison.counts["cheaper"]) == (1, 1)


def test_empty_book_is_compared_too():
    book()
    Need.objects.all().delete()

    comparison = services.start_comparison(scheme=SCHEME, as_of=AS_OF)
    services.carry_out_comparison(comparison.pk)

    comparison.refresh_from_db()
    assert (comparison.state, comparison.counts["needs"], comparison.rows) == (RunState.FINISHED, 0, [])


def test_agreement_that_no_duty_names_is_refused():
    book()

    with pytest.raises(ValidationError) as refusal:
        services.start_comparison(scheme="Some other")

    assert refusal.value.messages == ["No duty of the reference names this agreement."]


def test_one_comparison_of_an_agreement_at_a_time():
    book()
    services.start_comparison(scheme=SCHEME, asked_by=person(Role.OFFICER))

    with pytest.raises(ValidationError) as refusal:
        services.start_comparison(scheme=SCHEME)

    assert refusal.value.messages == ["This comparison is under way already."]


def test_finished_comparison_is_left_as_it_is_when_its_message_comes_again():
    book()
    comparison = compared()
    ended = comparison.finished_at

    services.carry_out_comparison(comparison.pk)

    comparison.refresh_from_db()
    assert (comparison.attempt, comparison.finished_at) == (1, ended)


def test_worker_lost_three_times_fails_the_comparison_with_its_reason():
    book()
    comparison = services.start_comparison(scheme=SCHEME, as_of=AS_OF)
    Comparison.objects.filter(pk=comparison.pk).update(attempt=3, state=RunState.RUNNING)

    services.carry_out_comparison(comparison.pk)

    comparison.refresh_from_db()
    assert (comparison.state, comparison.reason_code) == (RunState.FAILED, Failure.LOST)


def test_error_is_tried_again_and_given_up_at_the_third(monkeypatch):
    book()
    comparison = services.start_comparison(scheme=SCHEME, as_of=AS_OF)
    monkeypatch.setattr(comparisons, "difference", lambda *arguments, **named: 1 // 0)
    queued = []
    monkeypatch.setattr(tasks.compare, "publish", lambda **facts: queued.append(facts) or True)

    for _attempt in range(3):
        tasks.compare(comparison_id=comparison.pk)

    comparison.refresh_from_db()
    assert queued == [{"comparison_id": comparison.pk}] * 2
    assert (comparison.state, comparison.reason_code, comparison.reason) == (
        RunState.FAILED,
        Failure.ERROR,
        "ZeroDivisionError",
    )


@pytest.mark.parametrize(
    ("facts", "is_swept"),
    [
        ({"state": RunState.QUEUED}, True),
        ({"state": RunState.QUEUED, "published_at": "now"}, False),
        ({"state": RunState.QUEUED, "published_at": "long ago"}, True),
        ({"state": RunState.RUNNING, "heartbeat_at": "long ago"}, True),
        ({"state": RunState.RUNNING, "heartbeat_at": "now"}, False),
        ({"state": RunState.FINISHED, "heartbeat_at": "long ago"}, False),
    ],
)
def test_what_was_lost_is_queued_again_and_nothing_else(facts, is_swept):
    book()
    comparison = services.start_comparison(scheme=SCHEME)
    moments = {"now": timezone.now(), "long ago": timezone.now() - dt.timedelta(hours=1)}
    facts = {name: moments.get(value, value) for name, value in facts.items()}
    Comparison.objects.filter(pk=comparison.pk).update(asked_at=moments["long ago"], **facts)

    assert one_step.sweep(Comparison) == ([comparison.pk] if is_swept else [])
    assert one_step.sweep(Comparison) == []  # told once
