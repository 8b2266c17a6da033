"""What a list of matches or near misses is narrowed and sorted by. Nonsense is refused in words, never ignored."""

from datetime import datetime
from decimal import Decimal

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.lists.filters import MOST_ECHOED, NumberFilter, SortedFilter
from accounts.lists.moments import MomentFilter
from accounts.lists.tables import TableForm
from commodities.enums import Sector
from commodities.models import Commodity, CommodityGroup
from corridor.models import Corridor
from matching.coaching.narrowing import ChangeFilter
from matching.engine import RULE_CODES
from matching.enums import MatchState
from matching.list_columns import MATCH_LIST_COLUMNS, NEAR_MISS_COLUMNS
from matching.models import ListedMatch, Run
from matching.texts import RULE_NAMES

KG_PER_T = 1000
PPM_PER_POINT = 10_000
MOST_TONNES = 10_000_000


def directions() -> list[tuple[str, str]]:
    """The corridors that are open: "ID-KZ" and both names."""
    return [
        (
            f"{corridor.origin}-{corridor.destination}",
            _("%(origin)s to %(destination)s")
            % {"origin": corridor.get_origin_display(), "destination": corridor.get_destination_display()},
        )
        for corridor in Corridor.objects.filter(is_enabled=True)
    ]


class GoodsField(forms.CharField):
    """The code of a commodity, of an HS node or of a group; clean, it is that node."""

    def clean(self, value: str) -> Commodity | CommodityGroup | None:
        code = super().clean(value)
        if not code:
            return None
        for kind in (Commodity, CommodityGroup):
            if node := kind.objects.filter(code=code).first():
                return node
        raise ValidationError(_("There are no goods with the code %(code)s."), params={"code": code[:MOST_ECHOED]})


class GoodsFilter(django_filters.Filter):
    field_class = GoodsField


class PairFilter(SortedFilter):
    """What the lists have in common: a need and a capacity, under the names of a listed row (`lists.of_a_pair`)."""

    direction = django_filters.MultipleChoiceFilter(choices=directions, method="keep_directions", label=_("Direction"))
    sector = django_filters.MultipleChoiceFilter(choices=Sector.choices, method="keep_sectors", label=_("Sector"))
    commodity = GoodsFilter(method="keep_goods", label=_("Goods"))

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
        for part in node.members.all() if isinstance(node, CommodityGroup) else [node]:
            wanted |= Q(tree_lo__gte=part.tree_lo, tree_lo__lt=part.tree_hi)
        return rows.filter(wanted)

    def words(self, name: str, value: str) -> str:
        if name == "commodity":
            return self.form.cleaned_data["commodity"].name
        return super().words(name, value)

    def counts(self, name: str, *fields: str) -> dict:
        """How many rows each choice of a filter would show, by the values of some columns."""
        rows = self.without(name).values_list(*fields).annotate(rows=Count("pk"))
        return {key[0] if len(key) == 1 else tuple(key): count for *key, count in rows}

    def direction_counts(self) -> dict[str, int]:
        counts = self.counts("direction", "origin_country", "destination_country")
        return {"-".join(countries): rows for countries, rows in counts.items()}


# How much of a pair is not known: label, least and most rules that are known.
UNKNOWNS = {
    "none": (_("everything known"), len(RULE_CODES), len(RULE_CODES)),
    "few": (_("1 or 2 questions"), len(RULE_CODES) - 2, len(RULE_CODES) - 1),
    "many": (_("3 or more questions"), 0, len(RULE_CODES) - 3),
}
OBSTACLES = {"none": (_("nothing fails"), Q(failed_rules=[])), "some": (_("fails now"), ~Q(failed_rules=[]))}

# What the newest plan gives a pair; one that does not hold any more keeps what an earlier plan gave it, and is out.
PLANS = {"in": _("in the plan"), "out": _("not in the plan")}


def planned_in(rows: QuerySet) -> Q:
    """Which of some listed rows the newest plan holds; of the results of one run, which its own plan holds."""
    planned = Q(planned_kg__gt=0)
    return planned & Q(is_current=True) if rows.model is ListedMatch else planned


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
    plan = django_filters.MultipleChoiceFilter(choices=list(PLANS.items()), method="keep_planned", label=_("Plan"))
    at_least_t = NumberFilter(method="keep_large", decimals=3, most=MOST_TONNES, label=_("At least, in tonnes"))
    at_least_points = NumberFilter(method="keep_strong", most=100, label=_("At least, in points"))

    new_since = MomentFilter(method="keep_new", label=_("New since"))

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

    def obstacle_counts(self) -> dict[str, int]:
        which = {key: Count("pk", filter=rows) for key, (_label, rows) in OBSTACLES.items()}
        return self.without("obstacle").aggregate(**which)

    def plan_counts(self) -> dict[str, int]:
        rows = self.without("plan")
        planned = planned_in(rows)
        return rows.aggregate(**{"in": Count("pk", filter=planned), "out": Count("pk", filter=~planned)})

    def unknown_counts(self) -> dict[str, int]:
        which = {
            key: Count("pk", filter=Q(known_rules__gte=low, known_rules__lte=high))
            for key, (_label, low, high) in UNKNOWNS.items()
        }
        return self.without("unknown").aggregate(**which)


class NearMissListForm(TableForm):
    offered = NEAR_MISS_COLUMNS
    sorts = {
        "score": "score_ppm",
        "effort": "effort",
        "exporter": "capacity__company__name_registered",
        "importer": "need__company__name_registered",
        "goods": "capacity__commodity__name_en",
    }


class NearMissFilter(ChangeFilter, PairFilter):
    """The list of near misses."""

    default_sort = "effort"
    rule = django_filters.MultipleChoiceFilter(
        choices=list(RULE_NAMES.items()), method="keep_rules", label=_("What stands in the way")
    )

    class Meta:
        form = NearMissListForm

    def keep_rules(self, rows: QuerySet, _name: str, rules: list[str]) -> QuerySet:
        return rows.filter(rule__in=rules)
