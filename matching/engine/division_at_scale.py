"""Dividing among more pairs than can be laid out with all their months: the planner is given them as they are found.

It says the same as `matching.engine.division`, which is the one to ask: the same bound, a plan as valid, by slots that
`Facts` numbers in another order than the book.
"""

from collections.abc import Sequence

import numpy as np

from matching.engine.book import Book
from matching.engine.division import Ban, Division, Lists, Pin, banned_pairs, months_of_pairs, pinned_months
from matching.engine.fast.facts import Facts
from matching.engine.plan import Budget, Plan, PlanProblem
from matching.engine.plan.large import LargePlan, plan_large
from matching.engine.plan.make import no_plan, refusal_of
from matching.engine.plan.priced import Arcs, PricedProblem, Source
from matching.engine.plan.pricing import Candidates, Lacking, Listed
from matching.engine.plan.through import Pairs, Through, slots_of_rows, worth_of


def divide_at_scale(
    book: Book,
    facts: Facts,
    need: np.ndarray,
    capacity: np.ndarray,
    value: np.ndarray,
    *,
    pins: Sequence[Pin] = (),
    bans: Sequence[Ban] = (),
) -> Division:
    """As `matching.engine.division.divide`; the candidates ordered by need and capacity."""
    asked, refusal = _pins(book, need, capacity, value, pins, bans)
    if refusal is not None:
        return Division(*[np.zeros(0, np.int64)] * 5, refusal)
    if bans:
        allowed = ~banned_pairs(book, need, capacity, bans)
        need, capacity, value = need[allowed], capacity[allowed], value[allowed]
    candidates = Candidates(*(np.ascontiguousarray(column, np.int32) for column in (need, capacity, value)))
    return _planned(book, Listed(facts, candidates), asked, book.supply_slots.order, book.demand_slots.order)


def divide_through(
    book: Book,
    facts: Facts,
    lists: Lists,
    *,
    pins: Sequence[Pin] = (),
    bans: Sequence[Ban] = (),
) -> Division:
    """The same where candidates are too many to list: they are found anew whenever they are asked for.

    The plan begins with the pairs of the lists. Nothing of it depends on the number of threads.
    """
    weights = lists.weights
    asked, refusal = _pins(book, *_candidates_among(book, facts, weights, [pin[:2] for pin in pins]), pins, bans)
    if refusal is not None:
        return Division(*[np.zeros(0, np.int64)] * 5, refusal)
    begins = Pairs(*(np.concatenate(column) for column in zip(*lists.best, strict=True)))
    through = Through(facts, weights, begins, _rows_of(book, bans), lists.threads)
    supplies = book.supply_slots.order[slots_of_rows(facts.capacities.slot_start, through.capacity_row)]
    demands = book.demand_slots.order[slots_of_rows(facts.needs.slot_start, through.need_row)]
    return _planned(book, through, asked, supplies, demands)


def _rows_of(book: Book, pairs: Sequence[tuple[int, int]]) -> Pairs:
    """Rows of pairs that are named by their ids, of those that there are; each once, in order."""
    ids = np.array(sorted(set(pairs)), np.int64).reshape(-1, 2)
    rows, stands = [], np.ones(len(ids), bool)
    for listings, wanted in ((book.needs, ids[:, 0]), (book.capacities, ids[:, 1])):
        row = np.searchsorted(listings.id, wanted)
        stands &= np.isin(wanted, listings.id)
        rows.append(row)
    return Pairs(*(row[stands] for row in rows))


