"""One match, laid out for a reader: verdicts, score, landed cost, the way, questions, what happened."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import figures
from companies.enums import CompanyStatus
from corridor.law import Paper
from corridor.models import ExchangeRate
from corridor.queries import papers_of
from matching import queries, texts
from matching.models import Decision, Match, MatchResult

RUNS_SHOWN = 10


@dataclass(frozen=True)
class ScoreRow:
    """One part of the score: its track is as long as its weight."""

    name: str
    weight_ppm: int
    points_ppm: int | None  # None: not known


@dataclass(frozen=True)
class Event:
    """Something that a run found or a person decided."""

    at: datetime
    result: MatchResult | None = None
    decision: Decision | None = None


def facts_with_goods(match: Match, result: MatchResult) -> dict:
    """What each rule compared; the names of the goods are the listings' own."""
    facts = {rule: found["facts"] for rule, found in queries.result_facts(result).items()}
    facts["commodity"] = {
        "accepted": [accepted.name for accepted in match.need.accepted.all()],
        "offered": match.capacity.commodity.name,
    }
    return facts


def verdicts_of(match: Match, result: MatchResult, names: texts.Names) -> list[tuple[str, texts.Verdict]]:
    """Each rule with its verdict in words."""
    facts = facts_with_goods(match, result)
    return [(rule, texts.explain(rule, answer, facts.get(rule), names)) for rule, answer in in_order(result)]


def questions_of(match: Match, result: MatchResult, names: texts.Names) -> list[texts.Question]:
    """What is not known, as questions for the introduction."""
    facts = facts_with_goods(match, result)
    unknown = [rule for rule, answer in in_order(result) if answer == 0]
    return [question for rule in unknown for question in texts.questions(rule, facts.get(rule), names)]


def in_order(result: MatchResult) -> list[tuple[str, int]]:
    return [(rule, found["verdict"]) for rule, found in queries.result_facts(result).items()]


def score_rows(result: MatchResult) -> list[ScoreRow]:
    """The score as a sum; each row's points are rounded for reading, the sum is the stored one."""
    return [
        ScoreRow(
            str(texts.COMPONENT_NAMES[row["component"]]),
            round(row["weight"] * 1_000_000),
            None if row["points"] is None else round(row["points"] * 1_000_000),
        )
        for row in queries.score_rows(result)
    ]


def papers_for(match: Match, result: MatchResult) -> list[Paper]:
    """Every paper that the lane asks for these goods, as the law stood on the day of the run."""
    capacity, destination = match.capacity, match.need.destination.country
    return papers_of(capacity.origin_country, destination, capacity.commodity, result.run.as_of)


# --- what a tonne costs on arrival


@dataclass(frozen=True)
class Landed:
    """The asking price, what the way adds, and the sum beside the limit. `scale` is the right edge of the bars."""

    ask: float | None
    way_low: float | None
    way_high: float | None
    low: float | None
    high: float | None
    at_least: float | None
    limit: float | None
    is_example: bool
    rates: list[ExchangeRate]

    @property
    def scale(self) -> float:
        known = [figure for figure in (self.high, self.limit, self.ask, self.at_least) if figure is not None]
        return max(known, default=1.0) * 1.02

    def share(self, figure: float | None) -> int:
        """A figure as a length of the bar, in thousandths."""
        return 0 if figure is None else round(1000 * max(0.0, figure) / self.scale)

    @property
    def bars(self) -> dict[str, int]:
        return {
            "ask": self.share(self.ask),
            "low": self.share(self.low if self.low is not None else self.at_least),
            "high": self.share(self.high),
            "way": max(0, self.share(self.low) - self.share(self.ask)),
            "spread": max(0, self.share(self.high) - self.share(self.low)),
            "left": max(0, self.share(self.limit) - self.share(self.high)) if self.high is not None else 0,
            "limit": self.share(self.limit),
        }


def landed_of(match: Match, result: MatchResult) -> Landed:
    price = (result.facts or {}).get("price") or {}
    ask, low, high = (price.get(f"{name}_usd_per_t") for name in ("ask", "landed_low", "landed_high"))
    currencies = {match.need.price_currency, match.capacity.price_currency} - {"", "USD"}
    rates = list(
        ExchangeRate.objects.filter(currency__in=currencies, on__lte=result.run.as_of)
        .order_by("currency", "-on")
        .distinct("currency")
    )
    return Landed(
        ask=ask,
        way_low=None if ask is None or low is None else low - ask,
        way_high=None if ask is None or high is None else high - ask,
        low=low,
        high=high,
        at_least=price.get("landed_at_least_usd_per_t"),
        limit=price.get("limit_usd_per_t"),
        is_example=bool(price.get("rests_on_examples")) or any(row.is_example for row in rates),
        rates=rates,
    )


# --- what happened


def history_of(match: Match) -> list[Event]:
    """Decisions and what the last runs found, the newest first."""
    decisions = match.decisions.select_related("decided_by", "result__run")
    results = match.results.select_related("run").order_by("-run")[:RUNS_SHOWN]
    events = [Event(decision.decided_at, decision=decision) for decision in decisions]
    events += [Event(result.run.finished_at or result.run.queued_at, result=result) for result in results]
    return sorted(events, key=lambda event: event.at, reverse=True)


def changed_since(match: Match, events: list[Event]) -> Decision | None:
    """The last decision, where the pair has come out differently since."""
    decision = next((event.decision for event in events if event.decision), None)
    if decision is None or decision.result is None or match.latest is None:
        return None
    then, now = decision.result, match.latest
    is_same = (then.score_ppm, then.verdicts) == (now.score_ppm, now.verdicts)
    return None if is_same else decision


def out_of_trade(match: Match) -> list[str]:
    """Which company may not trade today, whatever the run found when it still could."""
    return [
        _("%(company)s is not active now: this match does not hold until it is.") % {"company": company}
        for company in (match.need.company, match.capacity.company)
        if company.status != CompanyStatus.ACTIVE
    ]


def edited_since(match: Match) -> list[str]:
    """Which listing has been changed since the run read it: the page shows it as it is, verdicts are of then."""
    read_at = match.latest.run.book_cut_at
    said = []
    if match.need.changed_at > read_at:
        at = {"moment": figures.clock(match.need.changed_at)}
        said.append(
            _("The need was changed on %(moment)s, after this run read the book. The next run will see it.") % at
        )
    if match.capacity.changed_at > read_at:
        at = {"moment": figures.clock(match.capacity.changed_at)}
        said.append(
            _("The capacity was changed on %(moment)s, after this run read the book. The next run will see it.") % at
        )
    return said
