"""The goods of a list of pairs as a tree to go down: chapter, heading, subheading, goods, each with its rows."""

from bisect import bisect_left
from itertools import accumulate

from accounts.figures import AtLeast
from accounts.lists.counting import bounded
from accounts.lists.pages import Listing
from commodities.models import Commodity
from matching.tables.goods import path_to

NAMES = ("name_en", "name_id", "name_ru", "name_kk")
SHOWN = 8  # the others are folded


def goods_tree(shown: Listing) -> dict:
    """The goods that are chosen with the way up from them, and what lies right below them, the most rows first."""
    chosen = shown.filters.form.cleaned_data["commodity"]
    node = chosen if isinstance(chosen, Commodity) else None
    counts = sorted(shown.filters.counts("commodity", "tree_lo").items())
    places = [place for place, _rows in counts]
    # What was counted no further than is shown makes every sum over it one that is not exact either.
    sums = [0, *accumulate(rows + isinstance(rows, AtLeast) for _place, rows in counts)]

    def rows_of(below: Commodity) -> int:
        return sums[bisect_left(places, below.tree_hi)] - sums[bisect_left(places, below.tree_lo)]

    nodes = Commodity.objects.filter(parent=node).only("code", "hs_code", "tree_lo", "tree_hi", *NAMES)
    steps = sorted([(below, rows) for below in nodes if (rows := rows_of(below))], key=lambda step: -step[1])
    links = [(below, bounded(rows), shown.address(commodity=below.code)) for below, rows in steps]
    return {
        "chosen": chosen,
        "path": [(above, shown.address(commodity=above.code)) for above in (path_to(node) if node else [])],
        "all_url": shown.address(commodity=None),
        "steps": links[:SHOWN],
        "more": links[SHOWN:],
    }
