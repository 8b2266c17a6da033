"""What a report of matches holds: the rows of a filter, every figure as the pages show it, and what they rest on."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from commodities.enums import Sector
from commodities.facts import Confidence
from companies.enums import CompanyKind
from corridor.models import ExchangeRate, FreightQuote
from reports.cutting.match_columns import COLUMNS, DIRECTION
from reports.cutting.matches import MATCHES, beginning_of
from reports.document import Bars, TableOf, read_in
from reports.enums import Grouping, Subject
from reports.orders import Order
from reports.unkept import frozen_once
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, capacity, company, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person

pytestmark = pytest.mark.django_db
ALL = Order(subject=Subject.MATCHES)


@pytest.fixture
def officer():
    return person(Role.OFFICER)


@pytest.fixture
def book():
    """Fish and oil from two sellers to two buyers: four matches, the best first."""
    open_corridor()
    fish = CommodityFactory(name_en="Shrimp", sector=Sector.FISHERIES)
    oil = CommodityFactory(name_en="Oil", sector=Sector.PALM_OIL)
    sellers = [company("ID", name_registered=name) for name in ("PT B", "PT A")]
    buyers = [company("KZ", name_registered=name) for name in ("ТОО Б", "ТОО А")]
    run = finished_run()
    pairs = [(fish, 0, 0), (oil, 1, 0), (fish, 1, 1), (oil, 0, 1)]
    return [
        found(
            run,
            need(goods, company=buyers[buyer]),
            capacity(goods, company=sellers[seller]),
            score_ppm=900_000 - number * 100_000,
        )
        for number, (goods, seller, buyer) in enumerate(pairs)
    ]


def rows_of(order: Order, user) -> list[dict]:
    MATCHES.check(order, user)
    with frozen_once(lambda put: MATCHES.cut(order, user, put)) as frozen:
        (table,) = frozen.document.tables
        return [dict(zip((column.key for column in table.columns), row, strict=True)) for row in frozen.rows("matches")]


def document_of(order: Order, user):
    with frozen_once(lambda put: MATCHES.cut(order, user, put)) as frozen:
        return frozen.document


def numbers(rows: list[dict]) -> list[int]:
    return [int(row["match"]) for row in rows]


@pytest.mark.parametrize(("grouping", "key", "order"), [
    (Grouping.NONE, "match", [0, 1, 2, 3]),
    (Grouping.SECTOR, "sector", [0, 2, 1, 3]),
    (Grouping.GOODS, "goods", [1, 3, 0, 2]),
    (Grouping.DIRECTION, "direction", [0, 1, 2, 3]),
    (Grouping.EXPORTER, "exporter", [1, 2, 0, 3]),
    (Grouping.IMPORTER, "importer", [2, 3, 0, 1]),
])  # fmt: skip
def test_groups_stand_together_and_inside_them_the_best_first(book, officer, grouping, key, order):
    asked = replace(ALL, grouping=grouping)

    rows = rows_of(asked, officer)

    assert numbers(rows) == [book[number].match_id for number in order]
    assert key in rows[0]
    assert document_of(asked, officer).tables[0].grouped_by == ("" if grouping == Grouping.NONE else key)


def test_a_column_that_is_asked_for_many_times_is_cut_once(book, officer):
    asked = replace(ALL, columns=("score", "match", *("score",) * 900))

    with frozen_once(lambda put: MATCHES.cut(asked, officer, put)) as made:
        keys = [column.key for column in made.document.tables[0].columns]
        widths = {len(row) for row in made.rows("matches")}

    assert (keys, widths) == (["score", "match"], {2})


def test_only_the_columns_asked_for_are_cut_in_their_order(book, officer):
    asked = replace(ALL, columns=("score", "match"), query="sector=fisheries&sort=score")

    assert rows_of(asked, officer) == [
        {"score": "70.0", "match": str(book[2].match_id)},
        {"score": "90.0", "match": str(book[0].match_id)},
    ]


def test_names_come_with_the_same_in_latin_letters(officer):
    goods, asked = CommodityFactory(), replace(ALL, columns=("match", "importer", "exporter", "score"))
    open_corridor()
    buyer = company("KZ", name_registered="ТОО «Мысал Нан»", name_latin="TOO Mysal Nan")
    seller = company("ID", name_registered="PT Contoh", name_latin="")
    match = found(finished_run(), need(goods, company=buyer), capacity(goods, company=seller), score_ppm=900_000).match

    (row,) = rows_of(asked, officer)

    assert list(row.items()) == [
        ("match", str(match.pk)),
        ("importer", "ТОО «Мысал Нан»"),
        ("importer_latin", "TOO Mysal Nan"),
        ("exporter", "PT Contoh"),
        ("exporter_latin", ""),
        ("score", "90.0"),
    ]
    document = document_of(asked, officer)
    assert document.blocks == (TableOf(table="matches", columns=asked.columns),)
    assert [(column.key, column.latin) for column in document.tables[0].columns if column.latin] == [
        ("importer", "importer_latin"),
        ("exporter", "exporter_latin"),
    ]


def test_matches_of_companies_and_of_a_period(book, officer):
    seller = book[0].match.capacity.company
    day, before = dt.date(2027, 1, 4), dt.date(2027, 1, 3)

    assert numbers(rows_of(replace(ALL, companies=(seller.pk,)), officer)) == [book[0].match_id, book[3].match_id]
    assert len(rows_of(replace(ALL, since=day, until=day), officer)) == 4
    assert rows_of(replace(ALL, until=before), officer) == []
    assert rows_of(replace(ALL, new_since=book[0].run.finished_at), officer) == []
    assert len(rows_of(replace(ALL, new_since=beginning_of(day)), officer)) == 4


def test_narrowing_is_told_in_words_of_each_language(book, officer):
    seller = book[0].match.capacity.company
    asked = replace(ALL, companies=(seller.pk,), since=dt.date(2027, 1, 4), query="sector=fisheries")

    (told,) = [line.value for line in document_of(asked, officer).about if read_in(line.label, "en") == "Filter"]

    assert told["en"] == "Sector: Fisheries; Companies: PT B; First found: from 4 Jan 2027"
    assert "PT B" in told["kk"]
    assert len(set(told.values())) == 4


def test_figures_are_rounded_as_pages_round_them(officer):
    goods = CommodityFactory()
    open_corridor()
    price = {"ask_usd_per_t": 812.125, "limit_usd_per_t": 812.135, "landed_low_usd_per_t": 900.0}
    found(
        finished_run(),
        need(goods),
        capacity(goods),
        score_ppm=700_500,
        could_reach_ppm=701_500,
        movable_kg=1_234_567,
        landed_low_usd_per_t=Decimal("1000.5"),
        facts={"price": price},
    )

    (row,) = rows_of(ALL, officer)

    expected = {
        "score": "70.0",
        "could_reach": "70.2",
        "ask": "812.12",
        "limit": "812.14",
        "movable_t": "1234.567",
        "planned_t": "0.000",
        "landed_low": "1000.50",
        "window_from": "2027-03-01",
        "first_found": "2027-01-04",
    }
    assert {key: row[key] for key in expected} == expected


@pytest.mark.parametrize(("facts", "currency", "rests_on"), [
    ({}, "USD", None),
    ({"price": None}, "USD", None),
    ({"price": {"landed_low_usd_per_t": 900.0, "rests_on_examples": False}}, "USD", "quoted"),
    ({"price": {"landed_low_usd_per_t": 900.0, "rests_on_examples": True}}, "USD", "example"),
    ({"price": {"landed_low_usd_per_t": 900.0, "rests_on_examples": False}}, "IDR", "example"),
    ({}, "KZT", "quoted"),
])  # fmt: skip
def test_a_cost_rests_on_the_weakest_of_its_lines_and_rates(officer, facts, currency, rests_on):
    goods = CommodityFactory()
    open_corridor()
    rate = {"on": AS_OF, "source": "a test"}
    ExchangeRate.objects.create(currency="IDR", usd_per_unit=Decimal("0.00006"), confidence=Confidence.EXAMPLE, **rate)
    ExchangeRate.objects.create(currency="KZT", usd_per_unit=Decimal("0.002"), confidence=Confidence.VERIFIED, **rate)
    found(finished_run(), need(goods, price_currency=currency), capacity(goods), facts=facts)

    (row,) = rows_of(ALL, officer)

    assert row["cost_rests_on"] == rests_on


def test_words_are_there_for_every_code_that_occurs(book, officer):
    asked = replace(ALL, grouping=Grouping.DIRECTION)
    rows, document = rows_of(asked, officer), document_of(asked, officer)

    for column in document.tables[0].columns:
        if column.kind in ("code", "codes"):
            codes = {code for row in rows if row[column.key] for code in row[column.key].split(" ")}
            codes = {row[column.key] for row in rows if row[column.key]} if column.kind == "code" else codes
            assert codes <= set(column.words), column.key
    assert read_in(document.tables[0].columns[0].words["ID-KZ"], "en") == "Indonesia to Kazakhstan"


def test_paper_says_which_goods_have_most_matches_and_prints_what_there_is_room_for(book, officer):
    bars, printed = document_of(ALL, officer).blocks

    assert (type(bars), bars.unit) == (Bars, "")  # no noun that would have to agree with its number
    assert {(read_in(bar.label, "en"), bar.value) for bar in bars.bars} == {("Shrimp", "2"), ("Oil", "2")}
    assert printed == TableOf(
        table="matches",
        columns=(
            "match",
            "exporter",
            "importer",
            "goods",
            "score",
            "movable_t",
            "landed_low",
            "landed_high",
            "not_known",
        ),
    )


def test_nothing_is_an_example_where_companies_and_quotes_are_real(officer):
    goods, real = CommodityFactory(), {"kind": CompanyKind.REGISTERED}
    open_corridor()
    FreightQuote.objects.update(confidence=Confidence.VERIFIED)
    found(finished_run(), need(goods, company=company("KZ", **real)), capacity(goods, company=company("ID", **real)))

    document = document_of(ALL, officer)

    labels = [read_in(line.label, "en") for line in document.about]
    assert (document.has_examples, {"Example", "Freight and rates"} & set(labels)) == (False, set())


def test_hidden_companies_and_business_users_find_nothing(book, officer):
    company_of = book[0].match.capacity.company
    company_of.is_hidden = True
    company_of.save()

    assert numbers(rows_of(ALL, officer)) == [book[1].match_id, book[2].match_id]
    with pytest.raises(ValidationError, match="not there any more"):
        MATCHES.check(replace(ALL, companies=(company_of.pk,)), officer)
    with frozen_once(lambda put: MATCHES.cut(ALL, person(Role.BUSINESS), put)) as frozen:
        assert list(frozen.rows("matches")) == []


@pytest.mark.parametrize(("order", "words"), [
    ({"query": "sector=silk"}, "silk is no choice here."),
    ({"query": "sort=x"}, ""),
    ({"columns": ("nonsense",)}, "This report has no column nonsense."),
    ({"companies": (999_999_999,)}, "One of the companies is not there any more."),
])  # fmt: skip
def test_orders_that_nobody_can_answer_are_refused_in_words(book, officer, order, words):
    with pytest.raises(ValidationError, match=words):
        MATCHES.check(replace(ALL, **order), officer)


@pytest.mark.parametrize("language", ["id", "en", "ru", "kk"])
def test_titles_of_columns_are_told_apart_in_every_language(language):
    titles = [read_in(column.frozen().title, language).casefold() for column in (*COLUMNS, DIRECTION)]

    assert [title for title in titles if titles.count(title) > 1] == []
