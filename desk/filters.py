"""How the lists of listings are sorted and counted."""

from accounts.lists.filters import ListForm, SortedFilter
from accounts.lists.remembering import Memory
from desk.queries import OF_BOOK_AND_MATCHES


class ListingFilter(SortedFilter):
    """Listings, counted once as long as neither the book nor the list of matches changes."""

    def count(self) -> int:
        return Memory().remembered(OF_BOOK_AND_MATCHES, self.qs, "number", super().count)


class NeedListForm(ListForm):
    sorts = {"company": "company__name_registered", "quantity": "quantity_kg", "window": "window_until"}


class NeedFilter(ListingFilter):
    default_sort = "window"

    class Meta:
        form = NeedListForm


class CapacityListForm(ListForm):
    sorts = {
        "company": "company__name_registered",
        "goods": "commodity__name_en",
        "quantity": "quantity_kg",
        "window": "available_until",
    }


class CapacityFilter(ListingFilter):
    default_sort = "window"

    class Meta:
        form = CapacityListForm


class EndingListForm(ListForm):
    sorts = {"until": "valid_until", "company": "company__name_registered", "quantity": "quantity_kg"}


class EndingFilter(ListingFilter):
    """Needs or capacities that expire soon, the first above."""

    default_sort = "until"

    class Meta:
        form = EndingListForm
