"""The catalogue as a list: the tree one floor at a time, or all of it where something is looked for."""

from collections.abc import Iterable

import django_filters
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import SortedFilter
from accounts.lists.tables import ListColumn, TableForm
from accounts.reading import LineField
from commodities.addresses import GoodsFilter, parts_of
from commodities.enums import FoundKind, NodeKind, Sector
from commodities.facts import FALLBACKS
from commodities.finding import find_commodity
from commodities.models import Commodity, CommodityGroup
from companies.models import NeedCommodity
from companies.trading import open_capacities, open_needs

MOST_FOUND = 25
NEEDED, OFFERED = "needed", "offered"
TRADED = ((NEEDED, _("somebody needs it")), (OFFERED, _("somebody offers it")))
SEARCHES = ("text", "kind", "traded")  # what looks through all floors of the tree, not only one

NODE_COLUMNS = (
    ListColumn("goods", _("Goods"), is_fixed=True),
    ListColumn("code", _("HS code")),
    ListColumn("kind", _("Floor of the tree")),
    ListColumn("sector", _("Sector")),
    ListColumn("needs", _("Open needs"), kind="tm-n"),
    ListColumn("capacities", _("Open capacities"), kind="tm-n"),
    ListColumn("names", _("In other languages"), is_usual=False),
    ListColumn("unit", _("Counted in"), is_usual=False),
)


class NodeListForm(TableForm):
    offered = NODE_COLUMNS
    sorts = {"code": "tree_lo", "goods": "shown_name"}


class TextFilter(django_filters.Filter):
    field_class = LineField


def with_shown_name(rows: QuerySet[Commodity]) -> QuerySet[Commodity]:
    """Nodes with the name that the reader sees, so that the database can sort by it."""
    languages = FALLBACKS.get((get_language() or "en")[:2], ("en",))
    names = [NullIf(F(f"name_{language}"), Value("")) for language in languages]
    return rows.annotate(shown_name=Coalesce(*names, F("name_en"), Value("")))


class NodeFilter(SortedFilter):
    """The list of goods. Without a search it shows one floor: what lies right below a node, first the chapters."""

    default_sort = "code"
    below = GoodsFilter(method="keep_all", label=_("Below"))
    text = TextFilter(most=100, required=False, method="keep_found", label=_("Goods, in any of the four languages"))
    kind = django_filters.MultipleChoiceFilter(
        choices=NodeKind.choices, method="keep_kinds", label=_("Floor of the tree")
    )
    sector = django_filters.MultipleChoiceFilter(choices=Sector.choices, label=_("Sector"))
    traded = django_filters.MultipleChoiceFilter(choices=TRADED, method="keep_traded", label=_("Who trades it"))

    class Meta:
        form = NodeListForm

    def __init__(self, data, *, user):
        self.user = user
        super().__init__(data, queryset=with_shown_name(Commodity.objects.all()))

    def narrowed(self, rows: QuerySet, names: Iterable[str]) -> QuerySet:
        """Without a search one floor. What is counted beside the choices of a search looks through all floors too."""
        names = list(names)
        rows = super().narrowed(rows, names)
        asked = self.form.cleaned_data
        is_search = any(asked[name] for name in SEARCHES) or not set(SEARCHES) <= set(names)
        nodes = parts_of(asked["below"]) if asked["below"] else []
        if not is_search:
            return rows.filter(parent__in=nodes) if nodes else rows.filter(parent__isnull=True)
        return rows.filter(within(nodes)) if nodes else rows

    def keep_all(self, rows: QuerySet, _name: str, _node: Commodity | CommodityGroup) -> QuerySet:
        """Which floor is shown is decided once all other filters are known."""
        return rows

    def keep_found(self, rows: QuerySet, _name: str, text: str) -> QuerySet:
        return rows.filter(pk__in=nodes_called(text))

    def keep_kinds(self, rows: QuerySet, _name: str, kinds: list[str]) -> QuerySet:
        return rows.filter(kind__in=kinds)

    def keep_traded(self, rows: QuerySet, _name: str, chosen: list[str]) -> QuerySet:
        wanted = Q()
        for key in chosen:
            wanted |= Q(pk__in=traded_nodes(key, self.user))
        return rows.filter(wanted)

    def words(self, name: str, value: str) -> str:
        """What a chip says."""
        if name == "below":
            return _("below %(goods)s") % {"goods": self.form.cleaned_data["below"].name}
        return value if name == "text" else super().words(name, value)

    def counts(self, name: str) -> dict[str, int]:
        return dict(self.without(name).values_list(name).annotate(rows=Count("pk")))

    def traded_counts(self) -> dict[str, int]:
        rows = self.without("traded")
        return {key: rows.filter(pk__in=traded_nodes(key, self.user)).count() for key, _label in TRADED}


def within(nodes: list[Commodity]) -> Q:
    """What lies below some nodes, not they themselves."""
    wanted = Q(pk__in=[])
    for node in nodes:
        wanted |= Q(tree_lo__gte=node.tree_lo, tree_lo__lt=node.tree_hi) & ~Q(pk=node.pk)
    return wanted


def nodes_called(text: str) -> list[int]:
    """The goods and HS codes that somebody's words may mean; a group stands for its members."""
    found = find_commodity(text, MOST_FOUND).suggestions
    groups = [one.code for one in found if one.kind == FoundKind.GROUP]
    codes = [one.code for one in found if one.kind != FoundKind.GROUP]
    called = Q(code__in=codes) | Q(groups__code__in=groups)
    return list(Commodity.objects.filter(called).values_list("pk", flat=True).distinct())


def traded_nodes(key: str, user) -> QuerySet:
    """Tradable goods that an open need accepts, or that an open capacity offers."""
    if key == OFFERED:
        return open_capacities(user).values("commodity")
    accepted = NeedCommodity.objects.filter(need__in=open_needs(user))
    return Commodity.objects.filter(
        Q(pk__in=accepted.filter(commodity__isnull=False).values("commodity"))
        | Q(groups__in=accepted.filter(group__isnull=False).values("group"))
    ).values("pk")


def path_to(node: Commodity) -> list[Commodity]:
    """The nodes above, from the chapter down. One query."""
    above = Commodity.objects.filter(tree_lo__lte=node.tree_lo, tree_hi__gt=node.tree_lo).exclude(pk=node.pk)
    return list(above.filter(tree_hi__gte=node.tree_hi).order_by("tree_lo"))
