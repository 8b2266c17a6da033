"""What a notice says, and that the words repeated here are those of the apps they come from."""

import pytest
from django.utils import translation

from commodities.enums import Sector
from companies.enums import FactKind
from notices.enums import NoticeKind
from notices.models import Notice
from notices.texts import CHECKED, FACTS, SECTORS, SENTENCES, sentence

SAID = [
    (NoticeKind.COMPANY_SUBMITTED, {"company": "PT Laut"}, "PT Laut asks to be verified."),
    (
        NoticeKind.COMPANY_SENT_BACK,
        {"company": "PT Laut", "reason": "The deed is missing."},
        "PT Laut was sent back, with these words: The deed is missing.",
    ),
    (
        NoticeKind.COMPANY_ACTIVE,
        {"company": "PT Laut"},
        "PT Laut is active: its open needs and capacities take part in the matching.",
    ),
    (
        NoticeKind.COMPANY_SUSPENDED,
        {"company": "PT Laut"},
        "PT Laut is suspended: its needs and capacities take no part in the matching.",
    ),
    (NoticeKind.FACT_RECORDED, {"company": "PT Laut", "fact": "visited"}, "PT Laut was visited."),
    (NoticeKind.FACT_RECORDED, {"company": "PT Laut", "fact": "x"}, "Something was checked about PT Laut."),
    (
        NoticeKind.MORE_WOULD_FIT,
        {"company": "PT Laut", "count": 1},
        "The city wrote to PT Laut: 1 change would make more partners fit.",
    ),
    (
        NoticeKind.MORE_WOULD_FIT,
        {"company": "PT Laut", "count": 3},
        "The city wrote to PT Laut: 3 changes would make more partners fit.",
    ),
    (NoticeKind.COMPANY_JOINED, {"company": "PT Laut"}, "You act for PT Laut now."),
    (
        NoticeKind.STAND_IN_BEGAN,
        {"company": "PT Laut", "reason": "asked by telephone"},
        "City staff now acts for PT Laut. The reason given: asked by telephone",
    ),
    (NoticeKind.NEW_MATCHES, {"company": "100 % Laut", "count": 1}, "100 % Laut has 1 new match."),
    (NoticeKind.NEW_MATCHES, {"company": "PT Laut", "count": 3}, "PT Laut has 3 new matches."),
    (
        NoticeKind.MATCH_PROPOSED,
        {"company": "PT Laut"},
        "The city proposes to introduce PT Laut to a partner that fits.",
    ),
    (NoticeKind.RUN_FAILED, {"run": 1234}, "Run 1234 failed."),
    (
        NoticeKind.SECTOR_MATCHES,
        {"sector": "fisheries", "count": 2},
        "2 new matches in a sector you follow: Fisheries.",
    ),
]


@pytest.mark.parametrize(("kind", "facts", "said"), SAID)
def test_sentence_says_what_happened(kind, facts, said):
    assert sentence(Notice(kind=kind, facts=facts)) == said


def test_every_kind_has_a_sentence_and_knows_its_facts():
    assert set(SENTENCES) == set(FACTS) == set(NoticeKind)


def test_sentence_is_made_in_the_language_of_the_reader():
    notice = Notice(kind=NoticeKind.SECTOR_MATCHES, facts={"sector": "palm_oil", "count": 2})

    with translation.override("id"):
        said = sentence(notice)

    assert "Minyak sawit" in said


def test_words_are_those_of_the_apps_they_come_from():
    assert {value: str(word) for value, word in SECTORS.items()} == {s.value: str(s.label) for s in Sector}
    assert set(CHECKED) == set(FactKind.values)
