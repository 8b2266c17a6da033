"""What somebody looks for in a list of pairs, in words: goods and companies, found before the list is read.

The words are resolved into nodes of the catalogue and into companies by their finders; the list itself is asked by
numbers alone, however long it is. What was understood is said above the list.
"""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.figures import decimal
from commodities.enums import FoundKind
from commodities.finding import find_commodity
from commodities.models import Commodity, CommodityGroup
from companies.finding.finder import likely_among
from companies.models import Company

MOST_GOODS = 25
WORD = re.compile(r"\w(?:[\w.'’-]*\w)?")  # a comma or a bracket is part of no word
SURE = 0.6  # as sure as the finder of goods has to be of what it suggests first
NAMES = ("name_registered", "name_latin", "name_short")
PLACES = tuple(f"{where}__name_{language}" for where in ("place", "region") for language in ("en", "id", "ru", "kk"))


@dataclass(frozen=True)
class Understood:
    """The goods and the companies that words mean. None: the words speak of none of that kind."""

    goods: Q | None
    companies: frozenset[int] | None
    said: tuple[str, ...]

    def condition(self) -> Q:
        """Pairs of these goods, of which one side is one of these companies."""
        wanted = Q() if self.goods is None else self.goods
        if self.companies is not None:
            wanted &= Q(exporter__in=self.companies) | Q(importer__in=self.companies)
        return wanted


def understood(text: str) -> Understood:
    """Goods first; the words that are left over are a company, or the place of one."""
    words = WORD.findall(text)
    codes, used = goods_meant(words)
    named = " ".join(word for word in words if plain(word) in used)
    left = " ".join(word for word in words if plain(word) not in used)
    said, goods, companies = [], None, None
    if codes:
        goods = below(codes)
        found = ngettext("%(words)s: %(number)s kind of goods", "%(words)s: %(number)s kinds of goods", len(codes))
        said.append(found % {"words": named, "number": decimal(len(codes))})
    if left or not codes:
        left = left or text
        companies = companies_called(left)
        found = ngettext("%(words)s: %(number)s company", "%(words)s: %(number)s companies", len(companies))
        nothing = _("%(words)s: no goods and no company are called so")
        said.append((found if companies else nothing) % {"words": left, "number": decimal(len(companies))})
    return Understood(goods, companies, tuple(capfirst(sentence) for sentence in said))


def plain(word: str) -> str:
    """A word as it is compared: 1511.90 and 151190 are one code."""
    bare = word.replace(".", "")
    return bare if bare.isdigit() else word.casefold()


def goods_meant(typed: list[str]) -> tuple[dict[tuple[bool, str], str], frozenset[str]]:
    """The goods, groups and codes that some of the words mean for certain; and those words."""
    codes = " ".join(word for word in typed if plain(word).isdigit())
    first = find_commodity(" ".join(typed), 1).suggestions or (find_commodity(codes, 1).suggestions if codes else ())
    used = frozenset(plain(word) for word in first[0].words) if first else frozenset()
    words = [word for word in typed if plain(word) in used]
    found = find_commodity(" ".join(words), MOST_GOODS) if words else None
    if found is None or not found.is_sure:
        return {}, frozenset()
    sure = [one for one in found.suggestions if one.score >= SURE]
    return {(one.kind == FoundKind.GROUP, one.code): one.name for one in sure}, used


def below(codes: dict[tuple[bool, str], str]) -> Q:
    """Rows of these goods, of what lies below these codes, and of the members of these groups."""
    groups = CommodityGroup.objects.filter(code__in=[code for is_group, code in codes if is_group])
    nodes = Commodity.objects.filter(
        Q(code__in=[code for is_group, code in codes if not is_group]) | Q(groups__in=groups)
    )
    wanted = Q(pk__in=[])
    for low, high in set(nodes.values_list("tree_lo", "tree_hi")):
        wanted |= Q(tree_lo__gte=low, tree_lo__lt=high)
    return wanted


def companies_called(words: str) -> frozenset[int]:
    """Companies whose names or places hold every one of the words; else those that are likely called so."""
    companies = Company.objects.filter(is_hidden=False)
    holding = companies
    for word in words.split():
        wanted = Q()
        for field in (*NAMES, *PLACES):
            wanted |= Q((f"{field}__icontains", word))
        holding = holding.filter(wanted)
    found = frozenset(holding.values_list("pk", flat=True))
    return found or frozenset(one.company.pk for one in likely_among(companies, words))
