"""Reasons, questions and advice as one side reads them: in every language, with its own facts and nobody else's."""

import json

import pytest
from django.conf import settings
from django.utils import translation

from matching import texts
from matching.engine import RULE_CODES
from matching.engine.changes import CHANGES
from matching.enums import Side

LANGUAGES = [code for code, _ in settings.LANGUAGES]
NAMES = texts.Names(certificates={"halal": "Halal certificate"}, parameters={("ffa", "%"): "Free fatty acid"})
BUYER, SELLER = Side.BUYER, Side.SELLER
SIDES = pytest.mark.parametrize("side", [BUYER, SELLER])
PAPER = {"kind": "halal", "state": 1, "valid_from": None, "valid_until": "2027-09-30", "answer": 1}
FACTS = {
    "sides": {"origin": "ID", "destination": "KZ"},
    "parameters": [
        {
            "key": "ffa",
            "unit": "%",
            "answer": 0,
            "asked_low": None,
            "asked_high": 5.0,
            "offered_low": 1.5,
            "offered_high": 2.5,
        }
    ],
    "certificates": [PAPER],
    "law": {"seller": [PAPER], "buyer": [PAPER | {"kind": "ga"}], "voluntary": []},
    "time": {
        "window_from": "2027-03-01",
        "window_until": "2027-05-31",
        "available_from": "2027-01-04",
        "available_until": "2027-06-30",
        "lead_days": 10,
    },
    "quantity": {"smallest_share_kg": 25_000, "lot_kg": 20_000},
    "price": {"ask_usd_per_t": 800.0, "limit_usd_per_t": 1150.0},
    "payment": {"buyer": ["letter_of_credit"], "seller": ["documents", "prepaid"]},
}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def said(rule: str, answer: int, side: str, facts=None) -> str:
    """A reason with its lines, as one text."""
    told = texts.reason(rule, answer, side, FACTS.get(rule) if facts is None else facts, NAMES)
    lines = [f"{line.text} ({line.answer})" for line in told.lines]
    return " | ".join([told.text, *lines]).replace("\xa0", " ")


def asked(rule: str, side: str, facts=None) -> list[tuple[str, str]]:
    facts = FACTS.get(rule) if facts is None else facts
    return [(question.text, question.to) for question in texts.expected_questions(rule, side, facts, NAMES)]


@pytest.mark.parametrize("language", LANGUAGES)
@SIDES
@pytest.mark.parametrize("rule", RULE_CODES)
@pytest.mark.parametrize("facts", [None, {}], ids=["facts", "nothing"])
def test_every_rule_has_its_reason_and_its_questions(rule, side, language, facts):
    with translation.override(language):
        facts = FACTS.get(rule) if facts is None else facts
        told = [texts.reason(rule, answer, side, facts, NAMES) for answer in (1, 0, -1)]
        questions = texts.expected_questions(rule, side, facts, NAMES)

        assert all(one.text and "%(" not in one.text and one.title and one.word for one in told)
        assert questions
        assert all(one.text and "%(" not in one.text and one.to_words and one.rule_name for one in questions)


