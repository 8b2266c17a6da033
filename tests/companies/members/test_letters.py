"""What may go wrong with a letter: nothing is lost, nothing is sent twice, nothing foreign is written into it."""

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from kombu.exceptions import OperationalError as BrokerFault

from companies import letters, tasks
from companies.models import Invitation
from tests.companies.factories import CompanyFactory
from tests.companies.members.links import LINK, invitation
from tests.companies.pages import words_of
from tests.people import member_of
from tradematch.redaction import clean

pytestmark = pytest.mark.django_db


def test_a_letter_that_may_have_gone_out_is_not_sent_twice_and_the_list_says_so(client, monkeypatch):
    company = CompanyFactory()
    invitation(company)

    def broken(letter, **facts):
        raise ConnectionResetError

    monkeypatch.setattr(EmailMessage, "send", broken)
    first = letters.send_invitations(timezone.now())
    monkeypatch.undo()
    second = letters.send_invitations(timezone.now())
    client.force_login(member_of(company))

    page = words_of(client.get(f"/companies/{company.pk}/members/"))

    assert (first, second, len(mail.outbox)) == (0, 0, 0)
    assert "the letter may not have arrived: send a new one" in page


def test_a_letter_that_cannot_be_written_waits_and_holds_no_other_up(monkeypatch):
    company = CompanyFactory()
    bad, good = invitation(company), invitation(company, digest="another", email="budi@example.test")
    write = letters.letter_with

    def written(found, *facts):
        if found.pk == bad.pk:
            raise ValueError("no words for it")
        return write(found, *facts)

    monkeypatch.setattr(letters, "letter_with", written)
    sent = letters.send_invitations(timezone.now())

    assert (sent, [letter.to for letter in mail.outbox]) == (1, [["budi@example.test"]])
    assert list(letters.not_sent()) == [bad]
    assert Invitation.objects.get(pk=good.pk).letter_sent_at is not None


def test_a_broker_that_is_away_is_no_error_as_the_next_round_finds_the_letter(
    monkeypatch, django_capture_on_commit_callbacks
):
    invitation(CompanyFactory())

    def away():
        raise BrokerFault

    monkeypatch.setattr(tasks.send_invitations, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.send_invitations.delay_on_commit()

    tasks.send_invitations()

    assert len(mail.outbox) == 1


def test_a_letter_names_the_company_on_one_line_and_not_at_length():
    company = CompanyFactory(name_registered="PT Laut\nBcc: x@example.test " + "a" * 200, name_latin="PT Laut")
    with translation.override("ru"):
        long = letters.name_of(company)
    with translation.override("id"):
        latin = letters.name_of(company)

    assert (len(long), "\n" in long, long[:30]) == (80, False, "PT Laut Bcc: x@example.test aa")
    assert latin == "PT Laut"


@pytest.mark.parametrize("written", [f"/invitations/{LINK}/", f"/accounts/login/?next=%2Finvitations%2F{LINK}%2F"])
def test_logs_hold_no_link(written):
    assert LINK not in clean(f"GET {written} failed")
    assert "[secret]" in clean(written)
