"""The page of the plan: its figures are its rows, each rest has its rule, and what staff ask is said there."""

from contextlib import nullcontext
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from companies.models import Company, NeedCommodity
from matching.enums import InstructionKind, Rest, RunKind
from matching.models import PlanFlow, PlanInstruction, PlanLine, Run
from matching.plan_page import asked
from matching.services import runs, start_what_if, steering
from matching.services.what_if_runs import MOST_UNDER_WAY
from tests.factories import CommodityFactory, CommodityGroupFactory
from tests.matching.book import capacity, need, open_corridor, small_book
from tests.matching.steering.carried_out import carry_out, two_suppliers
from tests.people import person

pytestmark = pytest.mark.django_db
LISTS = {"flows": "/plan/flows/", "unmet_needs": "/plan/unmet/", "unused_capacities": "/plan/unused/"}


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    monkeypatch.setattr(runs, "one_moment", nullcontext)


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def rests_of(run: Run, side: str) -> dict[str, int]:
    """Why how many kilograms of a side are left."""
    lines = PlanLine.objects.filter(run=run, left_kg__gt=0, **{f"{side}__isnull": False})
    return dict(lines.values_list("rest").annotate(kg=Sum("left_kg")))


def test_without_a_run_the_page_says_so(staff):
    assert "There is no plan yet: no run has finished." in staff.get("/plan/").content.decode()


def test_figures_are_the_rows_behind_their_links(staff):
    small_book(2)
    carry_out()

    figures = staff.get("/plan/").context["figures"]

    for name, address in LISTS.items():
        assert staff.get(address).context["page"].paginator.count == getattr(figures, name) > 0
    needs = PlanLine.objects.filter(need__isnull=False)
    assert figures.planned_kg == PlanFlow.objects.aggregate(kg=Sum("quantity_kg"))["kg"]
    assert figures.wanted_kg == needs.aggregate(kg=Sum("quantity_kg"))["kg"] == 2 * 800_000
    assert figures.unmet_kg == figures.wanted_kg - figures.planned_kg
    assert figures.met_percent == Decimal(100 * figures.planned_kg) / figures.wanted_kg


def test_hidden_company_is_in_no_figure_of_the_plan(staff):
    open_corridor()
    goods = CommodityFactory()
    need(goods, quantity_kg=200_000)
    capacity(goods, quantity_kg=100_000)
    hidden = capacity(goods, quantity_kg=100_000)
    carry_out()
    Company.objects.filter(pk=hidden.company_id).update(is_hidden=True)

    shown = staff.get("/plan/").context

    rows = staff.get("/plan/flows/").context["page"].object_list
    assert shown["figures"].planned_kg == sum(row.quantity_kg for row in rows) == 100_000
    assert shown["goods"]["other_pairs"] == 0


def test_direction_leaves_the_rows_of_that_direction(staff):
    small_book(1)
    carry_out()

    there = staff.get("/plan/?direction=ID-KZ").context["figures"]

    assert there == staff.get("/plan/").context["figures"]
    assert staff.get("/plan/?direction=KZ-ID").status_code == 400  # that corridor is not open


def test_queries_are_as_many_for_one_pair_as_for_three(staff):
    small_book(1)
    carry_out()
    addresses = ["/plan/", *LISTS.values()]
    counted = []
    for _time in range(2):
        for address in addresses:
            staff.get(address)  # the first one reckons what is remembered
        with CaptureQueriesContext(connection) as queries:
            for address in addresses:
                assert staff.get(address).status_code == 200
        counted.append(len(queries))
        small_book(2)
        carry_out()

    assert counted[0] == counted[1]


def test_rests_tell_the_rule_that_binds():
    open_corridor()
    scarce, alone, priced, lots = (CommodityFactory() for _goods in range(4))
    need(scarce)
    need(scarce, quantity_kg=200_000)
    capacity(scarce, quantity_kg=100_000)
    need(alone)
    need(priced, price_amount=Decimal(900))
    capacity(priced)
    need(lots, quantity_kg=110_000)
    capacity(lots, lot_kg=50_000, lot_multiple_kg=50_000)

    run = carry_out()

    assert rests_of(run, "need") == {
        Rest.SCARCE: 200_000,
        Rest.NOBODY: 100_000,
        Rest.NEAR: 100_000,
        Rest.LOTS: 10_000,
    }
    assert rests_of(run, "capacity") == {Rest.NEAR: 500_000, Rest.LOTS: 400_000}


