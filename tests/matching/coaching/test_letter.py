"""The letter to one company: what would open which demand, in its language, without a word about who the others are."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.enums import Role
from companies.models import Membership
from matching.coaching import letter
from matching.enums import Side
from matching.models import NearMiss
from notices.enums import NoticeKind
from notices.models import Notice
from tests.factories import CertificateKindFactory, CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, near_miss
from tests.matching.secret_book import secret_book, told_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
ON = dt.date(2027, 1, 5)
HALAL = {"code": "get_certificate", "kind": "halal", "by": "2027-03-01", "days_left": 50}


@pytest.fixture
def mill():
    """A seller who lacks a certificate for two buyers and would have to come down for a third."""
    open_corridor()
    CertificateKindFactory(code="halal", name_en="Halal certificate", name_id="Sertifikat halal")
    seller, run, goods = company("ID"), finished_run(), CommodityFactory(name_en="Palm olein", name_id="Olein sawit")
    offered = capacity(goods, company=seller)
    for _buyer in range(2):
        near_miss(run, need(goods), offered, rule="certificates", change=HALAL, effort=13)
    near_miss(run, need(goods), offered)
    return seller


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def page_of(made) -> str:
    return f"/coaching/companies/{made.pk}/"


def said(client, made, **query) -> str:
    return client.get(page_of(made), query).content.decode()


def test_letter_says_which_change_would_make_how_many_fit(mill):
    written = letter.letter_to(mill, "en", ON)

    (one,) = written.asked
    assert [(line.text, line.partners) for line in one.advice] == [
        ("This certificate: Halal certificate", 2),
        ("Your price up to 3% lower", 1),
    ]
    assert (one.goods, one.may_change, written.openings, written.not_shown) == ("Palm olein", 0, 2, 0)


def test_letter_is_written_in_the_language_that_is_chosen(mill, staff):
    page = said(staff, mill, language="id")

    assert 'lang="id"' in page
    assert "Sertifikat halal" in page
    assert "Olein sawit" in page


def test_language_is_the_companys_else_that_of_its_people_else_that_of_its_country(mill):
    assert letter.language_of(mill) == "id"
    user = member_of(mill)
    user.language = "en"
    user.save(update_fields=["language"])
    assert letter.language_of(mill) == "en"
    mill.languages = ["zh", "kk"]
    assert letter.language_of(mill) == "kk"


def test_letter_names_its_day_its_run_and_what_it_rests_on(mill, staff):
    with translation.override("en"):
        page = said(staff, mill, language="en")

    run = NearMiss.objects.first().run
    assert f"It rests on run {run.pk}, which read the book on" in page
    assert "It does not say that anybody will buy or sell" in page


@pytest.mark.parametrize("side", Side.values)
@pytest.mark.parametrize("language", ["en", "kk"])
def test_nothing_of_a_partner_stands_in_the_letter(staff, side, language):
    secret = secret_book(Side(side))
    wanted, offered = secret.match.need, secret.match.capacity
    own_side = Side.BUYER if side == Side.SELLER else Side.SELLER
    code = "lower_ask" if own_side == Side.SELLER else "raise_limit"
    change = {"code": code, "amount": 7393, "percent": 2.5, "over_percent": 1.7, "landed": 8117, "is_part": False}
    near_miss(secret.match.first_run, wanted, offered, side=own_side, change=change)

    page = staff.get(page_of(secret.own), {"language": language})

    assert page.context["letter"].openings == 1
    assert told_of(page.content.decode()) == []


def test_companies_of_the_same_people_are_nobody_to_be_found(mill):
    buyer = NearMiss.objects.filter(rule="price").get().need.company
    user = member_of(mill)
    Membership.objects.create(company=buyer, user=user)

    (one,) = letter.letter_to(mill, "en", ON).asked

    assert [line.text for line in one.advice] == ["This certificate: Halal certificate"]


def test_a_company_that_nothing_would_help_is_told_so(staff):
    open_corridor()

    assert "no single change would make another partner fit" in said(staff, company("ID"), language="en")


def test_its_people_are_told_once_a_run(mill, staff):
    user = member_of(mill)

    for _again in range(2):
        staff.post(f"{page_of(mill)}send/")

    (notice,) = Notice.objects.filter(user=user)
    assert (notice.kind, notice.facts, notice.address) == (
        NoticeKind.MORE_WOULD_FIT,
        {"company": str(mill), "count": 2},
        "/partners/",
    )


def test_page_offers_to_tell_the_people_that_the_company_has(mill, staff):
    assert "Nobody acts for this company here: print the letter." in said(staff, mill)

    member_of(mill)

    assert "Tell 1 person of this company" in said(staff, mill)


def test_a_letter_with_nothing_in_it_is_not_sent(staff):
    open_corridor()
    alone = company("ID")
    member_of(alone)

    answer = staff.post(f"{page_of(alone)}send/", follow=True)

    assert "There is nothing to tell" in answer.content.decode()
    assert not Notice.objects.exists()


def test_a_language_that_the_product_lacks_is_refused(mill, staff):
    assert staff.get(page_of(mill), {"language": "xx"}).status_code == 400


def test_many_near_misses_cost_no_more_queries_than_one(mill, staff):
    staff.get(page_of(mill))
    few = queries_of(staff, mill)
    offered, run = mill.capacities.get(), finished_run()
    for _buyer in range(4):
        near_miss(run, need(offered.commodity), offered)

    assert queries_of(staff, mill) == few


def queries_of(client, made) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(page_of(made))
    return len(queries)


def test_a_hidden_company_gets_no_letter(mill, staff):
    mill.is_hidden = True
    mill.save(update_fields=["is_hidden"])

    visible = person(Role.OFFICER)
    staff.force_login(visible)
    assert staff.get(page_of(mill)).status_code == 404
