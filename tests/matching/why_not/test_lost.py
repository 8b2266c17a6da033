"""What each part of a score loses, in words with its facts."""

import pytest

from matching.texts import Names
from matching.why_not.lost import Checks, lost_points
from tests.matching.book import STARTING_WEIGHTS

NOTHING = Checks()
FULL = dict.fromkeys(STARTING_WEIGHTS, 1.0)


def told(component: str, value: float | None, facts: dict, unchecked: Checks = NOTHING) -> tuple[str, str]:
    """Why and step of the one part that loses."""
    (row,) = lost_points(STARTING_WEIGHTS, FULL | {component: value}, facts, Names(), unchecked)
    assert row.component == component
    return row.why.replace("\xa0", " "), row.step.replace("\xa0", " ")


def test_the_part_that_loses_most_comes_first_and_one_that_loses_nothing_is_left_out():
    values = FULL | {"price": 0.9, "trust": 0.3, "time": None}

    rows = lost_points(STARTING_WEIGHTS, values, {}, Names(), Checks())

    assert [(row.component, row.points_ppm, row.lost_ppm) for row in rows] == [
        ("time", None, 100_000),
        ("trust", 30_000, 70_000),
        ("price", 270_000, 30_000),
    ]


def price(**facts) -> dict:
    return {"price": {"ask_usd_per_t": 800.0, "limit_usd_per_t": 1000.0, "landed_high_usd_per_t": 900.0} | facts}


@pytest.mark.parametrize(
    ("facts", "why", "step"),
    [
        (
            price(),
            "A tonne arrives for up to 900 USD/t, 10% under the limit of 1,000 USD/t.",
            "All its points come with a landed cost of at most 750 USD/t, or with a limit from 1,200 USD/t up.",
        ),
        (
            price(landed_high_usd_per_t=1200.0),
            "A tonne arrives for up to 1,200 USD/t, 20% over the limit of 1,000 USD/t.",
            "All its points come with a landed cost of at most 750 USD/t, or with a limit from 1,600 USD/t up.",
        ),
        (price(ask_usd_per_t=None), "The seller names no price.", "Ask the seller for a price."),
        (price(limit_usd_per_t=None), "The buyer names no limit.", "Ask the buyer up to which price it buys."),
        (
            price(landed_high_usd_per_t=None),
            "A part of the landed cost is not known.",
            "Ask for a quote for the part of the way that has none.",
        ),
    ],
)
def test_price_tells_how_far_a_tonne_lies_from_the_limit(facts, why, step):
    assert told("price", 0.8, facts) == (why, step)


def test_quantity_tells_what_is_missing():
    facts = {"quantity": {"movable_kg": 60_000, "demanded_kg": 100_000}}

    assert told("quantity", 0.6, facts) == (
        "60 t of the 100 t that are wanted can move.",
        "The seller would have to offer 40 t more in the months of the delivery, or in smaller lots.",
    )


def test_quality_names_the_parameter_nearest_to_the_edge_and_a_guarantee_that_loses_nothing():
    facts = {
        "parameters": [
            {"key": "FFA", "unit": "%", "answer": 1, "asked_low": None, "asked_high": 0.1}
            | {"offered_low": None, "offered_high": 0.1},
            {"key": "IV", "unit": "%", "answer": 1, "asked_low": 50.0, "asked_high": 60.0}
            | {"offered_low": 54.0, "offered_high": 56.0},
        ]
    }

    assert told("quality", 0.75, facts) == (
        "FFA is guaranteed close to the edge of what is accepted.",
        "It loses nothing with a guarantee of this: at most 0.08%.",
    )


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"answer": 0, "asked_low": 1.0, "asked_high": None}, "The seller does not state this: FFA."),
        ({"answer": -1, "asked_low": 1.0, "asked_high": None}, "FFA is not what is accepted."),
    ],
)
def test_quality_tells_what_is_not_stated_or_not_accepted(entry, why):
    facts = {"parameters": [{"key": "FFA", "unit": "%"} | entry]}

    assert told("quality", None if entry["answer"] == 0 else 0.0, facts)[0] == why


def test_time_tells_the_days_to_choose_among():
    facts = {"time": {"first_day": "2027-03-01", "last_day": "2027-03-21"}}

    assert told("time", 0.47, facts) == (
        "Between the earliest and the latest day of delivery that suits both lie 20 days.",
        "All its points come with 60 days: 40 days more, by a longer delivery or an earlier shipment.",
    )


def test_days_that_do_not_meet_are_said_to():
    assert told("time", 0.0, {"time": {}}) == ("The days of shipping and of delivery do not meet.", "")


def test_certificates_tell_what_is_required_before_what_helps():
    paper = {"state": 0, "answer": 0, "valid_from": None, "valid_until": None}
    law = {"seller": [], "buyer": [], "voluntary": [paper | {"kind": "RSPO"}]}

    required = told("certificates", None, {"certificates": [paper | {"kind": "halal"}], "law": law})
    helping = told("certificates", 0.8, {"certificates": [], "law": law})

    assert required[0] == "It is required and not seen as held: halal."
    assert helping[0] == "All that is required is held; what helps on this lane is not: RSPO."


def test_logistics_tells_the_days_on_the_way():
    assert told("logistics", 0.7, {"time": {"days_high": 30}}) == (
        "The goods travel for up to 30 days.",
        "Only a faster way raises this: all its points come with 14 days or less.",
    )


def test_trust_tells_what_is_still_to_be_checked_of_whom():
    facts = {"trust": {"buyer": 0.3, "seller": 1.0}}

    assert told("trust", 0.65, facts, Checks(buyer=("visited", "documents seen"))) == (
        "Of what can be checked of a company, 30% is checked of the buyer and 100% of the seller.",
        "Still to check of the buyer: visited, documents seen.",
    )


@pytest.mark.parametrize("component", ["quantity", "time", "logistics"])
def test_what_is_not_known_is_said_with_a_question(component):
    why, step = told(component, None, {})

    assert "not known" in why
    assert step.startswith("Ask ")
