"""The rows of the list of matches in the reader's words: what many rows say is worked out once for a page."""

from collections.abc import Callable, Iterable
from functools import cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.lists.row_forms import DrawnOnce, addresses, table_rows
from accounts.templatetags.figures import day_range, of_whole, usd_range
from companies.templatetags.companies_words import date_of
from matching.engine import RULE_CODES
from matching.enums import RestsOn
from matching.models import MatchResult
from matching.tables.words import PairWords, faint, sub
from matching.templatetags.hands import choose_words, seen_value
from matching.templatetags.matching_words import PPM, known_words, rule_name, score_tone, unknown_rules

LABELS = {
    "importer": gettext_lazy("Importer"),
    "goods": gettext_lazy("Goods"),
    "quantity": gettext_lazy("Can move"),
    "planned": gettext_lazy("Planned"),
    "landed": gettext_lazy("Landed cost"),
    "days": gettext_lazy("Days on the way"),
    "score": gettext_lazy("Score"),
    "could_reach": gettext_lazy("Could reach"),
    "unknown": gettext_lazy("Not known"),
    "rank": gettext_lazy("Rank"),
    "window": gettext_lazy("Delivery"),
    "first": gettext_lazy("First found"),
    "state": gettext_lazy("State"),
}


def match_rows(results: Iterable[MatchResult], show: frozenset[str]) -> SafeString:
    """The rows of the table, with the columns that show.

    Results come with what their landed cost rests on (see `grounds`).
    """
    return table_rows("matching/_match_row.html", LABELS, MatchWords(), results, show)


class MatchWords(PairWords):
    """Writes the cells of the list of matches."""

    def __init__(self):
        super().__init__()
        self.drawn, self.url_of = DrawnOnce(), addresses("matching:match-detail")
        self.choose, self.planned, self.limit = choose_words(), _("%(tonnes)s t planned"), _("limit %(limit)s")
        self.of_need, self.of_capacity = _("rank %(number)s for the need"), _("rank %(number)s for the capacity")
        self.cost_mark = sub(self.mark)
        self.not_in_trade, self.fails_now = sub(_("a side is not active"), "tm-neg"), sub(_("fails now"), "tm-neg")
        self.not_planned, self.all_known = faint(_("not in the plan")), faint(_("everything known"))
        self.usd_range, self.day_range = cache(usd_range), cache(day_range)
        self.usd_per_t, self.known = cache(figures.usd_per_t), cache(known_words)
        self.of_columns: dict[str, Callable[[MatchResult], object]] = {
            "importer": lambda result: self.of_company(result.match.need.company),
            "goods": lambda result: self.of_goods(result.match.capacity, result.match.need),
            "quantity": self.of_quantity,
            "planned": self.of_plan,
            "landed": self.of_cost,
            "days": lambda result: self.day_range(result.days_low, result.days_high),
            "score": self.of_score,
            "could_reach": lambda result: self.points(result.could_reach_ppm),
            "unknown": lambda result: ", ".join(map(rule_name, unknown_rules(result))) or self.all_known,
            "rank": self.of_ranks,
            "window": lambda result: figures.days(result.match.need.window_from, result.match.need.window_until),
            "first": self.of_first,
            "state": self.of_state,
        }

    def of_head(self, result: MatchResult) -> dict:
        match = result.match
        return {
            "url": self.url_of(match.pk),
            "pick": {"value": seen_value(match), "label": self.choose % {"number": match.pk}},
            "exporter": self.of_company(match.capacity.company),
        }

    def of_quantity(self, result: MatchResult) -> dict:
        planned = self.planned % {"tonnes": figures.tonnes(result.planned_kg)} if result.planned_kg else ""
        return {"can_move": self.quantity(result.movable_kg), "planned": sub(planned)}

    def of_plan(self, result: MatchResult) -> str:
        return self.quantity(result.planned_kg) if result.planned_kg else self.not_planned

    def of_cost(self, result: MatchResult) -> dict:
        low, high = result.landed_low_usd_per_t, result.landed_high_usd_per_t
        is_example = low is not None and result.cost_rests_on == RestsOn.EXAMPLE
        limit = (result.facts.get("price") or {}).get("limit_usd_per_t")
        return {
            "range": self.usd_range(low, high),
            "mark": self.cost_mark if is_example else "",
            "limit": sub(self.limit % {"limit": self.usd_per_t(limit)}) if limit else "",
        }

    def of_score(self, result: MatchResult) -> dict:
        return {
            "points": self.points(result.score_ppm),
            "length": of_whole(result.score_ppm, PPM),
            "tone": score_tone(result),
            "known": self.known(result.known_rules, len(RULE_CODES)),
        }

    def of_ranks(self, result: MatchResult) -> dict:
        need, capacity = result.rank_for_need, result.rank_for_capacity
        return {
            "need": self.of_need % {"number": need} if need else "",
            "capacity": sub(self.of_capacity % {"number": capacity}) if capacity else "",
        }

    def of_first(self, result: MatchResult) -> str:
        found = result.match.first_run.finished_at
        return figures.day(date_of(found)) if found else ""

    def of_state(self, result: MatchResult) -> dict:
        badge = self.drawn("matching/_state.html", {"match": result.match}, result.match.state)
        return {"badge": badge, "doubt": self.of_doubt(result)}

    def of_doubt(self, result: MatchResult) -> str:
        """What has become of a match since it was found."""
        if not result.match.is_in_trade:
            return self.not_in_trade
        return self.fails_now if result.failed_rules else ""
