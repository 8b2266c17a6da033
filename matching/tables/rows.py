"""The rows of the list of matches in the reader's words: what many rows say is worked out once for a page."""

from collections.abc import Callable, Iterable
from functools import cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.templatetags.figures import day_range, of_whole, points, quantity, usd_range
from companies.models import Company
from companies.templatetags.companies_words import date_of, for_reader, name_in_short
from matching.engine import RULE_CODES
from matching.enums import RestsOn
from matching.models import MatchResult
from matching.templatetags.hands import choose_words, seen_value
from matching.templatetags.matching_words import PPM, direction, known_words, rule_name, unknown_rules

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
        "labels": {key: conditional_escape(label) for key, label in LABELS.items()},
        "show": show,
        "rows": [words.of_head(result) | {key: write(result) for key, write in wanted} for result in results],
    }


class RowWords:
    """Writes the cells of one page for one reader. Companies, goods, states and figures come back row after row.

    What comes back is written and escaped once, so that the template need not do it in each row.
    """

    def __init__(self):
        self.companies: dict[int, dict] = {}
        self.goods: dict[int, dict] = {}
        self.states: dict[str, str] = {}
        self.example = render_to_string("ui/_example.html")
        self.planned, self.limit, self.choose = _("%(tonnes)s t planned"), _("limit %(limit)s"), choose_words()
        self.quantity, self.usd_range, self.day_range = cache(quantity), cache(usd_range), cache(day_range)
        self.usd_per_t, self.points, self.known = cache(figures.usd_per_t), cache(points), cache(known_words)
        self.of_columns: dict[str, Callable[[MatchResult], object]] = {
            "importer": lambda result: self.of_company(result.match.need.company),
            "goods": self.of_goods,
            "quantity": self.of_quantity,
            "planned": lambda result: self.quantity(result.planned_kg) if result.planned_kg else "",
            "landed": self.of_cost,
            "days": lambda result: self.day_range(result.days_low, result.days_high),
            "score": self.of_score,
            "could_reach": lambda result: self.points(result.could_reach_ppm),
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
            "pick": {"value": seen_value(match), "label": self.choose % {"number": match.pk}},
            "exporter": self.of_company(match.capacity.company),
        }

    def of_company(self, company: Company) -> dict:
        if company.pk not in self.companies:
            mark = self.example if company.is_example else ""
            name, where = conditional_escape(for_reader(company)), conditional_escape(company.where)
            self.companies[company.pk] = {"name": name, "where": where, "example": mark}
        return self.companies[company.pk]

    def of_goods(self, result: MatchResult) -> dict:
        capacity = result.match.capacity
        way = direction(capacity.origin_country, result.match.need.destination.country)
        if capacity.commodity_id not in self.goods:
            goods = capacity.commodity
            name, code = conditional_escape(name_in_short(goods.name)), conditional_escape(goods.hs_code)
            self.goods[goods.pk] = {"name": name, "hs_code": code}
        return self.goods[capacity.commodity_id] | {"way": way}

    def of_quantity(self, result: MatchResult) -> dict:
        planned = result.planned_kg and self.planned % {"tonnes": figures.tonnes(result.planned_kg)}
        return {"can_move": self.quantity(result.movable_kg), "planned": planned}

    def of_cost(self, result: MatchResult) -> dict:
        low, high = result.landed_low_usd_per_t, result.landed_high_usd_per_t
        is_example = low is not None and result.cost_rests_on == RestsOn.EXAMPLE
        limit = (result.facts.get("price") or {}).get("limit_usd_per_t")
        return {
            "range": self.usd_range(low, high),
            "example": self.example if is_example else "",
            "limit": limit and self.limit % {"limit": self.usd_per_t(limit)},
        }

    def of_score(self, result: MatchResult) -> dict:
        return {
            "points": self.points(result.score_ppm),
            "length": of_whole(result.score_ppm, PPM),
            "fails": bool(result.failed_rules),
            "known": self.known(result.known_rules, len(RULE_CODES)),
        }

    def of_first(self, result: MatchResult) -> str:
        found = result.match.first_run.finished_at
        return figures.day(date_of(found)) if found else ""

    def of_state(self, result: MatchResult) -> dict:
        match = result.match
        if match.state not in self.states:
            self.states[match.state] = render_to_string("matching/_state.html", {"match": match})
        return {"badge": self.states[match.state], "trades": match.is_in_trade, "fails": bool(result.failed_rules)}
