"""The summary by sector: counts as the lists have them, USD as the overview, tonnes as the balance."""

from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from commodities.enums import Sector
from commodities.facts import Confidence
from companies.models import Company
from corridor.models import TradeFlow
from matching.figures.balance import balances
from matching.figures.worth import plan_of_today
from matching.lists import newest_run
from matching.services import runs
from matching.tallies import Tallies
from reports.cutting.sectors import SECTORS
from reports.document import Bars, Words
from reports.enums import Subject
from reports.orders import Order
from tests.factories import CommodityFactory, CommodityGroupFactory
from tests.matching.book import capacity, need, open_corridor, small_book
from tests.matching.steering.carried_out import carry_out
from tests.people import person
from tests.reports.cutting.kept import Kept, block, cut_of, table_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test(monkeypatch):
    monkeypatch.setattr(runs, "one_moment", nullcontext)


@pytest.fixture
def officer():
    return person(Role.OFFICER)


def asked(**facts) -> Order:
    return Order(subject=Subject.SECTORS, **facts)


@pytest.fixture
def two_sectors():
    """Fish of two importers, of which one gets all and one a part; palm oil of which nobody asks enough."""
    open_corridor()
    fish, oil = CommodityFactory(sector=Sector.FISHERIES), CommodityFactory(sector=Sector.PALM_OIL)
    need(fish)
    need(fish, quantity_kg=700_000)
    capacity(fish)
    need(oil)
    capacity(oil)
    capacity(oil)
    return carry_out()


def test_counts_are_those_of_the_lists(client, officer, two_sectors):
    client.force_login(officer)

    cut, rows = cut_of(SECTORS, asked(), officer)

    told = {row["sector"]: row for row in table_in(cut.document, rows, "sectors")}
    assert {
        name: (row["needs"], row["importers"], row["capacities"], row["exporters"]) for name, row in told.items()
    } == {
        "Fisheries": ("2", "2", "1", "1"),
        "Palm oil": ("1", "1", "2", "2"),
    }
    for name, code in (("Fisheries", "fisheries"), ("Palm oil", "palm_oil")):
        here = f"sector={code}&direction=ID-KZ"
        counts = [
            str(client.get(address).context["page"].paginator.count)
            for address in (f"/matches/?{here}", f"/matches/?plan=in&{here}", f"/plan/unmet/?{here}")
        ]
        assert [told[name][key] for key in ("matches", "planned_pairs", "unmet")] == counts
        assert told[name]["direction"] == "Indonesia to Kazakhstan"


def test_usd_is_that_of_the_overview(officer, two_sectors):
    cut, rows = cut_of(SECTORS, asked(), officer)

    (way,) = plan_of_today(officer, Tallies()).directions
    worth = {
        one.label: (f"{one.asked:.2f}", f"{one.landed_low:.2f}", f"{one.landed_high:.2f}", str(one.without_landed))
        for one in way.sectors
    }
    assert {
        row["sector"]: (row["asked_usd"], row["landed_low_usd"], row["landed_high_usd"], row["without_landed"])
        for row in table_in(cut.document, rows, "sectors")
    } == worth
    assert len(worth) == 2


def test_tonnes_stand_with_one_kind_of_goods_as_in_the_balance(officer, two_sectors):
    cut, rows = cut_of(SECTORS, asked(), officer)

    told = table_in(cut.document, rows, "goods")
    expected = balances(officer, timezone.localdate(), newest_run(officer))
    assert [
        tuple(float(row[key]) * 1000 for key in ("wanted_t", "offered_t", "planned_t", "open_t")) for row in told
    ] == [(row.wanted_kg, row.offered_kg, row.planned_kg, row.open_kg) for row in expected]
    assert [row["goods"] for row in told] == [row.node.name for row in expected]
    assert not [column for column in cut.document.table("sectors").columns if column.key.endswith("_t")]


