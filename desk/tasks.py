"""What Celery does for the desks."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from desk import services


@shared_task(expires=settings.TELL_FOLLOWERS_S)
def tell_followers() -> None:
    """Tell those who follow sectors of finished runs. By Celery's beat; two at once do no harm."""
    services.tell_followers(timezone.now())
