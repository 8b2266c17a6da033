"""City staff acting for a company: begun with a reason, told to the company, ended by either side."""

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.services import change_role, close_account
from companies import services
from companies.enums import CompanyKind, CompanyStatus
from companies.models import Company, StandIn
from companies.permissions import may_act_for
from notices.models import Notice
from tests.companies.factories import CompanyFactory, StandInFactory
from tests.companies.pages import errors_of, profile_of, whole_company, words_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
REASON = "The company asked for it by telephone."


def test_staff_begins_with_a_reason_and_the_company_is_told(client):
    company = CompanyFactory()
    member, staff = member_of(company), person(Role.STAFF)
    client.force_login(staff)

    response = client.post(f"/companies/{company.pk}/stand-ins/begin/", {"reason": REASON}, follow=True)

    stand_in = StandIn.objects.get()
    assert (stand_in.company, stand_in.user, stand_in.reason, stand_in.ended_at) == (company, staff, REASON, None)
    assert response.redirect_chain == [(f"/companies/{company.pk}/", 302)]
    assert f"You stand in for {company}." in words_of(response)
    assert REASON in words_of(response)
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.address) == (
        member,
        "stand_in_began",
        f"/companies/{company.pk}/stand-ins/",
    )
    assert notice.facts == {"company": str(company), "reason": REASON}


def test_stand_in_keeps_the_profile_and_submits(client):
    company = whole_company(status=CompanyStatus.DRAFT)
    client.force_login(StandInFactory(company=company).user)

    client.post(f"/companies/{company.pk}/edit/", profile_of(company, city="Bontang"))
    client.post(f"/companies/{company.pk}/submit/")

    company = Company.objects.get(pk=company.pk)
    assert (company.city, company.status) == ("Bontang", CompanyStatus.SUBMITTED)


def test_every_own_page_says_for_whom_one_stands_in_and_why(client):
    company = whole_company()
    client.force_login(StandInFactory(company=company, reason="Bu Siti asked for it.").user)

    for page in ("", "edit/", "contacts/", "contacts/add/", "stand-ins/"):
        shown = words_of(client.get(f"/companies/{company.pk}/{page}"))

        assert f"You stand in for {company}." in shown
        assert "The reason you gave: Bu Siti asked for it." in shown


def test_stand_in_ends_by_the_person_and_the_pages_are_gone(client):
    stand_in = StandInFactory()
    page = f"/companies/{stand_in.company_id}/edit/"
    client.force_login(stand_in.user)
    before = client.get(page).status_code

    client.post(f"/companies/{stand_in.company_id}/stand-ins/{stand_in.pk}/end/")

    stand_in.refresh_from_db()
    assert stand_in.ended_at is not None
    assert (before, client.get(page).status_code) == (200, 404)
    assert not may_act_for(stand_in.user, stand_in.company)


def test_stand_in_is_ended_by_the_company_even_while_suspended(client):
    stand_in = StandInFactory(company=CompanyFactory(status=CompanyStatus.SUSPENDED))
    client.force_login(member_of(stand_in.company))

    client.post(f"/companies/{stand_in.company_id}/stand-ins/{stand_in.pk}/end/")

    stand_in.refresh_from_db()
    assert stand_in.ended_at is not None


def test_stand_in_ended_twice_keeps_the_first_end():
    stand_in = StandInFactory()

    services.end_stand_in(stand_in=stand_in)
    first = StandIn.objects.get().ended_at
    services.end_stand_in(stand_in=stand_in)

    assert StandIn.objects.get().ended_at == first


def test_nobody_else_sees_begins_or_ends_it(client):
    stand_in = StandInFactory()
    page = f"/companies/{stand_in.company_id}/stand-ins/"
    answers = {}

    for who, user in {"other": member_of(CompanyFactory()), "officer": person(Role.OFFICER)}.items():
        client.force_login(user)
        answers[who] = [
            client.get(page).status_code,
            client.post(f"{page}begin/", {"reason": REASON}).status_code,
            client.post(f"{page}{stand_in.pk}/end/").status_code,
        ]
    client.force_login(person(Role.STAFF))
    other_staff = client.post(f"{page}{stand_in.pk}/end/").status_code

    stand_in.refresh_from_db()
    assert answers == {"other": [404, 404, 404], "officer": [404, 404, 404]}
    assert other_staff == 404
    assert stand_in.ended_at is None
    assert StandIn.objects.count() == 1