def test_goods_of_a_group_stand_under_its_name_and_in_its_sector(officer):
    open_corridor()
    group = CommodityGroupFactory(sector=Sector.FISHERIES)
    need(CommodityFactory()).accepted.update(commodity=None, group=group)

    cut, rows = cut_of(SECTORS, asked(), officer)

    (goods,), (sector,) = (table_in(cut.document, rows, key) for key in ("goods", "sectors"))
    assert (goods["goods"], goods["sector"]) == (group.name, "Fisheries")
    assert (sector["sector"], sector["needs"]) == ("Fisheries", "1")


def test_official_figures_name_reporter_year_and_source(officer):
    facts = {"reporter": "KZ", "partner": "ID", "flow": "import", "period_type": "year", "currency": "USD"}
    facts |= {"source": "Bureau of National Statistics", "confidence": Confidence.SECONDARY}
    TradeFlow.objects.create(code="TF1", period="2023", value=100_000_000, **facts)
    TradeFlow.objects.create(code="TF2", period="2024", value=120_000_000, **facts)
    TradeFlow.objects.create(code="TF3", period="2025", value=None, **facts)

    cut, rows = cut_of(SECTORS, asked(), officer)

    assert table_in(cut.document, rows, "trade") == [
        {
            "reporter": "Kazakhstan",
            "partner": "Indonesia",
            "flow": "Imports",
            "period": "2024",
            "value": "120000000.00",
            "currency": "USD",
            "source": "Bureau of National Statistics",
            "confidence": "one secondary source",
            "silent": "2025",
        }
    ]


def test_sector_and_direction_narrow_it(officer, two_sectors):
    cut, rows = cut_of(SECTORS, asked(query="?sector=fisheries&direction=ID-KZ"), officer)

    assert [row["sector"] for row in table_in(cut.document, rows, "sectors")] == ["Fisheries"]
    assert {row["sector"] for row in table_in(cut.document, rows, "goods")} == {"Fisheries"}
    chart = block(cut.document, Bars, title="Which sectors have most matches?")
    assert ([line["label"] for line in chart["bars"]], chart["unit"]) == (["Fisheries, Indonesia to Kazakhstan"], "")


def test_every_language_has_the_same_figures(officer, two_sectors):
    cut, rows = cut_of(SECTORS, asked(), officer)

    english, indonesian = (table_in(cut.document, rows, "sectors", language) for language in ("en", "id"))
    figures = [key for key in english[0] if key not in ("sector", "direction")]
    assert [[row[key] for key in figures] for row in english] == [[row[key] for key in figures] for row in indonesian]
    assert english[0]["sector"] != indonesian[0]["sector"]


def test_hidden_company_and_business_users_see_nothing_of_it(officer, two_sectors):
    Company.objects.update(is_hidden=True)

    _cut, rows = cut_of(SECTORS, asked(), officer)
    Company.objects.update(is_hidden=False)
    of_business = Kept()
    SECTORS.cut(asked(), person(Role.BUSINESS), of_business)

    assert (rows["sectors"], rows["goods"]) == ([], [])
    assert (of_business.rows["sectors"], of_business.rows["goods"]) == ([], [])


def test_without_a_run_the_document_says_so(officer):
    cut, rows = cut_of(SECTORS, asked(), officer)

    assert rows == {"sectors": [], "goods": [], "trade": []}
    assert block(cut.document, Words)["text"] == "There is no plan yet: no run has finished."


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"query": "?sector=moon"}, "moon is no choice here."),
        ({"query": "?colour=red"}, "colour is no filter of this list."),
        ({"since": timezone.localdate()}, "A summary by sector is of today. Choose no period."),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(officer, facts, words):
    with pytest.raises(ValidationError) as refusal:
        SECTORS.check(asked(**facts), officer)

    assert refusal.value.messages == [words]


def test_queries_do_not_grow_with_rows(officer):
    counts = []
    for headings in (1, 3):
        small_book(headings)
        carry_out()
        with CaptureQueriesContext(connection) as queries:
            cut_of(SECTORS, asked(), officer)
        counts.append(len(queries))

    assert counts[0] == counts[1]
