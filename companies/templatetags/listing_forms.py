"""One field of the form of a listing with what belongs to it: the question, the input, the words it was read from."""

from django import template
from django.forms import CheckboxSelectMultiple, RadioSelect

from companies.forms.listings.base import ListingForm

register = template.Library()


@register.inclusion_tag("companies/listing/_field.html")
def listing_field(form: ListingForm, name: str, suffix: str = "") -> dict:
    """A field by its name; nothing where the form does not have it now."""
    if name not in form.fields:
        return {"field": None}
    widget = form.fields[name].widget
    return {
        "field": form[name],
        "is_boxes": isinstance(widget, CheckboxSelectMultiple | RadioSelect),
        "asked": form.asked.get(name),
        "source": form.source_of(name),
        "suffix": suffix,
    }
