"""The rows of the list of matches in the reader's words: what many rows say is worked out once for a page."""

from collections.abc import Callable, Iterable

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.templatetags.figures import day_range, points, quantity, usd_range
from companies.models import Company
from companies.templatetags.companies_words import date_of, for_reader, name_in_short
from matching.engine import RULE_CODES
from matching.enums import RestsOn
from matching.models import MatchResult
from matching.templatetags.hands import pick
from matching.templatetags.matching_words import rule_name, score_words, unknown_rules

# What stands before each cell on a phone, where a row is a card without a head.
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


def match_rows(results: Iterable[MatchResult], show: frozenset[str]) -> dict:
    """What `_match_rows.html` shows: the label of each cell, and of each result the words of the columns that show.

    Results come with what their landed cost rests on (see `grounds`).
    """
    words = RowWords()
    wanted = [(key, write) for key, write in words.of_columns.items() if key in show]
    return {
        "labels": {key: str(label) for key, label in LABELS.items()},
        "show": show,
        "rows": [words.of_head(result) | {key: write(result) for key, write in wanted} for result in results],
    }


class RowWords:
    """Writes the cells of one page for one reader. Companies, goods, ways and states come back row after row."""

    def __init__(self):
        self.companies: dict[int, dict] = {}
        self.goods: dict[int, dict] = {}
        self.ways: dict[tuple[str, str], str] = {}
        self.states: dict[str, str] = {}
        self.example = render_to_string("ui/_example.html")
        self.planned, self.limit = _("%(tonnes)s t planned"), _("limit %(limit)s")
        self.of_columns: dict[str, Callable[[MatchResult], object]] = {
            "importer": lambda result: self.of_company(result.match.need.company),
            "goods": self.of_goods,
            "quantity": self.of_quantity,
            "planned": lambda result: quantity(result.planned_kg) if result.planned_kg else "",
            "landed": self.of_cost,
            "days": lambda result: day_range(result.days_low, result.days_high),
            "score": lambda result: score_words(result, len(RULE_CODES)),
            "could_reach": lambda result: points(result.could_reach_ppm),
            "unknown": lambda result: ", ".join(map(rule_name, unknown_rules(result))),
            "rank": lambda result: {"need": result.rank_for_need, "capacity": result.rank_for_capacity},
            "window": lambda result: figures.days(result.match.need.window_from, result.match.need.window_until),
            "first": self.of_first,
            "state": self.of_state,
        }

    def of_head(self, result: MatchResult) -> dict:
        match = result.match
        return {
            "url": reverse("matching:match-detail", args=[match.pk]),
            "pick": pick(match),
            "exporter": self.of_company(match.capacity.company),
        }

    def of_company(self, company: Company) -> dict:
        if company.pk not in self.companies:
            mark = self.example if company.is_example else ""
            self.companies[company.pk] = {"name": for_reader(company), "where": company.where, "example": mark}
        return self.companies[company.pk]

    def of_goods(self, result: MatchResult) -> dict:
        capacity = result.match.capacity
        way = (capacity.origin_country, result.match.need.destination.country)
        if way not in self.ways:
            self.ways[way] = render_to_string("ui/_direction.html", {"origin": way[0], "destination": way[1]})
        if capacity.commodity_id not in self.goods:
            goods = capacity.commodity
            self.goods[goods.pk] = {"name": name_in_short(goods.name), "hs_code": goods.hs_code}
        return self.goods[capacity.commodity_id] | {"way": self.ways[way]}

    def of_quantity(self, result: MatchResult) -> dict:
        planned = result.planned_kg and self.planned % {"tonnes": figures.tonnes(result.planned_kg)}
        return {"can_move": quantity(result.movable_kg), "planned": planned}

    def of_cost(self, result: MatchResult) -> dict:
        low, high = result.landed_low_usd_per_t, result.landed_high_usd_per_t
        is_example = low is not None and result.cost_rests_on == RestsOn.EXAMPLE
        limit = (result.facts.get("price") or {}).get("limit_usd_per_t")
        return {
            "range": usd_range(low, high),
            "example": self.example if is_example else "",
            "limit": limit and self.limit % {"limit": figures.usd_per_t(limit)},
        }

    def of_first(self, result: MatchResult) -> str:
        found = result.match.first_run.finished_at
        return figures.day(date_of(found)) if found else ""

    def of_state(self, result: MatchResult) -> dict:
        match = result.match
        if match.state not in self.states:
            self.states[match.state] = render_to_string("matching/_state.html", {"match": match})
        return {"badge": self.states[match.state], "trades": match.is_in_trade, "fails": bool(result.failed_rules)}
