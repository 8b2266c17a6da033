"""The labelled set itself: large enough, halved, and about the whole nomenclature."""

import csv
from collections import Counter

from django.conf import settings

from commodities.finding.measuring import HALVES, LANGUAGES, Question, read_questions
from commodities.management.commands.measure_finder import QUESTIONS


def codes_that_ship() -> dict[str, str]:
    """Every code with its HS digits; groups have none."""
    known = {}
    for file, code, digits in (
        ("hs_codes.csv", "code", "code"),
        ("commodities.csv", "slug", "hs6"),
        ("commodity_groups.csv", "code", ""),
    ):
        with (settings.REFERENCE_DIR / file).open(encoding="utf-8", newline="") as lines:
            prefix = "" if digits else "group:"
            known |= {prefix + row[code]: row.get(digits, "") for row in csv.DictReader(lines)}
    return known


def chapters(questions: list[Question], known: dict[str, str]) -> set[str]:
    return {known[code][:2] for question in questions for code in question.right} - {""}


def test_the_set_is_large_and_halved_in_every_language():
    questions = read_questions(QUESTIONS)
    about_goods = Counter((one.half, one.language) for one in questions if one.right)

    assert set(about_goods) == {(half, language) for half in HALVES for language in LANGUAGES}
    assert min(about_goods.values()) >= 80
    assert sum(not one.right for one in questions) >= 40
    assert len({(one.language, one.query) for one in questions}) == len(questions)


def test_the_set_asks_for_goods_of_every_chapter_in_both_halves():
    known = codes_that_ship()
    every = {code[:2] for code in known if code.isdigit()} - {"99"}

    for half in HALVES:
        assert chapters([one for one in read_questions(QUESTIONS) if one.half == half], known) == every
