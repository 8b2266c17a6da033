"""What follows in companies from what happens to people."""

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from accounts.signals import post_ended
from companies.models import CertificateFile, Claim, ContactPerson, StandIn
from companies.signals import contacts_withdrawn


@receiver(post_ended)
def end_stand_ins(sender: type, person: User, **facts) -> None:
    """Whoever left the city's service, or changed post, stands in for nobody; a new post begins with none."""
    StandIn.objects.open().filter(user=person).update(ended_at=timezone.now())


@receiver(post_delete, sender=Claim)
@receiver(post_delete, sender=CertificateFile)
def clear_the_disk(sender: type, instance: CertificateFile, **facts) -> None:
    """A file goes with its row, however that went; where the row comes back, the file is still there."""
    storage, name = instance.file.storage, instance.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@receiver(post_delete, sender=ContactPerson)
def tell_that_a_person_is_removed(sender: type, instance: ContactPerson, **facts) -> None:
    """Whoever removes them: their company, an erasure, or the company that goes with all it has."""
    contacts_withdrawn.send(sender=ContactPerson, companies=[instance.company_id])
