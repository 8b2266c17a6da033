"""What an entry says of its company and what two entries may say differently: chosen one by one when they merge."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.models import Company


@dataclass(frozen=True)
class Field:
    """One thing said of a company. `columns` hang together: the nearest place is nothing without the way to it."""

    key: str
    label: Promise
    columns: tuple[str, ...]

    def values(self, company: Company) -> list:
        """As they are stored, in what JSON can hold."""
        return [getattr(company, column) for column in self.columns]

    def is_empty(self, company: Company) -> bool:
        return self.values(company)[0] in (None, "", [])


FIELDS = (
    Field("name_registered", _("Registered name"), ("name_registered",)),
    Field("name_latin", _("Name in Latin letters"), ("name_latin",)),
    Field("name_short", _("Short name"), ("name_short",)),
    Field("registration_number", _("Registration number"), ("registration_number",)),
    Field("legal_form", _("Legal form"), ("legal_form",)),
    Field("tax_number", _("Tax number (NPWP)"), ("tax_number",)),
    Field("region", _("Region"), ("region_id",)),
    Field("city", _("Town"), ("city",)),
    Field("place", _("Nearest place"), ("place_id", "first_mile_km")),
    Field("sectors", _("Sectors"), ("sectors",)),
    Field("activities", _("With goods"), ("activities",)),
    Field("size", _("Size of the company"), ("size",)),
    Field("languages", _("Languages"), ("languages",)),
    Field("website", _("Website"), ("website",)),
    Field("role_mailbox", _("Mailbox"), ("role_mailbox",)),
    Field("switchboard", _("Telephone"), ("switchboard",)),
    Field("description", _("Description"), ("description",)),
    Field("source", _("Source"), ("source", "confidence")),
)
BY_KEY = {field.key: field for field in FIELDS}
NUMBER = "registration_number"


def differing(stays: Company, goes: Company) -> list[Field]:
    """The fields of which somebody has to say which value is right: both say something, and not the same."""
    return [
        field
        for field in FIELDS
        if not field.is_empty(stays) and not field.is_empty(goes) and field.values(stays) != field.values(goes)
    ]


def filled(stays: Company, goes: Company) -> list[Field]:
    """The fields that only the entry that goes says something of: the one that stays takes them over."""
    return [field for field in FIELDS if field.is_empty(stays) and not field.is_empty(goes)]
