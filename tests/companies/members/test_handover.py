"""A company that was entered for somebody is given to its own people: a letter on paper, a square, a number to name."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.enums import Role
from accounts.views.second_factor import squares
from companies.enums import CompanyKind, CompanyStatus, InvitationState
from companies.models import Invitation, Membership, StandIn
from companies.services import begin_stand_in
from companies.services.invitations import digest_of
from notices.models import Notice
from tests.companies.factories import CompanyFactory, MembershipFactory
from tests.companies.members.links import ADDRESS, NUMBER, confirmed, handover
from tests.companies.pages import words_of
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_tries_before():
    cache.clear()


def entered(**facts):
    """One that the city has entered, with nobody of its own."""
    facts = {"registration_number": NUMBER, "status": CompanyStatus.DRAFT, "languages": ["id"]} | facts
    return CompanyFactory(**facts)


def made(client, company, **typed):
    return client.post(f"/companies/{company.pk}/handover/", {"language": "id", "email": ""} | typed)


def path_on(response) -> str:
    return re.search(r"(/invitations/[\w-]{40,}/)", response.content.decode())[1]


def test_the_letter_is_shown_once_and_its_square_says_the_address(client):
    company = entered()
    client.force_login(person(Role.STAFF))

    response = made(client, company)
    path = path_on(response)
    again = client.get(f"/companies/{company.pk}/handover/")

    letter = response.context["letter"]
    assert letter["address"].endswith(path)
    assert letter["square"] == squares(letter["address"])
    assert f'd="{letter["square"]["path"]}"' in response.content.decode()
    assert 'lang="id"' in response.content.decode()
    assert path not in again.content.decode()
    assert Invitation.objects.get().digest == digest_of(path.split("/")[2])


def test_its_people_take_the_company_over_and_nobody_stands_in_any_more(client):
    company, staff = entered(), person(Role.STAFF, email="rudi@example.test")
    begin_stand_in(company=company, user=staff, reason="asked on the phone")
    client.force_login(staff)
    path = path_on(made(client, company))
    owner = confirmed()
    client.force_login(owner)

    asked = words_of(client.get(path))
    taken = client.post(path, {"registration_number": "1234 5678 90123"})

    assert str(company) in asked
    assert (NUMBER[-4:] in asked, NUMBER in asked) == (True, False)
    assert (taken.status_code, taken["Location"]) == (302, f"/companies/{company.pk}/registration/")
    assert list(Membership.objects.values_list("company", "user", "role")) == [(company.pk, owner.pk, "owner")]
    assert not StandIn.objects.open().exists()
    assert list(Notice.objects.filter(kind="company_taken_over").values_list("user", flat=True)) == [staff.pk]
    assert client.post(path, {"registration_number": NUMBER})["Location"] == taken["Location"]
    client.force_login(confirmed("eve@example.test"))
    assert client.post(path, {"registration_number": NUMBER}).status_code == 410
    assert Membership.objects.count() == 1


def test_the_history_of_the_company_says_how_it_was_taken_over(client):
    company, owner = entered(), confirmed()
    handover(company)
    client.force_login(owner)
    client.post(ADDRESS, {"registration_number": NUMBER})

    page = words_of(client.get(f"/history/company/{company.pk}/"))

    assert "by the letter with which the company was handed over" in page


def test_whoever_finds_the_letter_does_not_try_numbers_for_long(client):
    company = entered()
    handover(company)
    client.force_login(confirmed("eve@example.test"))

    answers = [client.post(ADDRESS, {"registration_number": f"12345678900{n:02}"}) for n in range(5)]
    right = client.post(ADDRESS, {"registration_number": NUMBER})

    assert [one.status_code for one in answers] == [400] * 4 + [410]
    assert "This is not the registration number of the company." in words_of(answers[0])
    assert right.status_code == 410
    assert Invitation.objects.get().state == InvitationState.TRIED_OUT
    assert not Membership.objects.exists()


def test_the_number_of_a_sole_trader_in_kazakhstan_is_not_hinted_at(client):
    handover(entered(country="KZ", registration_number="850101300124"))
    client.force_login(confirmed())

    page = words_of(client.get(ADDRESS))

    assert ("0124" in page, "ends with" in page) == (False, False)


def test_a_letter_for_an_address_is_for_its_account_alone_and_one_without_for_whoever_holds_it(client):
    handover(entered(), email="siti@example.test")
    answers = {}
    for email in ("eve@example.test", "siti@example.test"):
        client.force_login(confirmed(email))
        answers[email] = client.get(ADDRESS).status_code

    assert answers == {"eve@example.test": 404, "siti@example.test": 200}


def test_a_company_that_has_people_by_now_is_not_taken_over(client):
    company = entered()
    handover(company)
    MembershipFactory(company=company)
    client.force_login(confirmed())

    response = client.post(ADDRESS, {"registration_number": NUMBER})

    assert response.status_code == 410
    assert "The company has its own people by now." in words_of(response)
    assert Membership.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"registration_number": ""}, "Enter the registration number of the company first"),
        ({"kind": CompanyKind.DIRECTORY}, "is an entry of the public directory"),
        ({"status": CompanyStatus.SUSPENDED}, "is suspended"),
    ],
)
def test_what_cannot_be_handed_over_is_refused(client, facts, said):
    company = entered(**facts)
    client.force_login(person(Role.STAFF))

    response = made(client, company)

    assert response.status_code == 400
    assert said in words_of(response)
    assert not Invitation.objects.exists()


def test_a_new_letter_or_taking_back_ends_the_one_before_and_thirty_days_do(client):
    company = entered()
    client.force_login(person(Role.STAFF))
    first, second = path_on(made(client, company)), path_on(made(client, company))
    newest = Invitation.objects.first()
    lasts = newest.ends_at - newest.made_at
    client.force_login(confirmed())
    before = [client.get(path).status_code for path in (first, second)]
    client.force_login(person(Role.STAFF))
    client.post(f"/companies/{company.pk}/members/invitations/{newest.pk}/withdraw/")
    handover(company, ends_at=timezone.now())
    client.force_login(confirmed())

    assert before == [410, 200]
    assert timedelta(days=29) < lasts <= timedelta(days=30)
    assert client.get(second).status_code == 410
    assert "This link has expired." in words_of(client.get(ADDRESS))
