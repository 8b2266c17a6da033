"""What the list of people is narrowed and sorted by."""

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.lists.filters import MOST_ECHOED, ListForm, SortedFilter

STATES = {"open": (_("open"), Q(is_active=True)), "closed": (_("closed"), Q(is_active=False))}
FACTORS = {"set": (_("set"), Q(has_second_factor=True)), "missing": (_("not set"), Q(has_second_factor=False))}


class PersonListForm(ListForm):
    sorts = {"name": "name", "email": "email", "role": "role", "joined": "date_joined", "seen": "last_login"}
    falls_first = ("joined", "seen")


class PersonFilter(SortedFilter):
    default_sort = "name"
    search = django_filters.CharFilter(method="keep_named", max_length=100, label=_("Name or e-mail address"))
    role = django_filters.MultipleChoiceFilter(choices=Role.choices, label=_("Role"))
    state = django_filters.MultipleChoiceFilter(
        choices=[(key, label) for key, (label, _which) in STATES.items()], method="keep_states", label=_("Account")
    )
    factor = django_filters.MultipleChoiceFilter(
        choices=[(key, label) for key, (label, _which) in FACTORS.items()],
        method="keep_factors",
        label=_("Second factor"),
    )

    class Meta:
        form = PersonListForm

    def keep_named(self, rows: QuerySet, _name: str, text: str) -> QuerySet:
        return rows.filter(Q(name__icontains=text) | Q(email__icontains=text)) if text else rows

    def keep_states(self, rows: QuerySet, _name: str, states: list[str]) -> QuerySet:
        return rows.filter(any_of(STATES, states)) if states else rows

    def keep_factors(self, rows: QuerySet, _name: str, factors: list[str]) -> QuerySet:
        return rows.filter(any_of(FACTORS, factors)) if factors else rows

    def words(self, name: str, value: str) -> str:
        return value[:MOST_ECHOED] if name == "search" else super().words(name, value)

    def counts(self, name: str) -> dict:
        """How many people each choice of a filter would show."""
        rows = self.without(name)
        if name == "role":
            return dict(rows.values_list("role").annotate(rows=Count("pk")))
        choices = {"state": STATES, "factor": FACTORS}[name]
        return rows.aggregate(**{key: Count("pk", filter=which) for key, (_label, which) in choices.items()})


def any_of(choices: dict, wanted: list[str]) -> Q:
    found = Q()
    for key in wanted:
        found |= choices[key][1]
    return found
