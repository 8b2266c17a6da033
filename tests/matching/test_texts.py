"""Every code the engine can answer has its words, in every language; numbers and days look as its readers write."""

import random
from datetime import date

import pytest
from django.conf import settings
from django.utils import translation

from matching import texts
from matching.engine import COMPONENTS, RULE_CODES, ScoreTable, effort, solve
from matching.engine.changes import CHANGES
from matching.engine.rules import FAIL, NOT_KNOWN, PASS
from matching.enums import Failure, Side
from matching.services.solved import pair_rows
from tests.matching.engine.markets import TODAY, as_market, every_pair, random_rows

LANGUAGES = [code for code, _ in settings.LANGUAGES]
NAMES = texts.Names(certificates={"halal": "Halal certificate"}, parameters={("ffa", "%"): "Free fatty acid"})
SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def plain(text: str) -> str:
    return text.replace(SPACE, " ")


def explained(rule: str, answer: int, facts, names: texts.Names = NAMES) -> tuple[str, str, str, str]:
    """Need fact, sign, capacity fact and note."""
    verdict = texts.explain(rule, answer, facts, names)
    return tuple(plain(text) for text in (verdict.need_fact, verdict.sign, verdict.capacity_fact, verdict.note))


def asked(rule: str, facts) -> list[tuple[str, str]]:
    return [(plain(question.text), question.to) for question in texts.questions(rule, facts, NAMES)]


def sentence(rule: str, side: str, change: dict) -> tuple[str, str]:
    said = texts.near_miss(rule, side, change, NAMES)
    return plain(said.distance), plain(said.sentence)


# Every code


def test_every_code_has_a_name():
    bands = [row for bands in (effort.PRICE, effort.DAYS, effort.QUANTITY) for _, row in bands]
    rows = {effort.TERM, effort.PARAMETER, effort.RENEWED_CERTIFICATE, effort.NEW_CERTIFICATE, *bands}
    changes = {change.code for changes in CHANGES.values() for change in changes}

    assert tuple(texts.RULE_NAMES) == RULE_CODES
    assert tuple(texts.COMPONENT_NAMES) == COMPONENTS
    assert set(texts.ANSWER_NAMES) == {PASS, NOT_KNOWN, FAIL}
    assert {*Side.values} <= set(texts.SIDE_NAMES)
    assert set(texts.CHANGE_NAMES) == changes | {"renew_certificate"}
    assert list(texts.EFFORT_NAMES) == sorted(rows) == list(range(1, 14))


def test_table_of_effort_is_published_as_it_is():
    document = (settings.BASE_DIR / "docs" / "matching.md").read_text()

    assert all(f"| {row} | {name} |" in document for row, name in texts.EFFORT_NAMES.items())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULE_CODES)
