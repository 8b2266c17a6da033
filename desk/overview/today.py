"""Everything that the overview of staff asks for, in the order in which it stands on the page."""

from datetime import datetime

from django.utils import timezone

from accounts.lists.counting import bounded
from accounts.lists.remembering import Memory
from commodities.enums import Sector
from corridor.enums import Country
from corridor.flows import flow_map_of
from desk import queries
from desk.overview import trends
from desk.overview.changes import changes_between
from desk.overview.ending import ending_listings, ending_quotes
from desk.overview.funnel import funnel
from desk.queries import StateOfRuns
from matching.figures.books import books_of
from matching.figures.worth import plan_of_today
from matching.tallies import Tallies


def questions_of_today(user, now: datetime, runs: StateOfRuns, memory: Memory) -> dict:
    """The cards: each a question, a figure, how it compares, at most three rows, and one step."""
    today = timezone.localdate(now)
    strong = queries.strong_matches(user, runs.before, memory)
    waiting = queries.waiting_for_verification(user, Country.INDONESIA, now)
    proposed = queries.proposed_matches(user, now, memory)
    unmet, unused = queries.unmet_needs(user, today, memory), queries.unused_capacities(user, today, memory)
    rules = queries.near_misses_by_rule(user, memory)
    listings, quotes = ending_listings(user, today, memory), ending_quotes(today, queries.SHOWN)
    needs = queries.first_of(unmet, queries.need_rows, memory)
    capacities = queries.first_of(unused, queries.capacity_rows, memory)
    return {
        "strong": strong | {"trend": trends.new_since_run(strong["fresh"], runs.before)},
        "waiting": waiting | {"trend": trends.since_yesterday(waiting)},
        "proposed": proposed | {"trend": trends.since_yesterday(proposed)},
        "near": {
            "count": bounded(sum(rule["count"] for rule in rules)),
            "rules": [rule | {"count": bounded(rule["count"])} for rule in rules[: queries.SHOWN]],
            "trend": trends.between_runs(runs, trends.near_misses),
        },
        "unmet": needs | {"trend": trends.between_runs(runs, trends.unmet)},
        "unused": capacities | {"trend": trends.between_runs(runs, trends.unused)},
        "listings": listings,
        "listings_trend": trends.ended_yesterday(listings.ended),
        "quotes": quotes,
        "quotes_trend": trends.ended_yesterday(quotes.ended),
        "runs": runs,
        "took": trends.took(runs),
    }


def plan_of_the_day(user, now: datetime, runs: StateOfRuns, sector: str, memory: Memory) -> dict:
    """Where the goods of the newest plan flow, how far its pairs are, and what it would add to both books.

    Args:
        sector: whose flows the map shows; empty: those of all.
    """
    tallies = Tallies(memory)
    plan = plan_of_today(user, tallies)
    sectors = {one.sector: one.label for direction in plan.directions for one in direction.sectors}
    return {
        "plan": plan,
        "sector": sector,
        "sector_label": Sector(sector).label if sector else "",
        "sectors": sorted(sectors.items(), key=lambda one: one[1]),
        "map": flow_map_of(plan.flows_of(sector), on=timezone.localdate(now)),
        "rungs": funnel(user, plan, tallies),
        "trade": books_of(plan, runs.run),
        "changes": changes_between(user, runs.before, runs.run),
    }


def sector_asked(value: str) -> str | None:
    """The sector of an address; empty where none is named, None where it is none of ours."""
    return value if value in ("", *Sector.values) else None
