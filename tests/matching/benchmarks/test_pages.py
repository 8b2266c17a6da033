"""The pages' benchmark: pairs without a search, and the section that tells what was measured."""

import datetime as dt

import pghistory
import pytest
from django.db.models import Count, Sum

from matching.benchmarks import page_rows
from matching.benchmarks.page_rows import made_before, make_pairs, remove_pairs
from matching.benchmarks.page_times import PageTimes, Waits
from matching.benchmarks.pages_page import section
from matching.models import Allocation, ListedMatch, Match, MatchResult, NearMiss, PlanFlow, PlanLine
from matching.names import reader_names
from matching.texts import near_miss
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.listed.recomputed import kept, recomputed


@pytest.mark.django_db(transaction=True)
def test_made_pairs_are_listed_and_taken_away_again():
    open_corridor()
    goods = CommodityFactory()
    for _listing in range(6):
        need(goods)
        capacity(goods)

    with pghistory.context(command="benchmark"):  # as a command at the terminal is kept in history
        made = make_pairs(12)
    planned = {
        "results": MatchResult.objects.filter(planned_kg__gt=0).aggregate(kg=Sum("planned_kg"), rows=Count("pk")),
        "flows": PlanFlow.objects.filter(run=made.run).aggregate(kg=Sum("quantity_kg"), rows=Count("pk")),
        "allocations": Allocation.objects.filter(run=made.run).aggregate(kg=Sum("quantity_kg"), rows=Count("pk")),
    }
    lines = PlanLine.objects.filter(run=made.run).aggregate(kg=Sum("planned_kg"), rows=Count("pk"))
    listed, rows, marked = ListedMatch.objects.of_today().count(), kept() == recomputed(), made_before() == [made.run]
    paired = set(Match.objects.values_list("need", "capacity"))
    missed = {(miss.need_id, miss.capacity_id): miss for miss in NearMiss.objects.current()}
    told = {near_miss(miss.rule, miss.side, miss.change, reader_names()).sentence for miss in missed.values()}
    remove_pairs(made.run)

    assert missed
    assert paired.isdisjoint(missed)
    assert len(told) == len({miss.rule for miss in missed.values()}) > 1
    assert (made.pairs, listed, rows, marked) == (12, 12, True, True)
    assert all(found == {"kg": 20_000 * 2, "rows": 1} for found in planned.values())
    assert lines == {"kg": 2 * 20_000 * 2, "rows": 12}
    left = (Match, MatchResult, ListedMatch, NearMiss, PlanFlow, PlanLine, Allocation)
    assert [model.objects.count() for model in left] == [0] * 7


@pytest.mark.django_db
def test_a_book_without_listings_is_refused():
    with pytest.raises(page_rows.NothingToPairError, match="make_market makes some"):
        make_pairs(1)


def test_section_holds_the_page_beside_the_bare_one():
    slow = Waits(90_000, 22, [10.0 * number for number in range(1, 101)], [8.0] * 100)
    bare = Waits(90_000, 4, [2.0 * number for number in range(1, 101)], [2.0] * 100)

    told = section(dt.date(2026, 11, 26), "a machine", "1 match", [PageTimes("all matches", "/matches/", slow, bare)])

    assert "| all matches | 90 | 22 | 505 | 960 | 8 | 192 | 2 | 5.0 |" in told
    assert "| lists of matches against a bare page of the same size, p95, at most | 5x | - | 5.0x | yes |" in told