def test_every_answer_of_every_rule_has_words_also_without_any_fact(rule, language):
    with translation.override(language):
        for answer in (PASS, NOT_KNOWN, FAIL):
            verdict = texts.explain(rule, answer, None)
            assert verdict.title == str(texts.RULE_NAMES[rule])
            assert verdict.word == str(texts.ANSWER_NAMES[answer])
            assert verdict.need_fact
            assert verdict.capacity_fact
            assert verdict.sign
        assert all(
            question.text and question.to_name and question.rule_name for question in texts.questions(rule, None)
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_the_engine_finds_can_be_said(language):
    said = set()
    with translation.override(language):
        for seed in range(12):
            market = random_rows(random.Random(seed), 8, 8)
            facts, solution = (
                as_market(market),
                solve(as_market(market), ScoreTable(), as_of=TODAY, watch=every_pair(market)),
            )
            pairs = solution.pairs
            rows = pair_rows(facts, solution, date.fromordinal(TODAY))
            for i, of_pair in enumerate(row["facts"] for row in rows):
                for rule, answer in zip(RULE_CODES, pairs.verdicts[i].tolist(), strict=True):
                    verdict = texts.explain(rule, answer, of_pair.get(rule))
                    assert verdict.need_fact
                    assert verdict.capacity_fact
                    assert "%(" not in f"{verdict}"
                    if answer == NOT_KNOWN:
                        questions = texts.questions(rule, of_pair.get(rule))
                        assert questions
                        assert "%(" not in f"{questions}"
                    said.add((rule, answer))
            for miss in solution.near_misses:
                words = texts.near_miss(miss.rule, miss.side, miss.change)
                assert words.distance
                assert words.sentence
                assert "%(" not in f"{words}"
                said.add(miss.change["code"])
                assert str(texts.EFFORT_NAMES[miss.effort])

    never = {("sides", NOT_KNOWN)}
    assert said >= {(rule, answer) for rule in RULE_CODES for answer in (PASS, NOT_KNOWN, FAIL)} - never
    assert said >= {"lower_ask", "ship_earlier", "lower_lot", "widen_accepted", "get_certificate", "accept_term"}


def test_unknown_codes_are_refused():
    with pytest.raises(KeyError):
        texts.explain("colour", PASS, {})
    with pytest.raises(KeyError):
        texts.questions("colour", {})
    with pytest.raises(KeyError):
        texts.near_miss("sides", "buyer", {"code": "move"})


@pytest.mark.parametrize("code", Failure.values)
def test_every_failure_says_what_happened_what_is_safe_and_what_to_do(code):
    text = texts.failure(code)

    assert "the last results stand" in text
    assert len(text.split(". ")) >= 2
    assert text != texts.failure("something else")


# Verdicts


def test_explain_price_shows_both_prices_and_the_distance():
    facts = {"limit_usd_per_t": 1290.0, "landed_low_usd_per_t": 1208.0, "landed_high_usd_per_t": 1208.0}

    assert explained("price", PASS, facts) == (
        "limit 1,290 USD/t",
        "≥",
        "lands at 1,208 USD/t",
        "82 USD/t (6.4%) below the limit.",
    )


def test_explain_price_shows_a_range_and_what_is_known_of_the_rest():
    ranged = {"limit_usd_per_t": 1000.0, "landed_low_usd_per_t": 990.5, "landed_high_usd_per_t": 1010.0}
    partly = {"limit_usd_per_t": 900.0, "landed_at_least_usd_per_t": 925.0}

    assert explained("price", NOT_KNOWN, ranged)[1:3] == ("?", "lands at 990.50–1,010.00 USD/t")
    assert explained("price", FAIL, partly) == (
        "limit 900 USD/t",
        "<",
        "lands at 925 USD/t at least",
        "25 USD/t (2.8%) above the limit.",
    )


def test_explain_quantity_shows_share_lot_and_what_is_missing():
    facts = {"demanded_kg": 63_000, "smallest_share_kg": 21_000, "best_month_kg": 18_500, "smallest_kg": 21_000}

    assert explained("quantity", FAIL, facts | {"lot_kg": 21_000}) == (
        "63 t in all; from one supplier at least 21 t",
        ">",
        "up to 18.5 t in a month; lot 21 t",
        "2.5 t are missing in the best month.",
    )
    assert explained("quantity", NOT_KNOWN, {"demanded_kg": 900, "best_month_kg": 800, "movable_kg": 800}) == (
        "900 kg in all",
        "?",
        "up to 800 kg in a month; lot not known",
        "800 kg can move.",
    )


def test_explain_time_shows_window_shipping_and_arrival():
    facts = {
        "window_from": "2027-01-10",
        "window_until": "2027-01-31",
        "first_ship": "2026-12-16",
        "last_ship": "2027-01-05",
        "lead_days": 7,
        "days_low": 19,
        "days_high": 31,
        "first_day": "2027-01-16",
        "last_day": "2027-01-31",
    }

    assert explained("time", PASS, facts) == (
        "delivery 10 Jan 2027 – 31 Jan 2027",
        "=",
        "shipping 16 Dec 2026 – 5 Jan 2027; 19–31 days under way",
        "Arrives 16 Jan 2027 – 31 Jan 2027.",
    )
    assert explained("time", NOT_KNOWN, facts | {"days_high": None, "lead_days": None})[2:] == (
        "shipping 16 Dec 2026 – 5 Jan 2027; days under way not known",
        "How soon after the order the seller ships is not known.",
    )


def test_explain_parameters_has_a_line_for_each():
    facts = [
        {"key": "ffa", "unit": "%", "answer": 1, "asked_low": None, "asked_high": 0.1, "offered_low": 0.02}
        | {"offered_high": 0.08, "is_choice": False},
        {"key": "size", "unit": "", "answer": -1, "asked_values": ["16/20"], "offered_values": ["21/25", "26/30"]}
        | {"is_choice": True},
        {"key": "iv", "unit": "g", "answer": 0, "asked_low": 56.0, "asked_high": None},
    ]

    verdict = texts.explain("parameters", FAIL, facts, NAMES)

    assert [(plain(line.need_fact), line.sign, plain(line.capacity_fact), line.answer) for line in verdict.lines] == [
        ("Free fatty acid: at most 0.1%", "=", "Free fatty acid: 0.02–0.08%", 1),
        ("size: 16/20", "×", "size: 21/25 or 26/30, as the buyer chooses", -1),
        ("iv: at least 56 g", "?", "iv: not stated", 0),
    ]
    assert verdict.sign == "×"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["Storage: at most −18 °C", "Size: 16/20"]),
        ("ru", ["Хранение: не более −18 °C", "Калибр: 16/20"]),
    ],
)
def test_explain_parameters_writes_units_and_names_as_the_reader_does(language, lines):
    russian = {("storage", "Cel"): "Хранение", ("size", "pcs/lb"): "Калибр"}
    names = texts.Names(parameters=russian if language == "ru" else {one: one[0].title() for one in russian})
    facts = [
        {"key": "storage", "unit": "Cel", "answer": 0, "asked_low": None, "asked_high": -18.0},
        {"key": "size", "unit": "pcs/lb", "answer": 0, "asked_values": ["16/20"]},
    ]

    with translation.override(language):
        verdict = texts.explain("parameters", NOT_KNOWN, facts, names)

    assert [plain(line.need_fact) for line in verdict.lines] == lines


