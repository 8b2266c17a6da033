"""What each rule says of a pair, case by case. The oracle covers what nobody thought of."""

import pytest

from matching.engine import RULE_CODES, ScoreTable, solve
from matching.engine.market import FAR_FUTURE, FAR_PAST
from tests.matching.engine.markets import TODAY, as_market, asks, capacity, lane, monthly, need, offers, once, rows

PASS, NOT_KNOWN, FAIL = 1, 0, -1


def verdict(
    rule: str, wanted: dict | None = None, offered: dict | None = None, way: dict | None = None, **market
) -> int:
    """The answer of one rule for a pair that fits, but for these facts."""
    facts = rows([need(1, **wanted or {})], [capacity(2, **offered or {})], {(0, 0): lane(**way or {})}, **market)
    pairs = solve(as_market(facts), ScoreTable(), as_of=TODAY, watch=[(1, 2)]).pairs
    return int(pairs.verdicts[0, RULE_CODES.index(rule)])


def held(state: int, first: int = FAR_PAST, until: int = FAR_FUTURE) -> dict:
    return {"certificates": {0: (state, first, until)}}


@pytest.mark.parametrize("rule", RULE_CODES)
def test_pair_that_fits_passes_every_rule(rule):
    assert verdict(rule) == PASS


def test_sides_fail_for_one_company_a_closed_corridor_or_an_origin_not_accepted():
    assert verdict("sides", {"company": 7}, {"company": 7}) == FAIL
    assert verdict("sides", closed={(0, 1)}) == FAIL
    assert verdict("sides", {"origins": {1, 2}}) == FAIL


@pytest.mark.parametrize(
    ("accepts", "node", "answer"),
    [
        ([(0, 4)], (0, 4), PASS),
        ([(0, 4)], (1, 2), PASS),
        ([(5, 8), (0, 4)], (1, 2), PASS),
        ([(1, 2)], (0, 4), NOT_KNOWN),
        ([(1, 2)], (2, 3), FAIL),
    ],
)
def test_commodity_must_lie_within_what_is_accepted(accepts, node, answer):
    assert verdict("commodity", {"accepts": accepts}, {"node": node}) == answer


@pytest.mark.parametrize(
    ("asked", "offered", "answer"),
    [
        (asks(high=0.1), offers(0.0, 0.08), PASS),
        (asks(high=0.1), offers(high=0.1), PASS),
        (asks(high=0.1), offers(0.05, 0.12), FAIL),
        (asks(high=0.1), offers(0.2, None), FAIL),
        (asks(high=0.1), offers(0.05, None), NOT_KNOWN),
        (asks(50.0, 55.0), offers(51.0, None), NOT_KNOWN),
        (asks(50.0, 55.0), offers(51.0, 54.0), PASS),
        (asks(high=0.1), None, NOT_KNOWN),
        (asks(high=0.1), offers(values="a"), NOT_KNOWN),
        (asks(values="a"), offers(1.0, 2.0), NOT_KNOWN),
        (asks(values="ab"), offers(values="a"), PASS),
        (asks(values="ab"), offers(values="ac"), FAIL),
        (asks(values="ab"), offers(values="bc", is_choice=True), PASS),
        (asks(values="ab"), offers(values="cd", is_choice=True), FAIL),
        (asks(1.0, 2.0), offers(1.5, 9.0, is_choice=True), PASS),
        (asks(1.0, 2.0), offers(0.0, 9.0, is_choice=True), PASS),
        (asks(1.0, 2.0), offers(2.5, 9.0, is_choice=True), FAIL),
        (asks(1.0, 2.0), offers(0.5, None, is_choice=True), NOT_KNOWN),
    ],
)
def test_parameters_are_guaranteed_inside_or_chosen_from(asked, offered, answer):
    assert verdict("parameters", {"asked": {0: asked}}, {"offered": {0: offered} if offered else {}}) == answer


def test_parameters_fail_when_one_fails_whatever_else_is_not_known():
    asked = {0: asks(high=0.1), 2: asks(high=1.0)}

    assert verdict("parameters", {"asked": asked}, {"offered": {0: offers(0.0, 0.2)}}) == FAIL


# Goods arrive on days 30 to 90: shipping on days 0 to 60, 30 days under way at the longest.
@pytest.mark.parametrize(
    ("certificate", "answer"),
    [
        (held(1), PASS),
        (held(1, until=TODAY + 30), PASS),
        (held(1, until=TODAY + 29), FAIL),
        (held(1, first=TODAY + 90), PASS),
        (held(1, first=TODAY + 91), FAIL),
        (held(0), NOT_KNOWN),
        (held(-1), FAIL),
    ],
)
def test_certificates_are_held_checked_and_valid_on_a_day_of_delivery(certificate, answer):
    assert verdict("certificates", {"requires": {0}}, certificate) == answer
    assert verdict("law", {}, certificate, {"law_seller": {0}}) == answer
    assert verdict("law", certificate, {}, {"law_buyer": {0}}) == answer
    assert verdict("certificates", {"requires": {1}}, certificate) == NOT_KNOWN


