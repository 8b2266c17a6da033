"""What the law asks of goods on a way: states by day, what may refuse a pair, what is announced."""

import datetime as dt
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.engine.gates import (
    STALE_AFTER_MONTHS,
    Rule,
    gates_of,
    is_stale,
    oldest_fresh,
    source_day,
    state_of,
)

TODAY = dt.date(2026, 11, 25)
DAY = dt.timedelta(1)
WAY = ("KZ", "ID")


@dataclass(frozen=True)
class Goods:
    lo: int = 10
    hi: int = 11
    sector: str = "grains"


def rule(code="R1", **facts) -> Rule:
    known = {"ways": frozenset({WAY}), "sectors": frozenset(), "tree": None, "kind": "mandatory", "bearer": "seller"}
    return Rule(code, **(known | {"stage": "standing"} | facts))


def asked(*rules: Rule, goods=Goods(), way=WAY, **facts) -> list[tuple[str, str]]:
    return [(gate.rule.code, gate.state) for gate in gates_of(goods, way, rules, TODAY, **facts)]


@pytest.mark.parametrize(
    ("since", "until", "source", "state"),
    [
        (None, None, None, "holds"),
        (TODAY, TODAY, TODAY, "holds"),
        (TODAY + DAY, None, None, "not_yet"),
        (None, TODAY - DAY, None, "expired"),
        (None, None, dt.date(2025, 5, 25), "holds"),
        (None, None, dt.date(2025, 5, 24), "stale"),
        (TODAY + DAY, None, dt.date(2020, 1, 1), "not_yet"),
        (None, TODAY - DAY, dt.date(2020, 1, 1), "expired"),
    ],
)
def test_state_of_a_rule_by_day(since, until, source, state):
    assert state_of(since, until, source, TODAY) == state


@pytest.mark.parametrize(
    ("on", "first"),
    [
        (dt.date(2026, 11, 25), dt.date(2025, 5, 25)),
        (dt.date(2026, 6, 30), dt.date(2024, 12, 30)),
        (dt.date(2026, 8, 31), dt.date(2025, 2, 28)),
        (dt.date(2025, 8, 31), dt.date(2024, 2, 29)),
        (dt.date(2026, 12, 31), dt.date(2025, 6, 30)),
    ],
)
def test_source_is_fresh_for_eighteen_months_to_the_day(on, first):
    assert STALE_AFTER_MONTHS == 18
    assert oldest_fresh(on) == first


@given(on=st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), age=st.integers(0, 2000))
def test_source_once_stale_never_gets_fresh_again(on, age):
    source = on - age * DAY

    assert is_stale(source, on) <= is_stale(source, on + DAY)
    assert not is_stale(source, source)
    assert not is_stale(None, on)


@pytest.mark.parametrize(
    ("source", "day"),
    [
        ("bloombergtechnoz.com 21 Jan 2026; amp.kontan.co.id 18 Jan 2026", dt.date(2026, 1, 21)),
        ("mobilmurahterdekat copy of CNBC Indonesia 18 Apr 2024", dt.date(2024, 4, 18)),
        ("letter of 4 July 2025", dt.date(2025, 7, 4)),
        ("named from memory", None),
        ("BTKI 2022", None),
        ("katadataku.com 42656", None),
        ("a page of 31 Feb 2026", None),
    ],
)
def test_day_of_a_source_is_the_newest_that_it_names(source, day):
    assert source_day(source) == day


def test_rule_speaks_of_its_commodity_else_of_its_sectors_else_of_all_goods_and_of_its_ways():
    everything = rule("all")
    grains, fish = rule("grains", sectors=frozenset({"grains"})), rule("fish", sectors=frozenset({"fisheries"}))
    flour = rule("flour", tree=(10, 12), sectors=frozenset({"fisheries"}))
    elsewhere = rule("elsewhere", ways=frozenset({("ID", "KZ")}))

    assert asked(everything, grains, fish, flour, elsewhere) == [
        ("all", "holds"), ("flour", "holds"), ("grains", "holds"),
    ]  # fmt: skip
    assert asked(flour, goods=Goods(lo=8, hi=12)) == []  # a heading above it