def test_names_tell_parameters_of_one_key_apart_by_their_unit():
    names = texts.Names(
        parameters={("oil", "%"): "Oil content", ("oil", "mg/kg"): "Oil residue", ("ffa", "%"): "Free fatty acid"}
    )

    assert [names.parameter("oil", unit) for unit in ("%", "mg/kg", "g", None)] == [
        "Oil content",
        "Oil residue",
        "oil",
        "oil",
    ]
    assert [names.parameter("ffa", unit) for unit in ("%", "values", None)] == ["Free fatty acid"] * 3


def test_explain_certificates_and_law_say_what_is_held_and_until_when():
    held = {"kind": "halal", "state": 1, "valid_from": None, "valid_until": "2028-03-31", "answer": 1}
    ended = {"kind": "eac", "state": 1, "valid_from": "2024-01-01", "valid_until": "2026-12-31", "answer": -1}
    open_ended = {"kind": "iso", "state": 1, "valid_from": None, "valid_until": None, "answer": 1}
    unseen, none = ({"kind": "iso", "state": state, "answer": state} for state in (0, -1))

    assert explained("certificates", FAIL, [held, ended, unseen, none, open_ended])[2] == (
        "held and checked, valid until 31 Mar 2028; held, but valid 1 Jan 2024 – 31 Dec 2026; "
        "not checked or not stated; stated not held; held and checked"
    )
    assert explained("law", PASS, {"seller": [held], "buyer": [open_ended]}) == (
        "Halal certificate, of the seller; iso, of the buyer",
        "=",
        "held and checked, valid until 31 Mar 2028; the buyer: held and checked",
        "",
    )


def test_explain_a_law_that_refuses_nobody_does_not_say_that_nothing_is_needed():
    assert explained("law", PASS, {"seller": [], "buyer": []}) == (
        "no paper that is sure enough to refuse a pair",
        "=",
        "other papers are listed below",
        "",
    )
    assert explained("certificates", PASS, []) == ("nothing asked", "=", "nothing to show", "")


