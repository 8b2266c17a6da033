"""The columns of the exported matches, in their order. A new column is one more line of the tuple."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise, keep_lazy_text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.enums import Country
from matching.engine import RULE_CODES
from matching.models import MatchResult
from matching.texts import ANSWER_NAMES, RULE_NAMES

KG_PER_T = 1000
PPM_PER_POINT = 10_000


class Kind(StrEnum):
    """How a cell is written. A code of digits (HS, a reference) is text: it must keep its zeros."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """One column: a key for programs, a title for people, and what it reads from a result."""

    key: str
    title: Promise
    kind: Kind
    read: Callable[[MatchResult], object]
    places: int = 0
    width: int = 14
    is_name: bool = False  # a number that names a row: nobody adds it up, so its thousands are not set apart


def tonnes(kg: int | None) -> Decimal | None:
    return None if kg is None else Decimal(kg) / KG_PER_T


def points(ppm: int) -> Decimal:
    return Decimal(ppm) / PPM_PER_POINT


def fact(result: MatchResult, rule: str, name: str) -> Decimal | None:
    """A number that a rule compared; None where it is not known."""
    value = ((result.facts or {}).get(rule) or {}).get(name)
    return None if value is None else Decimal(str(value))


def country_name(code: str) -> str:
    """A place may lie in a country whose companies do not trade here: it keeps its code."""
    return str(dict(Country.choices).get(code, code))


def is_example(result: MatchResult) -> bool:
    return result.match.need.company.is_example or result.match.capacity.company.is_example


@keep_lazy_text
def rule_title(name: str) -> str:
    """Some rules are called like a fact of the match: goods, quantity."""
    return _("Rule: %(name)s") % {"name": name}


def verdict_column(rule: str) -> Column:
    return Column(
        f"rule_{rule}",
        rule_title(RULE_NAMES[rule]),
        Kind.TEXT,
        lambda result: str(ANSWER_NAMES[result.verdicts[rule]]) if rule in result.verdicts else "",
    )


def names_of(rules: list[str]) -> str:
    return ", ".join(str(RULE_NAMES[rule]) for rule in rules)


def unknown_rules(result: MatchResult) -> list[str]:
    return [rule for rule in RULE_CODES if result.verdicts.get(rule) == 0]


def first_found(result: MatchResult) -> date | None:
    """The day, on the clock of Balikpapan, on which a run first put the pair before people."""
    moment = result.match.first_run.finished_at
    return None if moment is None else timezone.localtime(moment).date()


TEXT, NUMBER, DAY = Kind.TEXT, Kind.NUMBER, Kind.DAY

MATCH_COLUMNS: tuple[Column, ...] = (
    Column("match", gettext_lazy("Match"), NUMBER, lambda r: r.match_id, width=9, is_name=True),
    Column("example", gettext_lazy("Example"), TEXT, lambda r: _("example") if is_example(r) else "", width=10),
    Column("origin", gettext_lazy("From country"), TEXT, lambda r: r.match.capacity.get_origin_country_display()),
    Column("destination", gettext_lazy("To country"), TEXT, lambda r: country_name(r.match.need.destination.country)),
    Column("exporter", gettext_lazy("Exporter"), TEXT, lambda r: r.match.capacity.company.name_registered, width=32),
    Column(
        "exporter_place",
        gettext_lazy("Place of the exporter"),
        TEXT,
        lambda r: r.match.capacity.company.where,
        width=20,
    ),
    Column("capacity", gettext_lazy("Capacity"), TEXT, lambda r: r.match.capacity.reference),
    Column("importer", gettext_lazy("Importer"), TEXT, lambda r: r.match.need.company.name_registered, width=32),
    Column(
        "importer_place", gettext_lazy("Place of the importer"), TEXT, lambda r: r.match.need.company.where, width=20
    ),
    Column("need", gettext_lazy("Need"), TEXT, lambda r: r.match.need.reference),
    Column("goods", gettext_lazy("Goods"), TEXT, lambda r: r.match.capacity.commodity.name, width=30),
    Column("hs_code", gettext_lazy("HS code"), TEXT, lambda r: r.match.capacity.commodity.hs_code, width=10),
    Column("score", gettext_lazy("Score, of 100"), NUMBER, lambda r: points(r.score_ppm), places=1),
    Column("could_reach", gettext_lazy("Could reach"), NUMBER, lambda r: points(r.could_reach_ppm), places=1),
    Column("known", gettext_lazy("Rules known"), NUMBER, lambda r: r.known_rules),
    Column("rank_for_need", gettext_lazy("Rank for the need"), NUMBER, lambda r: r.rank_for_need),
    Column("rank_for_capacity", gettext_lazy("Rank for the capacity"), NUMBER, lambda r: r.rank_for_capacity),
    Column("first_found", gettext_lazy("First found"), DAY, first_found),
    Column("state", gettext_lazy("State"), TEXT, lambda r: r.match.get_state_display()),
    Column("movable_t", gettext_lazy("Can move, t"), NUMBER, lambda r: tonnes(r.movable_kg), places=3),
    Column("planned_t", gettext_lazy("Planned, t"), NUMBER, lambda r: tonnes(r.planned_kg), places=3),
    Column("ask", gettext_lazy("Asking price, USD/t"), NUMBER, lambda r: fact(r, "price", "ask_usd_per_t"), places=2),
    Column("landed_low", gettext_lazy("Landed cost from, USD/t"), NUMBER, lambda r: r.landed_low_usd_per_t, places=2),
    Column("landed_high", gettext_lazy("Landed cost to, USD/t"), NUMBER, lambda r: r.landed_high_usd_per_t, places=2),
    Column("cost_rests_on", gettext_lazy("Landed cost rests on"), TEXT, lambda r: str(r.cost_rests_on.label), width=12),
    Column("limit", gettext_lazy("Limit, USD/t"), NUMBER, lambda r: fact(r, "price", "limit_usd_per_t"), places=2),
    Column("days_low", gettext_lazy("Days on the way, from"), NUMBER, lambda r: r.days_low),
    Column("days_high", gettext_lazy("Days on the way, to"), NUMBER, lambda r: r.days_high),
    Column("window_from", gettext_lazy("Delivery from"), DAY, lambda r: r.match.need.window_from),
    Column("window_until", gettext_lazy("Delivery until"), DAY, lambda r: r.match.need.window_until),
    Column("fails", gettext_lazy("Fails"), TEXT, lambda r: names_of(r.failed_rules), width=20),
    Column("not_known", gettext_lazy("Not known"), TEXT, lambda r: names_of(unknown_rules(r)), width=30),
    *(verdict_column(rule) for rule in RULE_CODES),
    Column("run", gettext_lazy("Run"), NUMBER, lambda r: r.run_id, width=8, is_name=True),
)

# What the columns of the list are in a file; a file without chosen columns has them all.
OF_THE_LIST: dict[str, tuple[str, ...]] = {
    "exporter": ("exporter", "exporter_place", "capacity"),
    "importer": ("importer", "importer_place", "need"),
    "goods": ("goods", "hs_code", "origin", "destination"),
    "quantity": ("movable_t",),
    "planned": ("planned_t",),
    "landed": ("landed_low", "landed_high", "cost_rests_on", "limit"),
    "days": ("days_low", "days_high"),
    "score": ("score", "known"),
    "could_reach": ("could_reach",),
    "unknown": ("not_known",),
    "rank": ("rank_for_need", "rank_for_capacity"),
    "window": ("window_from", "window_until"),
    "first": ("first_found",),
    "state": ("state", "fails"),
}
ALWAYS = ("match", "example", "run")  # which row it is, what of it is invented, and what it rests on


def columns_for(form) -> tuple[Column, ...]:
    """The columns of a file: those that the address of the list names, in the order of the file; else all."""
    if not form.cleaned_data.get("columns"):
        return MATCH_COLUMNS
    wanted = {*ALWAYS}.union(*(OF_THE_LIST[key] for key in form.shown_columns()))
    return tuple(column for column in MATCH_COLUMNS if column.key in wanted)
