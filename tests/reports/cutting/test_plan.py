"""A report of the plan: its rows and figures are those of the page of the plan, in every language the same."""

import datetime as dt
from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import figures
from accounts.enums import Role
from companies.models import Company
from matching.enums import InstructionKind
from matching.models import PlanFlow
from matching.plan_page.rows import shipped
from matching.services import runs, steering
from reports.cutting.plan import PLAN
from reports.cutting.plan_words import landed
from reports.document import Bars, Flows, Words
from reports.enums import Grouping, Subject
from reports.orders import Order
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor, small_book
from tests.matching.found import finished_run, found, planned
from tests.matching.steering.carried_out import carry_out, two_suppliers
from tests.people import person
from tests.reports.cutting.kept import Kept, block, cut_of, read_in, table_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    monkeypatch.setattr(runs, "one_moment", nullcontext)


@pytest.fixture
def officer():
    return person(Role.OFFICER)


@pytest.fixture
def page(client, officer):
    """What a page of the plan shows the officer."""
    client.force_login(officer)
    return lambda address: client.get(address).context


def plan(**asked) -> Order:
    return Order(subject=Subject.PLAN, **asked)


def about(cut, language: str = "en") -> dict[str, str]:
    return {read_in(line.label, language): read_in(line.value, language) for line in cut.document.about}


def tonnes(kg: int) -> float:
    return kg / 1000


def with_t(number: str) -> str:
    return f"{number}\N{NO-BREAK SPACE}t"


def test_rows_and_figures_are_those_of_the_page(page, officer):
    small_book(2)
    carry_out()
    shown = page("/plan/")
    listed = page("/plan/flows/")["page"].object_list

    cut, rows = cut_of(PLAN, plan(), officer)

    told = table_in(cut.document, rows, "flows")
    assert [
        (
            int(row["match"]),
            row["exporter"],
            row["importer"],
            row["goods"],
            row["hs_code"],
            float(row["planned_t"]),
            row["shipped"],
            row["delivered"],
            float(row["score"]),
        )
        for row in told
    ] == [
        (
            flow.match_id,
            flow.capacity.company.name_registered,
            flow.need.company.name_registered,
            flow.capacity.commodity.name,
            flow.capacity.commodity.hs_code,
            tonnes(flow.quantity_kg),
            shipped(flow),
            figures.month(flow.last_month),
            round(flow.score_ppm / 10_000, 1),
        )
        for flow in listed
    ]
    words, seen = about(cut), shown["figures"]
    assert words["pairs in the plan"] == figures.decimal(seen.flows)
    assert words["kinds of goods in it"] == figures.decimal(seen.kinds_moved)
    assert words["worth, at landed cost"] == landed(seen)
    assert words[f"not met in full, of {seen.needs} needs"] == figures.decimal(seen.unmet_needs)
    assert words[f"not used up, of {seen.capacities} capacities"] == figures.decimal(seen.unused_capacities)
    assert words["worth, as tonnes at full score"] == with_t(figures.shortest(shown["quality"].value, 1))
    assert words["proven upper bound"] == with_t(figures.shortest(shown["quality"].bound, 1))
    assert words["worth more than taking the best pair first"] == (
        f"{figures.shortest(shown['quality'].over_greedy_percent, 1)}%"
    )


@pytest.mark.parametrize(("key", "side"), [("unmet", "need"), ("unused", "capacity")])
def test_rests_are_those_of_the_page_with_its_sentences(page, officer, key, side):
    small_book(2)
    carry_out()
    listed = page(f"/plan/{key}/")["page"].object_list

    cut, rows = cut_of(PLAN, plan(), officer)

    told = table_in(cut.document, rows, key)
    assert [
        (row["company"], row["goods"], row["place"], float(row["quantity_t"]), float(row["left_t"]), row["says"])
        for row in told
    ] == [
        (
            line.listing.company.name_registered,
            line.goods,
            line.place.name,
            tonnes(line.quantity_kg),
            tonnes(line.left_kg),
            line.sentence,
        )
        for line in listed
    ]
    assert [row["rule"] for row in told] == [line.rule for line in listed] != []


def test_pictures_add_up_no_goods_of_different_kinds_but_by_sector_and_direction(officer):
    small_book(2)
    carry_out()

    cut, rows = cut_of(PLAN, plan(), officer)

    told = table_in(cut.document, rows, "flows")
    of_goods: dict[str, float] = {}
    for row in told:
        of_goods[row["goods"]] = of_goods.get(row["goods"], 0) + float(row["planned_t"])
    bars = {line["label"]: float(line["value"]) for line in block(cut.document, Bars)["bars"]}
    flows = next(one for one in cut.document.blocks if isinstance(one, Flows)).flows
    assert bars == of_goods
    assert sum(float(kg) for _origin, _to, _sector, kg in flows) == sum(of_goods.values()) > 0


def test_every_language_has_the_same_figures_in_its_own_words(officer):
    small_book(1)
    carry_out()

    cut, rows = cut_of(PLAN, plan(), officer)

    english, russian = (table_in(cut.document, rows, "flows", language) for language in ("en", "ru"))
    assert [row["planned_t"] for row in english] == [row["planned_t"] for row in russian] != []
    assert english[0]["direction"] == "Indonesia to Kazakhstan"
    assert russian[0]["direction"] == "Индонезия – Казахстан" != english[0]["direction"]


