"""The reached precision of likely duplicates is held, on pairs that were committed before the code."""

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.finding import THRESHOLD, likeness
from companies.finding.measuring import judge, read_pairs, tally, worst
from companies.management.commands.measure_company_finder import PAIRS

JUDGED = judge(read_pairs(PAIRS))
NAMES = [name for one in JUDGED for name in (one.pair.left, one.pair.right)]


def test_pairs_are_enough_and_of_both_verdicts():
    counted = Counter((one.pair.half, one.pair.is_same) for one in JUDGED)

    assert len({(one.pair.left, one.pair.right) for one in JUDGED}) == len(JUDGED) >= 470
    assert min(counted.values()) >= 60


@pytest.mark.parametrize(("half", "recall"), [("tuned", 1.0), ("held", 0.97), ("fresh", 0.96)])
def test_likely_duplicates_are_told_with_the_reached_precision(half, recall):
    counted = tally(one for one in JUDGED if one.pair.half == half)

    assert counted.precision >= 0.99
    assert counted.recall >= recall


def test_errors_are_the_known_ones():
    errors = [(one.pair.left, one.pair.right) for one in worst(JUDGED)]

    assert errors == [
        ("PT Nusantara Oleokimia", "PT Nusantara Oleochemical"),
        ("PT Syukur Bahari", "ПТ Шукур Бахари"),
        ("Air Astana", "Эйр Астана"),
        ("Евразийская группа", "Eurasian Group"),
        ("PT Mahakan Rimba Lestari", "PT Mahakam Rimba Lestari"),
        ("PT Mutiara Laut Derawan", "PT Mutiara Laut Derawn"),
    ]


@pytest.mark.parametrize(
    ("left", "right", "score", "why"),
    [
        ("PT Mahakam Rimba", "mahakam rimba, PT.", 1.0, "same_name"),
        ("ИП Ахметов Болат", "ИП Болат Ахметов", 0.97, "same_name"),
        ("PT Borneo Coal", "ПТ Борнео Коал", 0.995, "other_spelling"),
        ("PT Kalimatan Sawit", "PT Kalimantan Sawit", 0.93, "slip_of_the_pen"),
        ("PT Borneo Coal", "PT Borneo Coil", 0.267, "near_name"),
        ("", "PT Borneo Coil", 0.0, "near_name"),
    ],
)
def test_likeness_says_why(left, right, score, why):
    found = likeness(left, right)

    assert (found.score, found.why) == (score, why)


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_likeness_is_the_same_both_ways(left, right):
    assert likeness(left, right) == likeness(right, left)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_takes_any_text(left, right):
    assert 0 <= likeness(left, right).score <= 1
    assert likeness(left, left).score in (0, 1)


def test_no_legal_form_in_any_place_makes_another_company():
    forms = ["PT", "CV.", "UD", "ТОО", "ЖШС", "АО", "LLP", "JSC", "ИП", "ЖК", "LLC", "P.T."]
    written = (
        [f"{form} Teluk Bajau" for form in forms] + [f"Teluk Bajau, {form}" for form in forms] + ["Teluk Bajau АҚ"]
    )

    scores = {likeness(one, two).score for one, two in itertools.combinations(written, 2)}

    assert min(scores) >= THRESHOLD
