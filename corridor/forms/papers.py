"""How the list of requirements is narrowed and sorted: what the law of each direction asks for."""

from datetime import date
from functools import cached_property

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import MOST_ECHOED, ListForm, SortedFilter
from commodities.enums import Sector
from commodities.facts import Confidence
from corridor.engine.gates import Rule
from corridor.enums import Bearer, Country, LawState, RequirementKind, Stage
from corridor.forms.duties import called
from corridor.law import BOTH_WAYS
from corridor.models import Requirement
from corridor.queries import load_goods, rule_of, switched_preferences

GATES = {"gate": (_("refuses a pair"), True), "other": (_("refuses no pair"), False)}


def directions() -> list[tuple[str, str]]:
    """Each way between two countries, and what holds both ways."""
    names = dict(Country.choices)
    ways = [(a, b) for a in names for b in names if a != b]
    words = _("%(origin)s to %(destination)s")
    found = [(f"{a}>{b}", words % {"origin": names[a], "destination": names[b]}) for a, b in ways]
    return [*found, (BOTH_WAYS, _("both ways"))]


class RequirementListForm(ListForm):
    sorts = {
        "code": "code",
        "title": "title_en",
        "direction": "direction",
        "bearer": "bearer",
        "stage": "stage",
        "since": "valid_from",
        "confidence": "confidence",
    }
    falls_first = ("since",)


class RequirementFilter(SortedFilter):
    """The list of requirements, with how each stands today."""

    default_sort = "code"
    goods = django_filters.CharFilter(method="keep_goods", max_length=100, label=_("Goods"))
    direction = django_filters.MultipleChoiceFilter(choices=directions, label=_("Direction"))
    sector = django_filters.MultipleChoiceFilter(choices=Sector.choices, method="keep_sectors", label=_("Sector"))
    bearer = django_filters.MultipleChoiceFilter(choices=Bearer.choices, label=_("Who gets it"))
    stage = django_filters.MultipleChoiceFilter(choices=Stage.choices, label=_("When"))
    kind = django_filters.MultipleChoiceFilter(choices=RequirementKind.choices, label=_("How binding"))
    state = django_filters.MultipleChoiceFilter(choices=LawState.choices, method="keep_states", label=_("Today"))
    gate = django_filters.MultipleChoiceFilter(
        choices=[(key, label) for key, (label, _is_gate) in GATES.items()], method="keep_gates", label=_("A pair")
    )
    confidence = django_filters.MultipleChoiceFilter(choices=Confidence.choices, label=_("How sure"))

    class Meta:
        form = RequirementListForm

    def __init__(self, data, on: date | None = None):
        super().__init__(data, queryset=Requirement.objects.select_related("commodity", "certificate_kind"))
        self.on = on or timezone.localdate()

    @cached_property
    def rules(self) -> dict[int, Rule]:
        """Every requirement as the engine reads it; there are some dozens."""
        switched = switched_preferences()
        return {row.pk: rule_of(row, switched) for row in self.queryset}

    def state_of(self, pk: int) -> str:
        return self.rules[pk].state(self.on)

    def kept(self, rows: QuerySet, keep) -> QuerySet:
        return rows.filter(pk__in=[pk for pk, rule in self.rules.items() if keep(pk, rule)])

    def keep_goods(self, rows: QuerySet, _name: str, text: str) -> QuerySet:
        """What the law asks of any of the goods that the words may mean."""
        if not text:
            return rows
        goods = load_goods(set(called(text).values_list("pk", flat=True))).values()
        ways = {way for rule in self.rules.values() for way in rule.ways}
        return self.kept(rows, lambda pk, rule: any(rule.applies(one, way) for one in goods for way in ways))

    def keep_sectors(self, rows: QuerySet, _name: str, sectors: list[str]) -> QuerySet:
        """What binds one of the sectors: what binds all goods binds it too."""
        wanted = set(sectors)
        return self.kept(rows, lambda pk, rule: not rule.sectors or rule.sectors & wanted) if sectors else rows

    def keep_states(self, rows: QuerySet, _name: str, states: list[str]) -> QuerySet:
        return self.kept(rows, lambda pk, rule: self.state_of(pk) in states) if states else rows

    def keep_gates(self, rows: QuerySet, _name: str, keys: list[str]) -> QuerySet:
        wanted = [GATES[key][1] for key in keys]
        return self.kept(rows, lambda pk, rule: rule.may_refuse in wanted) if keys else rows

    def words(self, name: str, value: str) -> str:
        return value[:MOST_ECHOED] if name == "goods" else super().words(name, value)

    def counts(self, name: str) -> dict[str, int]:
        """How many requirements each choice of a filter would show."""
        counts: dict[str, int] = {}
        for row in self.without(name):
            for value in self.values_of(row, name):
                counts[value] = counts.get(value, 0) + 1
        return counts

    def values_of(self, row: Requirement, name: str) -> list[str]:
        if name == "sector":
            return row.sectors or Sector.values
        if name == "state":
            return [self.state_of(row.pk)]
        if name == "gate":
            return ["gate" if row.is_gate else "other"]
        return [getattr(row, name)]
