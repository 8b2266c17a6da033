"""Where a heading is the best answer, what lies below it says more than a far worse answer from elsewhere."""

from commodities.enums import FoundKind, NodeKind
from commodities.finding.ranking import Ranked
from commodities.models import Commodity

FAR_WORSE = 0.75  # of the score of the heading
OF_HEADING = 0.7  # the part of its score that a subheading has for lying below it


def with_subheadings(ranked: list[Ranked], limit: int) -> list[Ranked]:
    """The first answers; after a heading that leads, its subheadings go before answers that are far worse."""
    first = ranked[:limit]
    if not first or first[0].kind != FoundKind.HEADING:
        return first
    heading = first[0]
    near = [one for one in first if one.score >= heading.score * FAR_WORSE]
    known = {one.code for one in near}
    wanted = limit - len(near)
    if not wanted:
        return near
    below = (
        Commodity.objects.filter(kind=NodeKind.SUBHEADING, parent__code=heading.code)
        .exclude(code__in=known)
        .order_by("code")
        .values_list("code", flat=True)
    )
    found_by_words = {one.code: one for one in ranked}
    children = [
        found_by_words.get(code) or Ranked(FoundKind.SUBHEADING, code, code, heading.score * OF_HEADING, heading.words)
        for code in below
    ]
    children.sort(key=lambda one: (-one.score, one.code))
    chosen = near + children[:wanted]
    rest = [one for one in first if one not in chosen]
    return (chosen + rest)[:limit]
