"""How the list of reports is narrowed and sorted."""

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import ListForm, SortedFilter
from reports.enums import ReportState, Subject

MINE, SHARED = "mine", "shared"


class ReportListForm(ListForm):
    sorts = {"ordered": "ordered_at", "subject": "subject", "state": "state", "rows": "rows", "kept": "kept_until"}
    falls_first = ("ordered", "rows")


class ReportFilter(SortedFilter):
    """One's own reports and those that colleagues shared, the newest first."""

    default_sort = "-ordered"
    subject = django_filters.MultipleChoiceFilter(choices=Subject.choices, label=_("What it is about"))
    state = django_filters.MultipleChoiceFilter(choices=ReportState.choices, label=_("State"))
    whose = django_filters.MultipleChoiceFilter(
        choices=[(MINE, _("my own")), (SHARED, _("shared with me"))], method="keep_whose", label=_("Whose")
    )

    class Meta:
        form = ReportListForm

    def __init__(self, data, *, user, queryset):
        self.user = user
        super().__init__(data, queryset=queryset)

    def keep_whose(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        if len(chosen) != 1:
            return rows
        mine = Q(maker=self.user)
        return rows.filter(mine if chosen == [MINE] else ~mine)

    def counts(self, name: str) -> dict[str, int]:
        """How many reports each choice of a filter would show."""
        return dict(self.without(name).values_list(name).annotate(rows=Count("pk")))

    def whose_counts(self) -> dict[str, int]:
        mine = Q(maker=self.user)
        return self.without("whose").aggregate(**{MINE: Count("pk", filter=mine), SHARED: Count("pk", filter=~mine)})