@pytest.mark.parametrize(
    ("rule", "side", "expected"),
    [
        ("sides", BUYER, "You accept goods from Indonesia, and the way to you is open here."),
        ("sides", SELLER, "The buyer accepts goods from Indonesia, and the way there is open here."),
        ("commodity", BUYER, "What is offered is among the goods you accept."),
        (
            "parameters",
            BUYER,
            "What the seller states lies within what you ask for. | Free fatty acid: you ask at most 5% (0)",
        ),
        (
            "parameters",
            SELLER,
            "What you state lies within what the buyer asks for. | Free fatty acid: you state 1.5–2.5% (0)",
        ),
        ("certificates", BUYER, "The seller has what you ask for. | Halal certificate (1)"),
        (
            "certificates",
            SELLER,
            "You have what the buyer asks for. | Halal certificate: held and checked, valid until 30 Sep 2027 (1)",
        ),
        (
            "law",
            BUYER,
            "What the law of this way asks for is there. | Halal certificate, of the other side (1)"
            " | ga: held and checked, valid until 30 Sep 2027 (1)",
        ),
        ("time", BUYER, "Delivery as you want it can be met: 1 Mar 2027 – 31 May 2027."),
        ("time", SELLER, "Shipped when you can, the goods arrive in time: 4 Jan 2027 – 30 Jun 2027."),
        ("quantity", BUYER, "You want at least 25 t from one supplier: so much can come."),
        ("quantity", SELLER, "Your lot of 20 t suits what the buyer takes."),
        ("price", BUYER, "Your limit price covers what this costs where you take it over."),
        ("price", SELLER, "Your price, with the way to the buyer, is within what the buyer pays."),
        ("payment", BUYER, "At least one of your payment terms suits: letter of credit at sight."),
        ("payment", SELLER, "At least one of your payment terms suits: cash against documents or payment in advance."),
        ("standing", SELLER, "Both companies are active, and nothing was found against them."),
    ],
)
def test_reasons_are_told_with_ones_own_facts(rule, side, expected):
    assert said(rule, 1, side) == expected


@pytest.mark.parametrize(
    ("rule", "side", "facts", "expected"),
    [
        ("price", BUYER, {}, "You state no limit price."),
        ("price", SELLER, {}, "You state no asking price."),
        (
            "price",
            BUYER,
            {"limit_usd_per_t": 3.0},
            "Whether your limit price covers the cost is not known: ask for price and freight.",
        ),
        ("quantity", SELLER, {}, "You state no smallest lot, so whether it suits what the buyer takes is not known."),
        ("payment", BUYER, {"seller": ["prepaid"]}, "You state no payment terms."),
        (
            "payment",
            BUYER,
            {"buyer": ["prepaid"]},
            "You accept payment in advance; what the other side accepts is not known.",
        ),
        (
            "parameters",
            SELLER,
            [{"key": "ffa", "unit": "%", "answer": 0}],
            "Whether your goods are as the buyer asks is not known in every point."
            " | Free fatty acid: you state nothing (0)",
        ),
    ],
)
def test_what_is_not_known_says_whose_fact_is_missing_where_it_is_ones_own(rule, side, facts, expected):
    assert said(rule, 0, side, facts) == expected


@pytest.mark.parametrize(
    ("rule", "side", "facts", "expected"),
    [
        (
            "price",
            BUYER,
            {},
            [
                ("Up to which price do you buy?", "you"),
                ("What will freight and duties cost up to the buyer's place?", "partner"),
            ],
        ),
        (
            "price",
            SELLER,
            {"ask_usd_per_t": 3.0},
            [("What will freight and duties cost up to the buyer's place?", "partner")],
        ),
        (
            "time",
            SELLER,
            {},
            [
                ("How many days after the order can you ship?", "you"),
                ("Can a shipment be agreed that arrives when it is wanted?", "partner"),
            ],
        ),
        ("quantity", SELLER, {}, [("What is the smallest lot that you ship?", "you")]),
        ("payment", BUYER, {"buyer": ["prepaid"]}, [("Which payment terms does the other side accept?", "partner")]),
        ("payment", BUYER, {"seller": ["prepaid"]}, [("Which payment terms do you accept?", "you")]),
        (
            "certificates",
            BUYER,
            [PAPER | {"answer": 0}],
            [("Can the other side show that it holds this until the goods arrive: Halal certificate?", "partner")],
        ),
        (
            "certificates",
            SELLER,
            [PAPER | {"answer": 0}],
            [("Can you show that you hold this until the goods arrive: Halal certificate?", "you")],
        ),
        ("commodity", SELLER, {}, [("Which goods exactly do you offer?", "you")]),
        ("standing", SELLER, {}, [("Have both companies been screened against sanctions lists?", "city")]),
    ],
)
def test_questions_say_what_one_will_be_asked_and_what_one_may_ask(rule, side, facts, expected):
    assert asked(rule, side, facts) == expected


