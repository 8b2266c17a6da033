"""Which goods a listing is about: what the finder suggests, to choose from. Nothing is chosen that is not sure."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from commodities.enums import FoundKind, NodeKind
from commodities.finding import Found, find_commodity
from commodities.models import Commodity, CommodityGroup, CommodityGroupMember
from companies.facts import Node
from companies.listing_states import Listing
from companies.models import Need

GROUP = "group/"  # begins the value of a group among the choices; a node is its code
MOST_OFFERED = 20
LONGEST_VALUE = 80
LONGEST_BEGINNING = 5  # words, of those that may name the goods before they describe them
FIRST = 8  # of the members of a group, or of what lies below a heading
SURE, WIDER = 60, -1
NEED_KINDS = (FoundKind.COMMODITY, FoundKind.GROUP, FoundKind.SUBHEADING, FoundKind.HEADING)
CAPACITY_KINDS = (FoundKind.COMMODITY, FoundKind.SUBHEADING)


@dataclass(frozen=True)
class Offered:
    """One choice: its value in the form, and how sure the finder is, in percent; WIDER takes in what stands above."""

    value: str
    score: int = 0

    def __str__(self) -> str:
        return f"{self.value}~{self.score}"


@dataclass(frozen=True)
class Suggested:
    """What may be meant by some words, and the first of it where that is sure."""

    offered: tuple[Offered, ...] = ()
    sure: str = ""
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Choice:
    """A choice as the page shows it."""

    value: str
    node: Node
    score: int

    @property
    def hs_code(self) -> str:
        return getattr(self.node, "hs_code", "")

    @property
    def is_group(self) -> bool:
        return isinstance(self.node, CommodityGroup)

    @property
    def how_sure(self) -> str:
        if self.score == WIDER:
            return _("wider: takes in more than one kind of goods")
        if self.score >= SURE:
            return _("fits your words well")
        return _("may be meant") if self.score > 0 else ""


def suggested(text: str, *, for_need: bool) -> Suggested:
    """What the finder makes of some words: for a need also groups and headings, for a capacity one kind of goods."""
    found = found_in(text) if text.strip() else Found((), is_sure=False)
    if not found.suggestions:
        return Suggested()
    words = frozenset(word.lower() for one in found.suggestions[:3] for word in one.words)
    offered = _for_need(found) if for_need else _for_capacity(found)
    unique = tuple({one.value: one for one in reversed(offered)}.values())[::-1][:MOST_OFFERED]
    first = found.suggestions[0]
    sure = value_of(first.kind, first.code)
    if found.is_sure:  # what only may be meant would be in the way of what is
        unique = tuple(one for one in unique if one.score >= SURE or one.score == WIDER or one.value == sure)
    is_sure = found.is_sure and unique and unique[0].value == sure and first.kind in CAPACITY_KINDS + NEED_KINDS[1:2]
    return Suggested(unique, sure if is_sure else "", words)


def found_in(text: str) -> Found:
    """What the finder makes of all the words; where it is not sure, what their beginning means stands first.

    "RBD palm olein, iodine value 56" names iodine too. Whoever leaves words out is never sure.
    """
    found, words = find_commodity(text, limit=6), text.split()
    if found.is_sure:
        return found
    for length in range(min(len(words) - 1, LONGEST_BEGINNING), 1, -1):
        begun = find_commodity(" ".join(words[:length]), limit=4)
        if begun.is_sure:
            codes = {(one.kind, one.code) for one in begun.suggestions}
            rest = [one for one in found.suggestions if (one.kind, one.code) not in codes]
            return Found((*begun.suggestions, *rest[:2]), is_sure=False)
    return found


def _for_need(found: Found) -> list[Offered]:
    """What was found, then what is wider than the first: its groups and its heading."""
    offered = [
        Offered(value_of(one.kind, one.code), _percent(one)) for one in found.suggestions if one.kind in NEED_KINDS
    ]
    first = found.suggestions[0]
    if first.kind == FoundKind.COMMODITY:
        groups = CommodityGroup.objects.filter(members__code=first.code).order_by("code").values_list("code", flat=True)
        offered += [Offered(GROUP + code, WIDER) for code in groups[:FIRST]]
    if first.hs_code and first.kind != FoundKind.HEADING:
        offered.append(Offered(first.hs_code[:4], WIDER))
    return offered


def _for_capacity(found: Found) -> list[Offered]:
    """One kind of goods each: a group as its members, a heading as what lies below it."""
    groups = [one.code for one in found.suggestions if one.kind == FoundKind.GROUP]
    members: dict[str, list[str]] = {}
    for group, code in CommodityGroupMember.objects.filter(
        group__code__in=groups, commodity__kind__in=(NodeKind.COMMODITY, NodeKind.SUBHEADING)
    ).values_list("group__code", "commodity__code"):
        members.setdefault(group, []).append(code)
    offered = []
    for one in found.suggestions:
        if one.kind in CAPACITY_KINDS:
            offered.append(Offered(one.code, _percent(one)))
        elif one.kind == FoundKind.GROUP:
            offered += [Offered(code, min(_percent(one), SURE - 1)) for code in members.get(one.code, ())[:FIRST]]
    if not offered:
        headings = [one.code for one in found.suggestions if one.kind == FoundKind.HEADING]
        below = Commodity.objects.filter(kind=NodeKind.SUBHEADING, parent__code__in=headings)
        offered = [Offered(code, 1) for code in below.values_list("code", flat=True)[:FIRST]]
    return offered


def _percent(suggestion) -> int:
    return round(suggestion.score * 100)


def value_of(kind: str, code: str) -> str:
    return GROUP + code if kind == FoundKind.GROUP else code


def value_of_node(node: Node) -> str:
    return GROUP + node.code if isinstance(node, CommodityGroup) else node.code


def values_of_listing(listing: Listing) -> list[str]:
    """What a stored listing accepts or offers, in its order."""
    if isinstance(listing, Need):
        rows = listing.accepted.select_related("commodity", "group")
        return [value_of_node(row.commodity or row.group) for row in rows]
    return [value_of_node(listing.commodity)]


def read_offered(text: str) -> list[Offered]:
    """The choices that a page showed, as it sends them back."""
    offered = []
    for part in text.split()[:MOST_OFFERED]:
        value, _sign, score = part.rpartition("~")
        if is_plain(value):
            offered.append(Offered(value, int(score) if score.removeprefix("-").isascii() and _is_number(score) else 0))
    return offered


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdigit() and len(text) < 5


def is_plain(value: str) -> bool:
    """Whether a value can be a code at all: what a forged form sends need not reach the database."""
    return 0 < len(value) <= LONGEST_VALUE and value.isascii() and value.isprintable()


def choices_of(offered: list[Offered], *, for_need: bool, standing: Collection[str] = ()) -> list[Choice]:
    """The choices with their goods; what is not in the catalogue, or cannot be chosen here, is left out.

    What a stored listing is about can stay chosen.
    """
    kinds = NEED_KINDS if for_need else CAPACITY_KINDS
    groups = [one.value.removeprefix(GROUP) for one in offered if one.value.startswith(GROUP)] if for_need else []
    codes = [one.value for one in offered if not one.value.startswith(GROUP)]
    found_nodes = Commodity.objects.filter(code__in=codes)
    nodes: dict[str, Node] = {node.code: node for node in found_nodes if node.kind in kinds or node.code in standing}
    if groups:
        found = CommodityGroup.objects.filter(code__in=groups).prefetch_related("members")
        nodes |= {GROUP + group.code: group for group in found}
    return [Choice(one.value, nodes[one.value], one.score) for one in offered if one.value in nodes]


def is_iced(node: Node | None) -> bool:
    """Fish that is sold with glaze: frozen, of chapter 03, or prepared (16.05) and kept frozen."""
    if isinstance(node, CommodityGroup):
        return any(is_iced(member) for member in node.members.all())
    if node is None or not node.hs_code.startswith(("03", "1605")):
        return False
    if node.kind == NodeKind.COMMODITY:
        return node.temp_max_c is not None and node.temp_max_c < 0
    return node.hs_code[:4] in ("03", "0303", "0304", "0306", "0307", "0308")
