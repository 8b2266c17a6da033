"""What a list of matches or near misses is narrowed and sorted by. Nonsense is refused in words, never ignored."""

from collections.abc import Callable, Hashable
from datetime import datetime
from decimal import Decimal

import django_filters
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.lists.filters import NumberFilter, SortedFilter
from accounts.lists.moments import MomentFilter
from accounts.lists.remembering import Answers
from accounts.lists.tables import TableForm
from commodities.addresses import GoodsFilter, parts_of
from commodities.enums import Sector
from commodities.models import Commodity, CommodityGroup
from corridor.models import Region
from matching.coaching.narrowing import ChangeFilter
from matching.enums import MatchState
from matching.models import Run
from matching.tables.columns import MATCH_LIST_COLUMNS, NEAR_MISS_COLUMNS
from matching.tables.conditions import (
    BANDS,
    OBSTACLES,
    PLANS,
    PPM_PER_POINT,
    SINCE,
    UNKNOWNS,
    missing_in,
    new_since,
    planned_in,
    within_band,
)
from matching.tables.fields import NO_REGION, CompaniesFilter, RegionsFilter, TextFilter, directions
from matching.tables.looking import Understood, understood
from matching.tallies import NOTES, Tallies
from matching.texts import RULE_NAMES

KG_PER_T = 1000
REGIONS = ("exporter_region", "importer_region")
# Filters that ask for the same rows whenever their address is the same: they look nothing up.
PLAIN_NUMBERS = ("at_least_t", "at_least_points")
PLAIN = frozenset(
    ("direction", "sector", "rule", "state", "obstacle", "unknown", "band", "missing", "plan", *PLAIN_NUMBERS)
)
MOST_TONNES = 10_000_000
# New matches worth reading first, in the words of their own list, so that figure and list are the same rows.
STRONG = "?state=new&obstacle=none&unknown=none&unknown=few&at_least_points=70"


class PairFilter(SortedFilter):
    """What the lists have in common: a need and a capacity, under the names of a listed row (`lists.of_a_pair`)."""

    direction = django_filters.MultipleChoiceFilter(choices=directions, method="keep_directions", label=_("Direction"))
    sector = django_filters.MultipleChoiceFilter(choices=Sector.choices, method="keep_sectors", label=_("Sector"))
    commodity = GoodsFilter(method="keep_goods", label=_("Goods"))
    exporter_region = RegionsFilter(method="keep_regions", label=_("Where the exporter is"))
    importer_region = RegionsFilter(method="keep_regions", label=_("Where the importer is"))
    text = TextFilter(most=100, method="keep_meant", label=_("Goods or company, in any of the four languages"))

    @cached_property
    def understood(self) -> Understood | None:
        """What the words of a valid address were taken to mean."""
        text = self.form.cleaned_data["text"]
        return understood(text) if text else None

    def keep_meant(self, rows: QuerySet, _name: str, _text: str) -> QuerySet:
        return rows.filter(self.understood.condition())

    def keep_regions(self, rows: QuerySet, name: str, codes: list[str]) -> QuerySet:
        known = Region.objects.filter(code__in=[code for code in codes if code != NO_REGION]).values_list(
            "pk", flat=True
        )
        wanted = Q((f"{name}__in", list(known)))
        if NO_REGION in codes:
            wanted |= Q((f"{name}__isnull", True))
        return rows.filter(wanted)

    def keep_directions(self, rows: QuerySet, _name: str, directions: list[str]) -> QuerySet:
        wanted = Q()
        for direction in directions:
            origin, destination = direction.split("-")
            wanted |= Q(origin_country=origin, destination_country=destination)
        return rows.filter(wanted)

    def keep_sectors(self, rows: QuerySet, _name: str, sectors: list[str]) -> QuerySet:
        return rows.filter(sector__in=sectors)

    def keep_goods(self, rows: QuerySet, _name: str, node: Commodity | CommodityGroup) -> QuerySet:
        """The goods themselves, all that lies below an HS code, or all members of a group."""
        wanted = Q(pk__in=[])
        for part in parts_of(node):
            wanted |= Q(tree_lo__gte=part.tree_lo, tree_lo__lt=part.tree_hi)
        return rows.filter(wanted)

    def words(self, name: str, value: str) -> str:
        if name == "commodity":
            return self.form.cleaned_data["commodity"].name
        return value if name == "text" else super().words(name, value)

    @cached_property
    def tallies(self) -> Tallies:
        return Tallies()

    @cached_property
    def answers(self) -> Answers | None:
        """Where the counts around this list lie together: if its address and its day alone tell which rows it has."""
        told = {name: tuple(self.data.getlist(name)) for name in sorted(self.filters) if self.data.get(name)}
        notes = NOTES.get(self.queryset.model)
        if not notes or not PLAIN.issuperset(told):
            return None
        rows = self.queryset.order_by().values("pk").query.sql_with_params()
        return Answers(self.tallies.memory, notes, (rows, tuple(told.items())))

    def answer(self, what: Hashable, find: Callable):
        """What is counted around this list; `what` tells it from everything else that is counted there."""
        return self.answers.of(what, find) if self.answers else find()

    def count(self) -> int:
        return self.answer("number", lambda: self.tallies.number(self.qs))

    def counts(self, name: str, *fields: str) -> dict:
        """How many rows each choice of a filter would show, by the values of some columns."""
        return self.answer((name, *fields), lambda: self.tallies.by_column(self.without(name), *fields))

    def tally(self, name: str, which: dict[str, Q]) -> dict[str, int]:
        """How many rows each choice of a filter would show, by the condition of each."""
        asked = tuple((key, str(rows)) for key, rows in which.items())
        return self.answer((name, asked), lambda: self.tallies.by_condition(self.without(name), which))

    @cached_property
    def counted_regions(self) -> dict[int, Region]:
        """The regions in which there is a row on either side."""
        counts = [self.counts(name, name) for name in REGIONS]
        return Region.objects.in_bulk({pk for found in counts for pk in found if pk is not None})

    def region_counts(self, name: str) -> dict[str, int]:
        """By region, which then can be chosen."""
        counts, regions = self.counts(name, name), self.counted_regions
        self.form.fields[name].offer(regions[pk] for pk in sorted(regions) if pk in counts)
        return {regions[pk].code if pk else NO_REGION: rows for pk, rows in counts.items()}

    def direction_counts(self) -> dict[str, int]:
        counts = self.counts("direction", "origin_country", "destination_country")
        return {"-".join(countries): rows for countries, rows in counts.items()}


