"""Where a heading is the best answer, what lies below it says more than a far worse answer from elsewhere."""

from commodities.enums import FoundKind, NodeKind
from commodities.finding.ranking import Ranked
from commodities.models import Commodity

OF_HEADING = 0.78  # the part of its score that a subheading has for lying below it


def with_subheadings(ranked: list[Ranked], limit: int) -> list[Ranked]:
    """The first answers. Where a heading leads, its subheadings go before answers that are far worse."""
    first = ranked[:limit]
    if not first or first[0].kind != FoundKind.HEADING:
        return first
    heading = first[0]
    floor = heading.score * OF_HEADING
    if first[-1].score > floor:
        return first
    below = Commodity.objects.filter(kind=NodeKind.SUBHEADING, parent__code=heading.code).values_list("code", flat=True)
    by_words = {one.code: one.score for one in ranked}
    told = {code: by_words.get(code, 0.0) for code in below}
    children = [
        Ranked(FoundKind.SUBHEADING, code, code, max(floor, told[code]), heading.words)
        for code in sorted(told, key=lambda code: (-told[code], code))
    ]
    others = [one for one in first if one.code not in told]
    return sorted(others + children, key=lambda one: -one.score)[:limit]
