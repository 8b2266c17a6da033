"""One match, laid out for a reader: verdicts, score, landed cost, the way, questions, what happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import figures
from companies.enums import CompanyStatus
from corridor.countries import country_name
from corridor.drawing import Map, map_of
from corridor.engine.landed import ALL_IN, Landed
from corridor.law import Paper
from corridor.models import Place
from corridor.queries import papers_of
from corridor.ways import Ways
from matching import queries, texts
from matching.enums import RunKind
from matching.models import Decision, Match, MatchResult, Run
from matching.one_match.assumed import Towards
from matching.one_match.journeys import (
    Agreement,
    Journey,
    agreements,
    duty_beside_price,
    journey_of,
    key_of_route,
    taken_by,
)
from matching.one_match.landed import told
from matching.one_match.line_words import place_name
from matching.one_match.pair_facts import Names, Pair, pair_of, read_legs, read_names, read_places
from matching.one_match.waterfall import Told
from matching.readings import unread_of
from matching.services.decimals import is_kept
from matching.told_facts import result_facts

RUNS_SHOWN = 10
SIDES = (
    "latest__run__weights",
    "need__company__region",
    "need__company__place",
    "need__destination",
    "need__named_place",
    "capacity__company__region",
    "capacity__company__place",
    "capacity__commodity",
    "capacity__place",
)
LISTS = (
    *("need__accepted__commodity", "need__accepted__group", "need__required_certificates"),
    *("need__company__facts", "capacity__company__facts"),
)


def laid_open(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Matches with all that is told of one."""
    return matches.select_related(*SIDES).prefetch_related(*LISTS)


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

    @property
    def is_taken_back(self) -> bool:
        """Whether a decision about many matches at once was undone, so that this one stands as before."""
        batch = self.decision.batch if self.decision else None
        return bool(batch and batch.undone_at and self.at >= batch.undone_at)


def facts_with_goods(match: Match, result: MatchResult) -> dict:
    """What each rule compared; the names of the goods are the listings' own."""
    facts = {rule: found["facts"] for rule, found in result_facts(result).items()}
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
    return [(rule, result.verdicts[rule]) for rule in texts.RULE_NAMES if rule in result.verdicts]


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
    until = match.need.window_until
    return papers_of(capacity.origin_country, destination, capacity.commodity, result.run.as_of, announced_until=until)


def plan_behind(run: Run) -> Run | None:
    """The official run whose plan stood when a run looked at a pair: a refresh makes none of its own."""
    if run.kind != RunKind.REFRESH:
        return run
    return Run.objects.official().finished().filter(finished_at__lte=run.finished_at).first()


# --- what happened


def history_of(match: Match) -> list[Event]:
    """Decisions and what the last runs found, the newest first."""
    decisions = match.decisions.select_related("decided_by", "result__run", "batch")
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
    read_at, unread = match.latest.run.book_cut_at, unread_of([match.need, match.capacity])
    said = []
    if match.need in unread and match.need.changed_at > read_at:
        at = {"moment": figures.clock(match.need.changed_at)}
        said.append(
            _("The need was changed on %(moment)s, after this run read the book. The next run will see it.") % at
        )
    if match.capacity in unread and match.capacity.changed_at > read_at:
        at = {"moment": figures.clock(match.capacity.changed_at)}
        said.append(
            _("The capacity was changed on %(moment)s, after this run read the book. The next run will see it.") % at
        )
    return said


# --- what a tonne costs on arrival, and how it travels


@dataclass(frozen=True)
class Travel:
    """Landed cost, route, other routes and agreements of a match, as the corridor stood on the day of the run."""

    ways: Ways
    pair: Pair
    names: Names  # of what the lines and routes name by code: said anew in another language, without reading again
    found: list[Landed]
    taken: int  # which of them the run took
    told: Told
    journey: Journey
    agreements: list[Agreement]
    duty: str  # what the buyer pays beside the price, USD/t, where no agreement tells it; else empty
    map: Map | None  # None: there is nothing to draw
    arrives_at: str  # the place that the limit names
    point: str  # with its term

    @property
    def key(self) -> dict:
        """What the key of the map has to say."""
        ways = [self.journey.way, *self.journey.others]
        return {"ways": ways, "destination": {"country": self.pair.arrival.country}}

    @property
    def country(self) -> str:
        return country_name(self.pair.trip.destination_country)

    def differs(self, result: MatchResult) -> bool:
        return comes_out_otherwise(result, self.told)


CENT = Decimal("0.01")


def comes_out_otherwise(result: MatchResult, landed: Told) -> bool:
    """Whether what was found on the day of the run would come out otherwise now."""
    then = (result.landed_low_usd_per_t, result.landed_high_usd_per_t)
    now = (landed.low, landed.high)
    if None not in now and not is_kept(*map(float, now)):
        now = (None, None)
    if None in (*then, *now):
        return then.count(None) != now.count(None)
    return any(abs(one - other) >= CENT for one, other in zip(then, now, strict=True))


def travel_of(match: Match, result: MatchResult) -> Travel:
    """A fixed number of queries, however many lines and routes there are."""
    ways = Towards(result.run.as_of)
    pair = pair_of(match, ways)
    found = pair.ways_there(ways)
    taken, is_same = taken_by(result, found)
    legs = read_legs(ways.on)
    names = read_names(found, ways, read_places(), legs)
    journey = journey_of(pair, found, taken, is_same, names)
    routes = [journey.way.route, *(other.way.route for other in journey.others)] if journey.way else []
    drawn = map_of(routes, on=ways.on, network=False, legs=legs)
    limit = pair.arrival.limit
    place = place_name(limit.place, names)
    waiting = agreements(pair, taken, ways)
    return Travel(
        arrives_at=place,
        point=place if limit.term == ALL_IN else f"{limit.term} {place}",
        ways=ways,
        pair=pair,
        names=names,
        found=found,
        taken=taken,
        told=told(pair, found[taken], ways, names),
        journey=journey,
        agreements=waiting,
        duty="" if waiting else duty_beside_price(pair, taken, ways),
        map=drawn if drawn.routes else None,
    )


def route_choices(found: Iterable[Landed], places: Mapping[str, Place]) -> list[tuple[str, str]]:
    """Routes to choose among: by the places where goods change hands, and the days."""
    return [
        (
            key_of_route(landed.route),
            _("%(places)s, %(days)s days")
            % {
                "places": f" {figures.EN_DASH} ".join(
                    places[code].name_without_remark for code in landed.route.places if code in places
                ),
                "days": figures.span(figures.decimal(landed.route.days_low), figures.decimal(landed.route.days_high)),
            },
        )
        for landed in found
        if landed.route and landed.route.hops
    ]
