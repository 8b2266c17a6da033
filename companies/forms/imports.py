"""A book that is sent on a page, and how the books and their rows are narrowed."""

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms.ours import OurForm
from accounts.lists.filters import ListForm, SortedFilter
from companies.book.answer import Outcome
from companies.enums import ImportState
from companies.models import BookImport, ImportedRow

MINE, EVERYBODY = "mine", "all"
UNDONE_NOT = ("undo_gone", "undo_changed", "undo_used", "undo_decided")


class BookForm(OurForm):
    file = forms.FileField(
        label=_("Which file?"),
        help_text=_("A workbook (.xlsx) or CSV (UTF-8) of at most 10 MB."),
        error_messages={
            "missing": _("Choose a file."),
            "empty": _("The file is empty."),
            "invalid": _("Choose a file."),
        },
    )


class BookListForm(ListForm):
    sorts = {"sent": "made_at", "file": "file_name"}
    falls_first = ("sent",)


class BookFilter(SortedFilter):
    """The books that were sent."""

    default_sort = "-sent"
    state = django_filters.MultipleChoiceFilter(choices=ImportState.choices, label=_("State"))

    class Meta:
        form = BookListForm

    def state_counts(self) -> dict[str, int]:
        return dict(self.without("state").values_list("state").annotate(rows=Count("pk")))


class BookOfAllFilter(BookFilter):
    """The same for those who see the books of others too."""

    whose = django_filters.MultipleChoiceFilter(
        choices=[(MINE, _("sent by me")), (EVERYBODY, _("sent by others"))], method="keep_whose", label=_("Whose")
    )

    def __init__(self, data, *, user, queryset):
        self.user = user
        super().__init__(data, queryset=queryset)

    def keep_whose(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        if len(chosen) != 1:
            return rows
        mine = Q(made_by=self.user)
        return rows.filter(mine if chosen == [MINE] else ~mine)

    def whose_counts(self) -> dict[str, int]:
        mine = Q(made_by=self.user)
        return self.without("whose").aggregate(**{MINE: Count("pk", filter=mine), EVERYBODY: Count("pk", filter=~mine)})


class RowListForm(ListForm):
    sorts = {"row": "position", "key": "key", "outcome": "outcome"}


class RowFilter(SortedFilter):
    """The rows of one book."""

    default_sort = "row"
    outcome = django_filters.MultipleChoiceFilter(choices=Outcome.choices, label=_("What becomes of it"))
    sheet = django_filters.MultipleChoiceFilter(choices=[], label=_("Sheet"))
    undo = django_filters.MultipleChoiceFilter(
        choices=[("stays", _("stays although it was undone"))], method="keep_staying", label=_("Undone")
    )

    class Meta:
        form = RowListForm

    def __init__(self, data, *, book: BookImport):
        super().__init__(data, queryset=ImportedRow.objects.filter(book=book))
        sheets = book.rows.order_by().values_list("sheet", flat=True).distinct()
        self.filters["sheet"].extra["choices"] = [(name, name) for name in sorted(sheets)]

    def keep_staying(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        if not chosen:
            return rows
        stays = Q()
        for code in UNDONE_NOT:
            stays |= Q(told__contains=[{"code": code}])
        return rows.filter(stays)

    def counts(self, name: str) -> dict[str, int]:
        return dict(self.without(name).values_list(name).annotate(rows=Count("pk")))