class MatchListForm(TableForm):
    offered = MATCH_LIST_COLUMNS
    sorts = {
        "score": "score_ppm",
        "quantity": "movable_kg",
        "landed": "landed_high_usd_per_t",
        "days": "days_high",
        "exporter": "exporter_name",
        "importer": "importer_name",
        "goods": "goods_name",
        "state": "state",
    }


class MatchFilter(PairFilter):
    """The list of matches: of listed rows, or of the results of one run under the same names."""

    default_sort = "-score"
    state = django_filters.MultipleChoiceFilter(choices=MatchState.choices, method="keep_states", label=_("State"))
    obstacle = django_filters.MultipleChoiceFilter(
        choices=[(key, label) for key, (label, _which) in OBSTACLES.items()],
        method="keep_obstacles",
        label=_("What stands in the way"),
    )
    unknown = django_filters.MultipleChoiceFilter(
        choices=[(key, label) for key, (label, _low, _high) in UNKNOWNS.items()],
        method="keep_unknowns",
        label=_("What is not known"),
    )
    band = django_filters.MultipleChoiceFilter(
        choices=[(key, label) for key, (label, _low, _high) in BANDS.items()], method="keep_bands", label=_("Score")
    )
    missing = django_filters.MultipleChoiceFilter(
        choices=list(RULE_NAMES.items()), method="keep_missing", label=_("Which fact is missing")
    )
    new = django_filters.MultipleChoiceFilter(choices=list(SINCE.items()), method="keep_since", label=_("New"))
    plan = django_filters.MultipleChoiceFilter(choices=list(PLANS.items()), method="keep_planned", label=_("Plan"))
    at_least_t = NumberFilter(method="keep_large", decimals=3, most=MOST_TONNES, label=_("At least, in tonnes"))
    at_least_points = NumberFilter(method="keep_strong", most=100, label=_("At least, in points"))

    new_since = MomentFilter(method="keep_new", label=_("New since"))
    companies = CompaniesFilter(method="keep_companies", label=_("Companies"))

    class Meta:
        form = MatchListForm

    def words(self, name: str, value: str) -> str:
        if name == "at_least_t":
            return _("at least %(tonnes)s t") % {"tonnes": figures.shortest(self.form.cleaned_data[name])}
        if name == "at_least_points":
            return _("at least %(points)s points") % {"points": figures.decimal(self.form.cleaned_data[name])}
        if name == "new_since":
            return _("new since %(moment)s") % {"moment": figures.clock(self.form.cleaned_data[name])}
        return super().words(name, value)

    def keep_states(self, rows: QuerySet, _name: str, states: list[str]) -> QuerySet:
        return rows.filter(state__in=states)

    def keep_obstacles(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        wanted = Q()
        for key in chosen:
            wanted |= OBSTACLES[key][1]
        return rows.filter(wanted)

    def keep_unknowns(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        wanted = Q()
        for key in chosen:
            _label, low, high = UNKNOWNS[key]
            wanted |= Q(known_rules__gte=low, known_rules__lte=high)
        return rows.filter(wanted)

    def keep_bands(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        wanted = Q()
        for key in chosen:
            wanted |= within_band(key)
        return rows.filter(wanted)

    def keep_missing(self, rows: QuerySet, _name: str, rules: list[str]) -> QuerySet:
        wanted = Q()
        for rule in rules:
            wanted |= missing_in(rows, rule)
        return rows.filter(wanted)

    def keep_since(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        wanted, since = Q(), new_since()
        for key in chosen:
            wanted |= since[key]
        return rows.filter(wanted)

    def keep_planned(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        wanted, planned = Q(), planned_in(rows)
        for key in chosen:
            wanted |= planned if key == "in" else ~planned
        return rows.filter(wanted)

    def keep_large(self, rows: QuerySet, _name: str, tonnes: Decimal) -> QuerySet:
        return rows.filter(movable_kg__gte=int(tonnes * KG_PER_T))

    def keep_strong(self, rows: QuerySet, _name: str, points: int) -> QuerySet:
        return rows.filter(score_ppm__gte=points * PPM_PER_POINT)

    def keep_new(self, rows: QuerySet, _name: str, since: datetime) -> QuerySet:
        """Matches that no run before had put before people."""
        return rows.filter(first_run__in=Run.objects.filter(finished_at__gt=since))

    def keep_companies(self, rows: QuerySet, _name: str, keys: list[str]) -> QuerySet:
        """Matches with one of these companies on either side."""
        return rows.filter(Q(exporter__in=keys) | Q(importer__in=keys))

    @cached_property
    def conditions(self) -> dict[str, dict[str, Q]]:
        """The choices of the filters that hold whatever the day is, by filter."""
        return {
            "obstacle": {key: rows for key, (_label, rows) in OBSTACLES.items()},
            "plan": {"in": planned_in(self.queryset), "out": ~planned_in(self.queryset)},
            "unknown": {
                key: Q(known_rules__gte=low, known_rules__lte=high) for key, (_label, low, high) in UNKNOWNS.items()
            },
            "band": {key: within_band(key) for key in BANDS},
            "missing": {rule: missing_in(self.queryset, rule) for rule in RULE_NAMES},
        }

    @cached_property
    def counts_of_the_list(self) -> dict[str, int]:
        """The rows of each choice among those that all filters leave: looked through once for all of them."""
        which = {f"{name}_{key}": rows for name, choices in self.conditions.items() for key, rows in choices.items()}
        return self.answer("conditions", lambda: self.tallies.by_condition(self.qs, which))

    def condition_counts(self, name: str) -> dict[str, int]:
        """How many rows each choice would show. Where none is chosen yet, the list is what they are counted in."""
        if self.form.cleaned_data[name]:
            counts = self.tally(name, {f"{name}_{key}": rows for key, rows in self.conditions[name].items()})
        else:
            counts = self.counts_of_the_list
        return {key: counts[f"{name}_{key}"] for key in self.conditions[name]}

    def obstacle_counts(self) -> dict[str, int]:
        return self.condition_counts("obstacle")

    def plan_counts(self) -> dict[str, int]:
        return self.condition_counts("plan")

    def unknown_counts(self) -> dict[str, int]:
        return self.condition_counts("unknown")

    def band_counts(self) -> dict[str, int]:
        return self.condition_counts("band")

    def missing_counts(self) -> dict[str, int]:
        return self.condition_counts("missing")

    def new_counts(self) -> dict[str, int]:
        return self.tally("new", new_since())


class NearMissListForm(TableForm):
    offered = NEAR_MISS_COLUMNS
    sorts = {
        "score": "score_ppm",
        "effort": "effort",
        "exporter": "capacity__company__name_registered",
        "importer": "need__company__name_registered",
        "goods": "capacity__commodity__name_en",
    }


# The columns that choices beside near misses are counted by.
COUNTED_TOGETHER = {
    "direction": ("origin_country", "destination_country"),
    "sector": ("sector",),
    "commodity": ("tree_lo",),
    "exporter_region": ("exporter_region",),
    "importer_region": ("importer_region",),
    "rule": ("rule",),
}


class NearMissFilter(ChangeFilter, PairFilter):
    """The list of near misses."""

    default_sort = "effort"
    rule = django_filters.MultipleChoiceFilter(
        choices=list(RULE_NAMES.items()), method="keep_rules", label=_("What stands in the way")
    )

    class Meta:
        form = NearMissListForm

    @cached_property
    def counts_of_the_list(self) -> dict[str, dict]:
        """The rows of each choice among those that all filters leave: looked through once for all of them."""
        return self.answer("together", lambda: self.tallies.by_columns(self.qs, COUNTED_TOGETHER))

    def counts(self, name: str, *fields: str) -> dict:
        """As of every list. Where nothing is chosen yet, the list is what a filter's choices are counted in."""
        if self.form.cleaned_data[name] or COUNTED_TOGETHER.get(name) != fields:
            return super().counts(name, *fields)
        return self.counts_of_the_list[name]

    def keep_rules(self, rows: QuerySet, _name: str, rules: list[str]) -> QuerySet:
        return rows.filter(rule__in=rules)
