"""Which of the shipped requirements may refuse a pair: every row more would refuse pairs on a guess."""

import datetime as dt

import pytest

from corridor.queries import standing_requirements, voluntary_requirements

pytestmark = pytest.mark.django_db
NOV_25 = dt.date(2026, 11, 25)


def test_today_halal_food_and_fortified_flour_refuse_a_pair(shipped):
    """The only two hard gates of the reference: all other rows are unsure, or of another stage."""
    laws = {law.requirement: law for law in standing_requirements(NOV_25)}

    assert {code: (law.certificate_kind, law.sectors, law.tree is None) for code, law in laws.items()} == {
        "R041": ("halal_bpjph", frozenset({"palm_oil", "fisheries", "grains", "other"}), True),
        "R045": ("sni_3751", frozenset(), False),
    }
    assert {(law.origin, law.destination, law.bearer) for law in laws.values()} == {("KZ", "ID", "seller")}


def test_halal_was_no_gate_before_18_october_2026(shipped):
    before = [law.requirement for law in standing_requirements(dt.date(2026, 10, 17))]

    assert before == ["R045"]


def test_voluntary_requirements_help_and_refuse_nobody(shipped):
    assert [(law.requirement, law.certificate_kind) for law in voluntary_requirements(NOV_25)] == [("R027", "rspo")]
