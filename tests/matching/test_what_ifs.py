"""What a what-if run takes to be otherwise, and that nothing official notices it."""

import datetime as dt
from contextlib import nullcontext
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from corridor.models import Preference
from matching import services
from matching.enums import RunKind, RunState
from matching.models import Match, MatchResult, NearMiss, Run, RunShard, Weights
from matching.services import runs
from matching.services.refreshing import asking
from notices.models import Notice
from tests.matching.book import AS_OF, STARTING_WEIGHTS, small_book
from tests.matching.comparisons.book import SCHEME, book

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    """A test's transaction has begun; its isolation can no longer be chosen."""
    monkeypatch.setattr(runs, "one_moment", nullcontext)


def carried_out(kind: RunKind = RunKind.WHAT_IF, as_of: dt.date = AS_OF, **options) -> Run:
    run = services.start_run(kind=kind, as_of=as_of, options=options)
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    services.close_run(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    return run


def everything_but_runs() -> dict[str, list]:
    """Every row of every table, but for those that say how runs went."""
    kept = {Run, RunShard}
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for model in apps.get_models()
        if model not in kept and model._meta.managed
    }


@pytest.mark.parametrize(
    "otherwise",
    [
        {},
        {"weights": dict.fromkeys(STARTING_WEIGHTS, 0.0) | {"trust": 1.0}},
        {"freight_percent": "-50"},
        {"preferences": [SCHEME]},
    ],
)
def test_what_if_writes_nothing_but_itself(otherwise):
    book()
    small_book(headings=1)
    carried_out(RunKind.OFFICIAL)
    before = everything_but_runs()

    what_if = carried_out(as_of=AS_OF + dt.timedelta(days=20), **otherwise)

    assert everything_but_runs() == before
    assert Match.objects.exists()
    assert NearMiss.objects.exists()
    assert not MatchResult.objects.filter(run=what_if).exists()
    assert what_if.shards.exists()


def test_what_if_costs_nobody_a_refresh():
    needs, _offered = book()

    carried_out()
    asking.ask_for_refresh(needs["wide"], as_of=AS_OF)

    refresh = Run.objects.refreshes().get()
    assert (refresh.state, Run.objects.exclude(kind=RunKind.WHAT_IF).count()) == (RunState.QUEUED, 1)
    assert not Notice.objects.exists()


def landed(run: Run) -> list[Decimal]:
    return sorted({row["landed_low_usd_per_t"] for row in services.run_report(run)["matches"]})


def test_freight_and_agreements_are_taken_to_be_otherwise():
    """800 USD/t, 200 to 230 of freight, and 20 % of duty on all of it where the limit is all-in."""
    book()

    assert landed(carried_out()) == [1000, 1200]
    assert landed(carried_out(preferences=[SCHEME])) == [1000]
    assert landed(carried_out(freight_percent="-50")) == [900, 1080]
    assert not Preference.objects.exists()


def test_what_if_that_assumes_freight_sees_whether_its_book_changed():
    book()

    assert "book_changed_since" not in carried_out(freight_percent="10", preferences=[SCHEME]).counts


@pytest.mark.parametrize(
    ("otherwise", "why"),
    [
        ({"freight_percent": "-91"}, "Freight changes by -90 to 300 percent."),
        ({"freight_percent": "a tenth"}, "Freight changes by -90 to 300 percent."),
        ({"freight_percent": "NaN"}, "Freight changes by -90 to 300 percent."),
        ({"preferences": ["Some other"]}, "No duty of the reference names this agreement."),
    ],
)
def test_what_cannot_be_assumed_is_refused(otherwise, why):
    Weights.objects.get_or_create(version=1, defaults={"values": STARTING_WEIGHTS, "reason": "a test"})

    with pytest.raises(ValidationError) as refusal:
        services.start_run(kind=RunKind.WHAT_IF, as_of=timezone.localdate(), options=otherwise)

    assert refusal.value.messages == [why]