# Which facts of a rule are of which side; kinds of papers and names of parameters are told to both.
OF_OTHER = {
    BUYER: {
        "parameters": ["offered_low", "offered_high"],
        "certificates": ["state", "valid_from", "valid_until"],
        "time": [
            "available_from",
            "available_until",
            "lead_days",
            "first_ship",
            "last_ship",
            "days_low",
            "days_high",
            "first_day",
            "last_day",
        ],
        "quantity": ["lot_kg", "multiple_kg", "best_month_kg", "movable_kg", "demanded_kg", "smallest_kg"],
        "price": ["ask_usd_per_t", "landed_low_usd_per_t", "landed_high_usd_per_t", "landed_at_least_usd_per_t"],
        "payment": ["seller"],
        "standing": ["seller_is_active", "seller_screening"],
    },
    SELLER: {
        "parameters": ["asked_low", "asked_high"],
        "time": [
            "window_from",
            "window_until",
            "first_ship",
            "last_ship",
            "days_low",
            "days_high",
            "first_day",
            "last_day",
        ],
        "quantity": ["smallest_share_kg", "best_month_kg", "movable_kg", "demanded_kg", "smallest_kg"],
        "price": ["limit_usd_per_t", "landed_low_usd_per_t", "landed_high_usd_per_t", "landed_at_least_usd_per_t"],
        "payment": ["buyer"],
        "standing": ["buyer_is_active", "buyer_screening"],
    },
}
# A value for each kind of fact, and another one.
OTHERWISE = {"day": ("2027-02-02", "2028-03-03"), "days": (7, 44), "kg": (1000, 9_999_000), "price": (1.0, 9999.0)}
OTHERWISE |= {
    "terms": (["credit_30"], ["credit_60", "prepaid"]),
    "state": (0, 1),
    "active": (True, False),
    "end": (9.0, 33.0),
}


def kind_of(name: str) -> str:
    if name in ("days_low", "days_high", "lead_days"):
        return "days"
    if name.endswith("_kg"):
        return "kg"
    if name.endswith("usd_per_t"):
        return "price"
    if name in ("buyer", "seller"):
        return "terms"
    if name.endswith("is_active"):
        return "active"
    if name.endswith("screening") or name == "state":
        return "state"
    return "end" if name.startswith(("asked", "offered")) else "day"


@SIDES
@pytest.mark.parametrize("answer", [1, 0, -1])
def test_facts_of_the_other_side_change_no_word(side, answer):
    for rule, names in OF_OTHER[side].items():
        told = []
        for number in (0, 1):
            changed = {name: OTHERWISE[kind_of(name)][number] for name in names}
            facts = json.loads(json.dumps(FACTS.get(rule, {})))
            facts = [entry | changed for entry in facts] if isinstance(facts, list) else facts | changed
            told.append((said(rule, answer, side, facts), asked(rule, side, facts)))
        assert told[0] == told[1], rule


@SIDES
def test_papers_of_the_other_side_that_the_law_asks_for_are_told_by_kind_alone(side):
    other = SELLER if side == BUYER else BUYER
    told = [
        said("law", 1, side, {side: [], other: [PAPER | changed]})
        for changed in ({}, {"state": 0, "valid_until": "2029-01-01", "valid_from": "2020-01-01"})
    ]

    assert told == ["What the law of this way asks for is there. | Halal certificate, of the other side (1)"] * 2


# Advice


def opened(code: str, partner: int = 1, side: str = SELLER, **change) -> texts.Opened:
    return texts.Opened(partner, "a rule", side, {"code": code, **change})


def advised(*misses: texts.Opened, side: str = SELLER) -> list[tuple[str, str]]:
    return [(line.text.replace("\xa0", " "), line.opens) for line in texts.advice(misses, side, NAMES)]


def test_one_partner_within_reach_of_a_price_is_told_by_the_band_of_the_step():
    """Its whole percent would tell the other side's limit to anybody who knows the freight."""
    assert advised(opened("lower_ask", percent=3.01)) == [("Your price up to 8% lower", "opens 1 buyer")]
    assert advised(opened("lower_ask", percent=2.0)) == [("Your price up to 3% lower", "opens 1 buyer")]
    assert advised(opened("lower_ask", percent=15.0)) == [("Your price up to 15% lower", "opens 1 buyer")]


