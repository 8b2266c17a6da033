"""The difference of two runs of a book in the database, step by step, as the task calls the services."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone

from companies.models import Capacity, Need
from corridor.models import Corridor, FreightQuote
from matching import queries, services, tasks
from matching.enums import Failure, RunKind, RunState
from matching.models import Match, Run, RunDifference, RunShard
from matching.services import one_step
from matching.services.heartbeat import DifferenceBeat, beating
from matching.services.run_differences import work
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, STARTING_WEIGHTS, capacity, need, open_corridor, small_book
from tests.matching.comparisons.book import SCHEME, book
from tests.matching.found import finished_run
from tests.matching.run_differences.runs import (
    _in_the_transaction_of_the_test,  # noqa: F401
    carried_out,
    difference_of,
    moved_by,
    parts_of,
    what_if,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_the_transaction_of_the_test")]

TRUST_ONLY = dict.fromkeys(STARTING_WEIGHTS, 0.0) | {"trust": 1.0}


def test_same_book_twice_differs_in_nothing_and_figures_are_those_of_the_run():
    small_book(headings=2)
    first, second = carried_out(), carried_out()

    row = difference_of(first, second)

    assert (row.state, moved_by(row), row.rows) == (RunState.FINISHED, set(), [])
    assert (row.done, row.total > 0) == (row.total, True)
    figures, plan = row.figures["figures"], queries.plan_of(first)
    assert figures["matches"]["before"] == first.counts["matches"]
    assert figures["plan_value"]["after"] == int(first.counts["plan_value"])
    assert figures["needs_with_candidate"]["after"] == first.counts["needs_with_candidate"]
    assert figures["usd_low_cents"]["after"] == plan["usd_low"] * 100
    assert figures["usd_high_cents"]["after"] == plan["usd_high"] * 100
    kg = {commodity: figure["after"] for commodity, figure in row.figures["kg"].items()}
    assert kg == {str(commodity.pk): moved.kg for commodity, moved in plan["rows"]}


def edited() -> None:
    Capacity.objects.update(price_amount=Decimal(820))


def quoted_dearer() -> None:
    FreightQuote.objects.update(amount=F("amount") + 40)


def closed() -> None:
    Corridor.objects.update(is_enabled=False)


@pytest.mark.parametrize(
    ("happens", "cause"), [(edited, "data"), (quoted_dearer, "corridor"), (closed, "corridor"), (None, "weights")]
)
def test_what_happens_between_two_runs_is_put_down_to_its_cause(happens, cause):
    small_book(headings=1)
    first = carried_out()
    if happens:
        happens()

    row = difference_of(first, carried_out() if happens else what_if(weights=TRUST_ONLY))

    assert moved_by(row) == {cause}
    assert {told["cause"] for told in row.rows} == {cause}


def test_two_causes_are_told_apart_and_add_up():
    """The corridor takes one match of a full one away; a listing brings another."""
    open_corridor()
    goods = CommodityFactory()
    wanted, offered = need(goods), capacity(goods)
    tight = need(goods, price_amount=Decimal(1035))
    first = carried_out()
    quoted_dearer()
    more = capacity(goods, price_amount=Decimal(700))

    row = difference_of(first, carried_out())

    assert row.figures["figures"]["matches"] == {
        "before": 2,
        "after": 3,
        "parts": {"data": 2, "corridor": -1, "weights": 0, "rules": 0, "code": 0},
    }
    told = [(told["kind"], told["need"], told["capacity"], told["cause"]) for told in row.rows]
    assert told[:3] == [
        ("new", wanted.pk, more.pk, "data"),
        ("new", tight.pk, more.pk, "data"),
        ("gone", tight.pk, offered.pk, "corridor"),
    ]
    assert [kind for kind, *_pair in told[3:]] == ["changed"]


def test_what_if_of_another_day_of_freight_and_of_tariffs_is_compared_with_the_official_run():
    needs, offered = book()
    official = carried_out()

    agreed = difference_of(official, what_if(preferences=[SCHEME]))
    dearer = difference_of(official, what_if(freight_percent="200"))
    later = difference_of(official, what_if(as_of=AS_OF + dt.timedelta(days=60)))

    assert parts_of(agreed, "new") == {"corridor": 1}
    assert [(row["need"], row["capacity"]) for row in agreed.rows if row["kind"] == "new"] == [
        (needs["tight"].pk, offered.pk)
    ]
    assert moved_by(dearer) == {"corridor"}
    assert parts_of(dearer, "gone") == {"corridor": 1}
    assert moved_by(later) == {"data"}


def test_what_if_of_one_need_is_compared_with_its_goods_in_the_official_run():
    small_book(headings=3)
    official = carried_out()
    first = Need.objects.order_by("pk").first()

    row = difference_of(official, what_if(need=first.pk, weights=TRUST_ONLY))

    assert row.figures["figures"]["matches"]["before"] == row.figures["figures"]["matches"]["after"] == 2
    assert moved_by(row) == {"weights"}


def test_what_ifs_of_different_goods_are_refused():
    small_book(headings=2)
    first, last = Need.objects.order_by("pk").first(), Need.objects.order_by("pk").last()

    with pytest.raises(ValidationError) as refusal:
        services.ask_for_difference(before=what_if(need=first.pk), after=what_if(need=last.pk))

    assert refusal.value.messages == ["These runs looked at different goods: there is nothing to compare."]


def test_run_without_the_names_of_its_points_is_compared_with_data_and_corridor_as_one():
    small_book(headings=1)
    first = carried_out()
    RunShard.objects.update(points=None)
    edited()

    row = difference_of(first, carried_out())

    assert row.figures["is_apart"] is False
    assert moved_by(row) == {"data_and_corridor"}
    assert [*row.figures["kg"]] == [str(Capacity.objects.first().commodity_id)]


def test_empty_books_are_compared_too():
    open_corridor()

    row = difference_of(carried_out(), carried_out())

    assert (row.state, moved_by(row), row.figures["kg"]) == (RunState.FINISHED, set(), {})


def test_difference_touches_nothing_official():
    small_book(headings=1)
    first, second = carried_out(), carried_out()
    before = list(Run.objects.order_by("pk").values()), list(Match.objects.order_by("pk").values())

    difference_of(first, second)

    assert (list(Run.objects.order_by("pk").values()), list(Match.objects.order_by("pk").values())) == before


def test_same_two_runs_have_one_row_that_is_there_at_once():
    small_book(headings=1)
    first, second = carried_out(), carried_out()
    row = difference_of(first, second)

    again, is_new = services.ask_for_difference(before=first, after=second)

    assert (again.pk, is_new, again.attempt) == (row.pk, False, 1)
    services.carry_out_difference(row.pk)  # its message comes again
    row.refresh_from_db()
    assert row.attempt == 1


def test_failed_difference_may_be_asked_for_anew():
    small_book(headings=1)
    first, second = carried_out(), carried_out()
    row, _is_new = services.ask_for_difference(before=first, after=second)
    one_step.fail(RunDifference, row.pk, Failure.TOO_LONG)

    again, is_new = services.ask_for_difference(before=first, after=second)

    assert (again.pk > row.pk, is_new) == (True, True)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (
            {"kind": RunKind.REFRESH},
            "Run {} followed an edit and saw a part of the book only. Choose an official run or a what-if.",
        ),
        ({"state": RunState.QUEUED}, "Run {} has not come to its end: it cannot be compared."),
        (
            {"state": RunState.FAILED, "reason_code": Failure.ERROR},
            "Run {} has not come to its end: it cannot be compared.",
        ),
        ({"counts": {"shards": 1}}, "Run {} does not keep its facts any more: it cannot be compared."),
        ({"counts": {}}, "Run {} does not keep its facts any more: it cannot be compared."),
    ],
)
def test_what_cannot_be_compared_is_refused(facts, why):
    whole, other = finished_run(counts={"shards": 0}), finished_run(**facts)

    for before, after in ((whole, other), (other, whole)):
        with pytest.raises(ValidationError) as refusal:
            services.ask_for_difference(before=before, after=after)

        assert refusal.value.messages == [why.format(other.pk)]
    assert not RunDifference.objects.exists()


def test_run_is_not_compared_with_itself():
    run = finished_run(counts={"shards": 0})

    with pytest.raises(ValidationError) as refusal:
        services.ask_for_difference(before=run, after=run)

    assert refusal.value.messages == ["These are one run. Choose another one."]


def test_difference_in_living_hands_is_left_alone():
    first, second = finished_run(counts={"shards": 0}), finished_run(counts={"shards": 0})
    row, _is_new = services.ask_for_difference(before=first, after=second)

    with beating(DifferenceBeat(row.pk)):
        services.carry_out_difference(row.pk)

    row.refresh_from_db()
    assert (row.state, row.attempt) == (RunState.QUEUED, 0)


def test_worker_lost_three_times_fails_the_difference_with_its_reason():
    first, second = finished_run(counts={"shards": 0}), finished_run(counts={"shards": 0})
    row, _is_new = services.ask_for_difference(before=first, after=second)
    RunDifference.objects.update(attempt=3, state=RunState.RUNNING)

    services.carry_out_difference(row.pk)

    row.refresh_from_db()
    assert (row.state, row.reason_code) == (RunState.FAILED, Failure.LOST)


def test_error_is_tried_again_and_given_up_at_the_third(monkeypatch):
    first, second = finished_run(counts={"shards": 0}), finished_run(counts={"shards": 0})
    row, _is_new = services.ask_for_difference(before=first, after=second)
    monkeypatch.setattr(work, "difference", lambda *arguments, **named: 1 // 0)
    queued = []
    monkeypatch.setattr(tasks.differ, "publish", lambda **facts: queued.append(facts) or True)

    for _attempt in range(3):
        tasks.differ(difference_id=row.pk)

    row.refresh_from_db()
    assert queued == [{"difference_id": row.pk}] * 2
    assert (row.state, row.reason_code, row.reason) == (RunState.FAILED, Failure.ERROR, "ZeroDivisionError")


def test_lost_difference_is_queued_again_once():
    first, second = finished_run(counts={"shards": 0}), finished_run(counts={"shards": 0})
    row, _is_new = services.ask_for_difference(before=first, after=second)
    RunDifference.objects.update(asked_at=timezone.now() - dt.timedelta(hours=1))

    assert one_step.sweep(RunDifference) == [row.pk]
    assert one_step.sweep(RunDifference) == []
