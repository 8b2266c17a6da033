"""What a company may not learn of its partners: nothing they say of themselves reaches any page of it."""

import re
from decimal import Decimal

import pytest

from accounts.enums import Role
from companies.enums import Screening
from companies.models import Certificate, Company, Membership
from matching.enums import MatchState, Side
from matching.models import Allocation, Match, MatchResult
from matching.told.partners import viewpoint_from, viewpoint_of
from tests.factories import CommodityFactory, HeadingFactory, PlaceFactory, below
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found, near_miss
from tests.matching.secret_book import FIGURES, WORDS, secret_book, told_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
NEARLY = {"code": "lower_ask", "amount": 15, "percent": 1.9, "over_percent": 1.2, "landed": 1165, "is_part": False}
SIDES = pytest.mark.parametrize("side", [Side.SELLER, Side.BUYER])

# What the page of a match tells staff of either side; the rest is on pages of the company.
TOLD_TO_STAFF = {
    *("Secretlatin", "Secretcity", "Secretsite", "Secretreference", "Secretdecisionnote"),
    *("6431", "1733", "7393", "8117", "2917", "61.37", "17 Feb", "23 Jul"),
}


def pages_of(match: Match) -> list[str]:
    return ["/partners/", f"/partners/{match.pk}/", "/"]


def everything(response) -> str:
    """All that travels to the browser: headers, cookies and body."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{headers}\n{response.cookies.output()}\n{response.content.decode()}"


def without_tokens(response) -> str:
    """The body, but for what differs each time it is asked for."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]*|[0-9a-f-]{32,36}', "", response.content.decode())


@SIDES
def test_no_page_of_a_company_tells_what_its_partner_says_of_itself(client, side):
    secret = secret_book(side)

    client.force_login(person(Role.STAFF))
    to_staff = told_of(everything(client.get(f"/matches/{secret.match.pk}/")))
    client.force_login(member_of(secret.own))
    answers = [client.get(page) for page in pages_of(secret.match)]

    # The control: the secrets are there to be told, and looking for them finds them.
    assert set(to_staff) >= TOLD_TO_STAFF
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [told_of(everything(answer)) for answer in answers] == [[]] * 3
    assert b"Palm olein" in answers[0].content  # it is told of the match, and of what one has oneself


@SIDES
@pytest.mark.parametrize("language", ["id", "ru", "kk"])
def test_no_page_tells_it_in_another_language_either(client, side, language):
    secret = secret_book(side)
    client.force_login(member_of(secret.own))
    client.cookies["django_language"] = language

    answers = [client.get(page) for page in pages_of(secret.match)]

    assert [[word for word in told_of(everything(answer)) if word in WORDS] for answer in answers] == [[]] * 3


@SIDES
def test_pages_stay_the_same_to_the_letter_whatever_the_partner_says_of_itself(client, side):
    """Stronger than looking for words: what does not change a page cannot be learned from it."""
    secret = secret_book(side)
    client.force_login(member_of(secret.own))
    before = [without_tokens(client.get(page)) for page in pages_of(secret.match)]

    tell_otherwise(secret)
    after = [without_tokens(client.get(page)) for page in pages_of(secret.match)]

    assert after == before


def tell_otherwise(secret) -> None:
    """The same partner with other names, places, prices, days, papers, plans and ranks."""
    other, listing, match = secret.other, secret.other_listing, secret.match
    elsewhere = PlaceFactory(code="ELSEWHERE", country=other.country)
    Company.objects.filter(pk=other.pk).update(
        code="otherwise",
        name_registered="Otherwise",
        name_latin="",
        name_short="",
        registration_number="9",
        place=elsewhere,
        region=None,
        first_mile_km=1,
        city="",
        website="",
        role_mailbox="",
        switchboard="",
        description="",
        sectors=["metals"],
        languages=["kk"],
        screening=Screening.NOT_SCREENED,
        source="",
    )
    changes = {
        "reference": "otherwise",
        "own_words": "",
        "language": "kk",
        "price_amount": Decimal(3),
        "quantity_kg": 6_000_000,  # the same band
        "quantity_typed": Decimal(6000),
        "incoterm": "EXW",
        "payment_terms": ["prepaid"],
        "valid_until": "2099-01-01",
    }
    if hasattr(listing, "lot_kg"):
        changes |= {"lot_kg": 3, "place": elsewhere, "packaging": "", "lead_days": 1, "net_kg_per_transport_unit": 1}
        changes |= {"available_from": "2027-01-02", "available_until": "2027-12-12"}
    else:
        changes |= {"smallest_share_kg": 3, "destination": elsewhere, "named_place": elsewhere}
        changes |= {"window_from": "2027-01-02", "window_until": "2027-12-12", "excluded_origins": ["RU"]}
    type(listing).objects.filter(pk=listing.pk).update(**changes)
    Certificate.objects.filter(company=other).delete()
    Allocation.objects.all().delete()
    match.decisions.all().delete()
    Match.objects.filter(pk=match.pk).update(state=MatchState.NEW)
    result = MatchResult.objects.get(pk=match.latest_id)
    result.rank_for_need, result.rank_for_capacity, result.planned_kg = 9, 7, 0
    result.landed_low_usd_per_t = result.landed_high_usd_per_t = None
    result.days_low, result.days_high, result.movable_kg = 1, 2, 1_100_000  # the same band
    result.score_ppm, result.could_reach_ppm = 801_000, 990_000  # the same five points
    result.components = dict.fromkeys(result.components, 0.1)
    result.facts = other_facts(result.facts, "seller" if hasattr(listing, "lot_kg") else "buyer")
    result.save()


