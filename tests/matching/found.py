"""What a run found, written by hand: for tests of what shows it. Facts are whole unless a test says otherwise."""

import datetime as dt
from decimal import Decimal

from django.forms.models import model_to_dict

from companies.models import Capacity, Need
from matching.engine import COMPONENTS, RULE_CODES
from matching.enums import MatchState, Rest, RunState
from matching.models import Match, MatchResult, NearMiss, PlanFlow, PlanLine, Run, Weights
from matching.told_facts import facts_of
from tests.matching.book import AS_OF, STARTING_WEIGHTS, capacity, need, open_corridor

CUT_AT = dt.datetime(2027, 1, 4, 1, 30, tzinfo=dt.UTC)


def finished_run(**facts) -> Run:
    weights, _made = Weights.objects.get_or_create(version=1, defaults={"values": STARTING_WEIGHTS, "reason": "a test"})
    facts = {
        "state": RunState.FINISHED,
        "as_of": AS_OF,
        "weights": weights,
        "rules_version": "1",
        "engine_version": "1",
        "book_cut_at": CUT_AT,
        "started_at": CUT_AT,
        "finished_at": CUT_AT,
        "counts": {"needs": 1, "capacities": 1, "matches": 1, "near_misses": 0, "pairs": 1, "new_matches": 1},
        "timings": {"total_s": 1.5},
    } | facts
    return Run.objects.create(**facts)


def facts_of_price(limit: float | None = 1150.0, ask: float | None = 800.0, *, rests_on_examples: bool = False) -> dict:
    return {
        "ask_usd_per_t": ask,
        "limit_usd_per_t": limit,
        "landed_low_usd_per_t": None if ask is None else ask + 200,
        "landed_high_usd_per_t": None if ask is None else ask + 230,
        "landed_at_least_usd_per_t": None if ask is None else ask + 200,
        "rests_on_examples": rests_on_examples,
    }


def found(
    run: Run, wanted: Need, offered: Capacity, *, unknown: tuple = (), failed: tuple = (), **facts
) -> MatchResult:
    """A match as the run left it: all rules fit, but for those that a test names."""
    state = facts.pop("state", MatchState.NEW)
    price = facts_of_price(rests_on_examples=facts.pop("rests_on_examples", False))
    is_current = facts.pop("is_current", not failed)
    match, _made = Match.objects.get_or_create(need=wanted, capacity=offered, defaults={"first_run": run})
    facts = {
        "score_ppm": 800_000,
        "could_reach_ppm": 1_000_000,
        "components": dict.fromkeys(COMPONENTS, 0.8),
        "verdicts": {rule: -1 if rule in failed else 0 if rule in unknown else 1 for rule in RULE_CODES},
        "facts": {"price": price, "sides": {"origin": "ID", "destination": "KZ"}},
        "movable_kg": 100_000,
        "landed_low_usd_per_t": Decimal(1000),
        "landed_high_usd_per_t": Decimal(1030),
        "days_low": 25,
        "days_high": 35,
        "known_rules": len(RULE_CODES) - len(unknown),
        "failed_rules": list(failed),
    } | facts
    result = MatchResult.objects.create(run=run, match=match, **facts)
    match.latest, match.state, match.is_current = result, state, is_current
    match.save()
    return result


def near_miss(run: Run, wanted: Need, offered: Capacity, **facts) -> NearMiss:
    """The seller would have to come down by 20 USD/t."""
    change = {"code": "lower_ask", "amount": 20, "percent": 2.5, "over_percent": 1.7, "landed": 1170, "is_part": False}
    change |= {"landed_low_usd_per_t": 1170.0, "rests_on_examples": facts.pop("rests_on_examples", False)}
    facts = {
        "rule": "price",
        "side": "seller",
        "change": change,
        "effort": 2,
        "score_ppm": 640_000,
        "is_current": True,
    } | facts
    return NearMiss.objects.create(run=run, need=wanted, capacity=offered, **facts)


def planned(result: MatchResult, kg: int = 60_000) -> PlanFlow:
    """What the plan of a run gives a match: 60 t of the need's, while the rest of both sides is left."""
    run, match = result.run, result.match
    near = {"rule": "payment", "side": "seller", "change": {"code": "accept_term", "term": "documents"}}
    for side, listing, rest, why in (
        ("need", match.need, Rest.NEAR, near | {"capacity": match.capacity_id}),
        ("capacity", match.capacity, Rest.FAR, None),
    ):
        PlanLine.objects.create(
            run=run,
            **{side: listing},
            commodity=match.capacity.commodity,
            quantity_kg=listing.quantity_kg,
            planned_kg=kg,
            left_kg=listing.quantity_kg - kg,
            rest=rest,
            why=why,
            price_ppm=810_000,
        )
    months = ["2027-01-01", "2027-03-01"]
    return PlanFlow.objects.create(
        run=run,
        need=match.need,
        capacity=match.capacity,
        match=match,
        quantity_kg=kg,
        score_ppm=result.score_ppm,
        first_month=months[0],
        last_month=months[1],
        months=[[*months, kg]],
    )


def some_matches(goods, count: int, **facts) -> list[MatchResult]:
    """Matches of as many needs with as many capacities, the best first."""
    open_corridor()
    run = finished_run()
    return [
        found(run, need(goods), capacity(goods), **({"score_ppm": 900_000 - number * 1000} | facts))
        for number in range(count)
    ]


def stored(result: MatchResult) -> dict:
    """All that a result says, wherever its facts lie."""
    return model_to_dict(result, exclude=["id", "run", "match", "shard", "facts"]) | {
        "facts": facts_of([result])[result.pk],
        "pair": (result.match.need_id, result.match.capacity_id),
    }
