"""A report of needs that are not met: rows, rules and sentences are those of the page of the plan."""

import datetime as dt
from contextlib import nullcontext

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.models import Company
from matching.services import runs
from reports.cutting import rests, unmet
from reports.cutting.unmet import UNMET
from reports.document import Bars, Words
from reports.enums import Grouping, Subject
from reports.orders import Order
from tests.factories import CommodityFactory, CommodityGroupFactory
from tests.matching.book import capacity, company, need, open_corridor, small_book
from tests.matching.found import finished_run, found, planned
from tests.matching.steering.carried_out import carry_out
from tests.people import person
from tests.reports.cutting.kept import block, cut_of, table_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    monkeypatch.setattr(runs, "one_moment", nullcontext)


@pytest.fixture
def officer():
    return person(Role.OFFICER)


def asked(**facts) -> Order:
    return Order(subject=Subject.UNMET, **facts)


def near_need(**facts):
    """A need of which a plan leaves a part, for the exporter does not accept its payment term."""
    run, goods = finished_run(), CommodityFactory()
    flow = planned(found(run, need(goods, **facts), capacity(goods)))
    return flow.need, flow.capacity


def test_rows_are_those_of_the_page_with_rule_and_sentence(client, officer):
    small_book(2)
    carry_out()
    client.force_login(officer)
    listed = client.get("/plan/unmet/?sort=goods").context["page"].object_list

    cut, rows = cut_of(UNMET, asked(query="?sort=goods"), officer)

    told = table_in(cut.document, rows, "unmet")
    assert [
        (row["listing"], row["company"], row["goods"], float(row["left_t"]), row["rule"], row["says"]) for row in told
    ] == [
        (
            line.need.reference,
            line.need.company.name_registered,
            line.goods,
            line.left_kg / 1000,
            line.rule,
            line.sentence,
        )
        for line in listed
    ]
    assert len(told) == 2
    assert all(float(row["quantity_t"]) == float(row["planned_t"]) + float(row["left_t"]) for row in told)


def test_near_miss_says_what_would_open_it_in_codes_and_in_words(officer):
    open_corridor()
    _wanted, offered = near_need()

    cut, rows = cut_of(UNMET, asked(), officer)

    (row,) = table_in(cut.document, rows, "unmet")
    (russian,) = table_in(cut.document, rows, "unmet", "ru")
    assert {key: row[key] for key in ("rest", "rule", "partner", "change", "change_of", "left_t", "worth")} == {
        "rest": "one rule stands in the way",
        "rule": "Payment",
        "partner": offered.company.name_registered,
        "change": "One side accepts another payment term",
        "change_of": "cash against documents",
        "left_t": "40",
        "worth": "81.0",
    }
    assert row["says"] == (f"{offered.company}: The seller would have to accept this term: cash against documents.")
    assert russian["left_t"] == row["left_t"]
    assert russian["says"] not in ("", row["says"])


def test_partner_that_is_hidden_is_not_named(officer):
    open_corridor()
    _wanted, offered = near_need()
    Company.objects.filter(pk=offered.company_id).update(is_hidden=True, name_registered="Nobody may read this")

    cut, rows = cut_of(UNMET, asked(), officer)

    (row,) = table_in(cut.document, rows, "unmet")
    assert row["partner"] == ""
    assert "Nobody may read this" not in str(cut.document.to_json()) + str(rows)


def test_need_of_a_hidden_company_is_not_in_it(officer):
    open_corridor()
    wanted, _offered = near_need()
    Company.objects.filter(pk=wanted.company_id).update(is_hidden=True)

    cut, rows = cut_of(UNMET, asked(), officer)

    assert rows["unmet"] == []
    assert block(cut.document, Words)["text"] == "Every need is met."


def test_need_for_a_group_is_told_by_the_group(officer):
    open_corridor()
    wanted, _offered = near_need()
    group = CommodityGroupFactory()
    wanted.accepted.update(commodity=None, group=group)

    cut, rows = cut_of(UNMET, asked(), officer)

    (row,) = table_in(cut.document, rows, "unmet")
    assert (row["goods"], row["hs_code"]) == (group.name, "")
    assert block(cut.document, Bars)["bars"][0]["label"] == group.name


def test_many_rows_keep_their_codes_and_go_without_sentences(officer, monkeypatch):
    monkeypatch.setattr(unmet, "MOST_SAID", 0)
    open_corridor()
    near_need()

    cut, rows = cut_of(UNMET, asked(), officer)

    (row,) = table_in(cut.document, rows, "unmet")
    assert "says" not in row
    assert (row["rule"], row["change"]) == ("Payment", "One side accepts another payment term")


def test_period_companies_and_groups_narrow_and_sort(officer):
    open_corridor()
    importer = company("KZ")
    early, _offered = near_need(company=importer, window_from=dt.date(2027, 3, 1), window_until=dt.date(2027, 3, 31))
    cut, rows = cut_of(UNMET, asked(since=dt.date(2027, 3, 31), companies=(importer.pk,)), officer)
    _cut, later = cut_of(UNMET, asked(since=dt.date(2027, 4, 1)), officer)
    grouped, by_importer = cut_of(UNMET, asked(columns=("left_t",), grouping=Grouping.IMPORTER), officer)

    assert [row["listing"] for row in table_in(cut.document, rows, "unmet")] == [early.reference]
    assert later["unmet"] == []
    assert by_importer["unmet"] == [[importer.name_registered, "40"]]
    assert grouped.document.table("unmet").grouped_by == "company"


def test_without_a_run_the_document_says_so(officer):
    cut, rows = cut_of(UNMET, asked(), officer)

    assert rows == {"unmet": []}
    assert block(cut.document, Words)["text"] == "There is no plan yet: no run has finished."


def test_queries_do_not_grow_with_rows(officer):
    counts = []
    for headings in (1, 3):
        small_book(headings)
        carry_out()
        with CaptureQueriesContext(connection) as queries:
            cut_of(UNMET, asked(), officer)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert rests.CHUNK >= rests.MOST_SAID  # sentences are said of one chunk: their queries stay few
