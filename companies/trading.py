"""Which open needs and capacities speak of some goods: of the goods themselves, of what lies below or above them."""

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from commodities.models import Commodity
from companies.models import Capacity, Need, NeedCommodity


def speaks_of(node, at: str = "") -> Q:
    """A node of the tree that is some goods, lies below them or above them. `at` leads to the node."""
    low, high = (
        (node.tree_lo, node.tree_hi) if isinstance(node, Commodity) else (OuterRef("tree_lo"), OuterRef("tree_hi"))
    )
    return Q((f"{at}tree_lo__lt", high), (f"{at}tree_hi__gt", low))


def accepting(node) -> Q:
    """What a need accepts: a node, or a group with a member among the goods."""
    return speaks_of(node, "commodity__") | speaks_of(node, "group__members__")


def open_needs(user) -> QuerySet[Need]:
    return Need.objects.visible_to(user).in_book(timezone.localdate())


def open_capacities(user) -> QuerySet[Capacity]:
    return Capacity.objects.visible_to(user).in_book(timezone.localdate())


def needs_of(nodes: list[Commodity], user) -> QuerySet[Need]:
    """Open needs that accept some of the goods."""
    return open_needs(user).filter(pk__in=_any_of(NeedCommodity.objects, accepting, nodes).values("need"))


def capacities_of(nodes: list[Commodity], user) -> QuerySet[Capacity]:
    """Open capacities of some of the goods."""
    return _any_of(open_capacities(user), lambda node: speaks_of(node, "commodity__"), nodes)


def with_trade(rows: QuerySet[Commodity], user) -> QuerySet[Commodity]:
    """Nodes with how many open needs and capacities speak of each."""
    needs = NeedCommodity.objects.filter(accepting(None), need__in=open_needs(user))
    capacities = open_capacities(user).filter(speaks_of(None, "commodity__"))
    return rows.annotate(open_needs=_counted(needs, "need"), open_capacities=_counted(capacities, "pk"))


def _any_of(rows: QuerySet, question, nodes: list[Commodity]) -> QuerySet:
    wanted = Q(pk__in=[])
    for node in nodes:
        wanted |= question(node)
    return rows.filter(wanted)


def _counted(rows: QuerySet, what: str):
    """How many different things there are among the rows of a subquery."""
    one = rows.order_by().annotate(all=Value(1)).values("all").annotate(rows=Count(what, distinct=True)).values("rows")
    return Coalesce(Subquery(one, output_field=IntegerField()), 0)
