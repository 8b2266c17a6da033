"""What every list page needs around its rows: pages, sort links, chips of active filters, facets with counts."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.lists.filters import PAGE_SIZES, PLACES, SortedFilter
from accounts.lists.places import PageBeside, numbered_page, page_beside
from accounts.lists.remains import remains_of
from accounts.reading import TypedField
from accounts.saved_views import said_of, view_at

USUAL_SIZE = 25
NOT_FILTERS = ("sort", "size", "columns", "density", "by", *PLACES)


def address_with(query: QueryDict, **changes: str | int | list | None) -> str:
    """An address with other parameters; None drops one. What is shown anew begins at its first page."""
    query = query.copy()
    for name in PLACES:
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query.setlist(name, value if isinstance(value, list) else [str(value)])
    return f"?{query.urlencode()}"


@dataclass(frozen=True)
class Listing:
    """One page of a list that was asked for in an address."""

    filters: SortedFilter
    page: Page | PageBeside | None
    query: QueryDict

    @property
    def is_valid(self) -> bool:
        return self.page is not None

    def address(self, **changes: str | int | list | None) -> str:
        """The address of the same list with other parameters; None drops one."""
        return address_with(self.query, **changes)

    @property
    def export_query(self) -> str:
        """The filter and the order as they are shown, without the page."""
        query = self.query.copy()
        for name in ("size", *PLACES):
            query.pop(name, None)
        return f"?{query.urlencode()}" if query else ""

    def chips(self) -> list[dict]:
        """Each active choice with the address of the list without it."""
        found = []
        for name in self.filters.form.fields:
            if name in NOT_FILTERS:
                continue
            values = [value for value in self.query.getlist(name) if value.strip()]
            for value in values:
                rest = [other for other in values if other != value]
                found.append({"text": self.filters.words(name, value), "url": self.address(**{name: rest or None})})
        return found

    def sort_links(self) -> dict[str, dict]:
        """For each column: the address that sorts by it, and how it is sorted now."""
        now = self.filters.form.cleaned_data.get("sort") or self.filters.default_sort
        links = {}
        for name in self.filters.form.sorts:
            is_by_it = now.removeprefix("-") == name
            falls = now.startswith("-")
            first = name if name not in self.filters.form.falls_first else f"-{name}"
            turned = name if falls else f"-{name}"
            links[name] = {
                "url": self.address(sort=turned if is_by_it else first),
                "aria": ("descending" if falls else "ascending") if is_by_it else "",
                "icon": "down" if is_by_it else "sort",
            }
        return links

    def page_links(self) -> list[dict]:
        """The first, the last and the neighbouring pages; of a list that nobody counted to its end its neighbours."""
        if self.page.places is not None:
            return self._neighbours()
        links = []
        for number in self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1):
            if isinstance(number, int):
                links.append(
                    {"number": number, "url": self.address(page=number), "is_current": number == self.page.number}
                )
            else:
                links.append({"number": number, "url": ""})
        if self.page.has_next():
            links.append({"icon": "next", "label": _("Next page"), "url": self.address(page=self.page.number + 1)})
        return links

    def _neighbours(self) -> list[dict]:
        before, behind = self.page.places
        links = []
        if before:
            links.append({"text": _("First page"), "url": self.address()})
            links.append({"text": _("Previous page"), "url": self.address(before=before)})
        if behind:
            links.append({"text": _("Next page"), "url": self.address(after=behind)})
        return links

    def size_links(self) -> list[dict]:
        return [
            {"number": size, "url": self.address(size=size), "is_current": size == self.page.paginator.per_page}
            for size in PAGE_SIZES
        ]

    def facet(self, name: str, counts: dict, *, hide_empty: bool = False) -> dict:
        """A filter's choices with how many rows each would show."""
        chosen = set(self.query.getlist(name))
        choices = [
            {"value": value, "label": label, "count": counts.get(value, 0), "is_chosen": str(value) in chosen}
            for value, label in self.filters.form.fields[name].choices
        ]
        return {
            "name": name,
            "label": self.filters.form.fields[name].label,
            "choices": [c for c in choices if c["count"] or c["is_chosen"] or not hide_empty],
        }


def listing(request: HttpRequest, filters: SortedFilter, ready=lambda rows: rows, load=lambda rows: rows) -> Listing:
    """The page that was asked for; without a page where the address makes no sense.

    `ready` says what is read with the rows of the list, `load` makes what a page shows of its own few rows.
    """
    if not filters.form.is_valid():
        return Listing(filters, None, request.GET)
    asked = filters.form.cleaned_data
    size = asked.get("size") or USUAL_SIZE
    try:
        if asked.get("after") or asked.get("before"):
            page = page_beside(filters, ready, size)
        else:
            page = numbered_page(filters, ready, size, asked.get("page") or 1)
    except ValidationError as refusal:
        filters.form.add_error(None, refusal)
        return Listing(filters, None, request.GET)
    page.object_list = load(page.object_list)
    return Listing(filters, page, request.GET)


def refused(request: HttpRequest, filters: SortedFilter) -> HttpResponse:
    """An address that makes no sense: what is wrong with it, what it may have meant, the ways on.

    A saved view is shown as far as it still holds, with a word of what does not: its owner wrote no nonsense.
    """
    asked = questions(request, filters.form)
    rest = None if asked else remains_of(request.GET, filters.form)
    if rest and (view := view_at(request)):
        messages.warning(request, said_of(view, rest.told, is_own=view.owner_id == request.user.pk))
        return redirect(request.path + (address_with(rest.query) if rest.query else ""))
    context = {"form": filters.form, "questions": asked, "whole": request.path}
    if rest and rest.query:
        context["rest"] = {"url": address_with(rest.query), "without": rest.told}
    return render(request, "ui/list_refused.html", context, status=400)


def questions(request: HttpRequest, form: Form) -> list[dict]:
    """Each number of the address that has two readings, with the address of the list for either."""
    found = []
    for bound in form:
        readings = bound.field.readings(bound.value()) if isinstance(bound.field, TypedField) else []
        if readings:
            links = [(reading, address_with(request.GET, **{bound.name: reading.value})) for reading in readings]
            found.append({"label": bound.label, "typed": bound.value(), "links": links})
    return found
