"""The home of business users: where the company stands, the one next step, own listings, who fits, and no more."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from companies.enums import CompanyStatus, ListingStatus, MemberRole
from companies.models import Membership
from companies.services.asking import ask_company
from desk.own_book import OwnBook
from desk.steps import standing_of
from matching.enums import MatchState, Side
from notices.enums import NoticeKind
from notices.services import tell
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found, near_miss
from tests.matching.secret_book import secret_book, told_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
COMPLETE = {
    "registration_number": "1234567890123",
    "sectors": ["palm_oil"],
    "languages": ["id"],
    "switchboard": "+62 5",
    "legal_form": "pt",
}


def home(client, user):
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response


def standing(status: str, *, country: str = "ID", needs: int = 0, **facts):
    trader = company(country, status=status, **facts)
    since = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    return standing_of(trader, waiting_since=since, book=OwnBook(needs=needs), partners=0)


def states(stood) -> list[str]:
    return [step.state for step in stood.steps]


# Where a company stands


@pytest.mark.parametrize(
    ("facts", "expected", "label"),
    [
        ({"status": CompanyStatus.DRAFT}, ["now", "later", "later", "later"], "Go on"),
        ({"status": CompanyStatus.DRAFT, **COMPLETE}, ["done", "now", "later", "later"], "Check and send"),
        ({"status": CompanyStatus.SUBMITTED}, ["done", "done", "now", "later"], "See what was checked"),
        ({"status": CompanyStatus.ACTIVE}, ["done", "done", "done", "now"], "Say what you need or can supply"),
        ({"status": CompanyStatus.ACTIVE, "needs": 1}, ["done", "done", "done", "done"], "See who fits"),
        ({"status": CompanyStatus.SUSPENDED, "needs": 1}, ["done", "done", "stopped", "done"], "See the company"),
    ],
)
def test_standing_has_one_next_step_for_each_state(facts, expected, label):
    stood = standing(**facts)

    assert states(stood) == expected
    assert stood.next.label == label
    assert expected.count("now") == (0 if "stopped" in expected or expected[-1] == "done" else 1)


def test_draft_is_told_how_far_it_is_and_what_comes_next():
    stood = standing(CompanyStatus.DRAFT, **(COMPLETE | {"languages": [], "sectors": []}))

    assert stood.steps[0].words == "4 of 6 steps done"
    assert stood.next.text == "4 of 6 steps done. Go on with: What you do."
    assert stood.next.url == f"/companies/{stood.company.pk}/registration/work/"


def test_draft_that_was_sent_back_is_told_why():
    stood = standing(CompanyStatus.DRAFT, **COMPLETE, status_reason="The number belongs to another firm.")

    assert stood.next.text.startswith("Sent back with these words: The number belongs to another firm.")
    assert stood.next.is_trouble


@pytest.mark.parametrize(("country", "who"), [("ID", "The city"), ("KZ", "The embassy")])
def test_waiting_company_is_told_who_checks_and_since_when(country, who):
    stood = standing(CompanyStatus.SUBMITTED, country=country)

    assert (stood.steps[2].title, stood.steps[2].words) == (f"{who} checks the papers", "Since 20 Nov 2026")
    assert stood.next.text.startswith(f"{who} checks your papers.")


def test_company_that_is_asked_something_is_led_to_the_question(client):
    trader = company("ID", status=CompanyStatus.SUBMITTED)
    ask_company(company=trader, words="Which deed?", asked_by=person(Role.STAFF))

    (stood,) = home(client, member_of(trader)).context["standings"]

    assert stood.next.url == f"/companies/{trader.pk}/#thread"
    assert (stood.next.label, stood.next.is_trouble) == ("Read and answer it", True)


def test_suspended_company_is_told_the_reason():
    stood = standing(CompanyStatus.SUSPENDED, status_reason="Papers have expired.")

    assert "The reason: Papers have expired." in stood.next.text


def test_what_expires_has_expired_or_rests_leads_to_the_list_of_it(client):
    today, trader = timezone.localdate(), company("KZ")
    for days in (3, 14, 15, -1):
        need(CommodityFactory(), company=trader, valid_until=today + dt.timedelta(days=days))
    need(CommodityFactory(), company=trader, status=ListingStatus.PAUSED)

    (stood,) = home(client, member_of(trader)).context["standings"]

    last = today + dt.timedelta(days=14)
    assert [(step.title, step.words, step.url.partition("?")[2]) for step in stood.care] == [
        (f"2 listings expire by {last.day} {last:%b %Y}: renew them", "", "state=expiring&sort=until"),
        ("Expired", "1 listing: nobody is shown it", "state=expired&sort=until"),
        ("Paused", "1 listing: nobody is shown it", "state=paused&sort=until"),
    ]
    assert [len(client.get(step.url).context["rows"]) for step in stood.care] == [2, 1, 1]
    assert stood.book.needs == 3


@pytest.mark.parametrize("status", CompanyStatus.values)
def test_next_step_leads_to_a_page_that_opens(client, status):
    trader = company("ID", status=status)
    response = home(client, member_of(trader))

    (stood,) = response.context["standings"]
    for url in {stood.next.url, *(step.url for step in stood.steps if step.url)}:
        assert client.get(url).status_code == 200


# What it shows


def test_own_listings_are_shown_with_how_many_partners_fit(client):
    goods = CommodityFactory()
    open_corridor()
    run = finished_run(book_cut_at=timezone.now() + dt.timedelta(minutes=1))
    mine, theirs = need(goods), need(goods)
    idle = capacity(goods, company=mine.company, origin_country="KZ")
    need(goods, company=mine.company, status=ListingStatus.CLOSED)
    for wanted in (mine, mine, theirs):
        found(run, wanted, capacity(goods))
    found(run, mine, capacity(goods), failed=("price",))

    response = home(client, member_of(mine.company))

    shown = response.context
    assert [(own.listing, own.count) for own in shown["needs"]] == [(mine, 2)]
    assert [(own.listing, own.count) for own in shown["capacities"]] == [(idle, 0)]
    (stood,) = shown["standings"]
    assert (stood.book.needs, stood.book.capacities, stood.partners) == (1, 1, 2)
    behind = client.get(f"/partners/?need={mine.pk}").context["page"]
    assert behind.paginator.count == 2


def test_best_partners_come_first_and_lead_to_their_page(client):
    goods = CommodityFactory()
    open_corridor()
    run = finished_run()
    wanted = [need(goods), need(goods)]
    Membership.objects.create(company=wanted[1].company, user=member_of(wanted[0].company), role=MemberRole.EDITOR)
    results = [
        found(run, wanted[number % 2], capacity(goods), score_ppm=ppm)
        for number, ppm in enumerate((500_000, 900_000, 700_000, 800_000))
    ]

    response = home(client, member_of(wanted[0].company))

    best = [results[1], results[3], results[2]]
    assert [(fit.pk, fit.points) for fit in response.context["fits"]] == [
        (result.match_id, points) for result, points in zip(best, (90, 80, 70), strict=True)
    ]
    assert client.get(f"/partners/{results[1].match_id}/").status_code == 200


def test_near_misses_are_advice_on_ones_own_listing(client):
    goods = CommodityFactory(name_en="Palm olein")
    open_corridor()
    mine = need(goods)
    change = {"code": "accept_term", "term": "documents"}
    near_miss(finished_run(), mine, capacity(goods), rule="payment", side="buyer", change=change)

    (advice,) = home(client, member_of(mine.company)).context["advice"]

    assert (advice["own"].listing, advice["line"].partners) == (mine, 1)


def test_person_without_a_company_is_told_what_to_do(client):
    text = home(client, person(Role.BUSINESS)).content.decode()

    assert "You act for no company yet." in text
    assert 'href="/register/"' in text
    assert 'href="/directory/"' in text


def test_several_companies_are_all_shown(client):
    first, second = company("ID", name_short="First"), company("KZ", name_short="Second")
    user = member_of(first)
    Membership.objects.create(company=second, user=user, role=MemberRole.EDITOR)
    company("ID", name_short="Third")

    response = home(client, user)

    assert {stood.company for stood in response.context["standings"]} == {first, second}
    assert "Third" not in response.content.decode()


def test_unread_notices_are_shown(client):
    user = member_of(company("ID"))
    tell(users=[user], kind=NoticeKind.COMPANY_ACTIVE, event="x", facts={"company": "PT Laut"})

    text = home(client, user).content.decode()

    assert "PT Laut is active: its open needs and capacities take part in the matching." in text


@pytest.mark.parametrize("side", [Side.SELLER, Side.BUYER])
def test_home_tells_of_a_partner_without_anything_that_names_it(client, side):
    """The partner is there to be told of: as the best one, as proposed, and as a near miss of another listing."""
    secret = secret_book(side)
    secret.match.state = MatchState.PROPOSED
    secret.match.save()
    run = secret.match.latest.run
    if side == Side.SELLER:
        near_miss(run, need(secret.goods, company=secret.own), secret.other_listing, side="buyer")
    else:
        near_miss(run, secret.other_listing, capacity(secret.goods, company=secret.own), side="seller")
    client.force_login(person(Role.STAFF))
    to_staff = told_of(client.get("/").content.decode())

    response = home(client, member_of(secret.own))

    shown = response.context
    assert [fit.pk for fit in shown["fits"]] == [secret.match.pk]
    assert shown["advice"]
    assert to_staff != []
    assert told_of(response.content.decode()) == []


def test_business_home_costs_the_same_queries_for_one_row_and_for_three(client):
    goods = CommodityFactory()
    open_corridor()
    run, trader = finished_run(), company("KZ")
    user = member_of(trader)
    counts = []
    for rows in (1, 3):
        while trader.needs.count() < rows:
            mine, offered = need(goods, company=trader), capacity(goods, company=trader)
            found(run, mine, capacity(goods))
            near_miss(run, need(goods), offered, side="seller")
            facts = {"company": "x", "count": 1}
            tell(users=[user], kind=NoticeKind.NEW_MATCHES, event=f"need:{mine.pk}", facts=facts)
        home(client, user)
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_business_home_costs_the_same_queries_for_one_company_and_for_three(client):
    user = member_of(company("ID"))
    home(client, user)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))
        for _company in range(2):
            Membership.objects.create(company=company("ID"), user=user, role=MemberRole.EDITOR)

    assert counts[0] == counts[1]
