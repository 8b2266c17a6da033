"""Everything a book may name (goods, parameters, places, regions, certificates), read once and looked up in memory."""

import re
from bisect import bisect_left
from collections import defaultdict

from commodities.enums import NodeKind
from commodities.models import (
    CertificateKind,
    Commodity,
    CommodityGroup,
    CommodityGroupMember,
    CommodityParameter,
    Parameter,
)
from companies.book.near import NearWords
from companies.book.words import folded
from companies.facts import Node
from companies.faults import Refusal
from corridor.models import Place, Region

NAME_FIELDS = ("name_en", "name_id", "name_ru", "name_kk")
MOST_CANDIDATES = 5


def _names(thing) -> list[str]:
    """Every name and synonym of a thing."""
    synonyms = getattr(thing, "synonyms", None) or {}
    found = [getattr(thing, field) for field in NAME_FIELDS]
    return [name for name in [*found, *(word for words in synonyms.values() for word in words)] if name]


class ParameterUse:
    """How one parameter is compared for some goods, and which values their catalogue entries list."""

    def __init__(self, parameter: Parameter, kind: str):
        self.parameter = parameter
        self.kind = kind
        self.values: list[str] = []
        self.is_open = False
        self.is_numeric = False


class Catalogue:
    """The reference data as a book needs it."""

    def __init__(self):
        self._load_goods()
        self._load_parameters()
        self.places = Finder(Place.objects.all(), "place_unknown", "place_ambiguous")
        self.regions = Finder(Region.objects.all(), "region_unknown", "region_ambiguous", extra=_region_names)
        self.certificate_kinds = Finder(CertificateKind.objects.all(), "certificate_unknown", "certificate_ambiguous")

    def node(self, text: str, *, groups: bool) -> Node:
        """The goods that a text names: a slug, an HS code, a group's code, or an exact name in any language.

        Raises Refusal with near candidates when it names none, or more than one.
        """
        if digits := self._as_hs_code(text):
            return digits
        code = text.strip().lower()
        found: list[Node] = [self._by_code[code]] if code in self._by_code else []
        if not found and code in self._groups_by_code:
            found = [self._groups_by_code[code]]
        found = found or self._goods_by_name.get(folded(text), []) or self._hs_by_name.get(folded(text), [])
        if not groups:
            goods = [node for node in found if isinstance(node, Commodity)]
            if found and not goods:
                raise Refusal("commodity_is_group", text=text, near=self._members_shown(found[0]))
            found = goods
        if not found:
            raise Refusal("commodity_unknown", text=text, near=self._near_goods.near(text))
        if len(found) > 1:
            shown = [f"{node.code} ({node.name_en})" for node in found[:MOST_CANDIDATES]]
            raise Refusal("commodity_ambiguous", text=text, near=shown)
        return found[0]

    def parameters_of(self, nodes: tuple[Node, ...]) -> dict[str, list[ParameterUse]]:
        """The parameters of the goods at or below some nodes, by key; a key measured in two units has two."""
        cache_key = tuple((type(node), node.pk) for node in nodes)
        if cache_key not in self._parameters_cache:
            self._parameters_cache[cache_key] = self._gather_parameters(nodes)
        return self._parameters_cache[cache_key]

    def parameter_kinds_of(self, nodes: tuple[Node, ...]) -> dict[int, str]:
        uses = (use for found in self.parameters_of(nodes).values() for use in found)
        return {use.parameter.pk: use.kind for use in uses}

    def _as_hs_code(self, text: str) -> Commodity | None:
        digits = re.sub(r"[ .\u00a0]", "", text.strip())
        if not (digits.isascii() and digits.isdigit()):
            return None
        if digits in self._by_code:
            return self._by_code[digits]
        if len(digits) in (8, 10) and digits[:6] in self._by_code:
            raise Refusal("hs_code_too_long", text=text, short=digits[:6])
        if len(digits) % 2 and f"0{digits}" in self._by_code:
            raise Refusal("hs_code_lost_zero", text=text, padded=f"0{digits}")
        raise Refusal("hs_code_unknown", text=text, near=self._headings_near(digits))

    def _headings_near(self, digits: str) -> list[str]:
        for length in (4, 2):
            if parent := self._by_code.get(digits[:length]):
                return [f"{parent.code} ({parent.name_en})"]
        return []

    def _members_shown(self, group: CommodityGroup) -> list[str]:
        return [member.code for member in self._members[group.pk][:MOST_CANDIDATES]]

    def _load_goods(self) -> None:
        nodes = list(Commodity.objects.order_by("tree_lo"))
        self._by_code = {node.code: node for node in nodes}
        by_pk = {node.pk: node for node in nodes}
        groups = list(CommodityGroup.objects.order_by("code"))
        self._groups_by_code = {group.code: group for group in groups}
        self._members: dict[int, list[Commodity]] = defaultdict(list)
        for group_id, commodity_id in CommodityGroupMember.objects.order_by("group", "pk").values_list(
            "group", "commodity"
        ):
            self._members[group_id].append(by_pk[commodity_id])
        tradable = [node for node in nodes if node.kind == NodeKind.COMMODITY]
        self._goods_by_name = _index([*tradable, *groups])
        self._hs_by_name = _index([node for node in nodes if node.kind != NodeKind.COMMODITY])
        self._near_goods = NearWords(
            (name, node.code) for node in [*tradable, *groups] for name in [node.code, *_names(node)]
        )
        self._tradable = tradable
        self._tradable_lo = [node.tree_lo for node in tradable]

    def _load_parameters(self) -> None:
        self._uses: dict[int, list[CommodityParameter]] = defaultdict(list)
        for use in CommodityParameter.objects.select_related("parameter").order_by("commodity", "pk"):
            self._uses[use.commodity_id].append(use)
        self._parameters_cache: dict[tuple, dict[str, list[ParameterUse]]] = {}

    def _gather_parameters(self, nodes: tuple[Node, ...]) -> dict[str, list[ParameterUse]]:
        merged: dict[int, ParameterUse] = {}
        for good in self._goods_within(nodes):
            for row in self._uses.get(good.pk, ()):
                use = merged.setdefault(row.parameter_id, ParameterUse(row.parameter, row.kind))
                use.values += [value for value in row.values if value not in use.values]
                use.is_open = use.is_open or not row.values
                use.is_numeric = use.is_numeric or (not row.values and row.parameter.unit != "text")
        by_key: dict[str, list[ParameterUse]] = defaultdict(list)
        for use in merged.values():
            by_key[use.parameter.key].append(use)
        return dict(by_key)

    def _goods_within(self, nodes: tuple[Node, ...]) -> list[Commodity]:
        found: dict[int, Commodity] = {}
        for node in nodes:
            for part in self._members[node.pk] if isinstance(node, CommodityGroup) else [node]:
                start, end = bisect_left(self._tradable_lo, part.tree_lo), bisect_left(self._tradable_lo, part.tree_hi)
                found.update((good.pk, good) for good in self._tradable[start:end])
        return list(found.values())