def test_member_may_not_begin_to_stand_in(client):
    company = CompanyFactory()
    client.force_login(member_of(company))

    assert client.post(f"/companies/{company.pk}/stand-ins/begin/", {"reason": REASON}).status_code == 404
    assert StandIn.objects.count() == 0


def test_stand_in_is_not_ended_through_another_company(client):
    stand_in = StandInFactory()
    own = CompanyFactory()
    client.force_login(member_of(own))

    response = client.post(f"/companies/{own.pk}/stand-ins/{stand_in.pk}/end/")

    stand_in.refresh_from_db()
    assert (response.status_code, stand_in.ended_at) == (404, None)


def test_staff_who_lose_their_role_stand_in_for_nobody(client):
    stand_in = StandInFactory()
    user = stand_in.user

    user.role = Role.OFFICER
    user.save(update_fields=["role"])

    assert not may_act_for(user, stand_in.company)
    assert list(Company.objects.acted_for_by(user)) == []


def test_stand_in_for_one_company_is_none_for_another(client):
    stand_in, other = StandInFactory(), CompanyFactory()
    client.force_login(stand_in.user)

    assert list(Company.objects.acted_for_by(stand_in.user)) == [stand_in.company]
    assert client.get(f"/companies/{other.pk}/edit/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Fill this in."),
        (" ", "Fill this in."),
        ("a" * 301, "The text has 301 characters; at most 300 can be kept."),
        ("a\0b", "The text holds invisible control characters. Write it again by hand."),
    ],
)
def test_stand_in_needs_a_reason_that_can_be_read(client, typed, said):
    company = CompanyFactory()
    client.force_login(person(Role.STAFF))

    response = client.post(f"/companies/{company.pk}/stand-ins/begin/", {"reason": typed})

    assert response.status_code == 400
    assert errors_of(response) == {"reason": [said]}
    assert StandIn.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"kind": CompanyKind.DIRECTORY}, "public directory"),
        ({"status": CompanyStatus.SUSPENDED}, "is suspended"),
    ],
)
def test_stand_in_is_refused_where_nobody_can_act(client, facts, said):
    company = CompanyFactory(**facts)
    staff = person(Role.STAFF)

    with pytest.raises(ValidationError, match=said):
        services.begin_stand_in(company=company, user=staff, reason=REASON)

    assert StandIn.objects.count() == 0


def test_standing_in_twice_is_refused(client):
    stand_in = StandInFactory()
    client.force_login(stand_in.user)

    response = client.post(f"/companies/{stand_in.company_id}/stand-ins/begin/", {"reason": REASON})

    assert errors_of(response) == {"__all__": [f"You stand in for {stand_in.company} already."]}
    assert StandIn.objects.count() == 1


def test_company_reads_the_reason_and_not_who_in_person(client):
    staff = person(Role.STAFF, email="rahmat@example.test", name="Rahmat of the city")
    stand_in = StandInFactory(user=staff)
    client.force_login(member_of(stand_in.company))

    for page in ("", "stand-ins/"):
        shown = words_of(client.get(f"/companies/{stand_in.company_id}/{page}"))

        assert stand_in.reason in shown
        assert staff.name not in shown
        assert staff.email not in shown


@pytest.mark.parametrize(
    "leave",
    [
        lambda staff, admin: change_role(staff, role=Role.BUSINESS, reason="left the city", by=admin),
        lambda staff, admin: close_account(staff, reason="left the city", by=admin),
    ],
    ids=["another role", "closed account"],
)
def test_stand_in_ends_with_the_post(leave):
    stand_in, other = StandInFactory(), StandInFactory(user=person(Role.ADMIN, email="other@example.test"))

    leave(stand_in.user, person(Role.ADMIN))

    assert list(StandIn.objects.open()) == [other]


def test_official_acts_for_no_company_as_a_member_of_former_days():
    company = CompanyFactory()
    user = member_of(company)
    change_role(user, role=Role.STAFF, reason="joined the city", by=person(Role.ADMIN))

    user.refresh_from_db()

    assert not may_act_for(user, company)
    assert list(Company.objects.acted_for_by(user)) == []
