"""What is left of an address of a list, once the parts are taken out that no longer mean anything."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.lists.filters import MOST_ECHOED

MOST_TRIED = 50  # values of one filter that are looked at one by one: each may cost a query


@dataclass(frozen=True)
class Remains:
    """What of an address still holds, and in words what of it does not."""

    query: QueryDict
    gone: list[str]

    @property
    def told(self) -> str:
        return "; ".join(self.gone)


def remains_of(query: QueryDict, form: forms.Form) -> Remains | None:
    """The part of a refused address that its list can show; None where nothing can be taken out to make it hold.

    Goods, regions and companies go, and filters are renamed: an address that was kept outlives them.
    """
    unknown = [name for name in query if name not in form.fields]
    if len(form.non_field_errors()) > len(unknown):
        return None  # its parts contradict each other, and nobody knows which was meant
    rest, gone = query.copy(), []
    for name, values in query.lists():
        if name not in unknown and name not in form.errors:
            continue
        kept = [value for value in values if still_means(form, name, value)] if is_list(form, name, values) else []
        if kept == values:
            return None  # each of them holds, only not together
        label = name[:MOST_ECHOED] if name in unknown else form.fields[name].label
        gone += [f"{label}: {value[:MOST_ECHOED]}" for value in values if value not in kept]
        rest.setlist(name, kept)
        if not kept:
            del rest[name]
    return Remains(rest, gone) if gone else None


def is_list(form: forms.Form, name: str, values: list[str]) -> bool:
    """Whether a filter takes several values, so that one of them can go and the others stay."""
    return isinstance(form.fields.get(name), forms.MultipleChoiceField) and len(values) <= MOST_TRIED


def still_means(form: forms.Form, name: str, value: str) -> bool:
    try:
        form.fields[name].clean([value])
    except ValidationError:
        return False
    return True
