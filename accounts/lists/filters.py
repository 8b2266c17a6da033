"""What a list is narrowed, sorted and paged by. Nonsense in its address is refused in words, never ignored."""

from collections.abc import Iterable

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.lists.counting import counted
from accounts.lists.keyset import Order
from accounts.reading import NumberField

PAGE_SIZES = (10, 25, 100)
NO_CHOICE = _("%(value)s is no choice here.")
PLACES = ("page", "after", "before")  # of them an address names one
MOST_ECHOED = 40  # letters of what was typed that an answer repeats


class ListForm(forms.Form):
    """Sort order, page and page size; and the promise that nothing in the address is passed over."""

    sort = forms.CharField(required=False, label=_("Order"))
    page = NumberField(required=False, least=1, most=1_000_000, label=_("Page"))
    size = forms.TypedChoiceField(
        required=False, coerce=int, choices=[(size, size) for size in PAGE_SIZES], label=_("Rows a page")
    )
    after = forms.CharField(required=False, label=_("Behind the row"))
    before = forms.CharField(required=False, label=_("Before the row"))
    sorts: dict[str, str] = {}
    falls_first = ("score", "quantity")  # the large ones are what people look for first

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = NO_CHOICE

    def clean_sort(self) -> str:
        sort = self.cleaned_data["sort"]
        if sort and sort.removeprefix("-") not in self.sorts:
            raise ValidationError(_("The list cannot be sorted by %(name)s."), params={"name": sort[:MOST_ECHOED]})
        return sort

    def clean(self) -> dict:
        for name in self.data:
            field = self.fields.get(name)
            if field is None:
                self.add_error(
                    None, ValidationError(_("%(name)s is no filter of this list."), params={"name": name[:MOST_ECHOED]})
                )
            elif len(self.data.getlist(name)) > 1 and not isinstance(field, forms.MultipleChoiceField):
                self.add_error(name, _("Choose one, not several."))
        if sum(bool(self.data.get(name)) for name in PLACES) > 1:
            self.add_error(None, _("Name one place in the list: a page, or the row before it or behind it."))
        return super().clean()


class NumberFilter(django_filters.Filter):
    """A number in an address: one meaning, or a refusal that links to both."""

    field_class = NumberField


class SortedFilter(django_filters.FilterSet):
    """A list that can at least be sorted and paged; `Meta.form` names its sort orders."""

    default_sort = ""

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Every filter of the list; order, page and size are no filters."""
        return self.narrowed(queryset, self.filters)

    def narrowed(self, rows: QuerySet, names: Iterable[str]) -> QuerySet:
        """The rows that some of the filters leave."""
        for name in names:
            rows = self.filters[name].filter(rows, self.form.cleaned_data[name])
        return rows

    def order(self) -> Order:
        """What the address asks for, or the usual one."""
        sort = self.form.cleaned_data.get("sort") or self.default_sort
        return Order(self.form.sorts[sort.removeprefix("-")], falls=sort.startswith("-"))

    def sorted(self) -> QuerySet:
        """The rows in the order asked for; equals by their number, so that pages never overlap."""
        order = self.order()
        # A column that is never empty needs no word of where the empty ones go, and its index serves both directions.
        last = True if order.may_be_empty(self.qs) else None
        field = F(order.path)
        return self.qs.order_by(field.desc(nulls_last=last) if order.falls else field.asc(nulls_last=last), "pk")

    def count(self) -> int:
        """How many rows there are, counted no further than is shown."""
        return counted(self.qs)

    def words(self, name: str, value: str) -> str:
        """What a choice says, for the chip that takes it off."""
        return str(dict(self.form.fields[name].choices)[value])

    def without(self, name: str) -> QuerySet:
        """The list as every filter but one leaves it: what the counts beside that one's choices are taken from."""
        return self.narrowed(self.queryset, [other for other in self.filters if other != name]).order_by()