def other_facts(facts: dict, side: str) -> dict:
    """Facts of the other side changed wherever a rule keeps them."""
    is_seller = side == "seller"
    prices = dict.fromkeys(facts["price"], 1.0)
    own_price, own_days = ("limit_usd_per_t", "window") if is_seller else ("ask_usd_per_t", "available")
    days = {name: "2028-08-08" for name in facts["time"] if not name.startswith(own_days)} | {
        "lead_days": 3 if is_seller else facts["time"]["lead_days"],
        "days_low": 1,
        "days_high": 2,
    }
    own_share = "smallest_share_kg" if is_seller else "lot_kg"
    kilograms = dict.fromkeys(facts["quantity"], 5) | {own_share: facts["quantity"][own_share]}
    span = "offered" if is_seller else "asked"
    parameters = [entry | {f"{span}_low": 1.0, f"{span}_high": 2.0} for entry in facts["parameters"]]
    papers = [entry | {"valid_from": None, "valid_until": "2029-09-09", "state": 0} for entry in facts["certificates"]]
    law = {
        holder: [entry | {"valid_until": None, "state": 0} for entry in entries]
        for holder, entries in facts["law"].items()
    }
    return facts | {
        "price": prices | {own_price: facts["price"][own_price]},
        "time": facts["time"] | days,
        "quantity": kilograms,
        "parameters": parameters,
        "certificates": papers,
        "law": law,
        "payment": facts["payment"] | {side: ["letter_of_credit", "prepaid"]},
        "standing": facts["standing"] | {f"{side}_screening": 0},
    }


def test_every_secret_can_be_found():
    assert told_of(" ".join(WORDS)) == list(WORDS)
    assert told_of(" ".join(form for forms in FIGURES for form in forms)) == [forms[0] for forms in FIGURES]


# Companies of the same people


def test_other_companies_of_the_reader_and_of_colleagues_hide_nobody_whichever_one_is_looked_from(client):
    open_corridor()
    goods = CommodityFactory(hs_code="151190", **below(HeadingFactory(code="1511", name_en="Palm oil"), 1))
    first, _second, own = [capacity(goods) for _number in range(3)]  # all of one region
    run = finished_run()
    result = found(run, need(goods), first)
    buyer, page = result.match.need.company, f"/partners/{result.match.pk}/"
    with_one, with_both = member_of(buyer), member_of(own.company)

    def told(user, query: str = "") -> list[tuple[str, str]]:
        client.force_login(user)
        (listing,) = client.get(f"/partners/?need={result.match.need_id}{query.replace('?', '&')}").context["listings"]
        fits = [*listing.fits, client.get(page + query).context["fit"]]
        return [(fit.partner.where, fit.partner.goods) for fit in fits]

    by_region = f"{first.company.region.name}, Indonesia"
    assert told(with_one) == [(by_region, goods.name)] * 2  # whom three of the region answer to

    Membership.objects.create(company=buyer, user=with_both)
    widely = [("Indonesia", "Palm oil")]
    assert told(with_both) == told(with_both, f"?company={buyer.pk}") == widely * 2
    # Their colleague knows one of the three.
    assert told(with_one) == told(with_one, f"?company={buyer.pk}") == widely * 2

    found(run, result.match.need, own)  # a partner as before, although the colleague acts for it
    assert told(with_one) == widely * 3


def test_other_companies_of_the_reader_and_of_colleagues_do_not_make_two_whose_exact_percent_is_told(client):
    open_corridor()
    run, goods = finished_run(), CommodityFactory()
    offered, others = capacity(goods), [need(goods), need(goods)]
    for wanted in others:
        near_miss(run, wanted, offered, change=NEARLY)
    with_one, with_both = member_of(offered.company), member_of(others[0].company)

    def told(user, query: str) -> list[tuple[str, str]]:
        client.force_login(user)
        (listing,) = client.get(f"/partners/?capacity={offered.pk}{query}").context["listings"]
        return [(line.text, line.opens) for line in listing.advice]

    assert told(with_one, "") == [("Your price 2% lower", "opens 2 buyers")]

    Membership.objects.create(company=offered.company, user=with_both)
    alone = [("Your price up to 3% lower", "opens 1 buyer")]
    assert (told(with_both, ""), told(with_both, f"&company={offered.company_id}")) == (alone, alone)
    assert told(with_one, "") == alone


def test_pages_and_letter_leave_out_the_same_companies_and_nobody_acts_for_more():
    mine, theirs, _strangers = company("KZ"), company("ID"), company("ID")
    reader, colleague = member_of(mine), member_of(theirs)
    Membership.objects.create(company=mine, user=colleague)

    seen = viewpoint_of(reader, None), viewpoint_of(reader, mine.pk), viewpoint_from([mine])
    assert [(set(one.own), set(one.acted_for)) for one in seen] == [({mine.pk}, {mine.pk})] * 3
    assert [set(one.not_a_crowd) for one in seen] == [{mine.pk, theirs.pk}] * 3

    colleague.is_active = False  # and signs in no more
    colleague.save(update_fields=["is_active"])
    assert set(viewpoint_of(reader, mine.pk).not_a_crowd) == {mine.pk}
