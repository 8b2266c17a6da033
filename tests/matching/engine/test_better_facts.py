"""Stating a fact never lowers a score, nor does a better fact; docs/matching.md says which betterments that covers."""

import copy
import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.book import Book
from matching.engine.market import FAR_FUTURE, FAR_PAST
from matching.engine.pairs import Pairs
from matching.engine.rules import RULE_CODES, judge
from matching.engine.score import ScoreTable, components
from tests.matching.engine.markets import (
    KINDS,
    N_PLACES,
    PARAMETERS,
    TERMS,
    TODAY,
    as_market,
    asks,
    every_pair,
    lane,
    market_rows,
    once,
)

TIME = RULE_CODES.index("time")
Draw = random.Random


def scores(market: dict) -> tuple[np.ndarray, np.ndarray]:
    """Score and verdicts of every pair, by need and capacity."""
    book = Book(as_market(market), TODAY)
    need, capacity = np.divmod(np.arange(len(every_pair(market))), max(len(market["capacities"]), 1))
    pairs = Pairs(book, need, capacity)
    return ScoreTable().score(components(pairs)), judge(pairs)


def compare(market: dict, change: Callable[[dict, Draw], None], chance: Draw) -> tuple:
    """Scores and verdicts before and after."""
    after = copy.deepcopy(market)
    change(after, chance)
    return *scores(market), *scores(after)


def state_every(kind: str, fact: Callable[[dict, Draw], None]) -> Callable[[dict, Draw], None]:
    """A change of every row of a kind."""

    def change(market: dict, chance: Draw) -> None:
        listings = market["lanes"].values() if kind == "lanes" else market[kind]
        for row in listings:
            fact(row, chance)

    return change


# Facts that were not known, stated: whatever they turn out to be.


def state_lead(row, chance):
    row["lead"] = chance.choice([0, 10, 40]) if row["lead"] is None else row["lead"]


def state_lot(row, chance):
    row["lot_kg"] = chance.choice([1, 20_000, 90_000]) if row["lot_kg"] is None else row["lot_kg"]


def state_ask(row, chance):
    row["ask"] = chance.choice([500.0, 900.0, 2000.0]) if row["ask"] is None else row["ask"]


def state_limit(row, chance):
    row["limit"] = chance.choice([500.0, 900.0, 2000.0]) if row["limit"] is None else row["limit"]


def state_certificates(row, chance):
    for kind in range(len(KINDS)):
        if row["certificates"].get(kind, (0,))[0] == 0:
            until = chance.choice([TODAY + 20, TODAY + 70, FAR_FUTURE])
            row["certificates"][kind] = (chance.choice([1, -1]), chance.choice([FAR_PAST, TODAY + 50]), until)


def state_parameters(row, chance):
    for parameter in range(len(PARAMETERS)):
        stated = row["offered"].setdefault(parameter, asks() | {"is_choice": parameter == 1})
        if stated["values"] is None and stated["low"] is None and stated["high"] is None and chance.random() < 0.5:
            stated["values"] = frozenset("ab")
        elif stated["values"] is None:
            stated["low"] = min(0.3, stated["high"] or 1.0) if stated["low"] is None else stated["low"]
            stated["high"] = max(0.9, stated["low"]) if stated["high"] is None else stated["high"]


def state_terms(row, chance):
    row["terms"] = row["terms"] or {chance.randrange(len(TERMS))}


def state_screening(row, chance):
    row["screening"] = row["screening"] or chance.choice([1, -1])


def state_days(row, chance):
    row["days"] = row["days"] or chance.choice([(0, 0), (20, 30), (40, 90)])


def state_costs(row, chance):
    if any(cost is None for line in row["lines"] for cost in line):
        row["lines"] = [(1.0, chance.choice([20.0, 100.0]), 100.0)] * 2


def state_lanes(market, chance):
    for place in ((departure, arrival) for departure in range(N_PLACES) for arrival in range(N_PLACES)):
        market["lanes"].setdefault(place, lane())


STATEMENTS = {
    "lead": state_every("capacities", state_lead),
    "lot": state_every("capacities", state_lot),
    "ask": state_every("capacities", state_ask),
    "limit": state_every("needs", state_limit),
    "the seller's certificates": state_every("capacities", state_certificates),
    "the buyer's certificates": state_every("needs", state_certificates),
    "parameters": state_every("capacities", state_parameters),
    "the seller's terms": state_every("capacities", state_terms),
    "the buyer's terms": state_every("needs", state_terms),
    "the seller's screening": state_every("capacities", state_screening),
    "the buyer's screening": state_every("needs", state_screening),
    "transit days": state_every("lanes", state_days),
    "costs of the way": state_every("lanes", state_costs),
    "a lane": state_lanes,
}


@pytest.mark.parametrize("fact", STATEMENTS)
@settings(max_examples=25, deadline=None)
@given(market=market_rows(most_routes=1), chance=st.randoms(use_true_random=False))
def test_stating_a_fact_never_lowers_a_score(fact, market, chance):
    before, _, after, _ = compare(market, STATEMENTS[fact], chance)

    assert (after >= before - 1e-12).all()


# Facts that get better.