def test_gates_are_told_in_the_order_in_which_they_matter():
    paper = {"stage": "per_shipment"}
    rules = [
        rule("buyers", **paper, bearer="buyer"),
        rule("sellers", **paper),
        rule("permit", stage="before_contract", bearer="buyer"),
        rule("unsure"),
        rule("to know", stage="info"),
        rule("gate", may_refuse=True),
    ]

    found = gates_of(Goods(), WAY, rules, TODAY)

    assert [(gate.rule.code, gate.rule.role) for gate in found] == [
        ("gate", "gate"),
        ("unsure", "question"),
        ("permit", "question"),
        ("sellers", "consignment"),
        ("buyers", "consignment"),
    ]


@pytest.mark.parametrize(
    ("facts", "refuses"),
    [
        ({}, True),
        ({"source_day": dt.date(2020, 1, 1)}, True),  # amber, and still the law
        ({"valid_from": TODAY + DAY}, False),
        ({"may_refuse": False}, False),
    ],
)
def test_pair_is_refused_by_what_holds_alone(facts, refuses):
    only = rule(**({"may_refuse": True} | facts))

    (gate,) = gates_of(Goods(), WAY, [only], TODAY, announced_until=TODAY + 30 * DAY)

    assert gate.refuses is refuses


@pytest.mark.parametrize("facts", [{"stage": "per_shipment"}, {"stage": "before_contract"}, {"kind": "voluntary"}])
def test_rule_that_is_no_standing_duty_cannot_be_made_one_that_refuses(facts):
    with pytest.raises(ValueError, match="R1: only a standing mandatory requirement refuses a pair"):
        rule(may_refuse=True, **facts)


@pytest.mark.parametrize(
    ("until", "told"),
    [(None, []), (dt.date(2027, 3, 18), []), (dt.date(2027, 3, 19), [("R1", "not_yet")])],
)
def test_rule_that_begins_within_the_months_of_the_trade_is_announced(until, told):
    ispo = rule(valid_from=dt.date(2027, 3, 19))

    assert asked(ispo, announced_until=until) == told


def test_rule_that_only_waits_is_always_announced_and_refuses_nobody():
    signed = rule(is_confirmed=False, may_refuse=True)

    (gate,) = gates_of(Goods(), WAY, [signed], TODAY)

    assert (gate.state, gate.refuses) == ("not_yet", False)


rules = st.builds(
    rule,
    code=st.sampled_from("ABCDEF"),
    stage=st.sampled_from(["standing", "before_contract", "per_shipment", "info"]),
    kind=st.sampled_from(["mandatory", "voluntary", "fiscal"]),
    bearer=st.sampled_from(["seller", "buyer", "shipment"]),
    valid_from=st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    valid_to=st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    source_day=st.none() | st.dates(dt.date(2022, 1, 1), dt.date(2026, 11, 25)),
).filter(lambda one: None in (one.valid_from, one.valid_to) or one.valid_from <= one.valid_to)


@given(st.lists(rules, max_size=8, unique_by=lambda one: one.code), st.randoms())
def test_order_of_the_rules_changes_nothing_and_nothing_expired_is_asked(found, chance):
    shuffled = list(found)
    chance.shuffle(shuffled)
    until = dt.date(2027, 6, 30)

    told = gates_of(Goods(), WAY, found, TODAY, announced_until=until)

    assert told == gates_of(Goods(), WAY, shuffled, TODAY, announced_until=until)
    assert not any(gate.refuses for gate in told)  # none of them is sure enough
    assert {gate.rule.code for gate in told} == {
        one.code for one in found if one.stage != "info" and begins_by(one, until) and ends_after(one)
    }


def begins_by(one: Rule, until: dt.date) -> bool:
    return one.valid_from is None or one.valid_from <= until


def ends_after(one: Rule) -> bool:
    return one.valid_to is None or one.valid_to >= TODAY


def test_age_of_its_source_changes_no_verdict():
    fresh = rule(may_refuse=True, source_day=TODAY)
    (old,) = gates_of(Goods(), WAY, [replace(fresh, source_day=dt.date(2010, 1, 1))], TODAY)
    (new,) = gates_of(Goods(), WAY, [fresh], TODAY)

    assert (old.state, old.refuses, new.state, new.refuses) == ("stale", True, "holds", True)
