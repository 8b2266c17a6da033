"""What Celery does for the accounts."""

from celery import shared_task
from django.utils import timezone

from accounts import forgetting


@shared_task
def forget_what_is_over() -> None:
    """Forget sessions that ran out and accounts that nobody confirmed. Once a day; two at once do no harm."""
    forgetting.forget_sessions()
    forgetting.forget_unconfirmed(timezone.now())
