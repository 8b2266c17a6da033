"""Notices by mail: when they are due, each at most once, in the reader's language; what a mail server's faults do."""

import datetime as dt
import smtplib
import threading
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from accounts.enums import LetterRhythm, Role
from notices import letters
from notices.enums import NoticeKind
from notices.models import Notice
from notices.services import tell
from tests.people import person

WITA = dt.timezone(dt.timedelta(hours=8))
# A Wednesday in Balikpapan.
NOON = dt.datetime(2026, 11, 25, 12, 0, tzinfo=WITA)


@pytest.fixture(autouse=True)
def _settings(settings):
    settings.BASE_URL = "https://trade.example.test"


def told(user, number: int = 1, at: dt.datetime = NOON - dt.timedelta(hours=6)) -> Notice:
    event = f"run:{number}:failed"
    tell(users=[user], kind=NoticeKind.RUN_FAILED, event=event, facts={"run": number}, address=f"/runs/{number}/")
    Notice.objects.filter(user=user, event=event).update(created_at=at)
    return Notice.objects.get(user=user, event=event)


def reader(letters: LetterRhythm, **facts):
    return person(Role.STAFF, letters=letters, **facts)


def mailed() -> list[tuple]:
    return [(message.to, message.subject) for message in mail.outbox]


# When


@pytest.mark.parametrize(
    ("rhythm", "now", "until"),
    [
        (LetterRhythm.AT_ONCE, NOON, NOON),
        (LetterRhythm.DAILY, NOON, NOON.replace(hour=8)),
        (LetterRhythm.DAILY, NOON.replace(hour=8), NOON.replace(hour=8)),
        (LetterRhythm.DAILY, NOON.replace(hour=7, minute=59), NOON.replace(day=24, hour=8)),
        (LetterRhythm.WEEKLY, NOON, NOON.replace(day=23, hour=8)),
        (LetterRhythm.WEEKLY, NOON.replace(day=23, hour=8), NOON.replace(day=23, hour=8)),
        (LetterRhythm.WEEKLY, NOON.replace(day=23, hour=7), NOON.replace(day=16, hour=8)),
        (LetterRhythm.WEEKLY, NOON.replace(day=22), NOON.replace(day=16, hour=8)),
        (LetterRhythm.NEVER, NOON, None),
    ],
)
def test_letters_are_due_at_the_hour_of_balikpapan(rhythm, now, until):
    assert letters.due_until(rhythm, now.astimezone(dt.UTC)) == until


@pytest.mark.django_db
def test_daily_letter_comes_once_a_day_with_all_that_came_before_its_hour():
    user = reader(LetterRhythm.DAILY)
    yesterday = told(user, 1, NOON.replace(day=24))
    morning = told(user, 2, NOON.replace(hour=7))
    told(user, 3, NOON.replace(hour=9))

    rounds = [letters.send_letters(NOON.replace(hour=hour)) for hour in (7, 9, 10, 23)]
    next_day = letters.send_letters(NOON.replace(day=26, hour=8))

    assert (rounds, next_day) == ([0, 1, 0, 0], 1)
    assert mailed() == [
        (["staff@example.test"], "TradeMatch: 2 notices"),
        (["staff@example.test"], "TradeMatch: Run 3 failed."),
    ]
    for notice in (yesterday, morning):
        assert f"https://trade.example.test/notices/{notice.pk}/" in mail.outbox[0].body


@pytest.mark.django_db
def test_weekly_letter_waits_for_monday():
    user = reader(LetterRhythm.WEEKLY)
    told(user, 1, NOON)

    rounds = [letters.send_letters(NOON + dt.timedelta(days=days)) for days in (1, 2, 3, 4, 5, 6)]

    assert rounds == [0, 0, 0, 0, 1, 0]


@pytest.mark.django_db
def test_letter_at_once_goes_with_the_next_round():
    told(reader(LetterRhythm.AT_ONCE), 7, NOON - dt.timedelta(seconds=1))

    sent = [letters.send_letters(NOON), letters.send_letters(NOON)]

    assert sent == [1, 0]
    assert mailed() == [(["staff@example.test"], "TradeMatch: Run 7 failed.")]
    assert Notice.objects.get().letter_sent_at is not None


@pytest.mark.django_db
def test_whoever_wants_no_letters_gets_none_also_of_old_notices_when_they_change_their_mind():
    user = reader(LetterRhythm.NEVER)
    told(user, 1)
    before = letters.send_letters(NOON)
    user.letters = LetterRhythm.AT_ONCE
    user.save(update_fields=["letters"])
    told(user, 2)

    after = letters.send_letters(NOON)

    assert (before, after) == (0, 1)
    assert mailed() == [(["staff@example.test"], "TradeMatch: Run 2 failed.")]


