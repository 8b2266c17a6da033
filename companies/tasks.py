"""What Celery does for companies."""

import logging

from celery import shared_task
from celery.contrib.django.task import DjangoTask
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerFault
from redis.exceptions import RedisError

from accounts.lists.remembering import forget_changes
from companies import forgetting, letters
from companies.models import BookChange
from companies.services import expiry, imports

log = logging.getLogger(__name__)


class LetterTask(DjangoTask):
    """When the broker is away the letter waits for the next round, which the clock starts."""

    def publish(self) -> None:
        try:
            self.delay()
        except (BrokerFault, RedisError, OSError, RuntimeError) as fault:
            log.warning("%s: not queued now, the next round will: %s", self.name, type(fault).__name__)

    def delay_on_commit(self) -> None:
        """Queue once the change is committed. What is to be sent is saved by then, so a dead broker is no error."""
        transaction.on_commit(self.publish)


@shared_task(base=LetterTask, expires=settings.LETTERS_ROUND_S)
def send_invitations() -> None:
    """Send the letters that wait: after somebody was invited, and every few minutes. Two at once do no harm."""
    letters.send_invitations(timezone.now())


@shared_task
def forget_what_is_over() -> None:
    """Forget links that ended and the documents of claims that were decided. Once a day; two at once do no harm."""
    forgetting.forget_invitations(timezone.now())
    forgetting.forget_claims(timezone.now())


@shared_task(expires=settings.EXPIRY_ROUND_S)
def look_what_expires() -> None:
    """Say what has expired, and tell people what will. Each hour; once a day it says something, two at once or not."""
    forget_changes(BookChange)
    today = timezone.localdate()
    expiry.tell_of_expired(today)
    expiry.remind_of_expiry(today)


class BookTask(DjangoTask):
    """Work on a book that was sent. When the broker is away the row stays as it is, and `sweep_books` finds it."""

    def publish(self, *, book_id: int) -> None:
        try:
            self.delay(book_id=book_id)
        except (BrokerFault, RedisError, OSError, RuntimeError) as fault:
            log.warning("book %s: not queued now, the sweeper will: %s", book_id, type(fault).__name__)

    def delay_on_commit(self, *, book_id: int) -> None:
        """Queue once the change is committed."""
        transaction.on_commit(lambda: self.publish(book_id=book_id))


@shared_task(base=BookTask, bind=True)
def work_on_book(self, *, book_id: int) -> None:
    """Read, write or undo a book, as its row says. Delivering it twice does no harm."""
    try:
        imports.carry_out(book_id)
        again = False
    except SoftTimeLimitExceeded:
        again = imports.note_failure(book_id, imports.TOO_LONG, is_final=True)
    except (OperationalError, InterfaceError):
        raise  # nothing can be noted while the database is away; the sweeper takes it up again
    except Exception as error:
        log.exception("book %s", book_id)
        again = imports.note_failure(book_id, type(error).__name__)
    if again:
        self.publish(book_id=book_id)


@shared_task(expires=settings.RUN_SWEEP_S)
def sweep_books() -> None:
    """Queue again the work on books that was lost. Each minute; two at once do no harm."""
    for book_id in imports.sweep():
        work_on_book.publish(book_id=book_id)


@shared_task
def forget_books() -> None:
    """Delete the files of books that were sent long ago. Once a day; two at once do no harm."""
    imports.forget_files(timezone.now())
