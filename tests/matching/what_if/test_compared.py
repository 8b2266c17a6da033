"""One match beside what it would be: lines, verdicts and score."""

from decimal import Decimal

import pytest

from corridor.models import Preference
from corridor.ways import Assumptions, Ways
from matching.engine import ScoreTable
from matching.models import Match
from matching.one_match.pair_facts import read_legs, read_places
from matching.services.market import load_book
from matching.services.pairs import Outcome, judged, read_few
from matching.what_if.compared import NoSuchRouteError, as_it_is, compare, otherwise
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, capacity, need
from tests.matching.found import finished_run, found
from tests.matching.ways_there import ways_there

pytestmark = pytest.mark.django_db
TABLE = ScoreTable()


@pytest.fixture
def match() -> Match:
    """800 USD/t FOB Kariangau, wanted at no more than 1,150 USD/t CPT Almaty; nobody insures for the other."""
    ways_there()
    goods = CommodityFactory()
    return found(finished_run(), need(goods, incoterm="CPT"), capacity(goods)).match


def compared(match: Match, asked: dict, **columns: dict):
    ways = Ways(AS_OF)
    now = as_it_is(match, ways, TABLE)
    return compare(
        now,
        otherwise(now, asked, columns.get("wanted", {}), columns.get("offered", {}), TABLE),
        read_places(),
        read_legs(AS_OF),
    )


def written(found) -> list[tuple[str, str, str]]:
    return [
        ((after or before).words, before.amount if before else "", after.amount if after else "")
        for before, after in found.lines
    ]


def test_pair_by_itself_is_judged_as_in_the_whole_book(match):
    goods = match.capacity.commodity
    others = [(need(goods).pk, capacity(goods, price_amount=Decimal(1100)).pk) for _other in range(2)]
    ids = [(match.need_id, match.capacity_id), *others]
    whole = judged(load_book(AS_OF).market, AS_OF, TABLE, ids)

    ways = Ways(AS_OF)
    markets = [read_few([pair[0]], [pair[1]], ways).market(ways) for pair in ids]
    alone = [judged(market, AS_OF, TABLE, [pair])[0] for market, pair in zip(markets, ids, strict=True)]

    assert alone == whole
    assert isinstance(whole[0], Outcome)


def test_dearer_freight_changes_legs_and_neither_price_nor_handling(match):
    found = compared(match, {"freight": Decimal(10)})

    assert written(found) == [
        ("Asking price FOB Place IDKRG", "800.00", "800.00"),
        ("Place IDKRG – Lianyungang, sea, in Equipment 20DC", "+40.00", "+44.00"),
        ("Handling in Lianyungang", "+5.00", "+5.00"),
        ("Lianyungang – Place KZALA, rail, in Equipment 20DC", "+100.00", "+110.00"),
    ]
    assert (found.before.high, found.after.high, found.usd) == (945, 959, 14)
    assert found.verdicts == [("time", 1, 1), ("price", 1, 1)]
    assert found.would_score_ppm < found.score_ppm


def test_another_route_is_taken_alone_with_its_days_and_its_lines(match):
    found = compared(match, {"route": "L-AIR.20DC"})

    assert written(found)[1:] == [
        ("Place IDKRG – Lianyungang, sea, in Equipment 20DC", "+40.00", ""),
        ("Handling in Lianyungang", "+5.00", ""),
        ("Lianyungang – Place KZALA, rail, in Equipment 20DC", "+100.00", ""),
        ("Place IDKRG – Place KZALA, air, in Equipment 20DC", "", "+400.00"),
    ]
    assert (found.outcome.days_high, found.would.days_high) == (28, 4)
    assert found.verdicts == [("time", 1, 1), ("price", 1, -1)]


def test_route_at_another_freight_costs_what_the_ways_of_that_freight_say(match):
    ways = Ways(AS_OF, Assumptions(freight_percent=Decimal(-50)))
    now = as_it_is(match, ways, TABLE)

    found = compared(match, {"route": now.key, "freight": Decimal(-50)})

    assert found.would == now.outcome


def test_route_that_does_not_lead_there_is_refused(match):
    with pytest.raises(NoSuchRouteError):
        compared(match, {"route": "L-NONE.20DC"})


def test_another_term_moves_what_the_price_holds(match):
    found = compared(match, {}, offered={"incoterm": "CPT", "place__code": "CNLYG"})

    assert written(found) == [
        ("Asking price FOB Place IDKRG", "800.00", ""),
        ("Place IDKRG – Lianyungang, sea, in Equipment 20DC", "+40.00", ""),
        ("Asking price CPT Lianyungang", "", "800.00"),
        ("Handling in Lianyungang", "+5.00", "+5.00"),
        ("Lianyungang – Place KZALA, rail, in Equipment 20DC", "+100.00", "+100.00"),
    ]


def test_limit_that_insures_and_another_asking_price_are_worked_out(match):
    found = compared(match, {}, wanted={"incoterm": "CIP"}, offered={"price_amount": Decimal(1055)})

    # 1,200 before the premium; 1.1 % of what is insured, itself included: 1,200 x 0.011 / (1 - 0.011).
    assert written(found)[-1] == ("Insurance, all risks (A)", "", "+13.35")
    assert found.verdicts == [("time", 1, 1), ("price", 1, -1)]


def test_nothing_of_it_is_kept(match):
    compared(match, {"freight": Decimal(10), "preference": "I-EAEU FTA"})

    match.refresh_from_db()
    assert (match.results.count(), Match.objects.count(), Preference.objects.count()) == (1, 1, 0)
