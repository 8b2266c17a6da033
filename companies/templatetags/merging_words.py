"""What an entry says of one field, in the reader's words."""

from django import template

from accounts import figures
from companies.models import Company
from companies.phones import shown_phone
from companies.services.merging.fields import Field
from companies.templatetags.companies_words import activity_names, language_names, sector_names

register = template.Library()


@register.filter
def says(company: Company, field: Field) -> str:
    """The value of a field; empty where the entry says nothing of it."""
    if field.key == "region":
        return company.region.name if company.region else ""
    if field.key == "place":
        return _place(company)
    if field.key == "legal_form":
        return company.get_legal_form_display()
    if field.key == "size":
        return company.get_size_display()
    lists = {"sectors": sector_names, "activities": activity_names, "languages": language_names}
    if field.key in lists:
        return lists[field.key](getattr(company, field.key) or [])
    if field.key == "switchboard":
        return shown_phone(company.switchboard)
    return getattr(company, field.key)


def _place(company: Company) -> str:
    if not company.place:
        return ""
    if company.first_mile_km is None:
        return company.place.name
    return f"{company.place.name}, {figures.measured(figures.decimal(company.first_mile_km), 'km')}"
