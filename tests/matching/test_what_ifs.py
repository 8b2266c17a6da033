"""What a what-if run takes to be otherwise, and that nothing official notices it."""

import datetime as dt
from contextlib import nullcontext
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from companies.models import Capacity
from corridor.models import Preference
from matching import services
from matching.enums import RunKind, RunState
from matching.models import Match, MatchResult, NearMiss, PlanFlow, PlanLine, Run, RunShard, Weights
from matching.services import runs
from matching.services.refreshing import asking
from matching.services.solved import solved_shards
from notices.models import Notice
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, STARTING_WEIGHTS, capacity, company, need, open_corridor, small_book
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
    """Every row of every table, but for those that say how runs went, and what their own plans say to people."""
    kept, of_a_run = {Run, RunShard}, {PlanFlow, PlanLine}
    return {
        model._meta.label: list(
            model.objects.filter(**{"run__kind": RunKind.OFFICIAL} if model in of_a_run else {}).order_by("pk").values()
        )
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
        {"share_cap_percent": "40", "micro_floor_percent": "10"},
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
        ({"share_cap_percent": "0"}, "One company may supply more than 0 and up to 100 percent of a need."),
        ({"share_cap_percent": "half"}, "One company may supply more than 0 and up to 100 percent of a need."),
        ({"micro_floor_percent": "101"}, "Micro companies may be kept 0 to 100 percent of the plan."),
        ({"preferences": ["Some other"]}, "No duty of the reference names this agreement."),
    ],
)
def test_what_cannot_be_assumed_is_refused(otherwise, why):
    Weights.objects.get_or_create(version=1, defaults={"values": STARTING_WEIGHTS, "reason": "a test"})

    with pytest.raises(ValidationError) as refusal:
        services.start_run(kind=RunKind.WHAT_IF, as_of=timezone.localdate(), options=otherwise)

    assert refusal.value.messages == [why]


def supplied(run: Run) -> dict[str, int]:
    """Kilograms in the plan of a what-if, by the company that supplies them."""
    kg = {}
    for _market, solution in solved_shards(run):
        for capacity_id, planned in zip(*(getattr(solution.pairs, name) for name in COLUMNS), strict=True):
            code = Capacity.objects.get(pk=int(capacity_id)).company.code
            kg[code] = kg.get(code, 0) + int(planned)
    return kg


COLUMNS = "capacity_id", "planned_kg"


def test_plan_keeps_to_a_cap_and_a_floor_and_the_run_keeps_what_they_cost():
    """100 t are wanted; the mill offers 500 t from two stores, the press, a micro company, 500 t at a higher price."""
    open_corridor()
    oil = CommodityFactory()
    need(oil)
    mill, press = company("ID", code="mill", size="large"), company("ID", code="press", size="micro")
    capacity(oil, company=mill, quantity_kg=60_000)
    capacity(oil, company=mill, quantity_kg=440_000)
    capacity(oil, company=press, price_amount=Decimal(850))

    free, capped = carried_out(), carried_out(share_cap_percent="40")
    kept, both = carried_out(micro_floor_percent="30"), carried_out(share_cap_percent="65", micro_floor_percent="100")

    assert [supplied(run) for run in (free, capped, kept, both)] == [
        {"mill": 100_000, "press": 0},
        {"mill": 40_000, "press": 40_000},
        {"mill": 70_000, "press": 30_000},
        {"mill": 35_000, "press": 65_000},
    ]
    assert not {name for name in free.counts if "cost" in name or "micro" in name}
    value = [int(run.counts["plan_value"]) for run in (free, capped, kept, both)]
    costs = [
        (int(run.counts["plan_cost_of_cap"]), int(run.counts["plan_cost_of_floor"])) for run in (capped, kept, both)
    ]
    assert [sum(both_costs) for both_costs in costs] == [value[0] - others for others in value[1:]]
    assert costs[0][1] == costs[1][0] == 0
    assert min(costs[0][0], costs[1][1], *costs[2]) > 0
    asked = [(run.counts["micro_kg"], run.counts["micro_floor_kg"]) for run in (kept, both)]
    assert asked == [("30000", "30000"), ("65000", "100000")]
    assert both.counts["micro_floor_missing_kg"] == "35000"
    assert [run.counts["plan_status"] for run in (capped, kept, both)] == ["optimal"] * 3


def test_runs_that_keep_to_a_cap_are_not_compared():
    small_book()
    before, after = carried_out(), carried_out(share_cap_percent="40")

    with pytest.raises(ValidationError) as refusal:
        services.ask_for_difference(before=before, after=after)

    assert refusal.value.messages == [
        f"The plan of run {after.pk} keeps to a cap or a floor; what these cost stands with the run itself."
    ]
