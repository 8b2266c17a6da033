"""Notices by mail: at once, together once a day or a week, or not at all; each of them at most once.

A notice is claimed and the claim committed before its letter is handed over. A worker that is killed between the two
leaves it claimed for ever: a person may miss a letter, whose notice is still inside the product, but never gets one
twice. Only where the mail server certainly took nothing is the claim given back.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import LetterRhythm
from accounts.models import User
from notices.models import Notice
from notices.texts import sentence

log = logging.getLogger(__name__)
MONDAY = 0
PAGE_OF_RHYTHM = "accounts:own-account"  # where a person chooses how often letters come
MOST_LISTED = 30  # the rest of a long letter is read in the product


class MailAwayError(Exception):
    """No mail server takes letters now. Nothing was handed over."""


def send_letters(now: datetime) -> int:
    """Send what is due to each person; how many letters went out. Two rounds at once share the work."""
    set_aside(now)
    sent = 0
    for user in people_with_letters_due(now):
        try:
            sent += send_letter(user, now)
        except MailAwayError as fault:
            log.warning("letters: the mail server does not take any now, %s", fault)
            break
        except Exception:  # one person's letter that cannot be written holds nobody else's up
            log.exception("letter to user %s: not written", user.pk)
    return sent


def send_letter(user: User, now: datetime) -> bool:
    """One letter of all that is due to a person; whether it went out."""
    claimed = claim(user, now)
    if not claimed:
        return False
    connection = None
    try:
        connection = opened_connection()
        letter = letter_to(user, claimed, connection)
    except Exception:  # nothing was handed over
        give_back(claimed)
        if connection:
            close(connection)
        raise
    try:
        letter.send()
    except (SMTPException, OSError) as fault:
        # Whether it was taken is not sure when a connection breaks: then rather no letter than two.
        log.warning("letter to user %s: not sent, %s", user.pk, type(fault).__name__)
        if is_for_later(fault):
            give_back(claimed)
        return False
    finally:
        close(connection)
    Notice.objects.filter(pk__in=[notice.pk for notice in claimed]).update(letter_sent_at=timezone.now())
    return True


def due_until(rhythm: str, now: datetime) -> datetime | None:
    """Up to which moment notices are due by now: the last hour of letters, or this moment; never is None."""
    if rhythm == LetterRhythm.AT_ONCE:
        return now
    if rhythm == LetterRhythm.NEVER:
        return None
    here = timezone.localtime(now)
    hour = here.replace(hour=settings.LETTERS_HOUR, minute=0, second=0, microsecond=0)
    if hour > here:
        hour -= timedelta(days=1)
    if rhythm == LetterRhythm.WEEKLY:
        hour -= timedelta(days=(hour.weekday() - MONDAY) % 7)
    return hour


def not_mailed() -> QuerySet[Notice]:
    return Notice.objects.filter(letter_taken_at__isnull=True)


def set_aside(now: datetime) -> None:
    """What was read inside the product, and what nobody wants by mail, is not mailed later either."""
    unwanted = Q(read_at__isnull=False) | Q(user__letters=LetterRhythm.NEVER) | Q(user__is_active=False)
    not_mailed().filter(unwanted).update(letter_taken_at=now)


def people_with_letters_due(now: datetime) -> QuerySet[User]:
    """Whom something is due to, but for those whose address is known to be unconfirmed: theirs waits."""
    due = Q()
    for rhythm in (LetterRhythm.AT_ONCE, LetterRhythm.DAILY, LetterRhythm.WEEKLY):
        waits = not_mailed().filter(user=OuterRef("pk"), created_at__lt=due_until(rhythm, now))
        due |= Q(Exists(waits), letters=rhythm)
    unconfirmed = EmailAddress.objects.annotate(lower=Lower("email")).filter(
        user=OuterRef("pk"), lower=Lower(OuterRef("email")), verified=False
    )
    return User.objects.filter(due, ~Exists(unconfirmed), is_active=True).order_by("pk")


@transaction.atomic
def claim(user: User, now: datetime) -> list[Notice]:
    """Take what is due to a person; what another worker is taking at this moment is left to it."""
    until = due_until(user.letters, now)
    if until is None:
        return []
    due = not_mailed().filter(user=user, read_at__isnull=True, created_at__lt=until)
    claimed = list(due.select_for_update(skip_locked=True).order_by("pk"))
    Notice.objects.filter(pk__in=[notice.pk for notice in claimed]).update(letter_taken_at=now)
    return claimed


def give_back(claimed: list[Notice]) -> None:
    """It was certainly not sent: the next round tries again."""
    Notice.objects.filter(pk__in=[notice.pk for notice in claimed]).update(letter_taken_at=None)


def opened_connection() -> BaseEmailBackend:
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as fault:
        raise MailAwayError(type(fault).__name__) from fault
    return connection


def close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (SMTPException, OSError) as fault:
        log.info("letters: the connection did not close, %s", type(fault).__name__)


def is_for_later(fault: Exception) -> bool:
    """Whether the mail server said "not now" (4xx), which it says instead of taking a letter."""
    if isinstance(fault, SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _words in fault.recipients.values())
    return isinstance(fault, SMTPResponseException) and 400 <= fault.smtp_code < 500


def letter_to(user: User, notices: list[Notice], connection: BaseEmailBackend) -> EmailMessage:
    """Plain text in the person's language: what happened, where to read on, how to have fewer letters."""
    with translation.override(user.language):
        told = [
            {"sentence": sentence(notice), "url": absolute("notices:notice-open", notice.pk)}
            for notice in notices[:MOST_LISTED]
        ]
        account = absolute(PAGE_OF_RHYTHM)
        body = render_to_string(
            "notices/letter.txt",
            {
                "told": told,
                "more": len(notices) - len(told),
                "rhythm": user.letters,
                "notices": absolute("notices:notice-list"),
                "account": account,
            },
        )
        return EmailMessage(
            subject_of(told, len(notices)),
            body,
            to=[user.email],
            connection=connection,
            headers={"List-Unsubscribe": f"<{account}>", "Auto-Submitted": "auto-generated"},
        )


def subject_of(told: list[dict], count: int) -> str:
    """One notice is said in full, on one line."""
    if count == 1:
        return _("TradeMatch: %(sentence)s") % {"sentence": " ".join(told[0]["sentence"].split())}
    return ngettext("TradeMatch: %(count)s notice", "TradeMatch: %(count)s notices", count) % {"count": count}


def absolute(view: str, *arguments: int) -> str:
    """An address that works from outside; in a task there is no request to take it from."""
    return settings.BASE_URL.rstrip("/") + reverse(view, args=arguments)