@pytest.mark.django_db
def test_what_was_read_inside_the_product_is_not_mailed():
    user = reader(LetterRhythm.AT_ONCE)
    told(user, 1)
    Notice.objects.update(read_at=NOON)

    assert letters.send_letters(NOON) == 0
    assert mail.outbox == []


@pytest.mark.django_db
def test_closed_accounts_get_no_letters():
    user = reader(LetterRhythm.AT_ONCE)
    told(user, 1)
    user.is_active = False
    user.save(update_fields=["is_active"])

    assert letters.send_letters(NOON) == 0


@pytest.mark.django_db
def test_letters_wait_until_an_address_is_confirmed():
    user = reader(LetterRhythm.AT_ONCE)
    told(user, 1)
    EmailAddress.objects.filter(user=user).delete()
    address = EmailAddress.objects.create(user=user, email="Staff@Example.test", verified=False, primary=True)
    before = letters.send_letters(NOON)
    address.verified = True
    address.save()

    assert (before, letters.send_letters(NOON)) == (0, 1)


# What a letter says


@pytest.mark.django_db
def test_letter_is_plain_text_that_says_how_to_have_fewer():
    notice = told(reader(LetterRhythm.AT_ONCE), 7)

    letters.send_letters(NOON)

    (letter,) = mail.outbox
    assert letter.body == (
        "Run 7 failed.\n"
        f"https://trade.example.test/notices/{notice.pk}/\n"
        "\n"
        "--\n"
        "TradeMatch\n"
        "You get a letter for what happens at once. Have fewer letters, or none:\n"
        f"{letters.absolute(letters.PAGE_OF_RHYTHM)}\n"
    )
    assert letter.content_subtype == "plain"
    assert letter.extra_headers == {
        "List-Unsubscribe": f"<{letters.absolute(letters.PAGE_OF_RHYTHM)}>",
        "Auto-Submitted": "auto-generated",
    }


@pytest.mark.django_db
def test_letter_is_written_in_the_language_of_its_reader():
    user = reader(LetterRhythm.AT_ONCE, language="ru")
    facts = {"sector": "palm_oil", "count": 3}
    tell(users=[user], kind=NoticeKind.SECTOR_MATCHES, event="x", facts=facts, address="/matches/")

    letters.send_letters(timezone.now())

    assert "Пальмовое масло" in mail.outbox[0].body


@pytest.mark.django_db
def test_long_letter_lists_a_part_and_tells_how_many_more_there_are():
    user = reader(LetterRhythm.DAILY)
    for number in range(letters.MOST_LISTED + 2):
        told(user, number)

    letters.send_letters(NOON)

    assert mail.outbox[0].subject == "TradeMatch: 32 notices"
    assert mail.outbox[0].body.count(" failed.\n") == letters.MOST_LISTED
    assert "and 2 more:\nhttps://trade.example.test/notices/\n" in mail.outbox[0].body
    assert Notice.objects.filter(letter_sent_at__isnull=True).count() == 0


@pytest.mark.django_db
def test_letter_cannot_be_given_headers_by_what_somebody_typed():
    user = reader(LetterRhythm.AT_ONCE)
    facts = {"company": "PT A\r\nBcc: all@example.test", "reason": "x"}
    tell(users=[user], kind=NoticeKind.STAND_IN_BEGAN, event="x", facts=facts)

    letters.send_letters(timezone.now())

    (letter,) = mail.outbox
    assert letter.subject == ("TradeMatch: City staff now acts for PT A Bcc: all@example.test. The reason given: x")
    assert letter.recipients() == ["staff@example.test"]


# Each at most once


@pytest.mark.django_db
def test_killed_between_claim_and_letter_it_is_not_sent_again():
    user = reader(LetterRhythm.AT_ONCE)
    told(user, 1)
    with mock.patch.object(letters, "opened_connection", side_effect=SystemExit), pytest.raises(SystemExit):
        letters.send_letters(NOON)

    again = letters.send_letters(NOON + dt.timedelta(days=1))

    assert again == 0
    assert mail.outbox == []
    assert list(Notice.objects.visible_to(user).unread().values_list("letter_sent_at", flat=True)) == [None]