def lower_ask(row, chance):
    row["ask"] = None if row["ask"] is None else row["ask"] - chance.choice([0.5, 40.0, 300.0])


def higher_limit(row, chance):
    row["limit"] = None if row["limit"] is None else row["limit"] + chance.choice([0.5, 40.0, 300.0])


def cheaper_way(row, chance):
    row["lines"] = [(slope, low, None if high is None else max(high - 10, low)) for slope, low, high in row["lines"]]


def more_kilograms(row, chance):
    row["slots"] = [(first, last, kg + chance.choice([0, 7_000, 50_000])) for first, last, kg in row["slots"]]


def smaller_lot(row, chance):
    row["lot_kg"], row["multiple_kg"] = row["lot_kg"] and 1, 0


def smaller_share(row, chance):
    row["smallest_share_kg"] //= 2


def better_certificates(row, chance):
    for kind, (state, first, until) in row["certificates"].items():
        row["certificates"][kind] = (1, first if state == 1 else FAR_PAST, max(until, TODAY + 90))


def better_trust(row, chance):
    row["trust"] = min(1.0, row["trust"] + 0.3)


def narrower_guarantee(row, chance):
    for stated in row["offered"].values():
        if stated["values"] is None and None not in (stated["low"], stated["high"]) and not stated["is_choice"]:
            middle = (stated["low"] + stated["high"]) / 2
            stated["low"], stated["high"] = (stated["low"] + middle) / 2, (stated["high"] + middle) / 2


def wider_choice(row, chance):
    for stated in row["offered"].values():
        if stated["is_choice"] and stated["values"] is not None:
            stated["values"] |= {chance.choice("abcd")}


def more_terms(row, chance):
    row["terms"] = set(range(len(TERMS)))


def ships_longer(row, chance):
    """Available from earlier and until later, with a shorter lead; one slot over all of it grows along."""
    days = chance.randint(0, 40)
    first, last = row["window"]
    row["window"] = (first - days, last + days)
    row["lead"] = row["lead"] and row["lead"] // 2
    row["slots"] = stretched(row["slots"], days)


def takes_longer(row, chance):
    days = chance.randint(0, 40)
    first, last = row["window"]
    row["window"] = (first - days, last + days)
    row["slots"] = stretched(row["slots"], days)


def stretched(slots, days):
    slots = sorted(slots)
    slots[0] = (slots[0][0] - days, *slots[0][1:])
    slots[-1] = (slots[-1][0], slots[-1][1] + days, slots[-1][2])
    return slots


BETTER = {
    "a lower ask": state_every("capacities", lower_ask),
    "a higher limit": state_every("needs", higher_limit),
    "a cheaper way": state_every("lanes", cheaper_way),
    "more kilograms offered": state_every("capacities", more_kilograms),
    "a smaller lot": state_every("capacities", smaller_lot),
    "a smaller share": state_every("needs", smaller_share),
    "better certificates of the seller": state_every("capacities", better_certificates),
    "better certificates of the buyer": state_every("needs", better_certificates),
    "more trust in the seller": state_every("capacities", better_trust),
    "more trust in the buyer": state_every("needs", better_trust),
    "a narrower guarantee": state_every("capacities", narrower_guarantee),
    "a wider choice": state_every("capacities", wider_choice),
    "more payment terms": state_every("capacities", more_terms),
    "a longer time of shipping": state_every("capacities", ships_longer),
}


@pytest.mark.parametrize("fact", BETTER)
@settings(max_examples=25, deadline=None)
@given(market=market_rows(most_routes=1), chance=st.randoms(use_true_random=False))
def test_a_better_fact_never_lowers_a_score(fact, market, chance):
    before, _, after, _ = compare(market, BETTER[fact], chance)

    assert (after >= before - 1e-12).all()


@settings(max_examples=50, deadline=None)
@given(market=market_rows(most_routes=1), chance=st.randoms(use_true_random=False))
def test_a_wider_window_never_lowers_a_score_where_time_passed_already(market, chance):
    before, verdicts, after, _ = compare(market, state_every("needs", takes_longer), chance)

    passed = verdicts[:, TIME] == 1
    assert (after >= before - 1e-12)[passed].all()


def take_once_and_ship_on(market, chance):
    """The quantities once, and shipping goes on until after the windows close: arrivals are not cut short by it."""
    closes = max((row["window"][1] for row in market["needs"]), default=TODAY)
    for row in market["needs"] + market["capacities"]:
        if "ask" in row:
            row["window"] = (row["window"][0], closes + 1)
        row["slots"] = once(row["slots"][0][2], *row["window"])


def shorter_way(row, chance):
    row["days"] = row["days"] and (row["days"][0], chance.randint(*row["days"]))


@settings(max_examples=50, deadline=None)
@given(market=market_rows(most_routes=1), chance=st.randoms(use_true_random=False))
def test_a_shorter_way_never_lowers_a_score_where_shipping_goes_on_to_the_end(market, chance):
    take_once_and_ship_on(market, chance)

    before, verdicts, after, _ = compare(market, state_every("lanes", shorter_way), chance)

    passed = verdicts[:, TIME] == 1
    assert (after >= before - 1e-12)[passed].all()