def test_need_for_a_group_leads_to_the_goods_that_it_lacks(staff):
    open_corridor()
    other, goods = CommodityFactory(), CommodityFactory()
    wanted = need(quantity_kg=300_000)
    NeedCommodity.objects.create(need=wanted, group=CommodityGroupFactory(members=[other, goods]))
    capacity(goods, quantity_kg=100_000)
    run = carry_out()

    line = PlanLine.objects.get(run=run, need=wanted)
    assert (line.commodity, line.rest) == (other, Rest.SCARCE)
    assert f'<a href="/matches/?commodity={goods.code}">' in staff.get("/plan/").context["unmet"].rows
    PlanLine.objects.filter(run=run).update(rest=Rest.MONTHS, why=None)
    assert '<a href="/matches/">' in staff.get("/plan/").context["unmet"].rows


def test_page_says_who_has_what_a_need_lacks(staff):
    open_corridor()
    goods = CommodityFactory()
    poor, rich = need(goods, price_amount=Decimal(1100)), need(goods)
    offered = capacity(goods, quantity_kg=100_000)
    run = carry_out()

    page = staff.get("/plan/").content.decode()

    line = PlanLine.objects.get(run=run, rest=Rest.SCARCE)
    winner = rich if line.need == poor else poor
    assert line.why == {"capacity": offered.pk, "need": winner.pk, "kg": 100_000}
    supplier, other = offered.company.name_registered, winner.company.name_registered
    assert f"Every capacity that fits is given away: {supplier} supplies 100 t to {other}." in page


def test_scarce_capacity_has_a_price_and_plenty_has_none():
    open_corridor()
    scarce, plenty = CommodityFactory(), CommodityFactory()
    need(scarce, quantity_kg=300_000)
    few = capacity(scarce, quantity_kg=100_000, lot_kg=None)
    wanted = need(plenty)
    many = capacity(plenty)

    run = carry_out()

    price = dict(PlanLine.objects.filter(run=run, capacity__isnull=False).values_list("capacity", "price_ppm"))
    assert price[few.pk] > 0
    assert price[many.pk] == 0
    assert PlanLine.objects.get(run=run, need=wanted).price_ppm > 0


def test_instructions_are_told_with_what_became_of_them(staff):
    cheap, dear = two_suppliers()
    steering.instruct(match=dear, kind=InstructionKind.PIN, quantity_kg=150_000, reason="x", set_by=person(Role.STAFF))
    run = carry_out()
    steering.instruct(match=cheap, kind=InstructionKind.BAN, reason="They stopped", set_by=person(Role.STAFF))

    response = staff.get("/plan/")

    assert [(row.match, row.became, row.why_left_out) for row in response.context["asked"]] == [
        (cheap, "later", ""),
        (dear, "left_out", "100 t can move beside the other pins, 150 t were asked for"),
    ]
    assert (response.context["run"], response.context["later"]) == (run, 1)
    assert "They stopped" in response.content.decode()


def test_every_instruction_in_force_comes_before_those_that_were_lifted(staff, monkeypatch):
    monkeypatch.setattr(asked, "LIFTED_SHOWN", 1)
    matches = two_suppliers()
    user = person(Role.STAFF)
    lifted = []
    for _time in range(2):
        lifted.append(steering.instruct(match=matches[0], kind=InstructionKind.PIN, reason="x", set_by=user))
        carry_out()
        steering.lift(instruction=lifted[-1], lifted_by=user)
    run = Run.objects.latest("pk")
    Run.objects.filter(pk=run.pk).update(counts=run.counts | {"instructions": [one.pk for one in lifted]})
    in_force = [steering.instruct(match=match, kind=InstructionKind.BAN, reason="x", set_by=user) for match in matches]
    PlanInstruction.objects.filter(pk__in=[one.pk for one in in_force]).update(set_at=lifted[0].set_at)

    shown = staff.get("/plan/").context["asked"]

    assert shown == [*reversed(in_force), lifted[1]]


def test_pair_is_kept_out_from_the_page(staff):
    cheap, _dear = two_suppliers()

    response = staff.post(f"/plan/matches/{cheap.pk}/", {"kind": "ban", "reason": "They stopped", "seen": ""})

    assert (response.status_code, response["Location"]) == (302, "/plan/#asked")
    given = PlanInstruction.objects.in_force().get()
    assert (given.match, given.kind, given.reason, given.set_by) == (cheap, "ban", "They stopped", person(Role.STAFF))
    assert "They stopped" in staff.get(f"/matches/{cheap.pk}/").content.decode()


