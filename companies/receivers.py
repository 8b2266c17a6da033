"""What follows in companies from what happens to people."""

from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from accounts.signals import post_ended
from companies.models import StandIn


@receiver(post_ended)
def end_stand_ins(sender: type, person: User, **facts) -> None:
    """Whoever left the city's service, or changed post, stands in for nobody; a new post begins with none."""
    StandIn.objects.open().filter(user=person).update(ended_at=timezone.now())
