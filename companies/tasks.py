"""What Celery does for companies."""

import logging

from celery import shared_task
from celery.contrib.django.task import DjangoTask
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerFault
from redis.exceptions import RedisError

from companies import forgetting, letters

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
