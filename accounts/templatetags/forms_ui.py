"""Form fields in our look: the class, the hint and the error are tied to the input for those who cannot see it."""

from django import template

from accounts.reading import TypedField

register = template.Library()


@register.filter
def as_input(field):
    """The bound field's widget with our class; hint and error are read out with it."""
    described = [f"{field.id_for_label}-hint"] if field.help_text else []
    attributes = {"class": "tm-in"}
    if field.errors:
        described.append(f"{field.id_for_label}-error")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attributes)


@register.filter
def readings(field) -> list:
    """Both meanings of a number or day that was typed so that it has two; nothing for everything else."""
    return field.field.readings(field.value()) if isinstance(field.field, TypedField) else []
