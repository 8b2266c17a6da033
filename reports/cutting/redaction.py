"""What may leave in a report, whatever it is about: asked before anything is cut. docs/anonymity.md tells the rules."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.permissions import may_export, may_look_at_contacts
from companies.enums import ContactPurpose
from companies.models import Company, ContactLook
from corridor.enums import Country
from reports.enums import Subject
from reports.orders import Order

WITH_CONTACTS = (Subject.COMPANIES, Subject.PAIR)
FOR_COMPANIES = (Subject.COMPANIES, Subject.PAIR)


def refuse_what_may_not_leave(order: Order, user) -> None:
    """Raises ValidationError in words where an order asks for what its recipient may not have."""
    if not may_export(user):
        raise ValidationError(_("You may take no report away."), code="not_allowed")
    if order.for_company is not None:
        refuse_others_names(order, user)
    if order.contacts:
        refuse_contacts_without_reason(order, user)


def refuse_others_names(order: Order, user) -> None:
    """A company reads of itself, and of its partners what the pages tell it: never a list that names others."""
    if order.subject not in FOR_COMPANIES:
        raise ValidationError(
            _("This report names companies to each other. A company can get its own dossier, or the brief of a pair."),
            code="names_others",
        )
    if not Company.objects.visible_to(user).filter(pk=order.for_company).exists():
        raise ValidationError(_("The company that gets it is not found. Choose it again."), code="gone")
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
        raise ValidationError(_("You may not look at contact persons."), code="not_allowed")
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
