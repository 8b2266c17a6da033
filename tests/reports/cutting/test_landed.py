"""A report of landed costs: every line and every sum is that of the page of the match."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.models import Company
from reports.cutting import landed
from reports.cutting.landed import LANDED
from reports.document import Waterfall, Words
from reports.enums import Subject
from reports.orders import Order
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, town
from tests.matching.found import finished_run, found, some_matches
from tests.matching.ways_there import ways_there
from tests.people import person
from tests.reports.cutting.kept import Kept, block, cut_of, table_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return person(Role.OFFICER)


def asked(**facts) -> Order:
    return Order(subject=Subject.LANDED, **facts)


def figure(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def told_on(page) -> list[tuple]:
    """The lines that the page of a match shows."""
    return [
        (
            row.words,
            figure(-row.low if row.is_taken_out and row.low is not None else row.low),
            figure(-row.high if row.is_taken_out and row.high is not None else row.high),
            row.guess.value,
            "; ".join(ground.code for ground in row.grounds),
        )
        for row in page["landed"].rows
    ]


@pytest.fixture
def one_pair():
    """A price FOB Kariangau that goes by sea and rail."""
    ways_there()
    goods = CommodityFactory()
    return found(finished_run(), need(goods), capacity(goods))


@pytest.fixture
def price_with_insurance():
    """A price that holds insurance, of which something is taken out."""
    ways_there(with_air=False)
    goods = CommodityFactory()
    offered = capacity(goods, incoterm="CIF", place=town(), price_amount=Decimal("1000.25"))
    return found(finished_run(), need(goods, incoterm="CIP"), offered)


@pytest.mark.parametrize("pair", ["one_pair", "price_with_insurance"])
def test_lines_and_sums_are_those_of_the_page(client, officer, request, pair):
    one_pair = request.getfixturevalue(pair)
    client.force_login(officer)
    page = client.get(f"/matches/{one_pair.match_id}/").context

    cut, rows = cut_of(LANDED, asked(), officer)

    lines = table_in(cut.document, rows, "lines")
    codes = [
        dict(zip((one.key for one in cut.document.table("lines").columns), row, strict=True)) for row in rows["lines"]
    ]
    assert [
        (line["line"], line["low"], line["high"], code["relied"], line["rests_on"])
        for line, code in zip(lines, codes, strict=True)
    ] == told_on(page)
    assert len(lines) >= 3
    (total,) = table_in(cut.document, rows, "sums")
    seen = page["landed"]
    assert {
        key: total[key] for key in ("landed_low", "landed_high", "at_least", "limit", "room", "lines", "guesses")
    } == {
        "landed_low": figure(seen.low),
        "landed_high": figure(seen.high),
        "at_least": figure(seen.at_least),
        "limit": figure(seen.limit),
        "room": figure(seen.room),
        "lines": str(len(seen.rows)),
        "guesses": str(len(seen.guesses)),
    }
    assert total["differs"] == ("otherwise than the run found" if page["cost_differs"] else "")


def test_every_language_has_its_own_words_and_the_same_figures(officer, one_pair):
    cut, rows = cut_of(LANDED, asked(), officer)

    english, kazakh = (table_in(cut.document, rows, "lines", language) for language in ("en", "kk"))
    assert [(row["low"], row["high"]) for row in english] == [(row["low"], row["high"]) for row in kazakh]
    assert all(one["line"] != other["line"] for one, other in zip(english, kazakh, strict=True))
    drawn = block(cut.document, Waterfall)
    assert [step["label"] for step in drawn["steps"]] == [*(row["line"] for row in english), "Landed, DAP Place KZALA"]
    assert [step["low"] for step in drawn["steps"][:-1]] == [row["low"] for row in english]


def test_filter_of_the_list_says_which_matches(officer):
    some_matches(CommodityFactory(), 3)
    first = some_matches(CommodityFactory(), 1)[0]

    cut, rows = cut_of(LANDED, asked(query=f"?commodity={first.match.capacity.commodity.code}"), officer)
    _cut, of_company = cut_of(LANDED, asked(companies=(first.match.need.company_id,)), officer)

    assert [row["match"] for row in table_in(cut.document, rows, "sums")] == [str(first.match_id)]
    assert [row[0] for row in of_company["sums"]] == [str(first.match_id)]


def test_what_the_user_may_not_see_is_not_in_it(officer):
    shown, hidden = some_matches(CommodityFactory(), 2)
    Company.objects.filter(pk=hidden.match.need.company_id).update(is_hidden=True)

    _cut, rows = cut_of(LANDED, asked(), officer)
    of_business = Kept()
    LANDED.cut(asked(), person(Role.BUSINESS), of_business)

    assert [row[0] for row in rows["sums"]] == [str(shown.match_id)]
    assert of_business.rows == {"lines": [], "sums": []}


def test_too_many_are_refused_in_words(officer, monkeypatch):
    monkeypatch.setattr(landed, "MOST_PAIRS", 1)
    some_matches(CommodityFactory(), 2)

    with pytest.raises(ValidationError) as refusal:
        LANDED.check(asked(), officer)

    assert refusal.value.code == "too_large"
    assert refusal.value.messages == [
        "Landed costs are told line by line of at most 1 matches; these are 2. Narrow the filter."
    ]


def test_preview_reckons_no_more_than_it_shows(officer, monkeypatch):
    monkeypatch.setattr(landed, "PAIRS_LOOKED_AT", 1)
    some_matches(CommodityFactory(), 2)

    cut, rows = cut_of(LANDED, asked(), officer, Kept(keeps=False))

    assert len(rows["sums"]) == 1
    assert cut.document.table("lines").note["en"] == "The first 1 of 2 matches."


def test_without_matches_the_document_says_so(officer):
    cut, rows = cut_of(LANDED, asked(), officer)

    assert rows == {"lines": [], "sums": []}
    assert block(cut.document, Words)["text"] == "No match passes this filter."


def test_queries_do_not_grow_with_rows(officer):
    counts = []
    goods = CommodityFactory()
    for pairs in (1, 3):
        some_matches(goods, pairs)
        with CaptureQueriesContext(connection) as queries:
            cut_of(LANDED, asked(), officer)
        counts.append(len(queries))

    assert counts[0] == counts[1]
