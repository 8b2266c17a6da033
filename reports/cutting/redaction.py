"""What may leave in a report, whatever it is about: asked before anything is cut. docs/anonymity.md tells the rules."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.permissions import may_look_at_contacts
from companies.enums import ContactPurpose
from companies.models import ContactLook
from corridor.enums import Country
from reports.enums import Subject
from reports.orders import Order

WITH_CONTACTS = (Subject.COMPANIES, Subject.PAIR)


def refuse_what_may_not_leave(order: Order, user) -> None:
    """Raises ValidationError in words where an order asks for what its recipient may not have."""
    if order.for_company is not None:
        refuse_others_names(order)
    if order.contacts:
        refuse_contacts_without_reason(order, user)


def refuse_others_names(order: Order) -> None:
    """A company reads of its partners what its pages tell it: never a list that names others."""
    if order.subject != Subject.PAIR:
        raise ValidationError(
            _("This report names companies to each other: it is for officials. A company can get the brief of a pair."),
            code="names_others",
        )
    if order.contacts:
        raise ValidationError(
            _("Contact persons are for officials alone. Leave them out of what a company gets."), code="names_others"
        )


def refuse_contacts_without_reason(order: Order, user) -> None:
    if order.subject not in WITH_CONTACTS:
        raise ValidationError(
            _("Contact persons stand in a dossier or in the brief of a pair only."), code="no_contacts_here"
        )
    if not may_look_at_contacts(user):
        raise ValidationError(_("Only city staff and embassy officers may look at contact persons."))
    errors = {}
    if order.purpose not in ContactPurpose.values:
        errors["purpose"] = _("Say what you need the contact persons for.")
    elif order.purpose == ContactPurpose.OTHER and not order.purpose_words.strip():
        errors["purpose_words"] = _("Say in words what you need it for.")
    if not order.recipient.strip():
        errors["recipient"] = _("Say who gets the report.")
    if order.crosses_to not in Country.values:
        errors["crosses_to"] = _("Say in which country the recipient works.")
    if len(words_of_look(order)) > ContactLook._meta.get_field("words").max_length:
        errors["purpose_words"] = _("That is too long. Say it in fewer words.")
    if errors:
        raise ValidationError(errors)


def words_of_look(order: Order) -> str:
    """What is kept of a look at contact persons beside its purpose, for the company to read: in words, and for whom."""
    return "; ".join(word for word in (order.purpose_words.strip(), order.recipient.strip()) if word)
