"""What the services ask across models."""

from collections.abc import Iterable

from django.db.models import Q

from commodities.models import Commodity, CommodityGroup, CommodityParameter
from companies.facts import Node


def parameter_kinds_of(nodes: Iterable[Node]) -> dict[int, str]:
    """The parameters (by id) of the goods at or below some nodes, with how each is compared."""
    inside = Q(pk__in=[])
    for node in nodes:
        for part in node.members.all() if isinstance(node, CommodityGroup) else [node]:
            inside |= Q(tree_lo__gte=part.tree_lo, tree_lo__lt=part.tree_hi)
    goods = Commodity.objects.filter(inside)
    uses = CommodityParameter.objects.filter(commodity__in=goods).order_by("commodity__tree_lo", "pk")
    kinds: dict[int, str] = {}
    for parameter_id, kind in uses.values_list("parameter_id", "kind"):
        kinds.setdefault(parameter_id, kind)
    return kinds