@pytest.mark.django_db
def test_killed_after_the_letter_it_is_not_sent_again():
    told(reader(LetterRhythm.AT_ONCE), 1)
    with mock.patch.object(letters, "close", side_effect=SystemExit), pytest.raises(SystemExit):
        letters.send_letters(NOON)

    again = letters.send_letters(NOON + dt.timedelta(days=1))

    assert (again, len(mail.outbox)) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_claim_is_committed_before_a_letter_is_handed_over():
    """Else a killed worker's claim would vanish, and the letter that it had handed over would go out again."""
    told(reader(LetterRhythm.AT_ONCE), 1)
    seen_by_others: list = []

    def look():
        try:
            seen_by_others.extend(Notice.objects.values_list("letter_taken_at", "letter_sent_at"))
        finally:
            connection.close()

    class Watched(EmailBackend):
        def send_messages(self, messages):
            other = threading.Thread(target=look)
            other.start()
            other.join(timeout=60)
            return super().send_messages(messages)

    with mock.patch.object(letters, "get_connection", return_value=Watched()):
        sent = letters.send_letters(NOON)

    assert (sent, seen_by_others) == (1, [(NOON, None)])


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_notice_once():
    """Both have found the person; the second comes to claim while the first holds its claim open."""
    user = reader(LetterRhythm.AT_ONCE)
    notices = [told(user, number) for number in range(3)]
    claimed_by_other: list = []

    def other_worker():
        try:
            claimed_by_other.append([notice.pk for notice in letters.claim(user, NOON)])
        finally:
            connection.close()

    with transaction.atomic():
        mine = letters.claim(user, NOON)
        during = threading.Thread(target=other_worker)
        during.start()
        during.join(timeout=60)
    after = threading.Thread(target=other_worker)
    after.start()
    after.join(timeout=60)

    assert [notice.pk for notice in mine] == [notice.pk for notice in notices]
    assert claimed_by_other == [[], []]


@pytest.mark.django_db(transaction=True)
def test_many_rounds_at_once_send_each_notice_once():
    for number in range(5):
        user = person(Role.STAFF, email=f"reader-{number}@example.test", letters=LetterRhythm.AT_ONCE)
        told(user, 1), told(user, 2)
    start = threading.Barrier(4)

    def worker():
        try:
            start.wait(timeout=60)
            letters.send_letters(NOON)
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _number in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join(timeout=60)

    links = [line for letter in mail.outbox for line in letter.body.splitlines() if "/notices/" in line]
    of_notices = [line for line in links if line.rstrip("/").rsplit("/", 1)[1].isdigit()]
    assert len(of_notices) == len(set(of_notices)) == 10
    assert Notice.objects.filter(letter_sent_at__isnull=True).count() == 0


# What a mail server's faults do


class Away(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


class Refusing(EmailBackend):
    fault: Exception = smtplib.SMTPServerDisconnected()

    def send_messages(self, messages):
        raise self.fault


@pytest.mark.django_db
def test_letters_that_no_server_takes_are_tried_again(caplog):
    told(reader(LetterRhythm.AT_ONCE), 1)
    told(person(Role.ADMIN, letters=LetterRhythm.AT_ONCE), 1)
    with mock.patch.object(letters, "get_connection", return_value=Away()):
        during = letters.send_letters(NOON)
    taken = list(Notice.objects.values_list("letter_taken_at", flat=True))

    after = letters.send_letters(NOON)

    assert (during, taken, after) == (0, [None, None], 2)
    assert sorted(mailed()) == [
        (["admin@example.test"], "TradeMatch: Run 1 failed."),
        (["staff@example.test"], "TradeMatch: Run 1 failed."),
    ]
    assert [record.getMessage() for record in caplog.records] == [
        "letters: the mail server does not take any now, ConnectionRefusedError"
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "is_tried_again"),
    [
        (smtplib.SMTPDataError(451, b"greylisted"), True),
        (smtplib.SMTPRecipientsRefused({"staff@example.test": (450, b"busy")}), True),
        (smtplib.SMTPDataError(554, b"spam"), False),
        (smtplib.SMTPRecipientsRefused({"staff@example.test": (550, b"no such mailbox")}), False),
        (smtplib.SMTPServerDisconnected(), False),
        (TimeoutError(), False),
    ],
)
def test_letter_that_a_server_refuses_is_tried_again_only_where_it_was_certainly_not_taken(
    caplog, fault, is_tried_again
):
    user = reader(LetterRhythm.AT_ONCE)
    told(user, 1)
    refusing = Refusing()
    refusing.fault = fault
    with mock.patch.object(letters, "get_connection", return_value=refusing):
        assert letters.send_letters(NOON) == 0

    assert letters.send_letters(NOON) == is_tried_again
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == f"letter to user {user.pk}: not sent, {type(fault).__name__}"


@pytest.mark.django_db
def test_letter_that_cannot_be_written_holds_nobody_up_and_is_tried_again():
    first = reader(LetterRhythm.AT_ONCE, email="a@example.test")
    second = reader(LetterRhythm.AT_ONCE, email="b@example.test")
    odd, sound = told(first), told(second)

    with mock.patch.object(
        letters, "letter_to", side_effect=[ValueError("odd"), mock.DEFAULT], wraps=letters.letter_to
    ):
        sent = letters.send_letters(NOON)

    assert (sent, mailed()[0][0]) == (1, [second.email])
    odd.refresh_from_db()
    sound.refresh_from_db()
    assert (odd.letter_taken_at, sound.letter_sent_at is None) == (None, False)
