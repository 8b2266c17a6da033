"""One page of a list: by its number while the list is counted to its end, beside a row where it is not."""

from collections.abc import Callable, Iterator

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.figures import AtLeast
from accounts.lists.filters import SortedFilter
from accounts.lists.keyset import place_of


class CountedPages(Paginator):
    """The pages of a list that is counted no further than is shown. Lists of their own kind count themselves."""

    def __init__(self, filters, rows, size: int):
        super().__init__(rows, size)
        self.filters = filters

    @cached_property
    def count(self) -> int:
        return self.filters.count() if has_keys(self.filters) else super().count

    def _get_page(self, *args, **kwargs) -> "NumberedPage":
        return NumberedPage(*args, **kwargs)


class NumberedPage(Page):
    """A page with a number; on a list without an end, the place its next page begins at."""

    places: tuple[str | None, str | None] | None = None

    @property
    def first_row(self) -> int:
        return self.start_index()

    def end_index(self) -> int:
        return self.start_index() + max(len(self.object_list) - 1, 0)


class PageBeside:
    """A page beside a row of the list. How many rows lie before it nobody has counted."""

    first_row = None

    def __init__(self, rows: list, paginator: CountedPages, places: tuple[str | None, str | None]):
        self.object_list, self.paginator, self.places = rows, paginator, places

    def __iter__(self) -> Iterator:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)


def has_keys(filters) -> bool:
    """A list that sorts its rows itself has pages with numbers only."""
    return isinstance(filters, SortedFilter) and type(filters).sorted is SortedFilter.sorted


def numbered_page(filters, ready: Callable, size: int, number: int) -> NumberedPage:
    rows = filters.sorted()
    pages = CountedPages(filters, ready(rows), size)
    if number > pages.num_pages:
        said = _("There is no page %(number)s; the list has %(pages)s.")
        raise ValidationError(said, params={"number": number, "pages": pages.num_pages})
    if not isinstance(pages.count, AtLeast):
        return pages.page(number)
    start = (number - 1) * size
    found = list(ready(filters.order().keyed(rows))[start : start + size])
    page = NumberedPage(found, number, pages)
    if found:
        page.places = str(place_of(found[0])) if start else None, str(place_of(found[-1]))
    return page


def page_beside(filters, ready: Callable, size: int) -> PageBeside | NumberedPage:
    """The rows behind one row, or before it. What lies before the first full page is the first page."""
    if not has_keys(filters):
        raise ValidationError(_("This list has pages with numbers only."))
    asked, order = filters.form.cleaned_data, filters.order()
    back = bool(asked.get("before"))
    rows = ready(order.keyed(filters.qs))
    place = order.read(rows, asked.get("before") or asked["after"])
    found = order.beside(rows, place, size + 1, back=back)
    if back and len(found) <= size:
        return numbered_page(filters, ready, size, 1)
    is_more = len(found) > size
    found = found[1:] if back else found[:size]
    if not found:
        return numbered_page(filters, ready, size, 1)
    places = str(place_of(found[0])), str(place_of(found[-1])) if back or is_more else None
    return PageBeside(found, CountedPages(filters, rows, size), places)