def test_two_partners_in_a_band_are_told_by_the_whole_percent_that_opens_both():
    misses = [opened("lower_ask", 1, percent=3.2), opened("lower_ask", 2, percent=3.9)]

    assert advised(*misses) == [("Your price 4% lower", "opens 2 buyers")]


def test_two_listings_of_one_partner_are_one():
    misses = [opened("lower_ask", 1, percent=3.2), opened("lower_ask", 1, percent=3.9)]

    assert advised(*misses) == [("Your price up to 8% lower", "opens 1 buyer")]


def test_a_buyer_is_advised_of_its_limit_and_of_suppliers():
    misses = [opened("raise_limit", number, BUYER, percent=6.5) for number in (1, 2, 3)]

    assert advised(*misses, side=BUYER) == [("Your limit 7% higher", "opens 3 suppliers")]


def test_the_change_that_opens_most_comes_first():
    misses = [
        opened("accept_term", 1, term="documents"),
        opened("get_certificate", 2, kind="halal", by="2027-05-05", days_left=3),
        opened("get_certificate", 3, kind="halal", by="2027-06-06", days_left=9),
    ]

    assert advised(*misses) == [
        ("This certificate: Halal certificate", "opens 2 buyers"),
        ("This payment term as well: cash against documents", "opens 1 buyer"),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"code": "ship_earlier", "amount": 5, "to": "2027-02-02"}, "Ready up to 7 days earlier"),
        ({"code": "ship_later", "amount": 8, "to": "2027-02-02"}, "Shipping up to 21 days longer"),
        ({"code": "accept_earlier", "amount": 22, "to": "2027-02-02"}, "Goods taken up to 60 days earlier"),
        ({"code": "accept_later", "amount": 60, "to": "2027-02-02"}, "Goods taken up to 60 days later"),
        ({"code": "lower_lot", "amount": 1, "from": 100, "to": 91}, "Lots smaller by up to 10%"),
        ({"code": "lower_share", "amount": 1, "from": 100, "to": 50}, "A smallest share lower by up to 50%"),
        ({"code": "offer_more", "amount": 1, "from": 100, "to": 151}, "Up to 100% more offered"),
        ({"code": "offer_more", "amount": 1, "from": 0, "to": 151}, "More than twice as much offered"),
        ({"code": "want_more", "amount": 1, "from": 100, "to": 201}, "More than twice as much taken"),
        ({"code": "renew_certificate", "kind": "halal"}, "Renewed, this certificate: Halal certificate"),
        (
            {"code": "tighten_guarantee", "parameter": "ffa", "unit": "%", "to": [0, 3]},
            "A closer guarantee: Free fatty acid",
        ),
        ({"code": "widen_accepted", "parameter": "ffa", "unit": "%", "values": ["x"]}, "Wider limits: Free fatty acid"),
    ],
)
def test_changes_are_told_by_their_band_and_never_exactly(change, expected):
    code = change.pop("code")

    assert advised(opened(code, **change)) == [(expected, "opens 1 buyer")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_that_the_engine_knows_has_its_advice(language):
    codes = {change.code for changes in CHANGES.values() for change in changes} | {"renew_certificate"}
    change = {
        "percent": 3.0,
        "amount": 3,
        "from": 10,
        "to": 12,
        "kind": "halal",
        "term": "documents",
        "parameter": "ffa",
    }

    with translation.override(language):
        lines = texts.advice([opened(code, **change) for code in sorted(codes)], SELLER, NAMES)

        assert len(lines) == len(codes)
        assert all(line.text and "%(" not in line.text + line.opens for line in lines)


def test_changes_by_the_other_side_are_a_number_alone():
    misses = [
        opened("raise_limit", 1, BUYER, percent=3.0),
        opened("accept_later", 1, BUYER, amount=3),
        opened("want_more", 2, BUYER),
    ]

    assert advised(*misses) == []
    assert texts.partners_that_may_change(misses, SELLER) == 2
