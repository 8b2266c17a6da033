"""How the lists of listings are sorted."""

from accounts.lists.filters import ListForm, SortedFilter


class NeedListForm(ListForm):
    sorts = {"company": "company__name_registered", "quantity": "quantity_kg", "window": "window_until"}


class NeedFilter(SortedFilter):
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


class CapacityFilter(SortedFilter):
    default_sort = "window"

    class Meta:
        form = CapacityListForm


class EndingListForm(ListForm):
    sorts = {"until": "valid_until", "company": "company__name_registered", "quantity": "quantity_kg"}


class EndingFilter(SortedFilter):
    """Needs or capacities that expire soon, the first above."""

    default_sort = "until"

    class Meta:
        form = EndingListForm
