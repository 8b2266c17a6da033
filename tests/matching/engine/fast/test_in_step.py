"""The fast path knows every rule, component and fact of the reference: whoever adds one is told here what to do."""

from dataclasses import fields
from inspect import signature

import pytest

from matching.engine import COMPONENTS, RULE_CODES, effort, market, solver
from matching.engine.fast import facts
from matching.engine.fast.judging import pair
from matching.engine.fast.near.whole import BANDS
from matching.engine.fast.solve import solve_book

WHAT_TO_DO = (
    "matching/engine/fast does not follow the reference in {what}. Add it to pair.py ({names} says what is judged, in "
    'order), to `judge` or `parts`, and to `fits`; docs/matching.md, "How to add a rule", tells the steps.'
)
ABOUT_FACTS = (
    "{table} has facts that no kernel sees: {missing}. Lay them out in matching/engine/fast/facts.py, or name them "
    "here if no rule and no component asks for them."
)
# Facts that kernels read under another name, made ready to be compared.
LAID_OUT_AS = {
    "is_active": "standing",
    "screening": "standing",
    "accepted_of": "accepted_start",
    "slot_of": "slot_start",
    "asked_of": "asked_start",
    "offered_of": "offered_start",
    "limit_usd_per_t": "limit",
    "ask_usd_per_t": "ask",
    "requires": "requires_kind",
    "pays_by": "terms",
    "paid_by": "terms",
    "available_from": "first_ship",
    "available_until": "last_ship",
    "lead_days": "first_ship",
    "law_seller": "seller_kind",
    "law_buyer": "buyer_kind",
    "voluntary": "voluntary_kind",
}
# No rule and no component: the one is told of a pair, the other is read by a limit of the plan.
NOBODY_ASKS_FOR = {"rests_on_examples", "is_micro"}


def test_fast_path_judges_every_rule_in_the_order_of_the_reference():
    assert pair.JUDGED_RULES == RULE_CODES, WHAT_TO_DO.format(what="its rules", names="JUDGED_RULES")


def test_fast_path_scores_every_component_in_the_order_of_the_reference():
    assert pair.JUDGED_COMPONENTS == COMPONENTS, WHAT_TO_DO.format(what="its components", names="JUDGED_COMPONENTS")


@pytest.mark.parametrize("table", ["Needs", "Capacities", "Lanes"])
def test_kernels_see_every_fact_of_a_market(table):
    seen = set(getattr(facts, table)._fields)

    columns = {field.name for field in fields(getattr(market, table))} - NOBODY_ASKS_FOR
    missing = {name for name in columns if LAID_OUT_AS.get(name, name) not in seen}
    assert not missing, ABOUT_FACTS.format(table=table, missing=", ".join(sorted(missing)))


def test_near_misses_are_sought_in_every_row_of_the_table_of_effort():
    bands = [row for bands in (effort.PRICE, effort.DAYS, effort.QUANTITY) for _, row in bands]
    rows = {effort.TERM, effort.PARAMETER, effort.RENEWED_CERTIFICATE, effort.NEW_CERTIFICATE, *bands}

    sought = [row for least, most in BANDS for row in range(least, most + 1)]

    assert sought == sorted(rows), "BANDS in matching/engine/fast/near/whole.py take other rows than effort.py has"


def test_fast_path_takes_the_questions_that_the_reference_takes():
    assert [*signature(solver.solve_by_reference).parameters, "threads"] == [*signature(solve_book).parameters]
