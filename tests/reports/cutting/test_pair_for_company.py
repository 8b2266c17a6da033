"""The brief that a guest of a meeting may read: one's own side as it is, the other as the pages of partners tell it."""

import json

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from companies.enums import ContactPurpose
from matching.enums import MatchState, Side
from matching.models import Match
from reports.cutting.pair import PAIR
from reports.document import Facts, Score, Sides, Verdicts, Waterfall
from reports.enums import Subject
from reports.orders import Order
from reports.services.ordering import check_order
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.matching.secret_book import WORDS, secret_book, told_of
from tests.people import person
from tests.reports.cutting.kept import LANGUAGES, block, cut_of, lines, read_in, table_in

pytestmark = pytest.mark.django_db


def brief_for(match: Match, company: int | None):
    asked = Order(subject=Subject.PAIR, match=match.pk, for_company=company)
    return cut_of(PAIR, asked, person(Role.OFFICER))


@pytest.mark.parametrize("side", [Side.SELLER, Side.BUYER])
def test_nothing_that_the_other_side_says_of_itself_is_in_the_brief_of_a_guest(side):
    secret = secret_book(side)

    for_officials, _rows = brief_for(secret.match, None)
    for_guest, rows = brief_for(secret.match, secret.own.pk)

    # The control: the secrets are there to be told, and looking for them finds them.
    assert {"Secretregistered", "Secretreference", "6431", "7393"} <= set(
        told_of(json.dumps(read_in(for_officials.document, "en"), ensure_ascii=False))
    )
    told = {language: read_in(for_guest.document, language) for language in LANGUAGES}
    assert told_of(json.dumps(told["en"], ensure_ascii=False)) == []
    whole = json.dumps([told, rows], ensure_ascii=False)
    assert [word for word in WORDS if word in whole] == []
    assert [one for one in for_guest.document.blocks if isinstance(one, (Waterfall, Facts))] == []


def test_a_guest_reads_its_own_side_whole_and_the_other_unnamed_with_what_is_left_out_counted():
    (result,) = some_matches(CommodityFactory(name_en="RBD palm olein"), 1, score_ppm=837_000, unknown=("payment",))
    need, capacity = result.match.need, result.match.capacity

    cut, rows = brief_for(result.match, need.company_id)

    sides = block(cut.document, Sides)
    assert (sides["need"]["name"], sides["capacity"]["name"]) == (need.company.name_registered, "Name not told yet")
    assert lines(sides["need"])["Limit"] == "1,150\xa0USD/t, DAP Place KZALA"
    assert lines(sides["capacity"]) == {
        "Example": "This company and its figures are invented.",
        "Goods": f"RBD palm olein, HS {capacity.commodity.hs_code}",
        "Offers": "200 to 1,000 t",
        "Can move": "50 to 200 t",
    }
    assert block(cut.document, Score) == {
        "is": "Score",
        "points": "80",
        "could_reach": "80",
        "known": "9 of 10 known",
    }
    # Name, reference, place, and the days, the price and the terms of payment.
    assert cut.document.left_out == 6
    answers = [row["answer"] for row in table_in(cut.document, rows, "verdicts", "kk")]
    assert answers == [row["says"] for row in block(cut.document, Verdicts, "kk")["rows"]]


def test_figures_of_a_guests_brief_are_the_same_in_all_four_languages():
    (result,) = some_matches(CommodityFactory(), 1)

    cut, _rows = brief_for(result.match, result.match.capacity.company_id)

    told = {language: read_in(cut.document, language)["blocks"] for language in LANGUAGES}
    assert {blocks[0]["points"] for blocks in told.values()} == {"90"}
    assert len({json.dumps(blocks) for blocks in told.values()}) == len(LANGUAGES)


@pytest.mark.parametrize(
    "asked",
    [
        {"subject": Subject.MATCHES},
        {"subject": Subject.COMPANIES},
        {"contacts": True, "purpose": ContactPurpose.EVENT, "recipient": "A guest", "crosses_to": "KZ"},
        {"for_company": -1},
    ],
)
def test_what_would_name_companies_to_each_other_is_refused(asked):
    (result,) = some_matches(CommodityFactory(), 1)
    key = result.match.need.company_id
    order = {"subject": Subject.PAIR, "match": result.match_id, "companies": (key,), "for_company": key} | asked

    with pytest.raises(ValidationError) as refusal:
        check_order(Order(**order), person(Role.OFFICER))

    assert refusal.value.code == "names_others"


def test_a_pair_that_companies_are_not_told_of_is_no_brief_for_them():
    (result,) = some_matches(CommodityFactory(), 1, state=MatchState.DISMISSED)
    order = Order(subject=Subject.PAIR, match=result.match_id, for_company=result.match.need.company_id)

    with pytest.raises(ValidationError) as refusal:
        check_order(order, person(Role.OFFICER))

    assert refusal.value.code == "not_told"
