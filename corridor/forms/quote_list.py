"""How the list of quotes is narrowed and sorted."""

from collections import Counter

import django_filters
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import ListForm, SortedFilter
from corridor.enums import QuoteScope
from corridor.models import Equipment, FreightQuote, Place
from corridor.models.costs import EXAMPLE
from corridor.quotes import QuoteState, states_on, with_state

EXAMPLES, ENTERED = "example", "entered"
KINDS = [(EXAMPLES, _("example")), (ENTERED, _("entered"))]
KIND_ROWS = {EXAMPLES: EXAMPLE, ENTERED: ~EXAMPLE}


def equipment_choices() -> list[tuple[str, str]]:
    return sorted(((one.code, one.name) for one in Equipment.objects.all()), key=lambda choice: choice[1].casefold())


def place_choices() -> list[tuple[str, str]]:
    return sorted(((one.code, one.name) for one in Place.objects.all()), key=lambda choice: choice[1].casefold())


class QuoteListForm(ListForm):
    sorts = {
        "code": "code",
        "way": "origin__code",
        "equipment": "equipment__code",
        "from": "valid_from",
        "until": "valid_to",
        "giver": "giver",
    }


class QuoteFilter(SortedFilter):
    """The list of quotes."""

    default_sort = "code"
    scope = django_filters.MultipleChoiceFilter(choices=QuoteScope.choices, label=_("What it pays for"))
    state = django_filters.MultipleChoiceFilter(choices=QuoteState.choices, method="keep_states", label=_("State"))
    kind = django_filters.MultipleChoiceFilter(choices=KINDS, method="keep_kinds", label=_("How it came here"))
    place = django_filters.ChoiceFilter(
        choices=place_choices, method="keep_place", label=_("From, to or at"), empty_label=_("any place")
    )
    equipment = django_filters.MultipleChoiceFilter(
        choices=equipment_choices, field_name="equipment__code", label=_("In what")
    )

    class Meta:
        form = QuoteListForm

    def __init__(self, data):
        self.today = timezone.localdate()
        super().__init__(data, queryset=FreightQuote.objects.annotate(giver=Lower("given_by")))

    def keep_states(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        return self._any_of(rows, states_on(self.today), chosen)

    def keep_kinds(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        return self._any_of(rows, KIND_ROWS, chosen)

    def keep_place(self, rows: QuerySet, _name: str, code: str) -> QuerySet:
        return rows.filter(Q(origin__code=code) | Q(destination__code=code)) if code else rows

    def counts(self, name: str, field: str) -> dict[str, int]:
        """How many quotes each choice of a filter would show."""
        return dict(self.without(name).values_list(field).annotate(rows=Count("pk")))

    def state_counts(self) -> dict[str, int]:
        """What ends soon is in force, and counted there too."""
        rows = with_state(self.without("state"), self.today)
        counts = Counter(dict(rows.values_list("state").annotate(rows=Count("pk"))))
        counts[QuoteState.IN_FORCE.value] += counts[QuoteState.ENDS_SOON.value]
        return counts

    def kind_counts(self) -> dict[str, int]:
        rows = self.without("kind")
        return rows.aggregate(**{kind: Count("pk", filter=which) for kind, which in KIND_ROWS.items()})

    def _any_of(self, rows: QuerySet, meanings: dict[str, Q], chosen: list[str]) -> QuerySet:
        wanted = Q()
        for choice in chosen:
            wanted |= meanings[choice]
        return rows.filter(wanted)
