"""The pages of partners: who opens them, what they list, in which order, and what they say where nobody fits."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from companies.enums import CompanyStatus, ListingStatus
from companies.models import Membership, StandIn
from matching.enums import MatchState, RunState
from matching.lists import listed_results, newest_near_misses
from matching.models import Match, NearMiss
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found, near_miss, some_matches
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
LIST = "/partners/"


@pytest.fixture
def result():
    """A match of Company A's need with Company B's capacity."""
    (made,) = some_matches(CommodityFactory(), 1)
    return made


def page_of(match) -> str:
    return f"/partners/{match.pk}/"


def signed_in(client, user):
    client.force_login(user)
    return client


def listed(response) -> list[tuple[str, list[int], int]]:
    """Each own listing by its reference, the matches shown under it, and how many there are."""
    return [(own.listing.reference, [fit.pk for fit in own.fits], own.count) for own in response.context["listings"]]


# Who sees what


def test_match_is_visible_to_both_sides_and_to_no_other_company(result):
    match = result.match
    buyer, seller, stranger = (member_of(one) for one in (match.need.company, match.capacity.company, company("KZ")))

    seen = {user: list(Match.objects.visible_to(user)) for user in (buyer, seller, stranger, person(Role.BUSINESS))}

    assert seen == {buyer: [match], seller: [match], stranger: [], person(Role.BUSINESS): []}


def test_near_miss_is_visible_to_both_sides_and_to_no_other_company(result):
    miss = near_miss(result.run, need(CommodityFactory()), capacity(CommodityFactory()))
    buyer, seller, stranger = (member_of(one) for one in (miss.need.company, miss.capacity.company, company("KZ")))

    seen = {user: list(NearMiss.objects.visible_to(user)) for user in (buyer, seller, stranger)}

    assert seen == {buyer: [miss], seller: [miss], stranger: []}


def test_lists_of_staff_hold_nothing_for_a_business_user(result):
    near_miss(result.run, need(CommodityFactory()), capacity(CommodityFactory(), company=result.match.capacity.company))
    user = member_of(result.match.capacity.company)

    assert (listed_results(user).count(), newest_near_misses(user).count()) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"is_current": False},
        {"state": MatchState.DISMISSED},
    ],
)
def test_a_match_that_does_not_hold_or_was_dismissed_is_told_to_nobody(client, result, change):
    match = result.match
    Match.objects.filter(pk=match.pk).update(**change)
    signed_in(client, member_of(match.need.company))

    assert listed(client.get(LIST)) == [(match.need.reference, [], 0)]
    assert client.get(page_of(match)).status_code == 404


@pytest.mark.parametrize(
    ("whose", "facts"),
    [
        ("company", {"is_hidden": True}),
        ("company", {"status": CompanyStatus.SUSPENDED}),
        ("company", {"status": CompanyStatus.DRAFT}),
        ("listing", {"status": ListingStatus.WITHDRAWN}),
    ],
)
def test_a_partner_that_does_not_trade_is_told_to_nobody(client, result, whose, facts):
    match = result.match
    row = match.capacity.company if whose == "company" else match.capacity
    type(row).objects.filter(pk=row.pk).update(**facts)
    signed_in(client, member_of(match.need.company))

    assert listed(client.get(LIST)) == [(match.need.reference, [], 0)]
    assert client.get(page_of(match)).status_code == 404


@pytest.mark.parametrize("address", [LIST, "detail"])
def test_strangers_are_asked_to_sign_in(client, result, address):
    address = page_of(result.match) if address == "detail" else address

    response = client.get(address)

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={address}")


def test_other_companies_read_nothing_whatever_they_put_into_the_address(client, result):
    """Not a company of the same country, not one of the other, not one whose user guesses numbers."""
    match = result.match
    for country in ("ID", "KZ"):
        signed_in(client, member_of(company(country)))
        guesses = [
            page_of(match),
            f"{page_of(match)}?company={match.need.company_id}",
            f"{LIST}?company={match.need.company_id}",
            f"{LIST}?need={match.need_id}",
            f"{LIST}?capacity={match.capacity_id}",
            "/partners/999999999999999999999/",
        ]
        assert [client.get(address).status_code for address in guesses] == [404] * len(guesses)
        assert listed(client.get(LIST)) == []


def test_a_side_reads_the_listing_of_the_other_side_nowhere(client, result):
    match = result.match
    signed_in(client, member_of(match.need.company))

    assert client.get(f"{LIST}?need={match.need_id}").status_code == 200
    assert client.get(f"{LIST}?capacity={match.capacity_id}").status_code == 404
    assert client.get(f"{LIST}?need={match.need_id}&capacity={match.capacity_id}").status_code == 404


def test_a_closed_account_and_a_former_member_read_nothing_any_more(client, result):
    match = result.match
    user = member_of(match.need.company)
    signed_in(client, user)
    assert client.get(page_of(match)).status_code == 200

    Membership.objects.filter(user=user).delete()
    assert (client.get(page_of(match)).status_code, listed(client.get(LIST))) == (404, [])

    Membership.objects.create(user=user, company=match.need.company)
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert [client.get(address).status_code for address in (LIST, page_of(match))] == [302, 302]
    assert list(Match.objects.visible_to(user)) == []


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER, Role.ADMIN])
def test_readers_find_no_pages_of_partners_of_their_own(client, result, role):
    match = result.match
    signed_in(client, person(role))

    addresses = [LIST, page_of(match), f"{LIST}?company={match.need.company_id}"]
    assert [client.get(address).status_code for address in addresses] == [404] * 3


def test_staff_who_stand_in_see_what_the_company_sees_until_they_end_it(client, result):
    match, staff = result.match, person(Role.STAFF)
    stand_in = StandIn.objects.create(company=match.need.company, user=staff, reason="asked by telephone")
    query = f"?company={match.need.company_id}"
    signed_in(client, staff)

    listing, page = client.get(LIST + query), client.get(page_of(match) + query)

    assert f'href="{LIST}{query}"' in client.get(f"/companies/{match.need.company_id}/").content.decode()
    assert listed(listing) == [(match.need.reference, [match.pk], 1)]
    assert f'href="{page_of(match)}{query}"' in listing.content.decode()
    assert page.context["partner"].is_seller
    assert f"You stand in for {match.need.company}" in page.content.decode()
    assert str(match.capacity.company) not in page.content.decode() + listing.content.decode()
    others = [
        LIST,
        f"{LIST}?company={match.capacity.company_id}",
        f"{page_of(match)}?company={match.capacity.company_id}",
    ]
    assert [client.get(address).status_code for address in others] == [404] * 3

    stand_in.ended_at = timezone.now()
    stand_in.save()
    assert client.get(LIST + query).status_code == 404


def test_officers_stand_in_for_nobody(client, result):
    officer = person(Role.OFFICER)
    StandIn.objects.create(company=result.match.need.company, user=officer, reason="a mistake")
    signed_in(client, officer)

    assert client.get(f"{LIST}?company={result.match.need.company_id}").status_code == 404


# What is listed


def test_partners_stand_under_each_listing_the_best_first_and_the_rest_behind_a_link(client):
    open_corridor()
    run, goods, own = finished_run(), CommodityFactory(), company("KZ")
    wanted, lonely = need(goods, company=own), need(goods, company=own)
    scores = [100_000, 900_000, 500_000, 700_000]
    low, best, third, second = (found(run, wanted, capacity(goods), score_ppm=score).match_id for score in scores)
    closed = need(goods, company=own, status=ListingStatus.CLOSED)
    found(run, closed, capacity(goods))
    signed_in(client, member_of(own))

    several, one = client.get(LIST), client.get(f"{LIST}?need={wanted.pk}")

    assert listed(several) == [(lonely.reference, [], 0), (wanted.reference, [best, second, third], 4)]
    assert f'href="/partners/?need={wanted.pk}"' in several.content.decode()
    assert listed(one) == [(wanted.reference, [best, second, third, low], 4)]


def test_equals_are_told_apart_by_their_number_alone(client):
    open_corridor()
    run, goods = finished_run(), CommodityFactory()
    wanted = need(goods)
    scores = (800_100, 849_000, 820_000)
    matches = [found(run, wanted, capacity(goods), score_ppm=score).match_id for score in scores]
    signed_in(client, member_of(wanted.company))

    assert listed(client.get(LIST)) == [(wanted.reference, matches, 3)]


def test_partners_of_one_listing_come_in_pages(client, monkeypatch):
    monkeypatch.setattr("matching.views.partners.FITS_OF_ONE", 2)
    open_corridor()
    run, goods = finished_run(), CommodityFactory()
    wanted = need(goods)
    matches = [found(run, wanted, capacity(goods), score_ppm=900_000 - 60_000 * n).match_id for n in range(3)]
    address = f"{LIST}?need={wanted.pk}"
    signed_in(client, member_of(wanted.company))

    first, second = client.get(address), client.get(f"{address}&page=2")

    assert listed(first) == [(wanted.reference, matches[:2], 3)]
    assert f'href="?need={wanted.pk}&amp;page=2"' in first.content.decode()
    assert listed(second) == [(wanted.reference, matches[2:], 3)]


def test_own_listings_come_in_pages(client, monkeypatch):
    monkeypatch.setattr("matching.views.partners.LISTINGS_SHOWN", 2)
    own, goods = company("KZ"), CommodityFactory()
    references = [need(goods, company=own).reference, need(goods, company=own).reference]
    offered = capacity(goods, company=own).reference
    signed_in(client, member_of(own))

    pages = [[row[0] for row in listed(client.get(f"{LIST}?page={number}"))] for number in (1, 2)]

    assert pages == [references[::-1], [offered]]


@pytest.mark.parametrize(
    "query", ["page=9", "page=0", "page=x", "sort=name", "size=5", "other=1", "need=1&need=2", "need=x"]
)
def test_an_address_that_makes_no_sense_is_refused_in_words(client, query):
    signed_in(client, member_of(company("KZ")))

    response = client.get(f"{LIST}?{query}")

    assert response.status_code == 400
    assert 'href="/partners/"' in response.content.decode()


def test_a_person_with_two_companies_sees_both_or_one(client):
    open_corridor()
    run, goods, user = finished_run(), CommodityFactory(), person(Role.BUSINESS)
    buyer, seller = company("KZ"), company("ID")
    for one in (buyer, seller):
        Membership.objects.create(company=one, user=user)
    wanted, offered = need(goods, company=buyer), capacity(goods, company=seller)
    both = found(run, wanted, offered).match_id
    signed_in(client, user)

    page = client.get(LIST)

    assert listed(page) == [(wanted.reference, [both], 1), (offered.reference, [both], 1)]
    sides = [own.fits[0].partner.side for own in page.context["listings"]]
    assert sides == ["seller", "buyer"]
    assert listed(client.get(f"{LIST}?company={seller.pk}")) == [(offered.reference, [both], 1)]


def test_lists_and_pages_cost_the_same_queries_for_one_row_as_for_three(client):
    open_corridor()
    run, goods, own = finished_run(), CommodityFactory(), company("KZ")
    wanted, offered = need(goods, company=own), capacity(goods, company=own, origin_country="KZ")

    def add_a_row() -> Match:
        found(run, need(goods, company=company("ID")), offered)
        near_miss(run, wanted, capacity(goods))
        return found(run, wanted, capacity(goods)).match

    match = add_a_row()
    signed_in(client, member_of(own))
    client.get(LIST)
    few = [queries_of(client, address) for address in (LIST, page_of(match))]
    for _number in range(2):
        add_a_row()
        need(goods, company=own), capacity(goods, company=own)
    many = [queries_of(client, address) for address in (LIST, page_of(match))]

    assert many == few


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


# What is said


def test_advice_tells_what_would_open_partners_without_their_figures(client):
    open_corridor()
    run, goods = finished_run(), CommodityFactory()
    offered = capacity(goods)
    near_miss(run, need(goods), offered)  # 2.5 % of one's own price, to 1,170 USD/t
    near_miss(run, need(goods), offered, side="buyer")
    signed_in(client, member_of(offered.company))

    response = client.get(LIST)
    (own,) = response.context["listings"]

    assert [(line.text, line.opens) for line in own.advice] == [("Your price up to 3% lower", "opens 1 buyer")]
    assert own.may_change == 1
    page = response.content.decode()
    assert "Nobody fits today as the listing stands." in page
    assert "1,170" not in page
    assert "2.5%" not in page


def test_near_misses_of_older_runs_and_of_partners_that_do_not_trade_are_no_advice(client):
    open_corridor()
    goods, gone = CommodityFactory(), company("KZ", status=CompanyStatus.SUSPENDED)
    offered = capacity(goods)
    near_miss(finished_run(), need(goods), offered, is_current=False)
    near_miss(finished_run(), need(goods, company=gone), offered)
    signed_in(client, member_of(offered.company))

    (own,) = client.get(LIST).context["listings"]

    assert (own.advice, own.may_change) == ([], 0)


@pytest.mark.parametrize(
    ("book", "words"),
    [
        ("no run", "No run has finished yet. The first one that the city starts will look for partners."),
        ("newer", "This listing was entered or changed after the last run read the book on "),
        ("under way", "This listing is newer than what is shown here. A run is under way: look again in a while."),
        ("read", "Nobody fits today: nobody has open goods like these on terms that meet yours."),
    ],
)
def test_a_listing_without_partners_says_why_and_what_comes(client, book, words):
    open_corridor()
    wanted = need(CommodityFactory())
    if book in ("newer", "read"):
        finished_run(book_cut_at=timezone.now() + dt.timedelta(hours=1 if book == "read" else -1))
    if book == "under way":
        finished_run(state=RunState.RUNNING)
    signed_in(client, member_of(wanted.company))

    assert words in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            CompanyStatus.SUBMITTED,
            "is not active yet: its listings take part in the matching once it has been verified.",
        ),
        (CompanyStatus.SUSPENDED, "is suspended: nobody is told of it, and no run looks for its partners."),
    ],
)
def test_a_company_that_is_not_active_reads_what_that_means(client, status, words):
    own = company("KZ", status=status)
    need(CommodityFactory(), company=own)
    signed_in(client, member_of(own))

    assert f"{own} {words}" in client.get(LIST).content.decode()


def test_who_acts_for_no_company_or_has_nothing_open_is_told_what_to_do(client):
    signed_in(client, person(Role.BUSINESS))
    assert "You act for no company yet." in client.get(LIST).content.decode()

    signed_in(client, member_of(company("KZ")))
    assert "No need and no capacity of your company is open." in client.get(LIST).content.decode()


def test_a_partner_page_gives_each_rule_its_answer_and_what_there_is_to_ask(client):
    (result,) = some_matches(CommodityFactory(), 1, unknown=("price", "payment"))
    signed_in(client, member_of(result.match.need.company))

    response = client.get(page_of(result.match))

    reasons = response.context["reasons"]
    assert [(reason.rule, reason.answer) for reason in reasons] == list(result.verdicts.items())
    assert {question.rule for question in response.context["questions"]} == {"price", "payment"}
    assert response.context["fit"].points == 90
    assert "The city looks at what fits and may propose to introduce you." in response.content.decode()


def test_a_partner_page_of_a_listing_that_is_closed_leads_to_no_list_of_it(client, result):
    match = result.match
    link = f'href="{LIST}?need={match.need_id}"'
    signed_in(client, member_of(match.need.company))
    assert link in client.get(page_of(match)).content.decode()

    type(match.need).objects.filter(pk=match.need_id).update(status=ListingStatus.CLOSED)

    assert link not in client.get(page_of(match)).content.decode()


def test_a_proposal_is_said_on_both_pages(client):
    (result,) = some_matches(CommodityFactory(), 1, state=MatchState.PROPOSED)
    signed_in(client, member_of(result.match.capacity.company))

    assert "Proposed by the city" in client.get(LIST).content.decode()
    assert "The city proposes to introduce you." in client.get(page_of(result.match)).content.decode()


def test_a_shortlisted_match_looks_like_a_new_one(client, result):
    signed_in(client, member_of(result.match.need.company))
    before = client.get(LIST).context["listings"][0].fits

    Match.objects.filter(pk=result.match_id).update(state=MatchState.SHORTLISTED)

    assert client.get(LIST).context["listings"][0].fits == before


@pytest.mark.parametrize("address", [LIST, "detail"])
def test_pages_of_partners_take_no_post_and_no_browser_keeps_them(client, result, address):
    address = page_of(result.match) if address == "detail" else address
    signed_in(client, member_of(result.match.need.company))

    assert client.post(address).status_code == 405
    assert {"no-store", "private"} <= {word.strip() for word in client.get(address)["Cache-Control"].split(",")}