class Finder:
    """Things found by their code or an exact name in any language."""

    def __init__(self, things, unknown: str, ambiguous: str, extra=None):
        things = list(things)
        self._unknown, self._ambiguous = unknown, ambiguous
        self._by_code = {folded(thing.code): thing for thing in things}
        self._by_name: dict[str, list] = defaultdict(list)
        for thing in things:
            for name in {folded(name) for name in [*_names(thing), *(extra(thing) if extra else [])]}:
                self._by_name[name].append(thing)
        self._near = NearWords((name, thing.code) for thing in things for name in [thing.code, *_names(thing)])

    def find(self, text: str):
        """The one thing a text names. Raises Refusal with near candidates when it names none, or more than one."""
        if thing := self._by_code.get(folded(text)):
            return thing
        found = self._by_name.get(folded(text), [])
        if len(found) > 1:
            shown = [f"{thing.code} ({thing.name_en})" for thing in found[:MOST_CANDIDATES]]
            raise Refusal(self._ambiguous, text=text, near=shown)
        if not found:
            raise Refusal(self._unknown, text=text, near=self._near.near(text))
        return found[0]


def _region_names(region: Region) -> list[str]:
    return [region.national_code, *region.aliases]


def _index(nodes: list[Node]) -> dict[str, list[Node]]:
    """By each folded name, the nodes that carry it, in the order of the tree."""
    by_name: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        for name in {folded(name) for name in _names(node)}:
            by_name[name].append(node)
    return dict(by_name)