def _candidates_among(book: Book, facts: Facts, weights, pairs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Need, capacity and worth of the candidates among some pairs of ids; ordered by need and capacity."""
    need, capacity = _rows_of(book, pairs)
    return worth_of(facts, weights, need, capacity)


def _planned(book: Book, source: Source, asked, supplies: np.ndarray, demands: np.ndarray) -> Division:
    """The plan. `supplies`, `demands`: which slots of the book those of the source are."""
    problem = PricedProblem(source)
    if asked is not None:
        problem.pins = _pinned_arcs(
            problem, asked, _place_in(supplies, book.capacities), _place_in(demands, book.needs)
        )
    return _told(book, plan_large(problem, Budget()), supplies, demands)


def _pins(book, need, capacity, value, pins, bans) -> tuple[tuple[np.ndarray, ...] | None, Plan | None]:
    """What the pins ask for (supply slot, demand slot, value, kg), and the answer where it cannot be."""
    if not pins:
        return None, None
    wanted = {(need_id, capacity_id) for need_id, capacity_id, *_months in pins}
    rows = np.flatnonzero(banned_pairs(book, need, capacity, sorted(wanted)))
    of_need, of_capacity = need[rows].astype(np.int64), capacity[rows].astype(np.int64)
    pair, supply, demand, ship_month, deliver_month, kg = months_of_pairs(book, of_need, of_capacity)
    of_need, of_capacity = of_need[pair], of_capacity[pair]
    pinned, pin_kg = pinned_months(book, of_need, of_capacity, ship_month, deliver_month, pins)
    problem = PlanProblem(
        supply_kg=book.capacities.slot_kg,
        demand_kg=book.needs.slot_kg,
        arc_supply=supply,
        arc_demand=demand,
        arc_value=value[rows][pair].astype(np.int64),
        arc_max_kg=kg,
        arc_lot_kg=np.maximum(book.capacities.lot_kg[of_capacity], 0),
        arc_multiple_kg=book.capacities.multiple_kg[of_capacity],
        arc_smallest_share_kg=book.needs.smallest_share_kg[of_need],
        pinned=pinned,
        pin_kg=pin_kg,
        banned=banned_pairs(book, of_need, of_capacity, bans),
    )
    refusal = refusal_of(problem)
    if refusal is not None:
        return None, no_plan(problem, "infeasible", *refusal)
    return tuple(column[pinned] for column in (supply, demand, problem.arc_value, problem.smallest_kg)), None


def _pinned_arcs(problem: PricedProblem, asked, place_of_supply: np.ndarray, place_of_demand: np.ndarray) -> Arcs:
    """The arcs that must be used, with at least so much; ordered by supply and demand."""
    supply, demand, value, kg = asked
    supply, demand = place_of_supply[supply], place_of_demand[demand]
    order = np.lexsort((demand, supply))
    arcs = problem.arcs_of(Lacking(supply[order], demand[order], value[order]))
    return Arcs(**{**vars(arcs), "low_kg": kg[order], "smallest_kg": kg[order]})


def _told(book: Book, large: LargePlan, supplies: np.ndarray, demands: np.ndarray) -> Division:
    """The plan by the rows and slots of the book, with its months, ordered by need, capacity and month."""
    supply, demand = supplies[large.arcs.supply], demands[large.arcs.demand]
    n_capacities = len(book.capacities.id)
    pairs = book.needs.slot_of[demand] * n_capacities + book.capacities.slot_of[supply]
    pairs, at = np.unique(pairs, return_inverse=True)
    need, capacity = pairs // max(n_capacities, 1), pairs % max(n_capacities, 1)
    pair, of_supply, of_demand, ship_month, deliver_month, _kg = months_of_pairs(book, need, capacity)
    # A pair meets in two slots once only, so pair and both slots name an arc.
    order = np.lexsort((demand, supply, at.reshape(-1)))
    used = _rows_among((pair, of_supply, of_demand), [column[order] for column in (at.reshape(-1), supply, demand)])
    kg = np.empty(len(used), np.int64)
    by_slots = np.lexsort((of_demand[used], of_supply[used], pair[used]))
    kg[by_slots] = large.kg[order]
    plan = Plan(
        status="optimal" if large.value == large.bound else "feasible",
        arc_kg=kg,
        value=large.value,
        bound=large.bound,
        proof="flow",
        supply_price=_by_slot_of_the_book(large.supply_price, supplies, book.capacities),
        demand_price=_by_slot_of_the_book(large.demand_price, demands, book.needs),
    )
    return Division(need[pair[used]], capacity[pair[used]], ship_month[used], deliver_month[used], kg, plan)


def _rows_among(columns, wanted) -> np.ndarray:
    """The rows of the columns that the wanted ones name, ascending."""
    names = [f"f{n}" for n in range(len(columns))]
    table, asked = (np.rec.fromarrays(part, names=names) for part in (columns, wanted))
    return np.flatnonzero(np.isin(table, asked))


def _place_in(slots: np.ndarray, listings) -> np.ndarray:
    """Where each slot of the book stands among those of the source; -1: nowhere, for its listing may not trade."""
    place = np.full(len(listings.slot_of), -1)
    place[slots] = np.arange(len(slots))
    return place


def _by_slot_of_the_book(price: np.ndarray, slots: np.ndarray, listings) -> np.ndarray:
    by_slot = np.zeros(len(listings.slot_of), price.dtype)
    by_slot[slots] = price
    return by_slot
