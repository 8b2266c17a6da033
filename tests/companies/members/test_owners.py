"""Owner and editor: what each may, and that a company keeps an owner."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import User
from companies.enums import CompanyStatus, InvitationState, MemberRole
from companies.models import Company, Invitation, Membership
from companies.permissions import may_hand_over, may_keep_members
from companies.services import begin_stand_in
from tests.companies.factories import CompanyFactory, MembershipFactory
from tests.companies.members.links import invitation
from tests.companies.pages import words_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


def editor_of(company: Company) -> User:
    return MembershipFactory(company=company).user


def roles_in(company: Company) -> list[tuple[int, str]]:
    return list(company.memberships.order_by("pk").values_list("user", "role"))


def test_members_are_kept_by_owners_by_who_stands_in_and_by_who_verifies():
    company = CompanyFactory()
    former = member_of(company)
    User.objects.filter(pk=former.pk).update(role=Role.OFFICER)  # of the embassy now: acts as no member any more
    owner = MembershipFactory(company=company, role=MemberRole.OWNER).user
    standing_in = person(Role.STAFF, email="standing-in@example.test")
    begin_stand_in(company=company, user=standing_in, reason="asked")
    people = {
        "owner": owner,
        "editor": editor_of(company),
        "stranger": person(Role.BUSINESS),
        "former owner": User.objects.get(pk=former.pk),
        "staff": person(Role.STAFF),
        "standing in": standing_in,
        "officer": person(Role.OFFICER),
    }

    assert {name for name, user in people.items() if may_keep_members(user, company)} == {
        *("owner", "staff", "standing in"),
    }
    assert {name for name, user in people.items() if may_hand_over(user, company)} == {"staff", "standing in"}


def test_an_owner_changes_roles_and_removes_people(client):
    company = CompanyFactory()
    owner, editor, other = member_of(company), editor_of(company), editor_of(company)
    ours, others = (Membership.objects.get(user=user).pk for user in (editor, other))
    client.force_login(owner)

    client.post(f"/companies/{company.pk}/members/{ours}/role/", {"role": "owner"})
    client.post(f"/companies/{company.pk}/members/{others}/part/")

    assert roles_in(company) == [(owner.pk, "owner"), (editor.pk, "owner")]
    assert f"/companies/{company.pk}/members/" in words_of(client.get(f"/companies/{company.pk}/"))


@pytest.mark.parametrize("way", ["part/", "role/"])
def test_whom_a_removed_owner_invited_does_not_come_in_any_more(client, way):
    company = CompanyFactory()
    owner, other = member_of(company), MembershipFactory(company=company, role=MemberRole.OWNER)
    theirs, ours = invitation(company, made_by=other.user), invitation(company, digest="x", made_by=owner)
    client.force_login(owner)

    client.post(f"/companies/{company.pk}/members/{other.pk}/{way}", {"role": "editor"})

    assert list(Invitation.objects.waiting()) == [ours]
    theirs.refresh_from_db()
    assert theirs.state == InvitationState.WITHDRAWN


def test_whom_an_owner_who_leaves_invited_does_not_come_in_any_more(client):
    company = CompanyFactory()
    owner, other = member_of(company), MembershipFactory(company=company, role=MemberRole.OWNER)
    theirs, ours = invitation(company, made_by=other.user), invitation(company, digest="x", made_by=owner)
    client.force_login(other.user)

    client.post(f"/companies/{company.pk}/members/leave/")

    assert list(Invitation.objects.waiting()) == [ours]
    theirs.refresh_from_db()
    assert theirs.state == InvitationState.WITHDRAWN


def test_an_editor_reads_who_acts_and_changes_nobody(client):
    company = CompanyFactory()
    owner, editor = member_of(company), editor_of(company)
    membership = Membership.objects.get(user=owner)
    client.force_login(editor)
    before = roles_in(company)

    page = words_of(client.get(f"/companies/{company.pk}/members/"))
    answers = [
        client.post(f"/companies/{company.pk}/members/{rest}", {"role": "editor", "invite-email": "a@example.test"})
        for rest in ("invite/", f"{membership.pk}/role/", f"{membership.pk}/part/", "join/")
    ]

    assert "Only an owner invites and removes people." in page
    assert "Invite somebody?" not in page
    assert [answer.status_code for answer in answers] == [404] * 4
    assert client.get(f"/companies/{company.pk}/edit/").status_code == 200
    assert roles_in(company) == before
    assert company.invitations.count() == 0


@pytest.mark.parametrize("way", ["leave/", "{}/part/", "{}/role/"])
@pytest.mark.parametrize("other", [None, {"is_active": False}, {"role": Role.STAFF}], ids=["none", "closed", "staff"])
def test_the_last_owner_stays_one(client, way, other):
    company = CompanyFactory()
    owner, editor = member_of(company), editor_of(company)
    if other is not None:
        second = MembershipFactory(company=company, role=MemberRole.OWNER)
        User.objects.filter(pk=second.user_id).update(**other)
    before = roles_in(company)
    client.force_login(owner)

    way = way.format(Membership.objects.get(user=owner).pk)
    response = client.post(f"/companies/{company.pk}/members/{way}", {"role": "editor"}, follow=True)

    said = f"{owner} is the last owner of {company}. Make somebody else an owner first."
    assert said in words_of(response)
    assert roles_in(company) == before
    assert editor.memberships.exists()


def test_an_owner_leaves_once_somebody_else_is_one_and_an_editor_at_any_time(client):
    company = CompanyFactory()
    owner, editor = member_of(company), editor_of(company)
    Membership.objects.filter(user=editor).update(role=MemberRole.OWNER)
    last = editor_of(company)

    answers = []
    for user in (owner, last):
        client.force_login(user)
        answers.append(client.post(f"/companies/{company.pk}/members/leave/").status_code)

    assert answers == [302, 302]
    assert roles_in(company) == [(editor.pk, "owner")]
    assert client.get(f"/companies/{company.pk}/").status_code == 404


def test_staff_do_not_leave_a_company_with_people_but_no_owner(client):
    company = CompanyFactory(status=CompanyStatus.DRAFT)
    owner, editor = member_of(company), editor_of(company)
    client.force_login(person(Role.STAFF))

    response = client.post(
        f"/companies/{company.pk}/members/{Membership.objects.get(user=owner).pk}/part/", follow=True
    )
    joined = client.post(f"/companies/{company.pk}/members/join/", {"email": owner.email, "role": "editor"})

    assert "Make somebody else an owner first." in words_of(response)
    assert "Make somebody else an owner first." in words_of(joined)
    assert roles_in(company) == [(owner.pk, "owner"), (editor.pk, "editor")]


def test_several_companies_are_listed_on_the_home_of_who_acts_for_them(client):
    first, second = CompanyFactory(), CompanyFactory()
    user = member_of(first)
    client.force_login(user)
    alone = words_of(client.get("/"))
    MembershipFactory(company=second, user=user)

    both = words_of(client.get("/"))

    assert "My companies" not in alone
    assert "My companies" in both
    assert f'href="/companies/{second.pk}/"' in both


def test_the_list_of_people_costs_the_same_queries_for_one_and_for_three(client):
    company = CompanyFactory()
    client.force_login(member_of(company))
    address = f"/companies/{company.pk}/members/"
    client.get(address)
    counts = []
    for number in range(3):
        MembershipFactory(company=company)
        invitation(company, digest=f"link {number}", email=f"p{number}@example.test")
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[2]
