"""The brief of one pair: what the page of the match says, in four languages with the same figures."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.figures import decimal
from companies.enums import CompanyKind
from companies.models import Company
from matching.enums import MatchState
from matching.models import Allocation, Match
from matching.services import decide
from reports.cutting.pair import PAIR
from reports.document import Document, Facts, Questions, Score, Sides, Verdicts, Waterfall, Words
from reports.enums import Subject
from reports.orders import Order
from reports.services.ordering import check_order
from tests.factories import CertificateKindFactory, CommodityFactory, ParameterFactory, RequirementFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found, some_matches
from tests.people import member_of, person
from tests.reports.cutting.kept import LANGUAGES, block, cut_of, lines, read_in, table_in

pytestmark = pytest.mark.django_db


def brief_of(match: Match, user=None, **order):
    return cut_of(PAIR, Order(subject=Subject.PAIR, match=match.pk, **order), user or person(Role.OFFICER))


def unsure_match() -> Match:
    """A pair of which a price, a parameter and terms are not known."""
    asked = [{"key": "iodine", "unit": "", "answer": 0, "asked_low": None, "asked_high": 56.0}]
    components = {"price": None, "quantity": 0.5, "quality": None, "time": 0.2, "certificates": 0.8, "logistics": 1.0}
    price = {"ask_usd_per_t": None, "limit_usd_per_t": 1150.0}
    (result,) = some_matches(
        CommodityFactory(),
        1,
        unknown=("parameters", "price", "payment", "standing"),
        components=components | {"trust": 0.3},
        facts={"parameters": asked, "price": price, "payment": {"buyer": ["documents"]}},
    )
    return result.match


def written(figure: str) -> str:
    """As the page writes it."""
    return decimal(Decimal(figure), 2)


def test_brief_shows_what_the_page_of_the_match_shows(client):
    ParameterFactory(key="iodine", unit="", name_en="Iodine value")
    match = unsure_match()
    officer = person(Role.OFFICER)
    client.force_login(officer)
    page = client.get(f"/matches/{match.pk}/").context

    cut, _rows = brief_of(match, officer)

    told = cut.document
    assert block(told, Score) == {"is": "Score", "points": "90", "could_reach": "100", "known": "6 of 10 known"}
    assert [(row["rule"], row["asked"], row["offered"], row["says"]) for row in block(told, Verdicts)["rows"]] == [
        (
            verdict.title,
            verdict.need_fact,
            f"{verdict.capacity_fact}. {verdict.note}" if verdict.note else verdict.capacity_fact,
            verdict.word,
        )
        for _rule, verdict in page["verdicts"]
    ]
    assert [step["label"] for step in block(told, Waterfall)["steps"]] == [
        *(row.words for row in page["landed"].rows),
        f"Landed, {page['travel'].point}",
    ]
    amounts = [(row.low, row.high) for row in page["landed"].rows] + [(page["landed"].low, page["landed"].high)]
    assert [tuple(written(step[end]) for end in ("low", "high")) for step in block(told, Waterfall)["steps"]] == [
        (decimal(low, 2), decimal(high, 2)) for low, high in amounts
    ]
    assert cut.run == match.latest.run


def test_both_sides_are_named_with_what_is_asked_and_offered_and_what_was_checked():
    goods = CommodityFactory(name_en="RBD palm olein", hs_code="151190")
    open_corridor()
    buyer = company("KZ", name_registered="ТОО «Әлем Қант»", name_latin="TOO Alem Qant", kind=CompanyKind.REGISTERED)
    seller = company("ID", name_registered="PT Kariangau", kind=CompanyKind.EXAMPLE)
    result = found(
        finished_run(),
        need(goods, company=buyer, reference="N-7", period="monthly", quantity_kg=63_000),
        capacity(goods, company=seller, reference="C-9", price_amount=None, price_currency="", price_unit=""),
    )

    cut, _rows = brief_of(result.match)

    sides = block(cut.document, Sides)
    wants, offers = sides["need"], sides["capacity"]
    assert (wants["role"], wants["name"], wants["latin"]) == ("Need N-7", "ТОО «Әлем Қант»", "TOO Alem Qant")
    assert wants["checked"] == "Number checked (4 Jan 2027)"
    assert lines(wants) == {
        "Goods": "RBD palm olein",
        "Wants": "63\xa0t/month",
        "Delivery": "1 Mar – 31 May 2027, Place KZALA",
        "Limit": "1,150\xa0USD/t, DAP Place KZALA",
        "Payment": "letter of credit at sight",
    }
    assert (offers["role"], offers["name"], offers["latin"]) == ("Capacity C-9", "PT Kariangau", "")
    assert lines(offers) == {
        "Example": "This company and its figures are invented.",
        "Goods": "RBD palm olein, HS 151190",
        "Offers": "500\xa0t, lot 20 t",
        "Available": "1 Jan – 30 Jun 2027, Place IDKRG",
        "Asks": "not known",
        "Payment": "letter of credit at sight",
    }
    assert cut.document.has_examples


def test_figures_are_the_same_in_all_four_languages_and_only_words_differ():
    cut, rows = brief_of(unsure_match())

    told = {language: read_in(cut.document.blocks, language) for language in LANGUAGES}
    figures = {
        language: [(step["low"], step["high"]) for one in blocks if one["is"] == "Waterfall" for step in one["steps"]]
        + [one["points"] for one in blocks if one["is"] == "Score"]
        + [row["answer"] for one in blocks if one["is"] == "Verdicts" for row in one["rows"]]
        for language, blocks in told.items()
    }
    assert figures["id"] == figures["en"] == figures["ru"] == figures["kk"]
    assert len({json.dumps(blocks) for blocks in told.values()}) == len(LANGUAGES)
    numbers = {
        language: [(one["low"], one["high"]) for one in table_in(cut.document, rows, "cost", language)]
        for language in LANGUAGES
    }
    assert numbers["id"] == numbers["en"] == numbers["ru"] == numbers["kk"]
    assert Document.of_json(json.loads(json.dumps(cut.document.to_json()))) == cut.document


def test_questions_that_open_most_of_the_score_come_first_and_staff_are_not_asked_at_the_table():
    ParameterFactory(key="iodine", unit="", name_en="Iodine value")

    cut, _rows = brief_of(unsure_match())

    assert block(cut.document, Questions)["items"] == [
        "What price does the seller ask? To: seller.",
        "What does the seller guarantee for Iodine value? To: seller.",
        "Which payment terms does the seller accept? The buyer offers: cash against documents. To: seller.",
    ]


def test_a_brief_without_open_rules_asks_for_the_papers_that_are_missing():
    halal = CertificateKindFactory(code="halal", name_en="Halal certificate")
    (result,) = some_matches(CommodityFactory(), 1)
    result.match.need.required_certificates.add(halal)

    cut, _rows = brief_of(result.match)

    assert block(cut.document, Questions)["items"] == [
        "Can the seller show that it holds this: Halal certificate? To: seller."
    ]
    assert lines(block(cut.document, Facts, title="Which papers are needed?")) == {
        "Missing or not checked": "Halal certificate (seller)",
        "Held and checked": "none",
        "What each consignment needs": "not known",
    }


@pytest.mark.parametrize(
    ("language", "words"), [("en", "not known"), ("id", "belum diketahui"), ("ru", "неизвестно"), ("kk", "белгісіз")]
)
def test_what_is_not_known_says_so_in_each_language(language, words):
    goods = CommodityFactory()
    open_corridor()
    offered = capacity(goods, price_amount=None, price_currency="", price_unit="", payment_terms=[])
    result = found(finished_run(), need(goods), offered, days_low=None, days_high=None)

    cut, rows = brief_of(result.match)

    asked = read_in(block(cut.document, Sides, language)["capacity"], language)
    assert [line["value"] for line in asked["lines"]].count(words) == 2
    total = block(cut.document, Waterfall, language)["steps"][-1]
    assert (total["low"], total["high"]) == (None, None)
    assert rows["cost"][-1][1:3] == [None, None]


def test_decisions_and_the_plan_stand_in_the_brief_without_notes_and_names():
    (result,) = some_matches(CommodityFactory(), 1)
    officer = person(Role.OFFICER)
    decide(match=result.match, decided_by=officer, state=MatchState.PROPOSED, note="Their daughter knows ours")
    Allocation.objects.create(
        run=result.run, match=result.match, ship_month="2027-02-01", deliver_month="2027-03-01", quantity_kg=60_000
    )

    cut, rows = brief_of(result.match)

    told = lines(block(cut.document, Facts, title="What has been decided?"))
    assert list(told.values()) == ["Proposed (embassy officer)", "60\xa0t"]
    whole = json.dumps([cut.document.to_json(), rows], ensure_ascii=False)
    assert "Their daughter" not in whole
    assert officer.email not in whole


def test_a_pair_that_fails_now_warns_before_anything_else():
    goods = CommodityFactory()
    open_corridor()
    result = found(finished_run(), need(goods), capacity(goods), failed=("time",), score_ppm=300_000)

    cut, _rows = brief_of(result.match)

    assert block(cut.document, Words)["text"] == "1 rule fails now."
    assert block(cut.document, Verdicts)["title"] == "What speaks for them, and what against?"


def test_tables_of_a_brief_hold_each_rule_line_step_and_paper():
    goods = CommodityFactory()
    RequirementFactory(direction="ID>KZ", title_en="Import permit")
    (result,) = some_matches(goods, 1)

    cut, rows = brief_of(result.match)

    told = {key: table_in(cut.document, rows, key, "ru") for key in rows}
    assert list(told) == ["sides", "verdicts", "cost", "way", "certificates", "papers"]
    assert [(row["side"], row["quantity_t"], row["price"]) for row in told["sides"]] == [
        ("покупатель", "100", "1150"),
        ("продавец", "500", "800"),
    ]
    assert {row["answer"] for row in told["verdicts"]} == {"подходит"}
    assert [(row["days_low"], row["days_high"]) for row in told["way"]] == [("25", "35")]
    assert [table.key for table in cut.document.tables] == list(rows)


def test_what_one_may_not_see_and_what_no_run_looked_at_is_refused_in_words():
    (result,) = some_matches(CommodityFactory(), 1)
    match = result.match
    order = Order(subject=Subject.PAIR, match=match.pk)
    officer = person(Role.OFFICER)

    def refused(user, asked=order) -> str:
        with pytest.raises(ValidationError) as refusal:
            check_order(asked, user)
        return refusal.value.code or refusal.value.message

    assert refused(member_of(match.need.company)) == "Only city staff and embassy officers carry reports away."
    assert refused(officer, Order(subject=Subject.PAIR)) == "gone"
    Company.objects.filter(pk=match.need.company_id).update(is_hidden=True)
    assert refused(officer) == "gone"
    Company.objects.filter(pk=match.need.company_id).update(is_hidden=False)
    Match.objects.filter(pk=match.pk).update(latest=None)
    assert refused(officer) == "not_judged"


def test_kazakh_letters_stay_as_they_are():
    name = "ЖШС «Әлемдік Ғажайып Қазына Ңұсқа Өркен Үміт Һәм Іс»"
    goods = CommodityFactory(name_kk="Тазартылған ағартылған иіссіздендірілген пальма олеині")
    open_corridor()
    result = found(finished_run(), need(goods, company=company("KZ", name_registered=name)), capacity(goods))

    cut, _rows = brief_of(result.match)

    assert block(cut.document, Sides, "kk")["need"]["name"] == name
    assert lines(block(cut.document, Sides, "kk")["need"])["Тауар"] == goods.name_kk
    assert dt.date(2027, 3, 1).isoformat() in json.dumps(_rows)
