"""What a plan would load: which containers at which place in which month, and which lots share one."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from commodities.enums import ParameterKind
from companies.models import CapacityParameter, Company
from corridor.lanes import HUB
from corridor.models import Equipment
from matching.enums import Rest, RunKind
from matching.loads import loads as loads_module
from matching.loads import loads_of
from matching.loads.containers import Row
from matching.loads.packing import Piece, pack
from matching.models import Match, PlanFlow, PlanLine, Run
from matching.tasks import make_plan_ready
from tests.factories import CommodityFactory, CommodityParameterFactory, ParameterFactory, PlaceFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
FEBRUARY, MARCH = dt.date(2027, 2, 1), dt.date(2027, 3, 1)


@pytest.fixture
def run() -> Run:
    open_corridor()
    Equipment.objects.update(payload_kg=24_000, iso_6346="22G1")
    return finished_run()


def planned(run: Run, wanted, offered, kg: int, month: dt.date = FEBRUARY, **facts) -> PlanFlow:
    result = found(run, wanted, offered, planned_kg=kg, **facts)
    return flow(run, result.match, kg, month)


def flow(run: Run, match: Match, kg: int, month: dt.date = FEBRUARY) -> PlanFlow:
    return PlanFlow.objects.create(
        run=run,
        match=match,
        need=match.need,
        capacity=match.capacity,
        quantity_kg=kg,
        score_ppm=500_000,
        first_month=month,
        last_month=MARCH,
        months=[[month.isoformat(), MARCH.isoformat(), kg]],
    )


def loads(run: Run):
    return loads_of(run, person(Role.STAFF))


def test_small_lots_of_the_same_goods_share_one_container(run):
    goods = CommodityFactory(transport_class="dry_container")
    for kg in (8_000, 7_000, 5_000):
        planned(run, need(goods), capacity(goods, lot_kg=kg), kg)

    (month,) = loads(run).hub.months
    (row,) = month.rows

    assert (row.boxes, row.at_least, row.kg, row.filled, row.saved, row.teu) == (1, 1, 20_000, 1, 2, 1)
    assert [(one.kg, one.suppliers) for one in row.shared] == [(20_000, 3)]
    assert month.a_week == Decimal("0.25")
    assert month.missing_a_week == Decimal("99.75")


def test_other_goods_and_other_months_have_containers_of_their_own(run):
    goods, others = CommodityFactory(transport_class="dry_container"), CommodityFactory(transport_class="dry_container")
    planned(run, need(goods), capacity(goods), 5_000)
    planned(run, need(others), capacity(others), 5_000)
    planned(run, need(goods), capacity(goods), 5_000, dt.date(2027, 1, 1))

    hub = loads(run).hub

    assert [(month.month, [row.boxes for row in month.rows]) for month in hub.months] == [
        (dt.date(2027, 1, 1), [1]),
        (FEBRUARY, [1, 1]),
    ]
    assert (hub.boxes, hub.shared, hub.saved) == (3, 0, 0)


def test_a_liquid_is_shared_by_lots_of_one_buyer_only(run):
    Equipment.objects.update(is_liquid=True)
    goods = CommodityFactory(transport_class="dry_container")
    wanted = need(goods)
    planned(run, wanted, capacity(goods), 6_000)
    planned(run, wanted, capacity(goods), 6_000)
    planned(run, need(goods), capacity(goods), 6_000)

    ((row,),) = [month.rows for month in loads(run).hub.months]

    assert sorted(box.kg for packed in row.packed for box in packed.boxes) == [6_000, 12_000]


def test_a_container_holds_what_its_seller_says_but_never_more_than_its_payload(run):
    goods = CommodityFactory(transport_class="dry_container")
    planned(run, need(goods), capacity(goods, net_kg_per_transport_unit=12_000, lot_kg=None), 24_000)
    planned(run, need(goods), capacity(goods, net_kg_per_transport_unit=99_000, lot_kg=None), 40_000)

    ((row,),) = [month.rows for month in loads(run).hub.months]

    assert row.limits_kg == (12_000, 20_000)
    assert sorted((count, box.kg) for packed in row.packed for count, box in packed.alike) == [(2, 12_000), (2, 20_000)]


def test_the_worst_lot_is_what_a_shared_container_promises(run):
    goods = CommodityFactory(transport_class="dry_container")
    acids, iodine, colour = (ParameterFactory(key=key, unit="%", name_en=key) for key in ("acids", "iodine", "colour"))
    CommodityParameterFactory(commodity=goods, parameter=colour, kind=ParameterKind.CHOICE)
    one, other = capacity(goods), capacity(goods)
    CapacityParameter.objects.create(capacity=one, parameter=acids, low=Decimal("0.02"), high=Decimal("0.09"))
    CapacityParameter.objects.create(capacity=other, parameter=acids, low=Decimal("0.01"), high=Decimal("0.05"))
    CapacityParameter.objects.create(capacity=one, parameter=iodine, low=Decimal(57))
    for seller in (one, other):
        CapacityParameter.objects.create(capacity=seller, parameter=colour, values=["red"])
        planned(run, need(goods), seller, 10_000)

    ((row,),) = [month.rows for month in loads(run).hub.months]

    (shared,) = row.shared
    assert [(spec.parameter.key, spec.low, spec.high, spec.is_known) for spec in shared.specification] == [
        ("acids", Decimal("0.01"), Decimal("0.09"), True),
        ("iodine", None, None, False),
    ]


def test_goods_leave_by_the_last_day_from_which_they_arrive_in_time(run):
    goods = CommodityFactory(transport_class="dry_container")
    wanted = need(goods, window_until=dt.date(2027, 3, 20))
    planned(run, wanted, capacity(goods), 20_000, days_low=25, days_high=35)

    ((row,),) = [month.rows for month in loads(run).hub.months]

    assert row.cut_off == dt.date(2027, 2, 13)


def test_without_known_days_the_last_day_is_not_known(run):
    goods = CommodityFactory(transport_class="dry_container")
    planned(run, need(goods), capacity(goods), 20_000, days_low=None, days_high=None)

    ((row,),) = [month.rows for month in loads(run).hub.months]

    assert row.cut_off is None


def test_lots_without_a_day_in_common_do_not_share(run):
    goods = CommodityFactory(transport_class="dry_container")
    early = need(goods, window_until=dt.date(2027, 3, 12))
    planned(run, early, capacity(goods), 5_000)
    planned(run, need(goods), capacity(goods, available_from=dt.date(2027, 2, 10)), 5_000)

    ((row,),) = [month.rows for month in loads(run).hub.months]

    assert (row.boxes, row.shared) == (2, [])


def test_goods_that_nothing_is_known_to_carry_are_told_apart(run):
    goods = CommodityFactory(transport_class="nobody_knows")
    planned(run, need(goods), capacity(goods), 5_000)

    told = loads(run)

    assert (told.hub, told.others) == (None, [])
    assert [(one.commodity, one.kg, one.equipment) for one in told.loose] == [(goods, 5_000, None)]


def test_goods_are_loaded_where_the_seller_hands_them_over(run):
    goods, mill = CommodityFactory(transport_class="dry_container"), PlaceFactory(code="IDSRI", country="ID")
    planned(run, need(goods), capacity(goods, place=mill), 5_000)

    told = loads(run)

    assert [(one.place, one.boxes) for one in told.others] == [(mill, 1)]


def test_several_suppliers_of_one_need_are_named(run):
    goods = CommodityFactory(transport_class="dry_container")
    wanted = need(goods)
    planned(run, wanted, capacity(goods), 20_000)
    planned(run, wanted, capacity(goods), 40_000)
    planned(run, need(goods), capacity(goods), 20_000)

    told = loads(run)

    assert [(one.need, one.suppliers, one.kg) for one in told.several] == [(wanted, 2, 60_000)]
    assert told.several_more == 0


def test_only_those_who_see_every_company_are_told(run):
    goods = CommodityFactory(transport_class="dry_container")
    offered = capacity(goods)
    planned(run, need(goods), offered, 20_000)

    assert loads_of(run, member_of(offered.company)) is None


def test_the_number_of_queries_does_not_grow_with_the_plan(run):
    goods = CommodityFactory(transport_class="dry_container")
    planned(run, need(goods), capacity(goods), 8_000)
    planned(run, need(goods), capacity(goods), 7_000)
    few = queries_of(run)
    for _more in range(6):
        planned(run, need(goods), capacity(goods), 3_000)

    assert queries_of(run) == few


def queries_of(run: Run) -> int:
    user = person(Role.STAFF)
    cache.clear()  # the plan of a run that is over gets no more rows outside of tests
    with CaptureQueriesContext(connection) as queries:
        render_to_string("matching/_plan_loads.html", {"loads": loads_of(run, user)})
    return len(queries)


def test_a_what_if_has_the_loads_of_the_same_plan(run):
    goods = CommodityFactory(transport_class="dry_container")
    wanted = need(goods, window_until=dt.date(2027, 3, 20))
    official = planned(run, wanted, capacity(goods), 20_000, days_low=25, days_high=35)
    tried = finished_run(kind=RunKind.WHAT_IF)
    flow(tried, official.match, 20_000)

    rows = [[(row.boxes, row.cut_off) for row in loads(one).hub.rows] for one in (run, tried)]

    assert rows == [[(1, dt.date(2027, 2, 13))]] * 2


def test_loads_are_those_of_the_direction_and_of_companies_that_are_not_hidden(run):
    goods = CommodityFactory(transport_class="dry_container")
    planned(run, need(goods), capacity(goods), 20_000)
    hidden = capacity(goods)
    planned(run, need(goods), hidden, 20_000)

    before = loads(run).hub.boxes
    Company.objects.filter(pk=hidden.company_id).update(is_hidden=True)

    assert (before, loads(run).hub.boxes) == (2, 1)
    assert loads_of(run, person(Role.STAFF), "ID-KZ").hub.boxes == 1
    assert loads_of(run, person(Role.STAFF), "KZ-ID").is_empty


def test_loads_are_reckoned_once_and_remembered_as_they_are_shown(run, monkeypatch):
    goods = CommodityFactory(transport_class="dry_container")
    for kg in (8_000, 7_000, 5_000):
        planned(run, need(goods), capacity(goods, lot_kg=kg), kg)
    cache.clear()
    first = render_to_string("matching/_plan_loads.html", {"loads": loads(run)})
    monkeypatch.setattr(loads_module, "reckoned", None)

    again = render_to_string("matching/_plan_loads.html", {"loads": loads(run)})

    assert again == first


def test_the_block_says_whose_threshold_a_direct_call_is(run):
    goods = CommodityFactory(transport_class="dry_container")
    planned(run, need(goods), capacity(goods), 20_000)

    page = render_to_string("matching/_plan_loads.html", {"loads": loads(run)})

    assert "about 100 containers a week" in page
    assert "SITC, 2018" in page
    assert "It is their threshold, not ours." in page


def large_plan(run: Run) -> None:
    goods = CommodityFactory(transport_class="dry_container")
    wanted = need(goods)
    planned(run, wanted, capacity(goods), 20_000)
    PlanLine.objects.create(run=run, need=wanted, commodity=goods, quantity_kg=20_000, planned_kg=20_000, left_kg=0)


def test_loads_of_a_large_plan_are_left_to_a_worker(run, client, monkeypatch):
    large_plan(run)
    monkeypatch.setattr(loads_module, "FLOWS_AT_ONCE", 0)
    asked = []
    monkeypatch.setattr(make_plan_ready, "publish", lambda **what: not asked.append(what))
    client.force_login(person(Role.STAFF))

    waiting = [client.get(f"/plan/?run={run.pk}").context["loads"].is_waiting for _time in range(2)]
    whole = client.get(f"/plan/loads/?run={run.pk}").content.decode()
    assert "The containers of this plan are being counted." in whole
    assert "The plan loads no container." not in whole
    make_plan_ready(run_id=run.pk)
    told = client.get(f"/plan/?run={run.pk}").context["loads"]

    assert (waiting, asked) == ([True, True], [{"run_id": run.pk, "direction": ""}])
    assert (told.is_waiting, told.hub.boxes) == (False, 1)


def test_loads_of_a_large_plan_are_reckoned_by_the_page_where_no_worker_can_be_called(run, client, monkeypatch):
    large_plan(run)
    monkeypatch.setattr(loads_module, "FLOWS_AT_ONCE", 0)
    monkeypatch.setattr(make_plan_ready, "publish", lambda **what: False)
    client.force_login(person(Role.STAFF))

    assert client.get(f"/plan/?run={run.pk}").context["loads"].hub.boxes == 1


def test_months_of_many_goods_show_the_largest_and_count_all():
    goods = [(month, number) for month in range(1, 8) for number in range(10)]
    rows = defaultdict(list)
    for month, number in goods:
        row = Row(SimpleNamespace(code=str(number)), SimpleNamespace(teu=2), "KZ")
        row.packed = [pack([Piece(number, 20_000, 20_000, count=10 - number)])]
        rows[dt.date(2027, month, 1)].append(row)

    hub = loads_module.loading_of(SimpleNamespace(code=HUB), rows)

    assert [(len(month.rows), month.not_shown, month.boxes) for month in hub.months] == [(10, 0, 55)] + [(4, 6, 55)] * 6
    assert (hub.boxes, hub.teu, hub.filled) == (7 * 55, 7 * 110, 1)


def plan_of_two_months(run: Run) -> None:
    goods = CommodityFactory()
    wanted = need(goods)
    for month in (FEBRUARY, MARCH):
        planned(run, wanted, capacity(goods), 20_000, month)
    PlanLine.objects.create(run=run, need=wanted, commodity=goods, quantity_kg=40_000, planned_kg=40_000, left_kg=0)


def test_page_of_the_plan_leads_from_each_later_month_to_its_rows(run, client):
    plan_of_two_months(run)
    client.force_login(person(Role.STAFF))

    plan = client.get(f"/plan/?run={run.pk}")
    whole = client.get(f"/plan/loads/?run={run.pk}")

    assert [len(month.rows) for month in plan.context["loads"].hub.months] == [1, 0]
    assert [len(month.rows) for month in whole.context["loads"].hub.months] == [1, 1]
    assert plan.context["loads"].hub.sums == whole.context["loads"].hub.sums
    assert f'href="/plan/loads/?run={run.pk}#m2027-03"' in plan.content.decode()
    assert plan.context["loads"].kits == whole.context["loads"].kits
    assert '<details class="tm-load" id="m2027-03" open>' in whole.content.decode()


def test_containers_of_a_plan_that_is_not_there(run, client):
    client.force_login(person(Role.STAFF))

    assert "matching/plan_none.html" in [one.name for one in client.get("/plan/loads/").templates]
    assert client.get(f"/plan/loads/?run={run.pk + 1}").status_code == 404
    assert client.get("/plan/loads/?direction=KZ-FR").status_code == 400


def test_plan_that_loads_nothing_says_so(run, client):
    PlanLine.objects.create(
        run=run, need=need(CommodityFactory()), quantity_kg=40_000, planned_kg=0, left_kg=40_000, rest=Rest.NOBODY
    )
    client.force_login(person(Role.STAFF))

    assert "The plan loads no container." in client.get("/plan/loads/").content.decode()
