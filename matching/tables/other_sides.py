"""The listings that somebody may look through for the other side of a need or of a capacity."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from companies.models import Capacity, Need, NeedCommodity
from matching.models import Match

SHOWN = 25
COMPANY = ("name_registered", "name_latin", "name_short")
GOODS = ("name_en", "name_id", "name_ru", "name_kk")


@dataclass(frozen=True)
class OtherSides:
    """The first of those that were looked for, each with its match to the one side where there is one."""

    rows: list[Need | Capacity]
    is_cut: bool


def other_sides(own: Need | Capacity, words: str, user) -> OtherSides:
    """Open listings of other companies: those that hold the words; without words, those that share the goods."""
    wanted = capacities_for(own, words) if isinstance(own, Need) else needs_for(own, words)
    found = wanted.visible_to(user).exclude(company=own.company_id).select_related("company__region", "company__place")
    rows = list(found.order_by("company__name_registered", "reference", "pk")[: SHOWN + 1])
    side = "capacity" if isinstance(own, Need) else "need"
    pairs = {"need" if side == "capacity" else "capacity": own, f"{side}__in": rows}
    matches = dict(Match.objects.filter(**pairs).values_list(side, "pk"))
    for row in rows:
        row.match_number = matches.get(row.pk)
    return OtherSides(rows[:SHOWN], len(rows) > SHOWN)


def capacities_for(need: Need, words: str) -> QuerySet[Capacity]:
    found = Capacity.objects.in_book(timezone.localdate()).select_related("commodity", "place")
    if words:
        return found.filter(
            holding("company__", COMPANY, words) | holding("commodity__", GOODS, words) | by_code(words)
        )
    accepted = NeedCommodity.objects.filter(need=need)
    lo, hi = OuterRef("commodity__tree_lo"), OuterRef("commodity__tree_hi")
    return found.filter(
        Exists(accepted.filter(commodity__tree_lo__lt=hi, commodity__tree_hi__gt=lo))
        | Exists(accepted.filter(group__members__tree_lo__lt=hi, group__members__tree_hi__gt=lo))
    )


def needs_for(capacity: Capacity, words: str) -> QuerySet[Need]:
    found = Need.objects.in_book(timezone.localdate()).select_related("destination")
    found = found.prefetch_related("accepted__commodity", "accepted__group")
    accepted = NeedCommodity.objects.filter(need=OuterRef("pk"))
    if words:
        named = accepted.filter(holding("commodity__", GOODS, words) | holding("group__", GOODS, words))
        return found.filter(holding("company__", COMPANY, words) | Exists(named) | by_code(words))
    lo, hi = capacity.commodity.tree_lo, capacity.commodity.tree_hi
    return found.filter(
        Exists(accepted.filter(commodity__tree_lo__lt=hi, commodity__tree_hi__gt=lo))
        | Exists(accepted.filter(group__members__tree_lo__lt=hi, group__members__tree_hi__gt=lo))
    )


def by_code(words: str) -> Q:
    return Q(reference__iexact=words)


def holding(way: str, fields: tuple[str, ...], words: str) -> Q:
    """A text that holds the words, in any of its spellings."""
    wanted = Q()
    for field in fields:
        wanted |= Q((f"{way}{field}__icontains", words))
    return wanted
