"""The rows of the list of near misses in the reader's words: what many rows say is worked out once for a page."""

from collections.abc import Callable, Iterable
from functools import cache

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.lists.row_forms import table_rows
from matching.enums import RestsOn
from matching.models import NearMiss
from matching.names import reader_names
from matching.tables.words import PairWords
from matching.templatetags.matching_words import rule_name
from matching.texts import near_miss

LABELS = {
    "importer": gettext_lazy("Importer"),
    "goods": gettext_lazy("Goods"),
    "change": gettext_lazy("Smallest change"),
    "score": gettext_lazy("Score after it"),
    "window": gettext_lazy("Delivery"),
}


def miss_rows(misses: Iterable[NearMiss], show: frozenset[str]) -> SafeString:
    """The rows of the table, with the columns that show.

    Near misses come with both sides and with what their change rests on (see `grounds`).
    """
    return table_rows("matching/_near_miss_row.html", LABELS, MissWords(), misses, show)


class MissWords(PairWords):
    """Writes the cells of the list of near misses."""

    def __init__(self):
        super().__init__()
        self.names, self.rule, self.propose = reader_names(), cache(rule_name), reverse("matching:propose")
        self.of_columns: dict[str, Callable[[NearMiss], object]] = {
            "importer": lambda miss: self.of_company(miss.need.company),
            "goods": lambda miss: self.of_goods(miss.capacity, miss.need),
            "change": self.of_change,
            "score": lambda miss: self.points(miss.score_ppm),
            "window": lambda miss: figures.days(miss.need.window_from, miss.need.window_until),
        }

    def of_head(self, miss: NearMiss) -> dict:
        return {"exporter": self.of_company(miss.capacity.company)}

    def of_change(self, miss: NearMiss) -> dict:
        said = near_miss(miss.rule, miss.side, miss.change, self.names)
        pair = urlencode({"need": miss.need_id, "capacity": miss.capacity_id})
        return {
            "rule": self.rule(miss.rule),
            "distance": said.distance,
            "sentence": said.sentence,
            "mark": self.mark if miss.rests_on == RestsOn.EXAMPLE else "",
            "url": f"{self.propose}?{pair}",
        }