def test_certificates_must_be_valid_throughout_while_the_transit_is_not_known():
    for certificate, answer in (
        (held(1, TODAY + 30, TODAY + 90), PASS),
        (held(1, TODAY + 31), NOT_KNOWN),
        (held(1, TODAY + 91), FAIL),
    ):
        assert verdict("certificates", {"requires": {0}}, certificate, {"days": None}) == answer


def test_law_is_not_known_without_a_lane():
    facts = rows([need(1, place=1)], [capacity(2)], {(0, 0): lane()})

    pairs = solve(as_market(facts), ScoreTable(), as_of=TODAY, watch=[(1, 2)]).pairs

    answers = dict(zip(RULE_CODES, pairs.verdicts[0].tolist(), strict=True))
    assert [rule for rule, answer in answers.items() if answer == NOT_KNOWN] == ["law", "time", "price"]


@pytest.mark.parametrize(
    ("offered", "days", "answer"),
    [
        ({}, (30, 90), PASS),
        ({}, (91, 95), FAIL),
        ({"window": (TODAY, TODAY + 10)}, (19, 30), NOT_KNOWN),  # the shortest would arrive too early
        ({"window": (TODAY, TODAY + 10)}, (5, 19), FAIL),
        ({"lead": 40}, (20, 50), PASS),
        ({"lead": 40}, (20, 51), NOT_KNOWN),
        ({"lead": 61}, (0, 0), FAIL),  # ready after the last day of shipping
        ({"lead": None}, (20, 30), NOT_KNOWN),
        ({"lead": None}, (91, 95), FAIL),
        ({}, None, NOT_KNOWN),
        ({"window": (TODAY + 91, TODAY + 99)}, None, FAIL),
    ],
)
def test_time_needs_a_day_of_shipping_from_which_goods_arrive_in_the_window(offered, days, answer):
    assert verdict("time", {}, offered, {"days": days}) == answer


@pytest.mark.parametrize(
    ("wanted", "offered", "way", "answer"),
    [
        ({"smallest_share_kg": 100_000}, {}, {}, PASS),
        ({"smallest_share_kg": 100_001}, {}, {}, FAIL),
        ({}, {"lot_kg": 100_001}, {}, FAIL),
        ({"smallest_share_kg": 81_000}, {"multiple_kg": 20_000}, {}, PASS),
        ({"smallest_share_kg": 100_000}, {"multiple_kg": 30_000}, {}, FAIL),
        ({}, {"lot_kg": None}, {}, NOT_KNOWN),
        ({"smallest_share_kg": 100_001}, {"lot_kg": None}, {}, FAIL),
        ({"slots": once(0, TODAY + 30, TODAY + 90)}, {"lot_kg": 1}, {}, FAIL),
        ({}, {}, {"days": None}, PASS),  # once against once: whatever the transit
        ({}, {"slots": monthly([9_000, 50_000], TODAY, TODAY + 60)}, {"days": None}, NOT_KNOWN),
        ({}, {"slots": monthly(50_000, TODAY, TODAY + 60)}, {"days": None}, PASS),
        ({}, {"slots": monthly(19_000, TODAY, TODAY + 60)}, {}, FAIL),
    ],
)
def test_quantity_needs_a_month_that_moves_lot_and_share(wanted, offered, way, answer):
    assert verdict("quantity", wanted, offered, way) == answer


@pytest.mark.parametrize(
    ("wanted", "offered", "way", "answer"),
    [
        ({"limit": 900.0}, {}, {}, PASS),
        ({"limit": 899.99}, {}, {}, FAIL),
        ({"limit": 900.0}, {}, {"lines": [(1.0, 90.0, 110.0)]}, NOT_KNOWN),
        ({"limit": 900.0}, {}, {"lines": [(1.0, 90.0, 100.0), (1.1, 21.0, 21.0)]}, FAIL),
        ({"limit": None}, {}, {}, NOT_KNOWN),
        ({}, {"ask": None}, {}, NOT_KNOWN),
        ({"limit": 900.0}, {}, {"lines": [(1.0, None, None)], "at_least": 100.0}, NOT_KNOWN),
        ({"limit": 900.0}, {}, {"lines": [(1.0, None, None)], "at_least": 100.5}, FAIL),
        ({"limit": 0.3}, {"ask": 0.1}, {"lines": [(1.0, 0.2, 0.2)]}, PASS),  # 0.1 + 0.2 is 0.3 here
    ],
)
def test_price_compares_landed_cost_with_the_limit(wanted, offered, way, answer):
    assert verdict("price", wanted, offered, way) == answer


@pytest.mark.parametrize(
    ("buyer", "seller", "answer"),
    [({0, 1}, {1, 2}, PASS), ({0}, {1}, FAIL), (set(), {1}, NOT_KNOWN), ({0}, set(), NOT_KNOWN)],
)
def test_payment_needs_a_term_in_common(buyer, seller, answer):
    assert verdict("payment", {"terms": buyer}, {"terms": seller}) == answer


def test_standing_needs_active_companies_that_screening_did_not_refuse():
    assert verdict("standing", {"is_active": False}) == FAIL
    assert verdict("standing", {}, {"is_active": False}) == FAIL
    assert verdict("standing", {"screening": -1}, {"screening": 0}) == FAIL
    assert verdict("standing", {"screening": 0}) == NOT_KNOWN