def test_filters_and_order_are_those_of_the_page(page, officer):
    small_book(3)
    carry_out()
    goods = PlanFlow.objects.order_by("pk")[0].capacity.commodity
    address = f"commodity={goods.code}&sort=exporter&page=1"
    listed = page(f"/plan/flows/?{address}")["page"].object_list

    cut, rows = cut_of(PLAN, plan(query=f"?{address}"), officer)

    assert [int(row["match"]) for row in table_in(cut.document, rows, "flows")] == [flow.match_id for flow in listed]
    assert {row["goods"] for row in table_in(cut.document, rows, "unmet")} == {goods.name}
    assert about(cut)["Filter"] == f"Goods: {goods.name}"


def test_companies_narrow_the_flows_and_what_is_left(officer):
    small_book(2)
    carry_out()
    exporter = PlanFlow.objects.order_by("pk")[0].capacity.company

    cut, rows = cut_of(PLAN, plan(companies=(exporter.pk,)), officer)

    assert {row["exporter"] for row in table_in(cut.document, rows, "flows")} == {exporter.name_registered}
    assert rows["unmet"] == []
    assert exporter.name_registered in about(cut)["Filter"]


def test_period_leaves_what_is_delivered_within_its_months(officer):
    open_corridor()
    run, goods = finished_run(), CommodityFactory()
    flow = planned(found(run, need(goods), capacity(goods)))
    flow.months = [["2027-01-01", "2027-03-01", 20_000], ["2027-02-01", "2027-04-01", 40_000]]
    flow.save()

    cut, rows = cut_of(PLAN, plan(since=dt.date(2027, 4, 10), until=dt.date(2027, 4, 20)), officer)
    _later, none = cut_of(PLAN, plan(since=dt.date(2027, 5, 1)), officer)

    (row,) = table_in(cut.document, rows, "flows")
    assert (row["planned_t"], row["shipped"], row["ships_from"], row["arrives_by"]) == (
        "40",
        "Feb 2027",
        "2027-02-01",
        "2027-04-30",
    )
    assert about(cut)["planned"] == with_t("40")
    assert about(cut)["Filter"] == "Delivered within: 10–20 Apr 2027"
    assert none["flows"] == []


def test_chosen_columns_come_in_their_order_and_rows_by_their_group(officer):
    small_book(3)
    carry_out()

    cut, rows = cut_of(PLAN, plan(columns=("planned_t", "exporter"), grouping=Grouping.GOODS), officer)

    table = cut.document.table("flows")
    goods = [row[0] for row in rows["flows"]]
    assert [column.key for column in table.columns] == ["goods", "planned_t", "exporter"]
    assert table.grouped_by == "goods"
    assert len([one for at, one in enumerate(goods) if at == 0 or goods[at - 1] != one]) == len(set(goods)) == 3


def test_what_staff_ask_is_told_without_their_reasons(officer):
    cheap, dear = two_suppliers()
    steering.instruct(
        match=dear, set_by=person(Role.STAFF), kind=InstructionKind.PIN, reason="They promised.", quantity_kg=60_000
    )
    carry_out()
    steering.instruct(match=cheap, set_by=person(Role.STAFF), kind=InstructionKind.BAN, reason="Quarrel.")

    cut, rows = cut_of(PLAN, plan(), officer)

    told = table_in(cut.document, rows, "asked")
    assert {(row["match"], row["asked"], row["at_least_t"], row["became"]) for row in told} == {
        (str(dear.pk), "in the plan", "60", "followed"),
        (str(cheap.pk), "not in the plan", None, "not yet: it came after this run"),
    }
    assert "promised" not in str(cut.document.to_json()) + str(rows)
    assert about(cut)["Asked since"] == "1 instruction was given or lifted after this run."


def test_hidden_company_is_in_no_part_of_it(officer):
    _cheap, dear = two_suppliers()
    steering.instruct(match=dear, set_by=person(Role.STAFF), kind=InstructionKind.PIN, reason="x", quantity_kg=60_000)
    carry_out()
    hidden = dear.capacity.company
    Company.objects.filter(pk=hidden.pk).update(is_hidden=True, name_registered="Nobody may read this")

    cut, rows = cut_of(PLAN, plan(), officer)

    assert "Nobody may read this" not in str(cut.document.to_json()) + str(rows)
    assert rows["asked"] == []


def test_business_sees_nothing_of_a_plan():
    small_book(1)
    carry_out()

    put = Kept()
    cut = PLAN.cut(plan(), person(Role.BUSINESS), put)

    assert put.rows == {"flows": [], "unmet": [], "unused": [], "asked": []}
    assert cut.run is None


def test_without_a_run_the_document_says_so(officer):
    cut, rows = cut_of(PLAN, plan(), officer)

    assert rows == {"flows": [], "unmet": [], "unused": [], "asked": []}
    assert block(cut.document, Words)["text"] == "There is no plan yet: no run has finished."
    assert cut.run is None


def test_run_that_kept_no_plan_says_so(officer):
    run = finished_run()

    cut, _rows = cut_of(PLAN, plan(), officer)

    assert block(cut.document, Words)["text"].startswith(f"Run {run.pk} kept nothing of its plan")
    assert cut.run == run


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"query": "colour=red"}, "colour is no filter of this list."),
        ({"query": "run=987654"}, "Run 987654 made no plan that could be told."),
        ({"columns": ("price",)}, "This report has no column price."),
        ({"companies": (987654,)}, "One of the companies is not there any more."),
        ({"since": dt.date(2027, 2, 1), "until": dt.date(2027, 1, 1)}, "The last day lies before the first."),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(officer, asked, words):
    with pytest.raises(ValidationError) as refusal:
        PLAN.check(plan(**asked), officer)

    assert refusal.value.messages == [words]


def test_queries_do_not_grow_with_rows(officer):
    counts = []
    for headings in (1, 3):
        small_book(headings)
        carry_out()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            cut_of(PLAN, plan(), officer)
        counts.append(len(asked))

    assert counts[0] == counts[1]
