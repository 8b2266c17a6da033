"""The worked example of docs/matching.md: its numbers come out of the engine, and every one of them stands there."""

from datetime import date
from pathlib import Path

import pytest

from matching.engine import COMPONENTS, RULE_CODES, ScoreTable, Solution, solve
from matching.engine.market import FAR_PAST
from tests.matching.engine.markets import as_market, asks, capacity, lane, monthly, need, offers, rows

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "matching.md"
TODAY = date(2026, 11, 24).toordinal()
HALAL, EAC = 0, 2
WORDS = {1: "pass", 0: "not known", -1: "fail"}


def days(*each: date) -> tuple[int, ...]:
    return tuple(day.toordinal() for day in each)


def example() -> dict:
    """A confectioner in Almaty wants 63 t of palm olein a month; two mills in Kalimantan offer."""
    window = days(date(2027, 1, 10), date(2027, 6, 30))
    shipping = days(date(2026, 12, 10), date(2027, 3, 31))
    halal = {HALAL: (1, FAR_PAST, date(2028, 3, 31).toordinal())}
    wanted = need(
        1,
        window=window,
        slots=monthly(63_000, *window),
        smallest_share_kg=21_000,
        limit=1290.0,
        requires={HALAL},
        asked={0: asks(high=0.10), 2: asks(low=56.0)},
        terms={0},
        trust=0.6,
    )
    kariangau = capacity(
        2,
        window=shipping,
        slots=monthly(252_000, *shipping),
        lead=14,
        lot_kg=21_000,
        multiple_kg=21_000,
        ask=985.0,
        certificates=halal,
        offered={0: offers(0.02, 0.09), 2: offers(57.0, 59.0)},
        terms=set(),
        trust=0.8,
    )
    second = kariangau | {"id": 3, "company": 2003, "ask": 1100.0, "terms": {0}}
    way = lane(days=(19, 31), lines=[(1.0, 216.0, 223.0)], law_seller={EAC})
    return rows([wanted], [kariangau, second], {(0, 0): way})


@pytest.fixture(scope="module")
def solution() -> Solution:
    return solve(as_market(example()), ScoreTable(), as_of=TODAY, watch=[(1, 3)])


@pytest.fixture(scope="module")
def document() -> str:
    return DOCUMENT.read_text()


def test_document_shows_the_verdicts(solution, document):
    for rule, answer, other in zip(RULE_CODES, *solution.pairs.verdicts.tolist(), strict=True):
        assert f"| {rule} | {WORDS[answer]} | {WORDS[other]} |" in document


def test_document_shows_the_score_as_a_sum(solution, document):
    for name, weight, value in zip(COMPONENTS, ScoreTable().weights, solution.pairs.components[0], strict=True):
        shown = "not known" if value != value else f"{value:.4f}"
        points = 0.0 if value != value else weight * value
        assert f"| {name} | {weight:.2f} | {shown} | {points:.4f} |" in document
    assert f"score **{solution.pairs.score[0]:.4f}**" in document
    assert f"could reach **{solution.pairs.could_reach[0]:.4f}**" in document


def test_document_shows_the_facts_behind_it(solution, document):
    pairs = solution.pairs
    first, last = (date.fromordinal(int(day[0])) for day in (pairs.first_day, pairs.last_day))

    assert f"lands at {pairs.landed_low[0]:,.0f} to {pairs.landed_high[0]:,.0f} USD/t" in document
    assert f"from {first.isoformat()} to {last.isoformat()}, {(last - first).days} days of freedom" in document
    assert f"{pairs.movable_kg[0] // 1000} t of 378 t can move" in document


def test_document_shows_the_plan(solution, document):
    given_kg = solution.allocations

    assert set(given_kg.capacity_id.tolist()) == {2}
    for ship, deliver, kg in zip(given_kg.ship_month, given_kg.deliver_month, given_kg.kg, strict=True):
        assert f"| {ship // 12}-{ship % 12 + 1:02} | {deliver // 12}-{deliver % 12 + 1:02} | {kg:,} |" in document
    assert f"worth {solution.plan_value:,}, the bound is {solution.plan_bound:,}" in document


def test_document_shows_the_near_miss(solution, document):
    (miss,) = solution.near_misses

    assert (miss.need_id, miss.capacity_id, miss.rule, miss.side) == (1, 3, "price", "seller")
    change = miss.change
    assert f"{change['landed']:,.0f} USD/t, {change['over_percent']:.1f} % above the limit" in document
    assert (
        f"come down by {change['amount']} USD/t ({change['percent']:.2f} % of the asking price, row {miss.effort})"
        in document
    )
    assert f"would then score {miss.score_after:.4f}" in document
