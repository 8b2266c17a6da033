"""What can be done with a listing in each state, by whom, and what is answered where it cannot be."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Role
from companies import services
from companies.enums import CompanyStatus, ListingStatus
from companies.models import Capacity, Certificate, Need, NeedParameter
from companies.services import editing
from companies.signals import listing_changed
from tests.companies.factories import CapacityFactory, CompanyFactory, NeedFactory, StandInFactory
from tests.companies.pages import words_of
from tests.factories import CertificateKindFactory, ParameterFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
# How a listing can stand: its status, and how many days are left.
STATES = {
    "open": (ListingStatus.OPEN, 60),
    "expiring": (ListingStatus.OPEN, 14),
    "paused": (ListingStatus.PAUSED, 60),
    "expired": (ListingStatus.OPEN, -1),
    "paused and expired": (ListingStatus.PAUSED, -1),
    "draft": (ListingStatus.DRAFT, 60),
    "closed": (ListingStatus.CLOSED, 60),
    "withdrawn": (ListingStatus.WITHDRAWN, 60),
}
IS_ENDED = {"closed": "is not open: it is closed", "withdrawn": "is not open: it is withdrawn"}
# act: in which states it is refused, and with which words; in all others it is done.
REFUSED = {
    "pause": {
        "paused": "is not open: it is paused",
        "expired": "is not open: it is expired",
        "paused and expired": "is not open: it is expired",
        "draft": "is not open: it is draft",
    }
    | IS_ENDED,
    "resume": {
        "open": "is not paused: it is open",
        "expiring": "is not paused: it is open",
        "expired": "Renew it, with new days",
        "paused and expired": "Renew it, with new days",
        "closed": "is not paused: it is closed",
        "withdrawn": "is not paused: it is withdrawn",
    },
    "withdraw": IS_ENDED,
    "close": IS_ENDED,
    "renew": {
        "open": "is open and does not expire soon",
        "paused": "is paused and does not expire soon",
        "draft": "is draft and cannot be renewed",
        "closed": "is closed and cannot be renewed",
        "withdrawn": "is withdrawn and cannot be renewed",
    },
}
BECOMES = {"pause": "paused", "resume": "open", "withdraw": "withdrawn", "close": "closed", "renew": "closed"}
NEW_DAYS = {"valid_until": "2027-12-01", "first": "2027-02-01", "last": "2027-11-30"}
KINDS = pytest.mark.parametrize("kind", ["needs", "capacities"])


def in_state(kind: str, state: str, **facts) -> Need | Capacity:
    status, days = STATES[state]
    factory = NeedFactory if kind == "needs" else CapacityFactory
    return factory(status=status, valid_until=timezone.localdate() + days * DAY, **facts)


@pytest.fixture
def heard():
    told = []

    def hear(sender, listing, **facts):
        told.append((sender, listing.reference, str(listing.status)))

    listing_changed.connect(hear)
    yield told
    listing_changed.disconnect(hear)


@pytest.mark.parametrize("act", REFUSED)
def test_act_is_done_or_refused_by_how_the_listing_stands(client, act, heard):
    company = CompanyFactory()
    client.force_login(member_of(company))

    for state in STATES:
        listing = in_state("capacities", state, company=company)
        heard.clear()
        answer = client.post(f"/capacities/{listing.pk}/{act}/", NEW_DAYS, follow=act != "renew")
        page = answer.content.decode().replace("&#x27;", "'")
        listing.refresh_from_db()
        refusal = REFUSED[act].get(state)
        if refusal:
            assert (state, refusal in page, listing.status, heard) == (state, True, STATES[state][0], [])
        else:
            assert (state, listing.status, heard[0]) == (
                state,
                BECOMES[act],
                (Capacity, listing.reference, BECOMES[act]),
            )


ACTS = {
    services.pause_listing: ("open",),
    services.resume_listing: ("paused", "draft"),
    services.withdraw_listing: ("open", "paused", "draft"),
    services.close_listing: ("open", "paused", "draft"),
}


def test_matching_is_told_whether_a_listing_was_open_before():
    told = {}

    def hear(sender, listing, was_open, **facts):
        told[sender, listing.pk] = was_open

    listing_changed.connect(hear)
    wanted = {}
    for act, states in ACTS.items():
        for state in states:
            listing = in_state("needs", state)
            act(listing=listing)
            wanted[Need, listing.pk] = state == "open"
    for state in ("open", "paused", "draft"):
        listing = in_state("capacities", state)
        editing.tell(listing)
        wanted[Capacity, listing.pk] = state == "open"
    listing_changed.disconnect(hear)

    assert told == wanted


@KINDS
def test_page_offers_what_can_be_done_and_nothing_else(client, kind):
    company = CompanyFactory()
    client.force_login(member_of(company))
    offered = {}

    for state in STATES:
        listing = in_state(kind, state, company=company)
        page = client.get(f"/{kind}/{listing.pk}/").content.decode()
        offered[state] = {act for act in BECOMES if f"/{kind}/{listing.pk}/{act}/" in page}

    assert offered == {state: {act for act in BECOMES if state not in REFUSED[act]} for state in STATES}


@KINDS
def test_pausing_says_so_and_can_be_undone_from_the_same_page(client, kind):
    listing = in_state(kind, "open")
    client.force_login(member_of(listing.company))
    back = f"/companies/{listing.company_id}/listings/?state=open"

    paused = client.post(f"/{kind}/{listing.pk}/pause/", {"back": back}, follow=True)
    undone = client.post(f"/{kind}/{listing.pk}/resume/", {"back": back}, follow=True)

    assert paused.redirect_chain == [(back, 302)]
    assert f"{listing.reference} is paused: it has left the book and all matches." in words_of(paused)
    assert f'action="/{kind}/{listing.pk}/resume/"' in words_of(paused)
    assert f"{listing.reference} is in the book again." in words_of(undone)
    assert type(listing).objects.get().status == ListingStatus.OPEN


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_way_back_leads_to_no_other_host(client, back):
    need = in_state("needs", "open")
    client.force_login(member_of(need.company))

    assert client.post(f"/needs/{need.pk}/pause/", {"back": back}).url == f"/needs/{need.pk}/"


@KINDS
@pytest.mark.parametrize("act", BECOMES)
def test_suspended_company_is_refused_every_act(client, kind, act):
    company = CompanyFactory(country="KZ", status=CompanyStatus.SUSPENDED)
    listing = in_state(kind, {"renew": "expired", "resume": "paused"}.get(act, "open"), company=company)
    client.force_login(member_of(company))

    answer = client.post(f"/{kind}/{listing.pk}/{act}/", NEW_DAYS, follow=act != "renew")

    assert "is suspended: you can read what is here" in words_of(answer)
    assert [type(listing).objects.get().status, type(listing).objects.count()] == [listing.status, 1]


def test_stand_in_acts_and_no_other_staff(client):
    need = in_state("needs", "open")
    stand_in = StandInFactory(company=need.company)
    answers = {}

    for who, user in {"staff": person(Role.STAFF), "stand-in": stand_in.user}.items():
        client.force_login(user)
        answers[who] = client.post(f"/needs/{need.pk}/pause/").status_code

    assert answers == {"staff": 404, "stand-in": 302}


# Renewing


def test_renewing_shows_days_to_come_and_moves_those_that_are_over(client):
    today = timezone.localdate()
    need = in_state("needs", "expired", window_from=today - 50 * DAY, window_until=today - 10 * DAY)
    Need.objects.update(created_at=timezone.now() - 101 * DAY)
    client.force_login(member_of(need.company))

    form = client.get(f"/needs/{need.pk}/renew/").context["form"]

    assert form.initial == {"valid_until": today + 100 * DAY, "first": today, "last": today + 40 * DAY}


@KINDS
def test_listing_whose_days_are_over_can_be_renewed_however_long_it_is_valid(client, kind):
    first, last = ("window_from", "window_until") if kind == "needs" else ("available_from", "available_until")
    yesterday = timezone.localdate() - DAY
    listing = in_state(kind, "open", **{first: yesterday - 9 * DAY, last: yesterday})
    client.force_login(member_of(listing.company))

    said = words_of(client.get(f"/{kind}/{listing.pk}/"))
    answer = client.post(f"/{kind}/{listing.pk}/renew/", NEW_DAYS)

    assert "Open, but its days are over" in said
    assert answer.status_code == 302


def test_renewed_need_is_a_new_one_with_the_same_facts(client, heard):
    need = in_state("needs", "expiring", reference="N-1", own_words="минтай", language="ru", reminded_for="2026-11-30")
    need.required_certificates.add(CertificateKindFactory(code="halal"))
    NeedParameter.objects.create(need=need, parameter=ParameterFactory(key="ffa"), high=5)
    client.force_login(member_of(need.company))

    answer = client.post(f"/needs/{need.pk}/renew/", NEW_DAYS)

    new = Need.objects.exclude(pk=need.pk).get()
    need.refresh_from_db()
    assert answer.url == f"/needs/{new.pk}/partners/"
    assert (new.reference, new.made_from, new.status, new.own_words) == ("N-2", need, ListingStatus.OPEN, "минтай")
    assert [str(day) for day in (new.valid_until, new.window_from, new.window_until)] == list(NEW_DAYS.values())
    assert (new.reminded_for, new.sent_as, need.status) == (None, None, ListingStatus.CLOSED)
    assert [row.commodity for row in new.accepted.all()] == [row.commodity for row in need.accepted.all()]
    assert [(row.parameter.key, row.high) for row in new.parameters.all()] == [("ffa", 5)]
    assert [kind.code for kind in new.required_certificates.all()] == ["halal"]
    assert heard == [(Need, "N-1", "closed"), (Need, "N-2", "open")]


def test_papers_of_a_capacity_go_along_to_the_renewed_one(client):
    capacity = in_state("capacities", "expired")
    paper = Certificate.objects.create(
        company=capacity.company, capacity=capacity, kind=CertificateKindFactory(), state="checked"
    )
    client.force_login(member_of(capacity.company))

    client.post(f"/capacities/{capacity.pk}/renew/", NEW_DAYS)

    paper.refresh_from_db()
    assert (paper.capacity.made_from, paper.state) == (capacity, "checked")


def test_renewing_twice_makes_one_listing(client):
    need = in_state("needs", "expired")
    client.force_login(member_of(need.company))

    answers = [client.post(f"/needs/{need.pk}/renew/", NEW_DAYS) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 400]
    assert "is closed and cannot be renewed. Copy it instead." in words_of(answers[1])
    assert Need.objects.count() == 2


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"valid_until": "2020-01-01"}, "Give a day to come."),
        ({"last": "2027-01-15"}, "lies before the first"),
        ({"first": "2020-01-01", "last": "2020-02-01"}, "has passed. Give days to come."),
        ({"first": ""}, "Fill this in"),
    ],
)
def test_renewing_refuses_days_that_make_no_sense_and_keeps_what_was_typed(client, days, said):
    need = in_state("needs", "expired")
    client.force_login(member_of(need.company))

    answer = client.post(f"/needs/{need.pk}/renew/", NEW_DAYS | days)

    assert answer.status_code == 400
    assert said in words_of(answer)
    assert answer.context["form"].data["last"] == (NEW_DAYS | days)["last"]
    assert Need.objects.count() == 1
