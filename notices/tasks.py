"""What Celery does for the notices."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from notices import letters


@shared_task(expires=settings.LETTERS_ROUND_S)
def send_letters() -> None:
    """Send the letters that are due. Every few minutes, by Celery's beat; two at once do no harm."""
    letters.send_letters(timezone.now())
