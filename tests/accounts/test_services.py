"""What administrators decide about people: at once, with a reason that is kept, and never the last administrator."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts import services
from accounts.enums import Role
from accounts.models import SecondFactor, User
from accounts.queries import changes_of
from accounts.sessions import open_sessions
from tests.people import person

pytestmark = pytest.mark.django_db

WHY = "She moved to the city office."
SERVICES = {
    "close": services.close_account,
    "reopen": services.reopen_account,
    "factor": services.remove_second_factor,
    "role": lambda who, **facts: services.change_role(who, role=Role.STAFF, **facts),
}


@pytest.fixture
def boss() -> User:
    return person(Role.ADMIN, name="Boss")


def letters(callbacks) -> list[tuple[list[str], str]]:
    for callback in callbacks:
        callback()
    return [(letter.to, letter.subject) for letter in mail.outbox]


def test_another_role_holds_at_once_and_ends_every_session(client, sign_in, boss, django_capture_on_commit_callbacks):
    who = person(Role.BUSINESS, language="en")
    sign_in(client, who)

    with django_capture_on_commit_callbacks() as callbacks:
        services.change_role(who, role=Role.OFFICER, reason=WHY, by=boss)

    assert User.objects.get(pk=who.pk).role == Role.OFFICER
    assert client.get("/notices/").status_code == 302
    assert open_sessions(who) == []
    assert letters(callbacks) == [([who.email], "TradeMatch: you have another role")]
    assert "embassy officer" in mail.outbox[0].body


def test_a_former_administrator_keeps_no_power(boss):
    other = User.objects.create_superuser("other@city.example")

    services.change_role(other, role=Role.STAFF, reason=WHY, by=boss)

    other.refresh_from_db()
    assert (other.role, other.is_superuser) == (Role.STAFF, False)


def test_a_closed_account_signs_nobody_in_until_it_is_opened_again(client, sign_in, boss):
    who = person(Role.BUSINESS)
    sign_in(client, who)

    services.close_account(who, reason=WHY, by=boss)
    while_closed = client.get("/accounts/me/").status_code
    refused = sign_in(client, who)["Location"]
    services.reopen_account(who, reason="Back from leave.", by=boss)
    old_session = client.get("/accounts/me/").status_code
    sign_in(client, who)

    assert (while_closed, refused, old_session) == (302, "/accounts/inactive/", 302)
    assert client.get("/accounts/me/").status_code == 200


def test_a_lost_second_factor_is_removed_with_its_recovery_codes(client, sign_in, boss):
    who = person(Role.STAFF)
    sign_in(client, who)

    services.remove_second_factor(who, reason="Lost telephone, asked by telephone.", by=boss)

    assert not SecondFactor.objects.filter(user=who).exists()
    assert client.get("/accounts/me/").status_code == 302
    assert sign_in(client, who)["Location"] == "/"
    assert client.get("/matches/")["Location"] == "/accounts/second-factor/"


def test_a_person_is_signed_out_everywhere(client, sign_in, boss):
    who = person(Role.STAFF)
    sign_in(client, who)

    services.end_sessions_of(who, by=boss)

    assert client.get("/accounts/me/").status_code == 302


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("reason", ["", "    ", "why", "x" * 301])
def test_every_decision_says_why(boss, name, reason):
    who = person(Role.OFFICER, is_active=name != "reopen")

    with pytest.raises(ValidationError, match=r"Say why, in 5 to 300 letters\."):
        SERVICES[name](who, reason=reason, by=boss)

    unchanged = User.objects.get(pk=who.pk)
    assert (unchanged.role, unchanged.is_active) == (Role.OFFICER, name != "reopen")
    assert SecondFactor.objects.filter(user=who).exists()


@pytest.mark.parametrize("name", ["close", "factor", "role"])
def test_nobody_decides_about_oneself(boss, name):
    person(Role.ADMIN, email="second@city.example")

    with pytest.raises(ValidationError, match="Nobody decides this about oneself"):
        SERVICES[name](boss, reason=WHY, by=boss)

    with pytest.raises(ValidationError, match="Nobody decides this about oneself"):
        services.end_sessions_of(boss, by=boss)


@pytest.mark.parametrize("name", ["close", "role"])
def test_the_last_administrator_stays(boss, name):
    person(Role.ADMIN, email="gone@city.example", is_active=False)

    with pytest.raises(ValidationError, match="This is the last administrator"):
        SERVICES[name](boss, reason=WHY, by=None)

    boss.refresh_from_db()
    assert (boss.role, boss.is_active) == (Role.ADMIN, True)


def test_the_second_last_administrator_may_go(boss):
    other = person(Role.ADMIN, email="second@city.example")

    services.change_role(other, role=Role.STAFF, reason=WHY, by=boss)

    with pytest.raises(ValidationError, match="This is the last administrator"):
        services.change_role(boss, role=Role.STAFF, reason=WHY, by=other)


def test_what_makes_no_sense_is_refused_in_words(boss):
    who = person(Role.STAFF, second_factor=False)
    forgotten = person(Role.BUSINESS, is_active=False, erased_at="2026-11-01T00:00:00Z")

    for said, decide in {
        "has this role already": lambda: services.change_role(who, role=Role.STAFF, reason=WHY, by=boss),
        "There is no role emperor": lambda: services.change_role(who, role="emperor", reason=WHY, by=boss),
        "has no second factor": lambda: services.remove_second_factor(who, reason=WHY, by=boss),
        "This account is open": lambda: services.reopen_account(who, reason=WHY, by=boss),
        "cannot be opened again": lambda: services.reopen_account(forgotten, reason=WHY, by=boss),
        "cannot get a role": lambda: services.change_role(forgotten, role=Role.ADMIN, reason=WHY, by=boss),
        "is closed already": lambda: services.close_account(forgotten, reason=WHY, by=boss),
    }.items():
        with pytest.raises(ValidationError, match=said):
            decide()


@pytest.mark.django_db(transaction=True)  # a moment of its own for each
def test_decisions_are_kept_with_who_when_and_why(client, boss):
    who = person(Role.BUSINESS)
    client.force_login(boss)
    for page, facts in {
        "role": {"role-role": "staff", "role-reason": WHY},
        "close": {"close-reason": "On leave for a year."},
        "reopen": {"reopen-reason": "Back from leave."},
    }.items():
        client.post(f"/accounts/people/{who.pk}/{page}/", facts)
    SecondFactor.objects.create(user=who, type=SecondFactor.Type.TOTP, data={})
    client.post(f"/accounts/people/{who.pk}/second-factor/", {"factor-reason": "Lost telephone."})

    kept = [(change.what, str(change.role), change.by, change.reason) for change in changes_of(who)]

    assert kept == [
        ("factor_removed", "", boss, "Lost telephone."),
        ("factor_set", "", None, ""),
        ("opened", "", boss, "Back from leave."),
        ("closed", "", boss, "On leave for a year."),
        ("role", "city staff", boss, WHY),
    ]


def test_a_letter_that_does_not_go_out_undoes_nothing(boss, monkeypatch, django_capture_on_commit_callbacks):
    def fail(*arguments, **named):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    who = person(Role.BUSINESS)

    with django_capture_on_commit_callbacks(execute=True):
        services.close_account(who, reason=WHY, by=boss)

    assert not User.objects.get(pk=who.pk).is_active


# At a terminal.


def test_a_role_is_given_at_a_terminal(capsys):
    who = person(Role.BUSINESS)

    call_command("give_role", "Business@example.test", "admin", "--reason", "The first administrator.")

    who.refresh_from_db()
    assert who.role == Role.ADMIN
    assert capsys.readouterr().out == "business@example.test is administrator now.\n"
    assert [(change.what, change.by, change.reason) for change in changes_of(who)] == [
        ("role", None, "The first administrator.")
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody@example.test", "staff"), "Nobody has an account with nobody@example.test"),
        (("admin@example.test", "staff"), "This is the last administrator."),
        (("admin@example.test", "admin"), "has this role already"),
        (("admin@example.test", "emperor"), "invalid choice"),
    ],
)
def test_a_role_that_cannot_be_given_is_refused_at_a_terminal(boss, arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command("give_role", *arguments)


def test_people_are_listed_at_a_terminal(boss, capsys):
    person(Role.STAFF, second_factor=False, is_active=False)
    person(Role.BUSINESS)

    call_command("people")
    everybody = capsys.readouterr().out
    call_command("people", "--role", "staff")

    assert everybody == (
        "admin     second factor  open    admin@example.test  Boss\n"
        "business  password only  open    business@example.test\n"
        "staff     password only  closed  staff@example.test\n"
    )
    assert capsys.readouterr().out == "staff     password only  closed  staff@example.test\n"
