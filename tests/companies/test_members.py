"""Who acts for a company: joined and removed by those who verify it."""

import pytest

from accounts.enums import Role
from accounts.models import User
from companies.enums import CompanyKind, CompanyStatus
from companies.models import Company, Membership
from notices.models import Notice
from tests.companies.factories import CompanyFactory, MembershipFactory
from tests.companies.pages import errors_of, words_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
NOBODY = "No open account of a business user has this address. The person makes one first."


@pytest.fixture
def company(client):
    """An Indonesian company, looked at by city staff."""
    client.force_login(person(Role.STAFF))
    return CompanyFactory()


def test_person_is_joined_by_address_told_and_lets_in_at_once(client, company):
    user = person(Role.BUSINESS, email="siti@example.test")

    response = client.post(f"/companies/{company.pk}/members/join/", {"email": "SITI@example.test", "role": "owner"})
    client.force_login(user)

    assert (response.status_code, response["Location"]) == (302, f"/companies/{company.pk}/members/")
    assert list(Membership.objects.values_list("company", "user", "role")) == [(company.pk, user.pk, "owner")]
    assert [(notice.user, notice.kind) for notice in Notice.objects.all()] == [(user, "company_joined")]
    assert client.get(f"/companies/{company.pk}/edit/").status_code == 200


def test_a_stranger_with_a_lookalike_address_gets_no_company(client, company):
    """For the database ſ is an s in capitals."""
    User.objects.create_user("boſſ@example.test")
    assert User.objects.filter(email__iexact="boss@example.test").exists()

    response = client.post(f"/companies/{company.pk}/members/join/", {"email": "boss@example.test", "role": "owner"})

    assert NOBODY in words_of(response)
    assert not Membership.objects.exists()


def test_person_who_acts_already_gets_the_role_given_last_and_is_not_told_again(client, company):
    MembershipFactory(company=company, user=person(Role.BUSINESS, email="siti@example.test"))

    client.post(f"/companies/{company.pk}/members/join/", {"email": "siti@example.test", "role": "owner"})

    assert list(Membership.objects.values_list("role", flat=True)) == ["owner"]
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Fill this in."),
        ("siti", "This is no e-mail address. It looks like name@example.org."),
        ("nobody@example.test", NOBODY),
        ("officer@example.test", NOBODY),
        ("closed@example.test", NOBODY),
    ],
)
def test_only_an_open_account_of_a_business_user_is_joined(client, company, email, said):
    person(Role.OFFICER)
    person(Role.BUSINESS, email="closed@example.test", is_active=False)

    response = client.post(f"/companies/{company.pk}/members/join/", {"email": email, "role": "editor"})

    assert response.status_code == 400
    assert errors_of(response) == {"email": [said]}
    assert not Membership.objects.exists()


def test_nobody_joins_an_entry_of_the_public_directory(client):
    company = CompanyFactory(kind=CompanyKind.DIRECTORY)
    person(Role.BUSINESS, email="siti@example.test")
    client.force_login(person(Role.STAFF))

    response = client.post(f"/companies/{company.pk}/members/join/", {"email": "siti@example.test", "role": "editor"})

    assert "public directory" in words_of(response)
    assert not Membership.objects.exists()


def test_person_is_removed_and_loses_the_company_at_once(client, company):
    MembershipFactory(company=company, role="owner")
    user = member_of(company)
    membership = Membership.objects.get(user=user)

    shown = words_of(client.get(f"/companies/{company.pk}/members/"))
    client.post(f"/companies/{company.pk}/members/{membership.pk}/part/")
    client.force_login(user)

    assert user.email in shown
    assert not Membership.objects.filter(user=user).exists()
    assert client.get(f"/companies/{company.pk}/").status_code == 404


@pytest.mark.parametrize("other", [None, {"is_active": False}, {"role": Role.STAFF}], ids=["none", "closed", "staff"])
def test_the_last_who_acts_for_an_active_company_is_not_removed(client, company, other):
    """Its matches would go on, and nobody would answer."""
    user = member_of(company)
    if other is not None:
        User.objects.filter(pk=MembershipFactory(company=company).user_id).update(**other)
    membership = Membership.objects.get(user=user)

    response = client.post(f"/companies/{company.pk}/members/{membership.pk}/part/", follow=True)

    assert (
        f"{user} is the only one who acts for {company}. Join somebody else first, or suspend the company."
        in words_of(response)
    )
    assert Membership.objects.filter(user=user).exists()


@pytest.mark.parametrize("status", [CompanyStatus.DRAFT, CompanyStatus.SUSPENDED])
def test_the_last_member_of_a_company_that_does_not_trade_is_removed(client, company, status):
    Company.objects.update(status=status)
    membership = MembershipFactory(company=company)

    client.post(f"/companies/{company.pk}/members/{membership.pk}/part/")

    assert not Membership.objects.exists()


def test_member_is_not_removed_through_another_company(client, company):
    MembershipFactory(company=CompanyFactory(country="KZ"))
    membership = Membership.objects.get()

    assert client.post(f"/companies/{company.pk}/members/{membership.pk}/part/").status_code == 404
    assert Membership.objects.count() == 1
