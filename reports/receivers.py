"""What follows for reports from what happens to contact persons."""

from collections.abc import Iterable

from django.dispatch import receiver

from companies.signals import contacts_withdrawn
from reports.services.contacts import remove_those_with


@receiver(contacts_withdrawn)
def let_contact_persons_go(sender: type, companies: Iterable[int], **facts) -> None:
    remove_those_with(companies)