def test_explain_sides_payment_commodity_and_standing():
    sides = {"origin": "ID", "destination": "KZ", "is_same_company": False, "is_open": True, "accepts_origin": True}

    assert explained("sides", PASS, sides) == ("Kazakhstan; accepts goods from Indonesia", "=", "Indonesia", "")
    assert explained("sides", FAIL, sides | {"is_open": False})[3] == (
        "The corridor from Indonesia to Kazakhstan is not open."
    )
    assert explained("sides", FAIL, sides | {"is_same_company": True})[3] == "Both listings are of the same company."
    assert explained("sides", FAIL, sides | {"accepts_origin": False})[0] == "Kazakhstan; no goods from Indonesia"
    assert explained("commodity", NOT_KNOWN, {"accepted": ["RBD palm olein"], "offered": "Palm oil"}) == (
        "RBD palm olein",
        "?",
        "Palm oil",
        "The offer is wider than what is asked for.",
    )
    assert explained("payment", PASS, {"buyer": ["letter_of_credit", "credit_30"], "seller": ["credit_30"]}) == (
        "letter of credit at sight or 30 days after delivery",
        "=",
        "30 days after delivery",
        "Both accept: 30 days after delivery.",
    )
    assert explained(
        "standing", NOT_KNOWN, {"buyer_is_active": True, "buyer_screening": 1, "seller_is_active": True}
    ) == (
        "active; screening clear",
        "?",
        "active; not screened",
        "",
    )


# Questions


def test_questions_go_to_the_side_that_can_answer_them():
    assert asked("payment", {"buyer": ["letter_of_credit", "credit_30"], "seller": []}) == [
        (
            "Which payment terms does the seller accept? The buyer offers: letter of credit at sight or "
            "30 days after delivery.",
            "seller",
        )
    ]
    assert asked("payment", {"buyer": [], "seller": []}) == [
        ("Which payment terms does the seller accept?", "seller"),
        ("Which payment terms does the buyer accept?", "buyer"),
    ]
    assert asked("standing", {"buyer_screening": 1, "seller_screening": 0}) == [
        ("Has the seller been screened against sanctions lists?", "staff")
    ]
    assert asked("price", {"limit_usd_per_t": None, "ask_usd_per_t": None}) == [
        ("What price does the seller ask?", "seller"),
        ("Up to which price does the buyer buy?", "buyer"),
    ]
    assert asked("price", {"limit_usd_per_t": 1000.0, "ask_usd_per_t": 900.0}) == [
        ("What will freight and duties cost up to the buyer's place?", "both")
    ]
    assert asked("price", {"limit_usd_per_t": 1000.0, "ask_usd_per_t": 900.0, "landed_high_usd_per_t": 1010.0}) == [
        ("Can freight be had so that a tonne lands at 1,000 USD/t or less?", "both")
    ]
    assert asked("quantity", {"lot_kg": None}) == [("What is the smallest lot that the seller ships?", "seller")]
    assert asked("quantity", {"lot_kg": 1}) == [
        ("In which months can the goods be shipped, and in which are they needed?", "both")
    ]


def test_questions_ask_for_each_unknown_certificate_and_parameter():
    unseen = {"kind": "halal", "state": 0, "answer": 0}
    ends_early = {"kind": "iso", "state": 1, "answer": 0}
    held = {"kind": "eac", "state": 1, "answer": 1}

    assert asked("certificates", [unseen, ends_early, held]) == [
        ("Can the seller show that it holds this: Halal certificate?", "seller"),
        ("Is this still valid when the goods arrive: iso?", "seller"),
    ]
    assert asked("law", {"seller": [held], "buyer": [unseen]}) == [
        ("Can the buyer show that it holds this: Halal certificate?", "buyer")
    ]
    assert asked("parameters", [{"key": "ffa", "answer": 0}, {"key": "iv", "answer": 0, "is_choice": True}]) == [
        ("What does the seller guarantee for Free fatty acid?", "seller"),
        ("Which values of iv can the seller deliver?", "seller"),
    ]


def test_questions_about_time_name_what_is_missing():
    known = {"days_low": 20, "days_high": 60, "window_from": "2027-02-01", "window_until": "2027-02-28"}

    assert asked("time", {"lead_days": None, "days_high": None}) == [
        ("How many days after the order can the seller ship?", "seller"),
        ("How many days will the goods be under way?", "both"),
    ]
    assert asked("time", known | {"lead_days": 7}) == [
        (
            "The way takes 20–60 days. Can a shipment be agreed that arrives 1 Feb 2027 – 28 Feb 2027?",
            "both",
        )
    ]