def test_refused_instruction_keeps_what_was_typed(staff):
    cheap, _dear = two_suppliers()

    response = staff.post(f"/plan/matches/{cheap.pk}/", {"kind": "pin", "reason": "", "tonnes": "12.5", "seen": ""})

    assert response.status_code == 400
    assert 'value="12.5"' in response.content.decode()
    assert not PlanInstruction.objects.exists()


def test_second_tab_is_shown_what_was_asked_meanwhile_and_may_ask_again(staff):
    cheap, _dear = two_suppliers()
    meanwhile = steering.instruct(match=cheap, kind=InstructionKind.PIN, reason="x", set_by=person(Role.ADMIN))
    typed = {"kind": "ban", "reason": "They stopped", "tonnes": "", "seen": ""}

    refused = staff.post(f"/plan/matches/{cheap.pk}/", typed)

    assert (refused.status_code, refused.context["form"]["seen"].value()) == (400, str(meanwhile.pk))
    assert staff.post(f"/plan/matches/{cheap.pk}/", typed | {"seen": str(meanwhile.pk)}).status_code == 302
    assert PlanInstruction.objects.in_force().get().kind == "ban"


def test_instruction_is_lifted_from_the_page(staff):
    cheap, _dear = two_suppliers()
    given = steering.instruct(match=cheap, kind=InstructionKind.BAN, reason="x", set_by=person(Role.STAFF))

    staff.post(f"/plan/instructions/{given.pk}/lift/")

    given.refresh_from_db()
    assert given.lifted_by == person(Role.STAFF)


def test_solving_again_starts_a_what_if_whose_plan_has_the_same_page(staff):
    cheap, dear = two_suppliers()
    steering.instruct(match=cheap, kind=InstructionKind.BAN, reason="x", set_by=person(Role.STAFF))

    response = staff.post("/plan/solve/")

    started = Run.objects.latest("pk")
    assert (started.kind, response["Location"]) == (RunKind.WHAT_IF, f"/runs/{started.pk}/")
    what_if = carry_out(RunKind.WHAT_IF)
    flows = staff.get(f"/plan/?run={what_if.pk}").context["flows"]
    assert [(flow.match, flow.quantity_kg) for flow in flows] == [(dear, 100_000)]


def test_pressing_twice_solves_once_until_the_book_is_read(staff):
    two_suppliers()

    first, second = (staff.post("/plan/solve/")["Location"] for _press in range(2))
    Run.objects.filter(kind=RunKind.WHAT_IF).update(book_cut_at=timezone.now())
    third = staff.post("/plan/solve/")["Location"]

    assert first == second != third
    assert Run.objects.filter(kind=RunKind.WHAT_IF).count() == 2


def test_solving_again_waits_for_the_what_ifs_that_are_under_way(staff):
    two_suppliers()
    for percent in range(1, 1 + MOST_UNDER_WAY):
        start_what_if(started_by=person(Role.STAFF), options={"freight_percent": str(percent)})

    page = staff.post("/plan/solve/", follow=True)

    assert "Several what-ifs are under way already." in page.content.decode()
    assert Run.objects.filter(kind=RunKind.WHAT_IF).count() == MOST_UNDER_WAY


def test_officer_reads_and_asks_nothing(client):
    two_suppliers()
    client.force_login(person(Role.OFFICER))

    page = client.get("/plan/").content.decode()

    assert "Whose capacity fills whose need?" in page
    assert "Keep out" not in page
    assert "/plan/solve/" not in page


def test_run_without_rows_of_its_plan_says_so(staff):
    small_book(1)
    run = carry_out()
    PlanLine.objects.all().delete()

    assert f"Run {run.pk} kept nothing of its plan" in staff.get("/plan/").content.decode()


@pytest.mark.parametrize("address", LISTS.values())
@pytest.mark.parametrize("number", ["9999999999", "99999999999999999999", "999999999"])
def test_list_of_a_run_that_is_not_there_is_not_that_of_the_newest(staff, address, number):
    small_book(1)
    carry_out()

    assert staff.get(f"{address}?run={number}").status_code in (400, 404)


def test_number_of_a_run_is_read_as_its_page_reads_it(staff):
    small_book(1)
    first = carry_out()
    carry_out()
    arabic = str(first.pk).translate({ord("0") + digit: chr(0x660 + digit) for digit in range(10)})

    answers = [staff.get(f"{page}?run={arabic}") for page in ("/plan/", *LISTS.values())]

    assert len({answer.status_code for answer in answers}) == 1
    assert all(answer.status_code == 400 or answer.context["run"] == first for answer in answers)
