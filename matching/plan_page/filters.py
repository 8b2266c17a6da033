"""What the lists of a plan are narrowed and sorted by."""

from collections.abc import Callable

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.lists.counting import bounded
from accounts.lists.filters import ListForm, SortedFilter
from accounts.reading import NumberField
from commodities.addresses import GoodsField, GoodsFilter, parts_of
from commodities.enums import Sector
from commodities.models import Commodity, CommodityGroup
from matching.enums import Rest
from matching.plan_page.kept import KeptSums
from matching.tables.fields import directions


class LoadsForm(ListForm):
    """Which run's plan, and which way. Goods are not asked for: they share containers and ships."""

    sort = size = page = None
    run = NumberField(required=False, least=1, label=_("Run"))
    direction = forms.ChoiceField(required=False, choices=directions, label=_("Direction"))


class PlanForm(LoadsForm):
    """Which run's plan, which way, and of which goods."""

    commodity = GoodsField(required=False, label=_("Goods"))


class FlowListForm(ListForm):
    run = NumberField(required=False, least=1, label=_("Run"))
    sorts = {
        "quantity": "quantity_kg",
        "score": "score_ppm",
        "exporter": "capacity__company__name_registered",
        "importer": "need__company__name_registered",
        "goods": "capacity__commodity__name_en",
        "months": "first_month",
    }


class RestListForm(ListForm):
    run = NumberField(required=False, least=1, label=_("Run"))
    sorts = {"quantity": "left_kg", "price": "price_ppm", "goods": "commodity__name_en"}
    falls_first = ("quantity", "price")


def going(direction: str) -> Q:
    """Lines of the plan whose goods go from one country to another."""
    origin, destination = direction.split("-")
    return Q(capacity__origin_country=origin) | Q(need__destination__country=destination)


def flowing(direction: str) -> Q:
    """Flows from one country to another."""
    origin, destination = direction.split("-")
    return Q(capacity__origin_country=origin, need__destination__country=destination)


def of_goods(node: Commodity | CommodityGroup, path: str) -> Q:
    """Rows of the goods themselves, of all that lies below an HS code, or of all members of a group."""
    wanted = Q(pk__in=[])
    for part in parts_of(node):
        wanted |= Q((f"{path}__tree_lo__gte", part.tree_lo), (f"{path}__tree_lo__lt", part.tree_hi))
    return wanted


class PlanRows(SortedFilter):
    """What the lists of a plan have in common: which way the goods go, and what they are."""

    default_sort = "-quantity"
    sums: KeptSums | None = None
    direction = django_filters.MultipleChoiceFilter(choices=directions, method="keep_directions", label=_("Direction"))
    sector = django_filters.MultipleChoiceFilter(choices=Sector.choices, method="keep_sectors", label=_("Sector"))
    commodity = GoodsFilter(method="keep_goods", label=_("Goods"))
    goods = "commodity"  # where the commodity of a row is found
    going = staticmethod(going)

    def keep_directions(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        wanted = Q()
        for direction in chosen:
            wanted |= self.going(direction)
        return rows.filter(wanted)

    def keep_sectors(self, rows: QuerySet, _name: str, sectors: list[str]) -> QuerySet:
        return rows.filter((f"{self.goods}__sector__in", sectors))

    def keep_goods(self, rows: QuerySet, _name: str, node: Commodity | CommodityGroup) -> QuerySet:
        return rows.filter(of_goods(node, self.goods))

    def remember(self, sums: KeptSums | None) -> None:
        """Counts beside the filter are remembered with the sums of a run's plan."""
        self.sums = sums

    def kept(self, rows: QuerySet, what: str, count: Callable):
        return self.sums.of(rows, what, count) if self.sums else count()

    def count(self) -> int:
        return self.kept(self.qs, "number", super().count)

    def counts(self, name: str, field: str) -> dict:
        """How many rows each choice of a filter would show."""
        rows = self.without(name)
        found = rows.values_list(field).annotate(rows=Count("pk"))
        return self.kept(rows, field, lambda: {value: bounded(number) for value, number in found})

    def sector_counts(self) -> dict[str, int]:
        return self.counts("sector", f"{self.goods}__sector")

    def direction_counts(self) -> dict[str, int]:
        rows, ways = self.without("direction"), [way for way, _label in directions()]

        def count() -> dict[str, int]:
            asked = {way.replace("-", "_"): Count("pk", filter=self.going(way)) for way in ways}
            return {way.replace("_", "-"): bounded(number) for way, number in rows.aggregate(**asked).items()}

        return self.kept(rows, f"directions {ways}", count)

    def words(self, name: str, value: str) -> str:
        if name == "run":
            return _("run %(number)s") % {"number": value}
        if name == "commodity":
            return self.form.cleaned_data["commodity"].name
        return super().words(name, value)


class FlowFilter(PlanRows):
    """Who supplies whom."""

    goods = "capacity__commodity"
    going = staticmethod(flowing)

    class Meta:
        form = FlowListForm


class RestFilter(PlanRows):
    """Needs that are not met, or capacities that are left."""

    rest = django_filters.MultipleChoiceFilter(
        choices=[choice for choice in Rest.choices if choice[0]], method="keep_rests", label=_("What stands in the way")
    )

    class Meta:
        form = RestListForm

    def keep_rests(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        return rows.filter(rest__in=chosen)
