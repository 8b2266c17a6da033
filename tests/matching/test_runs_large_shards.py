"""Results of large shards: merged in the database, with facts that are read in the shard, say what small ones say."""

from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from matching.models import ListedMatch, Match, MatchResult
from matching.services import results, staging
from matching.services.decimals import NO_CENTS, in_cents, rounded
from matching.services.solved import money, pair_rows, solved_shards
from matching.told_facts import facts_of, result_facts
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor, small_book
from tests.matching.found import stored
from tests.matching.test_columns import Maker
from tests.matching.test_runs import _in_the_transaction_of_the_test, official  # noqa: F401


def as_rows(run) -> list[dict]:
    """What was found, row by row and in plain Python."""
    found = []
    for market, solution in solved_shards(run):
        for row in pair_rows(market, solution, run.as_of):
            found.append(row | {"pair": (row.pop("need_id"), row.pop("capacity_id"))})
    return sorted(found, key=lambda row: row["pair"])


def known_to_the_database(model) -> int:
    """How many rows it counts on when it plans a question; -1: it has never looked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [model._meta.db_table])
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [0, 5000])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_stored_is_what_the_shards_say(monkeypatch, kept, seed):
    monkeypatch.setattr(results, "FACTS_KEPT", kept)
    Maker(seed)
    small_book(headings=2)

    run = official()

    rows = MatchResult.objects.filter(run=run).select_related("match").order_by("match__need_id", "match__capacity_id")
    assert [stored(row) for row in rows] == as_rows(run) != []
    assert {row.shard_id is None for row in rows} == {kept > 0}


@pytest.mark.django_db
def test_the_database_knows_how_many_rows_a_large_run_wrote(monkeypatch):
    monkeypatch.setattr(results, "FEW", -1)
    small_book(headings=2)

    official()

    assert known_to_the_database(ListedMatch) == ListedMatch.objects.count() > 0


@pytest.mark.django_db
def test_the_database_knows_how_many_matches_there_are_before_results_name_them(monkeypatch):
    most_in_a_shard = 4  # two needs by two capacities: all shards together have more
    monkeypatch.setattr(staging, "FEW", most_in_a_shard)
    small_book(headings=3)

    official()

    assert most_in_a_shard < known_to_the_database(Match) <= Match.objects.count()


@pytest.mark.django_db
def test_facts_stay_what_the_run_found_when_listings_change(monkeypatch):
    monkeypatch.setattr(results, "FACTS_KEPT", 0)
    open_corridor()
    goods = CommodityFactory()
    need(goods)
    listing = capacity(goods)
    official()
    result = Match.objects.get().latest
    before = result_facts(result)

    listing.price_amount = Decimal(5000)
    listing.save()

    assert result_facts(MatchResult.objects.get(pk=result.pk)) == before
    assert before["price"]["facts"]["ask_usd_per_t"] == 800.0
    assert result.facts == {"price": before["price"]["facts"]}


@pytest.mark.django_db
def test_facts_of_a_page_cost_the_same_queries_for_one_result_as_for_many(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(results, "FACTS_KEPT", 0)
    small_book(headings=2)
    official()

    few, many = list(MatchResult.objects.all()[:1]), list(MatchResult.objects.all())

    with django_assert_num_queries(2):
        facts_of(few)
    with django_assert_num_queries(2):
        facts_of(many)

    with django_assert_num_queries(0):
        facts_of(many)


@given(st.lists(st.floats(min_value=-1e12, max_value=1e12) | st.just(float("nan")), max_size=20), st.integers(2, 6))
def test_columns_are_rounded_as_python_rounds_one_number(values, digits):
    found = rounded(np.array(values, float), digits)

    assert found.tolist() == pytest.approx([round(value, digits) for value in values], rel=0, abs=0, nan_ok=True)


@given(st.lists(st.integers(-(10**13), 10**13).map(lambda n: n / 1e6) | st.integers(0, 10**9).map(lambda n: n / 200)))
def test_money_in_columns_is_rounded_as_a_decimal(values):
    found = in_cents(np.array([*values, np.nan]))

    assert [Decimal(cents).scaleb(-2) for cents in found.tolist()[:-1]] == [money(value) for value in values]
    assert found[-1] == NO_CENTS