# Near misses


def price_change(**changed) -> dict:
    facts = {"amount": 33, "unit": "usd_per_t", "percent": 3.3, "from": 985.0, "to": 952.0}
    return facts | {"landed": 1208.0, "limit": 1176.0, "over_percent": 2.72, "is_part": False} | changed


def test_near_miss_of_price_says_how_far_and_who_would_have_to_move():
    assert sentence("price", "seller", price_change(code="lower_ask")) == (
        "+2.7%",
        "1,208 USD/t is 2.7% above the limit; the seller would have to come down by 33 USD/t.",
    )
    assert sentence("price", "buyer", price_change(code="raise_limit", is_part=True))[1] == (
        "1,208 USD/t at least is 2.7% above the limit; the buyer would have to pay 33 USD/t more."
    )


def test_near_miss_is_said_in_the_numbers_of_the_language():
    written = {"id": ("1.208", "2,7"), "en": ("1,208", "2.7"), "ru": ("1 208", "2,7"), "kk": ("1 208", "2,7")}

    for language in LANGUAGES:
        with translation.override(language):
            said = plain(texts.near_miss("price", "seller", price_change(code="lower_ask")).sentence)
        assert all(number in said for number in written[language]), said


def test_near_miss_of_time_counts_days_and_names_the_day():
    change = {"amount": 1, "unit": "days", "from": "2027-02-12", "to": "2027-02-11"}

    assert sentence("time", "seller", change | {"code": "ship_earlier"}) == (
        "1 day",
        "The seller would have to be ready 1 day earlier, by 11 Feb 2027.",
    )
    assert sentence("time", "buyer", change | {"code": "accept_later", "amount": 12})[0] == "12 days"


def test_near_miss_of_quantity_names_old_and_new_and_the_month():
    change = {"amount": 3_000, "unit": "kg", "from": 21_000, "to": 18_000, "month": None}

    assert sentence("quantity", "seller", change | {"code": "lower_lot"}) == (
        "3 t",
        "The seller would have to ship a lot of 18 t instead of 21 t.",
    )
    assert sentence("quantity", "buyer", change | {"code": "want_more", "month": "2027-03-01"})[1] == (
        "The buyer would have to take 18 t instead of 21 t in March 2027."
    )


def test_near_miss_of_a_certificate_says_how_many_days_are_left():
    change = {"code": "get_certificate", "kind": "halal", "by": "2027-03-19", "days_left": 77}

    assert sentence("certificates", "seller", change) == (
        "Halal certificate",
        "The seller would have to obtain this by 19 Mar 2027: Halal certificate (77 days are left).",
    )
    assert "(1 day is left)" in sentence("law", "buyer", change | {"code": "renew_certificate", "days_left": 1})[1]


def test_near_miss_of_a_parameter_or_term_names_it():
    widened = {"code": "widen_accepted", "parameter": "ffa", "amount": 0.05, "unit": "%"}
    values = {"parameter": "size", "amount": 2, "unit": "values", "values": ["21/25", "26/30"]}
    colder = {"code": "tighten_guarantee", "parameter": "storage", "amount": 2, "unit": "Cel"}

    assert sentence("parameters", "buyer", widened | {"from": [None, 0.1], "to": [None, 0.15]}) == (
        "0.05%",
        "The buyer would have to accept Free fatty acid at most 0.15% instead of at most 0.1%.",
    )
    assert sentence("parameters", "seller", values | {"code": "tighten_guarantee"})[1] == (
        "The seller would have to guarantee size without 21/25 or 26/30."
    )
    assert sentence("parameters", "seller", colder | {"from": [None, -16], "to": [None, -18]}) == (
        "2 °C",
        "The seller would have to guarantee storage at most −18 °C instead of at most −16 °C.",
    )
    assert sentence("payment", "seller", {"code": "accept_term", "term": "credit_30"}) == (
        "30 days after delivery",
        "The seller would have to accept this term: 30 days after delivery.",
    )
