"""A letter with a link that works once: sent, opened, accepted, and what is told to whom."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from accounts.enums import Role
from companies import letters, tasks
from companies.enums import CompanyStatus, InvitationState
from companies.models import Invitation, Membership
from companies.services.invitations import digest_of
from tests.companies.factories import CompanyFactory, MembershipFactory
from tests.companies.members.links import ADDRESS, LINK, confirmed, invitation, link_in
from tests.companies.pages import words_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    """What was queued; no broker and no worker here. Limits begin anew."""
    cache.clear()
    found = []
    monkeypatch.setattr(tasks.send_invitations, "delay_on_commit", lambda: found.append("letters"))
    return found


@pytest.fixture
def company(client):
    """An active company; its owner is signed in."""
    company = CompanyFactory()
    client.force_login(member_of(company))
    return company


def invite(client, company, **typed):
    sent = {"email": "Siti@example.test", "role": "editor", "language": "id"} | typed
    named = {f"invite-{name}": value for name, value in sent.items()}
    return client.post(f"/companies/{company.pk}/members/invite/", named)


def sent_letter():
    letters.send_invitations(timezone.now())
    return mail.outbox[-1]


def test_an_owner_invites_and_the_letter_leads_to_the_company(client, company, queued):
    invited = confirmed()

    response = invite(client, company)
    letter = sent_letter()
    client.force_login(invited)
    asked = client.get(link_in(letter))
    before = Membership.objects.filter(user=invited).exists()
    accepted = client.post(link_in(letter))

    assert (response.status_code, queued) == (302, ["letters"])
    assert letter.to == ["siti@example.test"]
    assert letter.subject.startswith("TradeMatch: ")
    assert (asked.status_code, before) == (200, False)  # programmes that read letters follow links
    assert str(company) in words_of(asked)
    assert (accepted.status_code, accepted["Location"]) == (302, f"/companies/{company.pk}/")
    assert Membership.objects.get(user=invited).role == "editor"
    assert client.post(link_in(letter))["Location"] == f"/companies/{company.pk}/"  # a double tap


def test_only_a_digest_of_the_link_is_kept_and_none_before_its_letter_is_written(client, company):
    invite(client, company)
    before = Invitation.objects.get().digest

    link = link_in(sent_letter()).strip("/").rpartition("/")[2]

    found = Invitation.objects.get()
    assert (found.digest, len(link) >= 40) == (digest_of(link), True)
    assert found.digest != before
    assert link not in "".join(str(value) for value in Invitation.objects.values_list().get())


def test_the_inviter_is_answered_the_same_whether_the_address_has_an_account(client, company):
    confirmed("with@example.test")
    answers, bodies = [], []

    for email in ("with@example.test", "none@example.test"):
        answers.append(words_of(invite(client, company, email=email)))
        letter = sent_letter()
        bodies.append((letter.subject, letter.body.replace(link_in(letter), "")))
    listed = [(one.state, one.letter_sent_at is not None) for one in Invitation.objects.all()]

    assert answers[0] == answers[1]
    assert bodies[0] == bodies[1]
    assert listed == [(InvitationState.WAITING, True)] * 2


def test_the_letter_waits_while_the_mail_server_is_away(client, company, settings):
    invite(client, company)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    letters.send_invitations(timezone.now())
    waiting = letters.not_sent().count()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    sent = [letters.send_invitations(timezone.now()) for _ in range(2)]

    assert (waiting, sent, len(mail.outbox)) == (1, [1, 0], 1)


def test_a_new_letter_and_taking_back_end_the_link_before(client, company):
    invite(client, company)
    first = link_in(sent_letter())
    pk = Invitation.objects.get().pk
    client.post(f"/companies/{company.pk}/members/invitations/{pk}/again/")
    second = link_in(sent_letter())
    newest = Invitation.objects.first()
    client.force_login(confirmed())
    states = [client.get(link).status_code for link in (first, second)]

    client.force_login(member_of(company))
    client.post(f"/companies/{company.pk}/members/invitations/{newest.pk}/withdraw/")
    client.force_login(confirmed())

    assert states == [410, 200]
    assert "This link was taken back." in words_of(client.get(second))
    assert client.post(second).status_code == 410
    assert not Membership.objects.filter(user=confirmed()).exists()


ENDED = {
    "used": ({"used_at": timezone.now()}, 410, "This link has been used."),
    "withdrawn": ({"withdrawn_at": timezone.now()}, 410, "This link was taken back."),
    "over": ({"ends_at": timezone.now() - timedelta(minutes=1)}, 410, "This link has expired."),
}


@pytest.mark.parametrize("state", ENDED)
def test_an_ended_link_says_so_to_its_person_and_to_nobody_else(client, state):
    facts, status, said = ENDED[state]
    company = CompanyFactory()
    invitation(company, **facts)

    answers = {}
    for name, user in {"hers": confirmed(), "another's": confirmed("eve@example.test")}.items():
        client.force_login(user)
        answers[name] = [client.get(ADDRESS), client.post(ADDRESS)]

    assert [one.status_code for one in answers["hers"]] == [status, status]
    assert all(said in words_of(one) for one in answers["hers"])
    assert [one.status_code for one in answers["another's"]] == [404, 404]
    assert all("This link is for another address" in words_of(one) for one in answers["another's"])
    assert str(company) not in "".join(words_of(one) for both in answers.values() for one in both)
    assert not Membership.objects.exists()


def test_a_link_opens_nothing_to_an_unconfirmed_account_or_to_staff(client):
    company = CompanyFactory()
    invitation(company)
    siti = confirmed()
    EmailAddress.objects.filter(user=siti).update(verified=False)
    client.force_login(siti)
    unconfirmed = client.post(ADDRESS)
    client.force_login(confirmed("staff@example.test", role=Role.STAFF))
    staff = client.post(ADDRESS)
    client.logout()

    anonymous = client.post(ADDRESS)

    assert [one.status_code for one in (unconfirmed, staff, anonymous)] == [404, 404, 200]
    assert str(company) not in "".join(words_of(one) for one in (unconfirmed, staff, anonymous))
    assert not Membership.objects.exists()


def test_a_link_is_kept_through_sign_up_and_the_letter_that_confirms_the_address(client):
    company = CompanyFactory()
    invitation(company)
    page = words_of(client.get(ADDRESS))

    typed = {"name": "Siti", "email": "siti@example.test", "password1": "kapal-besar-9", "password2": "kapal-besar-9"}
    client.post("/accounts/signup/", typed | {"next": ADDRESS})
    confirm = next(word for word in mail.outbox[0].body.split() if "/confirm-email/" in word)
    response = client.post("/" + confirm.split("/", 3)[3])
    accepted = client.post(response["Location"])

    assert "/accounts/signup/?next=%2Finvitations%2F" in page
    assert (response.status_code, response["Location"]) == (302, ADDRESS)
    assert accepted["Location"] == f"/companies/{company.pk}/"
    assert Membership.objects.get(company=company).user.email == "siti@example.test"


@pytest.mark.parametrize("gone", ["hidden", "merged"])
def test_a_link_of_a_company_that_is_not_here_any_more_opens_nothing(client, gone):
    company = CompanyFactory(is_hidden=gone == "hidden", merged_into=CompanyFactory() if gone == "merged" else None)
    invitation(company)
    client.force_login(confirmed())

    assert client.post(ADDRESS).status_code == 410
    assert not Membership.objects.exists()


def test_who_is_signed_in_with_another_address_signs_out_and_comes_back(client):
    invitation(CompanyFactory())
    client.force_login(confirmed("eve@example.test"))

    response = client.post("/accounts/logout/", {"next": ADDRESS})

    assert "You are invited to act for a company" in words_of(client.get(ADDRESS))
    assert (response.status_code, response["Location"]) == (302, ADDRESS)


def test_an_owner_who_accepts_as_editor_stays_an_owner(client, company):
    owner = confirmed(member_of(company).email)
    invitation(company, email=owner.email)

    client.post(ADDRESS)

    assert Membership.objects.get(user=owner).role == "owner"


def test_a_suspended_company_neither_invites_nor_is_joined(client, company):
    invitation(company)
    company.status = CompanyStatus.SUSPENDED
    company.save()

    refused = invite(client, company, email="other@example.test")
    client.force_login(confirmed())
    opened = client.post(ADDRESS)

    assert (refused.status_code, opened.status_code) == (400, 400)
    assert Invitation.objects.count() == 1
    assert not Membership.objects.filter(user=confirmed()).exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "siti"}, "This is no e-mail address."),
        ({"email": "boſſ@example.test"}, "Write the address in plain Latin letters."),
        ({"email": "here@example.test"}, "This person acts for the company already."),
        ({"role": "king"}, "is no choice here"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_with_what_was_typed(client, company, typed, said):
    MembershipFactory(company=company, user=person(Role.BUSINESS, email="here@example.test"))

    response = invite(client, company, **typed)

    assert response.status_code == 400
    assert said in words_of(response)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(("status", "most"), [(CompanyStatus.ACTIVE, 20), (CompanyStatus.DRAFT, 3)])
def test_a_company_invites_so_many_a_day(client, company, status, most):
    company.status = status
    company.save()
    answers = [invite(client, company, email=f"p{number}@example.test").status_code for number in range(most + 1)]

    assert answers == [302] * most + [400]
    Invitation.objects.update(made_at=timezone.now() - timedelta(days=1))
    assert invite(client, company, email="tomorrow@example.test").status_code == 302


def test_links_are_not_tried_out_and_do_not_travel(client):
    invitation(CompanyFactory())
    first = client.get(ADDRESS)
    answers = [client.get(f"/invitations/guess-{number}/").status_code for number in range(60)]

    assert set(answers[:-1]) == {404}
    assert answers[-1] == 429
    assert first["Referrer-Policy"] == "same-origin"
    assert "no-store" in first["Cache-Control"]
    assert LINK not in "".join(str(one) for one in Invitation.objects.values())
