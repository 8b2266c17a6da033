"""Contact persons: entered and removed by their company, agreed to by themselves, looked at for a stated purpose."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.consents import CURRENT, WORDINGS
from companies.models import Company, Consent, ContactLook, ContactPerson
from companies.services.locking import locked, refuse_changed, refuse_directory, refuse_suspended
from companies.signals import contacts_withdrawn

MOST_CONTACTS = 20


@transaction.atomic
def add_contact(
    *, company: Company, recorded_by: User, countries: list[str], given_on: date, wording: str = CURRENT, **facts
) -> ContactPerson:
    """Enter a person who has agreed to it. `facts` are the fields of ContactPerson."""
    company = locked(company)
    refuse_suspended(company)
    refuse_directory(company)
    if company.contacts.count() >= MOST_CONTACTS:
        raise ValidationError(
            _("A company has at most %(most)s contact persons. Remove one first."), params={"most": MOST_CONTACTS}
        )
    contact = ContactPerson(company=company, **facts)
    contact.full_clean()
    contact.save()
    _agree(contact, recorded_by, countries, given_on, wording)
    return contact


@transaction.atomic
def edit_contact(*, contact: ContactPerson, seen_at: str, **facts) -> ContactPerson:
    """Put right what is kept of a person."""
    refuse_suspended(locked(contact.company))
    contact = _held(contact)
    refuse_changed(contact, seen_at)
    changed = [name for name, value in facts.items() if getattr(contact, name) != value]
    for name in changed:
        setattr(contact, name, facts[name])
    contact.full_clean()
    if changed:
        contact.save(update_fields=[*changed, "changed_at"])
    return contact


@transaction.atomic
def give_consent(
    *, contact: ContactPerson, recorded_by: User, countries: list[str], given_on: date, wording: str = CURRENT
) -> Consent:
    """A person agrees again, or for other countries. What was agreed to before is closed, and stays readable."""
    refuse_suspended(locked(contact.company))
    contact = _held(contact)
    contact.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    contacts_withdrawn.send(sender=ContactPerson, companies=[contact.company_id])
    return _agree(contact, recorded_by, countries, given_on, wording)


@transaction.atomic
def withdraw_consent(*, contact: ContactPerson) -> None:
    """From now on nobody but the company sees the person.

    A suspended company may do this too, and remove a person: their right does not hang on its standing.
    """
    contact = _held(contact)
    contact.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    contacts_withdrawn.send(sender=ContactPerson, companies=[contact.company_id])


@transaction.atomic
def remove_contact(*, contact: ContactPerson) -> None:
    """Forget a person, with all they agreed to. Removed already, there is nothing left to do."""
    ContactPerson.objects.filter(pk=contact.pk).delete()


@transaction.atomic
def look_at_contacts(
    *, company: Company, user: User, purpose: str, words: str = "", crosses_to: str = ""
) -> list[ContactPerson]:
    """Show those who agreed to be seen where the reader works, and keep who looked, when and for what.

    `crosses_to` is a country to which what is shown goes on: then those alone who agreed to be seen there as well.
    """
    shown = ContactPerson.objects.visible_to(user).filter(company=company)
    if crosses_to:
        shown = shown.crossing_to(crosses_to)
    people = list(shown.prefetch_related("consents"))
    look = ContactLook(company=company, looked_by=user, purpose=purpose, words=words, seen=len(people))
    look.full_clean()
    look.save()
    return people


def _held(contact: ContactPerson) -> ContactPerson:
    """The person as they are kept now, held until the transaction ends."""
    held = ContactPerson.objects.select_for_update(of=("self",)).filter(pk=contact.pk).first()
    if held is None:
        raise ValidationError(_("This contact person has been removed meanwhile."), code="removed")
    return held


def _agree(contact: ContactPerson, recorded_by: User, countries: list[str], given_on: date, wording: str) -> Consent:
    if wording not in WORDINGS:
        raise ValidationError(_("These words are not known here. Open the page again."))
    if given_on > timezone.localdate():
        raise ValidationError({"given_on": _("This day has not come yet. Write the day on which the person agreed.")})
    consent = Consent(
        contact=contact, wording=wording, countries=sorted(countries), given_on=given_on, recorded_by=recorded_by
    )
    consent.full_clean()
    consent.save()
    return consent
